/** What a batch costs as windows and states grow, in records and calls that the trace and the
 *  person's function count: no seconds, so the same on every machine. */

import { type DStream, Run, Seconds, type State, StateSpec } from "streamscope";
import type { Option } from "../../core/record/option.ts";

type Counts = DStream<readonly [string, number]>;

export interface BatchCost {
  /** Records that left an RDD of the batch's tasks, cached ones included. */
  readonly records: number;
  /** Records read from shuffles. */
  readonly shuffled: number;
  /** Calls of the function under test. */
  readonly calls: number;
}

interface CostRun {
  /** Keys of each batch, by its number from 1. */
  readonly keysOf: (batch: number) => readonly string[];
  /** The batch whose cost is taken. */
  readonly batch: number;
  /** `called` is for the function under test to call. */
  readonly build: (pairs: Counts, called: () => void) => DStream<unknown>;
}

function costOf({ keysOf, batch, build }: CostRun): BatchCost {
  let [records, shuffled, calls, isMeasured] = [0, 0, 0, false];
  const run = new Run({
    program: (ssc) => {
      ssc.checkpoint("checkpoints");
      const keys = Array.from({ length: batch }, (_, index) => keysOf(index + 1));
      const pairs = ssc.queueStream(keys).map((key) => [key, 1] as const);
      build(pairs, () => {
        if (isMeasured) calls += 1;
      }).foreachRDD((rdd) => rdd.count());
    },
    world: { batches: batch },
  });
  run.trace.listen((event) => {
    if (event.kind === "batch.started") isMeasured = event.batchTimeMs === batch * 1000;
    if (event.kind !== "task.finished" || !isMeasured) return;
    shuffled += event.shuffleRecordsRead;
    for (const operator of event.operators) records += operator.records;
  });
  run.runToEnd();
  if (run.failure !== null) throw run.failure;
  return { records, shuffled, calls };
}

const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;
const windowKeys = ["a", "b", "c", "d"];

/** One batch of a window over that many batches, each with the same four keys. */
export function windowCost(batches: number, kind: "plain" | "inverse"): BatchCost {
  const window = Seconds(batches);
  return costOf({
    keysOf: () => windowKeys,
    // Long after the window is full, and no batch that checkpoints.
    batch: batches + 15,
    build: (pairs) =>
      kind === "plain"
        ? pairs.reduceByKeyAndWindow(add, window)
        : pairs.reduceByKeyAndWindow(add, subtract, window),
  });
}

/** Batches that bring a record for each of these, once all keys are known. */
const activeKeys = ["key 1", "key 2", "key 3"];

function stateKeys(known: number): (batch: number) => readonly string[] {
  const all = Array.from({ length: known }, (_, index) => `key ${index}`);
  return (batch) => (batch === 1 ? all : activeKeys);
}

/** One batch with records for three of so many known keys. */
export function updateStateCost(known: number): BatchCost {
  return costOf({
    keysOf: stateKeys(known),
    batch: 5,
    build: (pairs, called) =>
      pairs.updateStateByKey((values: readonly number[], count: number | null) => {
        called();
        return values.reduce(add, count ?? 0);
      }),
  });
}

/** The same for mapWithState; `timesOut` takes the batch in which the other keys are looked for and
 *  removed, which is one that checkpoints the states. */
export function mapWithStateCost(known: number, timesOut = false): BatchCost {
  return costOf({
    keysOf: stateKeys(known),
    batch: timesOut ? 10 : 5,
    build: (pairs, called) => {
      const spec = StateSpec.function(
        (key: string, one: Option<number>, state: State<number>): readonly [string, number] => {
          called();
          const sum = (state.exists() ? state.get() : 0) + one.getOrElse(0);
          if (!state.isTimingOut()) state.update(sum);
          return [key, sum];
        },
      );
      return pairs.mapWithState(timesOut ? spec.timeout(Seconds(4)) : spec);
    },
  });
}
