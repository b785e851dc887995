/** A window's reduction kept up to date: what entered is added, what left is taken away.
 *  Like Spark: ReducedWindowedDStream (S/dstream/ReducedWindowedDStream.scala). */

import { PipelineError } from "../base/errors.ts";
import { isMultipleOf } from "../base/time.ts";
import { cogroup, type Groups } from "../rdd/cogroup.ts";
import { parallelize } from "../rdd/in-memory.ts";
import { filter, mapValues } from "../rdd/map-partitions.ts";
import type { Partitioner } from "../rdd/partitioner.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { type BatchContext, StreamNode, timesBetween } from "../stream/node.ts";

export interface ReducedWindowOptions<K, V> {
  readonly reduce: (a: V, b: V) => V;
  readonly inverse: (a: V, b: V) => V;
  readonly windowMs: number;
  readonly slideMs: number;
  readonly partitioner: Partitioner;
  /** Pairs to keep, also for the next window; all when null. */
  readonly keep: ((pair: readonly [K, V]) => boolean) | null;
}

/** Shape: `reduced` has one pair per key and batch, partitioned by key.
 *  Throws: PipelineError GRAPH_INVALID when a duration is no multiple of the parent's slide. */
export function reducedWindowStream<K, V>(
  reduced: StreamNode<[K, V]>,
  options: ReducedWindowOptions<K, V>,
): StreamNode<[K, V]> {
  const { windowMs, slideMs } = options;
  requireMultiple("window", windowMs, reduced.slideMs);
  requireMultiple("slide", slideMs, reduced.slideMs);
  reduced.persist("MEMORY_ONLY_SER");
  return new StreamNode<[K, V]>(reduced.owner, {
    operator: "reduceByKeyAndWindow",
    className: "ReducedWindowedDStream",
    parents: [reduced],
    slideMs,
    windowMs,
    mustCheckpoint: true,
    storageLevel: "MEMORY_ONLY_SER",
    persists: "both",
    parameters: [
      options.reduce,
      options.inverse,
      windowMs,
      slideMs,
      options.partitioner,
      options.keep,
    ],
    compute: (timeMs, batch, self) => computeWindow(reduced, options, timeMs, batch, self),
  });
}

function computeWindow<K, V>(
  reduced: StreamNode<[K, V]>,
  options: ReducedWindowOptions<K, V>,
  timeMs: number,
  batch: BatchContext,
  self: StreamNode<[K, V]>,
): RDDNode<[K, V]> {
  const { windowMs, slideMs } = options;
  const stepMs = reduced.slideMs;
  const between = (fromMs: number, toMs: number): number[] =>
    timesBetween(reduced, batch.zeroTimeMs, fromMs, toMs);
  const leavingMs = between(timeMs - windowMs + stepMs - slideMs, timeMs - windowMs);
  const enteringMs = between(timeMs - slideMs + stepMs, timeMs);
  const batchesMs = between(timeMs - windowMs + stepMs, timeMs);
  batch.windowComputed({ node: self.id, batchTimeMs: timeMs, batchesMs, leavingMs, enteringMs });

  const rddsAt = (times: readonly number[]): RDDNode<[K, V]>[] =>
    times.flatMap((at) => batch.rddOf(reduced, at) ?? []);
  const leaving = rddsAt(leavingMs);
  const entering = rddsAt(enteringMs);
  // The first window has no previous one: Spark takes an empty collection, which is shuffled too.
  const previous =
    batch.rddOf(self, timeMs - slideMs) ??
    parallelize<[K, V]>(batch.rdds, [], batch.rdds.defaultParallelism);
  const grouped = cogroup<K>([previous, ...leaving, ...entering], options.partitioner);
  const values = mapValues(grouped, (groups) => updateWindow(groups, leaving.length, options));
  return options.keep === null ? values : filter(values, options.keep);
}

function updateWindow<K, V>(
  groups: Groups,
  leavingCount: number,
  options: ReducedWindowOptions<K, V>,
): V {
  // Each parent was an RDD<[K, V]>; a cogroup keeps the values of all of them side by side.
  const valuesOf = (index: number): readonly V[] => (groups[index] ?? []) as readonly V[];
  const [previous] = valuesOf(0);
  const hasPrevious = valuesOf(0).length > 0;
  const firsts = (from: number, to: number): V[] => {
    const found: V[] = [];
    for (let index = from; index < to; index += 1) found.push(...valuesOf(index).slice(0, 1));
    return found;
  };
  const left = firsts(1, 1 + leavingCount);
  const entered = firsts(1 + leavingCount, groups.length);
  const reduceAll = (values: readonly V[]): V => values.reduce(options.reduce);
  if (!hasPrevious) {
    if (entered.length === 0) {
      throw new PipelineError(
        "GRAPH_INVALID",
        "java.lang.Exception: Neither previous window has value for key, nor new values found. " +
          "Are you sure your key class hashes consistently?",
      );
    }
    return reduceAll(entered);
  }
  let value = previous as V;
  if (left.length > 0) value = options.inverse(value, reduceAll(left));
  if (entered.length > 0) value = options.reduce(value, reduceAll(entered));
  return value;
}

function requireMultiple(what: "window" | "slide", durationMs: number, slideMs: number): void {
  if (durationMs > 0 && isMultipleOf(durationMs, slideMs)) return;
  throw new PipelineError(
    "GRAPH_INVALID",
    `requirement failed: The ${what} duration of ReducedWindowedDStream (${durationMs} ms) must ` +
      `be multiple of the slide duration of parent DStream (${slideMs} ms)`,
  );
}
