/** Streams of one pair per key: what the methods of pairs and the counts are made of. */

import type { Duration } from "../base/time.ts";
import { combineByKeyStream } from "../operators/combine-by-key.ts";
import { reducedWindowStream } from "../operators/reduce-by-key-and-window.ts";
import { hashPartitioner, type Partitioner } from "../rdd/partitioner.ts";
import { reduceByKey } from "../rdd/shuffle.ts";
import type { StreamNode } from "../stream/node.ts";

/** A number of partitions stands for a hash partitioner; nothing for the default parallelism. */
export type Partitioning = number | Partitioner;

export function partitionerOf(
  node: StreamNode<unknown>,
  partitioning: Partitioning | undefined,
): Partitioner {
  const given = partitioning ?? node.owner.defaultParallelism;
  return typeof given === "number" ? hashPartitioner(given) : given;
}

export function reduceByKeyNode<K, V>(
  parent: StreamNode<readonly [K, V]>,
  f: (a: V, b: V) => V,
  partitioner: Partitioner,
): StreamNode<[K, V]> {
  return combineByKeyStream<K, V, V>(parent, {
    operator: "reduceByKey",
    parameters: [f, partitioner],
    combine: (rdd) => reduceByKey(rdd, f, partitioner),
  });
}

export interface InverseWindow<K, V> {
  readonly reduce: (a: V, b: V) => V;
  readonly inverse: (a: V, b: V) => V;
  readonly windowMs: Duration;
  readonly slideMs: Duration;
  readonly partitioner: Partitioner;
  /** Pairs to keep, also for the next window; all when null. */
  readonly keep: ((pair: readonly [K, V]) => boolean) | null;
}

export function inverseWindowNode<K, V>(
  parent: StreamNode<readonly [K, V]>,
  window: InverseWindow<K, V>,
): StreamNode<[K, V]> {
  return parent.owner.within("reduceByKeyAndWindow", () =>
    reducedWindowStream(reduceByKeyNode(parent, window.reduce, window.partitioner), window),
  );
}
