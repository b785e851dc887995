// Goal: receivers do what Spark's do.
// Method: Spark itself ran the scripts of spark/Receivers.scala, and spark/receivers.json holds
// each script with what its listeners and outputs told; the same script is played here. After a
// crash the numbers of RDDs are not compared, nor the order of a receiver's start and of the
// batches that run again: Spark promises neither. Spark is not needed for it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import {
  type FaultSpec,
  type RDD,
  Receiver,
  Run,
  Seconds,
  Trace,
  type TraceEvent,
} from "streamscope";
import { describeThrown } from "../../core/base/errors.ts";
import { compareStrings } from "../../core/base/order.ts";
import { Simulation } from "../../core/sim/simulation.ts";
import { BlockGenerator } from "../../core/stream/receiver-block-generator.ts";
import { ReceiverRateLimiter } from "../../core/stream/receiver-rate-limiter.ts";

interface Cuts {
  readonly name: string;
  readonly kind: "cuts";
  readonly intervalMs: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly records: readonly (readonly [timeMs: number, count: number])[];
  readonly blocks: readonly unknown[];
}

interface Waits {
  readonly name: string;
  readonly kind: "waits";
  readonly rate: number;
  readonly callsUs: readonly number[];
  readonly changes: readonly (readonly [index: number, rate: number])[];
  readonly waitsUs: readonly number[];
}

/** Limits of a receiver after each batch. */
interface Rates {
  readonly name: string;
  readonly kind: "receiverRates";
  /** Records of the block that comes 50 ms before each batch. */
  readonly counts: readonly number[];
  readonly taskMs: number;
  readonly recordMs: number;
  readonly conf: readonly (readonly [string, string])[];
  readonly limits: readonly number[];
}

type Step =
  | readonly ["Store", timeMs: number, stream: number, records: readonly number[]]
  | readonly ["Again", timeMs: number, stream: number, message: string, withError: boolean]
  | readonly ["Halt", timeMs: number, stream: number, message: string, withError: boolean]
  | readonly ["Complain", timeMs: number, stream: number, message: string, withError: boolean]
  | readonly ["Lose", timeMs: number]
  | readonly ["UntilMs", timeMs: number]
  | readonly ["CrashAndRestart", timeMs: number, backMs: number];

interface Script {
  readonly name: string;
  readonly kind: "receivers";
  readonly conf: readonly (readonly [string, string])[];
  readonly streams: number;
  readonly checkpoints: boolean;
  /** A window is computed every two seconds, of batches that nobody has computed. */
  readonly isWindowed: boolean;
  readonly steps: readonly Step[];
  readonly lines: readonly string[];
}

const file = fileURLToPath(new URL("spark/receivers.json", import.meta.url));
// The generator's own output, in the shapes above.
const vectors = JSON.parse(readFileSync(file, "utf8")) as (Cuts | Waits | Script | Rates)[];

function blocksCut({ intervalMs, startMs, endMs, records }: Cuts): unknown[] {
  const simulation = new Simulation({ seed: 1, trace: new Trace() });
  const blocks: unknown[] = [];
  const generator = new BlockGenerator({
    streamId: 0,
    blockIntervalMs: intervalMs,
    queueSize: 10,
    limiter: null,
    now: () => simulation.now(),
    schedule: (delayMs, action) => simulation.schedule(delayMs, action),
    push: (block, stored, done) => {
      blocks.push([block, stored]);
      done();
    },
  });
  let next = 0;
  const add = (): void => {
    generator.add(next);
    next += 1;
  };
  expect(startMs).toBeLessThanOrEqual(records[0]?.[0] ?? startMs);
  for (const [timeMs, count] of records) {
    simulation.schedule(timeMs, () => Array.from({ length: count }, add));
  }
  let isDrained = false;
  simulation.schedule(endMs, () => {
    generator.stop(() => {
      isDrained = true;
    });
  });
  while (simulation.step()) {
    // Each step is one action.
  }
  expect(isDrained).toBe(true);
  return blocks;
}

function waitsAt({ rate, callsUs, changes }: Waits): number[] {
  const limiter = new ReceiverRateLimiter({ maxRate: null, initialRate: rate, nowUs: 0 });
  return callsUs.map((nowUs, index) => {
    const change = changes.find(([at]) => at === index);
    if (change !== undefined) limiter.updateRate(change[1], nowUs);
    return limiter.acquire(nowUs);
  });
}

const reason = "java.lang.RuntimeException: no reason";

/** Does what the steps of its stream say, each once in a run, whatever dies meanwhile. */
class ScriptedReceiver extends Receiver<number> {
  readonly #script: Script;
  readonly #done: Set<Step>;

  constructor(script: Script, done: Set<Step>) {
    super("MEMORY_ONLY");
    this.#script = script;
    this.#done = done;
  }

  onStart(): void {
    for (const step of this.#script.steps) {
      if (step[1] <= this.now() || step[2] !== this.streamId) continue;
      this.schedule(step[1] - this.now(), () => this.#take(step));
    }
  }

  onStop(): void {}

  #take(step: Step): void {
    if (this.#done.has(step)) return;
    this.#done.add(step);
    if (step[0] === "Store") {
      this.storeAll(step[3]);
      return;
    }
    if (step[0] === "Lose" || step[0] === "UntilMs" || step[0] === "CrashAndRestart") return;
    const [kind, , , message, withError] = step;
    const error = withError ? reason : null;
    if (kind === "Again") this.restart(message, error);
    else if (kind === "Halt") this.stop(message, error);
    else this.reportError(message, error);
  }
}

function lineOf(event: TraceEvent): string | null {
  switch (event.kind) {
    case "receiver.started":
      return `receiver ${event.stream} started: ${event.receiver}-${event.stream}`;
    case "receiver.stopped":
    case "receiver.error": {
      const what = event.kind.slice("receiver.".length);
      return `receiver ${event.stream} ${what}: ${event.message} | ${event.error ?? ""}`;
    }
    case "batch.completed":
      return `batch ${event.batchTimeMs} completed: ${event.records} records`;
    case "driver.crashed":
      return "crashed";
    default:
      return null;
  }
}

function faultsOf(steps: readonly Step[]): FaultSpec[] {
  return steps.flatMap((step): FaultSpec[] => {
    if (step[0] === "CrashAndRestart") {
      return [{ kind: "crashDriver", atMs: step[1], downMs: step[2] - step[1] }];
    }
    if (step[0] !== "Lose") return [];
    return [{ kind: "loseExecutor", executor: 1, atMs: step[1], backMs: 10 }];
  });
}

/** By partition; or why they cannot be computed. */
function recordsOf(rdd: RDD<number>): string {
  try {
    const partitions = rdd.glom().collect();
    return partitions.map((partition) => `[${partition.join(" ")}]`).join(" ");
  } catch (thrown) {
    const [why = ""] = /Could not compute split.* not found/u.exec(describeThrown(thrown)) ?? [];
    return why.replace(/input-(\d+)-\d+/u, "input-$1").replace(/RDD \d+/u, "RDD");
  }
}

function play(script: Script): string[] {
  const lines: string[] = [];
  const done = new Set<Step>();
  const untilMs = script.steps.at(-1)?.[1] ?? 0;
  const run = new Run({
    world: {
      untilMs,
      executors: [{ cores: 6 }, { cores: 6 }],
      faults: faultsOf(script.steps),
      conf: Object.fromEntries(script.conf),
    },
    program: (ssc) => {
      if (script.checkpoints) ssc.checkpoint("checkpoints");
      for (let stream = 0; stream < script.streams; stream += 1) {
        const received = ssc.receiverStream(new ScriptedReceiver(script, done));
        // The RDD of each batch is made, and not computed.
        if (script.isWindowed) received.foreachRDD(() => {});
        const seen = script.isWindowed ? received.window(Seconds(2), Seconds(2)) : received;
        seen.foreachRDD((rdd, timeMs) => {
          const { className, id, numPartitions } = rdd.node;
          lines.push(
            `batch ${timeMs} stream ${stream}: ${className}[${id}] of ${numPartitions}: ` +
              recordsOf(rdd),
          );
        });
      }
    },
  });
  run.trace.listen((event) => {
    const line = lineOf(event);
    if (line !== null) lines.push(line);
  });
  run.runToEnd();
  expect(run.failure).toBeNull();
  return lines;
}

class CountingReceiver extends Receiver<number> {
  readonly #counts: readonly number[];

  constructor(counts: readonly number[]) {
    super("MEMORY_ONLY");
    this.#counts = counts;
  }

  onStart(): void {
    for (const [index, count] of this.#counts.entries()) {
      this.schedule(index * 1000 + 950 - this.now(), () => this.storeAll(Array(count).fill(0)));
    }
  }

  onStop(): void {}
}

/** The limit that holds after each batch; the greatest Long of the JVM for none. */
function limitsOf({ counts, taskMs, recordMs, conf }: Rates): number[] {
  const given = new Map(conf);
  const NONE = 9_223_372_036_854_775_807n;
  const initial =
    given.get("spark.streaming.backpressure.initialRate") ??
    given.get("spark.streaming.receiver.maxRate");
  let limit = initial === undefined ? Number(NONE) : Number(initial);
  const limits: number[] = [];
  const run = new Run({
    world: {
      executors: [{ cores: 2 }],
      batches: counts.length,
      cost: { taskMs, recordUs: recordMs * 1000, generateBatchMs: 0, requestMs: 0 },
      conf: { ...Object.fromEntries(conf), "spark.streaming.backpressure.enabled": "true" },
    },
    program: (ssc) => {
      ssc.receiverStream(new CountingReceiver(counts)).foreachRDD((rdd) => {
        rdd.count();
      });
    },
  });
  run.trace.listen((event) => {
    if (event.kind === "receiver.rateUpdated") limit = event.rate;
    if (event.kind === "batch.submitted" && event.batchTimeMs > 1000) limits.push(limit);
    if (event.kind === "run.ended") limits.push(limit);
  });
  run.runToEnd();
  expect(run.failure).toBeNull();
  return limits;
}

/** What Spark promises of the lines of a script. */
function promised(script: Script, lines: readonly string[]): string[] {
  const trimmed = lines.map((line) => line.trimEnd());
  // To lose a block in memory, ours has to lose the executor, with the receiver that is on it.
  const losesExecutor = script.steps.some(([kind]) => kind === "Lose");
  const withoutId = (line: string): string => line.replace(/RDD\[\d+\]/u, "RDD");
  if (losesExecutor) return trimmed.filter((line) => line.startsWith("batch")).map(withoutId);
  const crashed = trimmed.indexOf("crashed");
  if (crashed < 0) return trimmed;
  const after = trimmed
    .slice(crashed)
    // Spark counts no records of batches that run again.
    .filter((line) => !line.includes(" completed: "))
    .map(withoutId)
    .sort(compareStrings);
  return [...trimmed.slice(0, crashed), ...after];
}

for (const vector of vectors) {
  test(vector.name, () => {
    if (vector.kind === "cuts") expect(blocksCut(vector)).toEqual(vector.blocks);
    else if (vector.kind === "receiverRates") {
      // Guava keeps the time between two records; what Spark makes of it may fall short of a whole
      // rate, and loses its fraction.
      const wrong = limitsOf(vector).filter((limit, index) => {
        const theirs = vector.limits[index] ?? NaN;
        return limit !== theirs && limit !== theirs + 1;
      });
      expect(wrong).toEqual([]);
    } else if (vector.kind === "waits") expect(waitsAt(vector)).toEqual(vector.waitsUs);
    else expect(promised(vector, play(vector))).toEqual(promised(vector, vector.lines));
  });
}
