/** Workers for runs: a fresh one each time, taken from a warm spare, and ended when the person's
 *  code does not return. */

import type { BatchInspection, TraceEvent } from "streamscope";
import type { Ended, FromWorker, Problem, RunRequest } from "./worker/messages.ts";

/** A worker that says nothing for this long while it runs is taken to be in an endless loop. */
export const silenceMsMax = 2000;

/** What a run tells, in the order it happens. */
export interface RunListener {
  events(events: readonly TraceEvent[]): void;
  rejected(problem: Problem): void;
  ended(ended: Ended): void;
  /** The code did not return within `silenceMsMax`; the worker is gone. */
  silent(): void;
  inspected(batchTimeMs: number, inspection: BatchInspection | null): void;
  /** The worker could not be loaded, or failed in our own code. */
  failed(message: string): void;
}

/** One worker: waiting, then running, then answering inspections, then ended. */
class RunWorker {
  readonly #worker: Worker;
  #listener: RunListener | null = null;
  #watch: ReturnType<typeof setTimeout> | undefined;
  /** Loading the worker is not the person's time: the watch begins after it. */
  #isReady = false;

  constructor() {
    // In one expression, since that is the form vite finds and bundles.
    this.#worker = new Worker(new URL("./worker/run-worker.ts", import.meta.url), {
      type: "module",
    });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      this.#hear(data);
    });
    this.#worker.addEventListener("error", (event) => {
      this.#unwatch();
      this.#listener?.failed(event.message === "" ? "the worker did not load" : event.message);
    });
  }

  run(request: RunRequest, listener: RunListener): void {
    this.#listener = listener;
    this.#worker.postMessage(request);
    this.#expectWord();
  }

  inspect(batchTimeMs: number): void {
    this.#worker.postMessage({ kind: "inspect", batchTimeMs });
    this.#expectWord();
  }

  end(): void {
    this.#unwatch();
    this.#listener = null;
    this.#worker.terminate();
  }

  #hear(message: FromWorker): void {
    const listener = this.#listener;
    if (message.kind === "ready") {
      this.#isReady = true;
      if (listener !== null) this.#expectWord();
      return;
    }
    if (listener === null) return;
    this.#unwatch();
    switch (message.kind) {
      case "events":
        this.#expectWord();
        if (message.events.length > 0) listener.events(message.events);
        return;
      case "rejected":
        return listener.rejected(message.problem);
      case "ended":
        return listener.ended(message);
      case "inspected":
        return listener.inspected(message.batchTimeMs, message.inspection);
    }
  }

  #expectWord(): void {
    this.#unwatch();
    if (!this.#isReady) return;
    this.#watch = setTimeout(() => {
      const listener = this.#listener;
      this.end();
      listener?.silent();
    }, silenceMsMax);
  }

  #unwatch(): void {
    clearTimeout(this.#watch);
  }
}

/** Keeps one run's worker and one warm spare. */
export class WorkerPool {
  #spare = new RunWorker();
  #current: RunWorker | null = null;

  /** Ends the run before, if there is one, and starts this one in a fresh worker. */
  run(request: RunRequest, listener: RunListener): void {
    this.#current?.end();
    this.#current = this.#spare;
    this.#current.run(request, listener);
    this.#spare = new RunWorker();
  }

  /** Asks the last run's worker for a batch; nothing comes when that worker has ended. */
  inspect(batchTimeMs: number): void {
    this.#current?.inspect(batchTimeMs);
  }

  stop(): void {
    this.#current?.end();
    this.#current = null;
  }

  end(): void {
    this.stop();
    this.#spare.end();
  }
}
