/** Seeds judged on several threads, and told in order. */

import { Worker } from "node:worker_threads";
import type { Judgement } from "../../simulate/judge.ts";

/** What a thread is given: judge seeds [from, to]. It answers with their judgements. */
export interface SeedChunk {
  readonly from: number;
  readonly to: number;
}

const SEEDS_OF_CHUNK = 25;

/** Throws: what a thread throws. */
export async function judgeOnThreads(
  seeds: SeedChunk,
  threads: number,
  tell: (judgement: Judgement) => void,
): Promise<void> {
  const chunks: SeedChunk[] = [];
  for (let from = seeds.from; from <= seeds.to; from += SEEDS_OF_CHUNK) {
    chunks.push({ from, to: Math.min(from + SEEDS_OF_CHUNK - 1, seeds.to) });
  }
  const done = new Map<number, readonly Judgement[]>();
  let nextChunk = 0;
  let nextTold = 0;
  const finished = (index: number, judgements: readonly Judgement[]): void => {
    done.set(index, judgements);
    for (let ready = done.get(nextTold); ready !== undefined; ready = done.get(nextTold)) {
      done.delete(nextTold);
      nextTold += 1;
      for (const judgement of ready) tell(judgement);
    }
  };
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL("./simulate-thread.js", import.meta.url));
    try {
      for (let chunk = chunks[nextChunk]; chunk !== undefined; chunk = chunks[nextChunk]) {
        const index = nextChunk;
        nextChunk += 1;
        finished(index, await ask(worker, chunk));
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
}

function ask(worker: Worker, chunk: SeedChunk): Promise<readonly Judgement[]> {
  return new Promise((resolve, reject) => {
    const answered = (judgements: readonly Judgement[]): void => {
      worker.off("error", reject);
      resolve(judgements);
    };
    worker.once("message", answered);
    worker.once("error", reject);
    worker.postMessage(chunk);
  });
}
