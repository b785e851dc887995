/** Repartitioning by key: what meets across a shuffle.
 *  Like Spark: ShuffledRDD, PairRDDFunctions.combineByKeyWithClassTag. */

import { at } from "../base/assert.ts";
import { type Cell, KeyMap } from "../record/key-map.ts";
import { type BufferName, valueBuffer } from "../record/value-buffer.ts";
import { combineValue, inSlotOrder } from "./combine.ts";
import { mapPartitionsNode, requirePair } from "./map-partitions.ts";
import type { PairBlock } from "./pair-block.ts";
import { type Partitioner, samePartitioner } from "./partitioner.ts";
import { type Aggregator, RDDNode, type ShuffleDependency, type TaskContext } from "./rdd.ts";

export interface CombineOptions<V, C> {
  readonly operator: string;
  readonly create: (value: V) => C;
  readonly mergeValue: (combined: C, value: V) => C;
  readonly mergeCombined: (a: C, b: C) => C;
  readonly mapSideCombine: boolean;
  readonly partitioner: Partitioner;
}

/** One pair per key. Without a shuffle where the keys are already partitioned that way. */
export function combineByKey<K, V, C>(
  parent: RDDNode<readonly [K, V]>,
  options: CombineOptions<V, C>,
): RDDNode<[K, C]> {
  const aggregator = eraseAggregator(options);
  if (samePartitioner(parent.partitioner, options.partitioner)) {
    return combineInPlace(parent, options.operator, aggregator);
  }
  const dependency: ShuffleDependency = {
    kind: "shuffle",
    shuffle: parent.context.nextShuffleId(),
    rdd: parent,
    partitioner: options.partitioner,
    aggregator,
    site: parent.context.site(options.operator),
  };
  return new RDDNode<[K, C]>({
    context: parent.context,
    className: "ShuffledRDD",
    operator: options.operator,
    numPartitions: options.partitioner.numPartitions,
    dependencies: [dependency],
    partitioner: options.partitioner,
    compute: (rdd, partition, task, push) => {
      const combined = mergeBlocks(rdd, task, dependency, aggregator, partition);
      for (const cell of inSlotOrder(combined)) push(pairOf<K, C>(cell.key, cell.value));
      task.count(rdd, combined.cells.length);
    },
  });
}

function mergeBlocks(
  rdd: RDDNode<unknown>,
  task: TaskContext,
  dependency: ShuffleDependency,
  aggregator: Aggregator,
  partition: number,
): KeyMap<unknown> {
  const combined = new KeyMap<unknown>();
  const failed: Failed = (thrown, key, value) => task.userError(rdd, thrown, [key, value]);
  for (const block of task.shuffled(dependency, partition)) {
    if (block.combined) mergeCells(combined, aggregator, block.cells, failed);
    else mergePairs(combined, aggregator, block, failed);
  }
  return combined;
}

/** What to throw when a function of the person's threw for a pair. */
type Failed = (thrown: unknown, key: unknown, value: unknown) => Error;

function mergeCells(
  combined: KeyMap<unknown>,
  aggregator: Aggregator,
  cells: readonly Cell<unknown>[],
  failed: Failed,
): void {
  for (const { key, hash, value } of cells) {
    try {
      const known = combined.find(key, hash);
      if (known === undefined) combined.add(key, value, hash);
      else known.value = aggregator.mergeCombined(known.value, value);
    } catch (thrown) {
      throw failed(thrown, key, value);
    }
  }
}

function mergePairs(
  combined: KeyMap<unknown>,
  aggregator: Aggregator,
  { keys, places, values }: PairBlock,
  failed: Failed,
): void {
  // By place: where the values of a key go, once that is known.
  const cells: Cell<unknown>[] = [];
  for (let i = 0; i < values.length; i += 1) {
    const place = at(places, i);
    const { key, hash } = at(keys, place);
    try {
      const known = cells[place] ?? combined.find(key, hash);
      if (known !== undefined) known.value = aggregator.mergeValue(known.value, values[i]);
      cells[place] = known ?? combined.add(key, aggregator.create(values[i]), hash);
    } catch (thrown) {
      throw failed(thrown, key, values[i]);
    }
  }
}

function combineInPlace<K, V, C>(
  parent: RDDNode<readonly [K, V]>,
  operator: string,
  aggregator: Aggregator,
): RDDNode<[K, C]> {
  return mapPartitionsNode<readonly [K, V], [K, C]>({
    parent,
    operator,
    preservesPartitioning: true,
    compute: (rdd, partition, task, push) => {
      const combined = new KeyMap<unknown>();
      task.iterate(parent, partition, (record) => {
        requirePair(rdd, task, record);
        try {
          combineValue(combined, aggregator, record[0], record[1]);
        } catch (thrown) {
          throw task.userError(rdd, thrown, record);
        }
      });
      for (const cell of inSlotOrder(combined)) push(pairOf<K, C>(cell.key, cell.value));
      task.count(rdd, combined.cells.length);
    },
  });
}

/** All values of a key, in the order they arrive. */
export function groupByKey<K, V>(
  parent: RDDNode<readonly [K, V]>,
  options: {
    readonly partitioner: Partitioner;
    readonly buffer: BufferName;
    readonly mapSideCombine: boolean;
  },
): RDDNode<[K, V[]]> {
  return combineByKey<K, V, V[]>(parent, {
    operator: "groupByKey",
    create: (value) => {
      const buffer = valueBuffer<V>(options.buffer);
      buffer.push(value);
      return buffer;
    },
    mergeValue: (buffer, value) => {
      buffer.push(value);
      return buffer;
    },
    mergeCombined: (a, b) => {
      const buffer = valueBuffer<V>(options.buffer);
      for (const value of a) buffer.push(value);
      for (const value of b) buffer.push(value);
      return buffer;
    },
    mapSideCombine: options.mapSideCombine,
    partitioner: options.partitioner,
  });
}

export function reduceByKey<K, V>(
  parent: RDDNode<readonly [K, V]>,
  f: (a: V, b: V) => V,
  partitioner: Partitioner,
  operator = "reduceByKey",
): RDDNode<[K, V]> {
  return combineByKey<K, V, V>(parent, {
    operator,
    create: (value) => value,
    mergeValue: f,
    mergeCombined: f,
    mapSideCombine: true,
    partitioner,
  });
}

/** A shuffle keeps keys and values of every type side by side, so their types end here and begin
 *  again where the pairs are read: these two functions are the only places that say so. */
function eraseAggregator<V, C>(options: CombineOptions<V, C>): Aggregator {
  // The functions themselves: one around each would be called for every record.
  return {
    create: options.create as Aggregator["create"],
    mergeValue: options.mergeValue as Aggregator["mergeValue"],
    mergeCombined: options.mergeCombined as Aggregator["mergeCombined"],
    mapSideCombine: options.mapSideCombine,
  };
}

export function pairOf<K, C>(key: unknown, value: unknown): [K, C] {
  return [key as K, value as C];
}
