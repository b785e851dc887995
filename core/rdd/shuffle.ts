/** Repartitioning by key: what meets across a shuffle.
 *  Like Spark: ShuffledRDD, PairRDDFunctions.combineByKeyWithClassTag. */

import { type Cell, KeyMap } from "../record/key-map.ts";
import { type BufferName, valueBuffer } from "../record/value-buffer.ts";
import { combineValue, inSlotOrder } from "./combine.ts";
import { mapPartitionsNode, requirePair } from "./map-partitions.ts";
import { type Partitioner, samePartitioner } from "./partitioner.ts";
import { type Aggregator, RDDNode, type ShuffleDependency } from "./rdd.ts";
import type { Pair, ShuffleBlock } from "./shuffle-block.ts";

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
  return combineWriting(parent, options, options.mapSideCombine ? "combined" : "pairs");
}

function combineWriting<K, V, C>(
  parent: RDDNode<readonly [K, V]>,
  options: CombineOptions<V, C>,
  writes: ShuffleBlock["kind"],
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
    writes,
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
      const combined = new KeyMap<unknown>();
      const failed: Failed = (thrown, pair) => task.userError(rdd, thrown, pair);
      for (const block of task.shuffled(dependency, partition)) {
        mergeBlock(combined, aggregator, block, failed);
      }
      for (const cell of inSlotOrder(combined)) push(pairOf<K, C>(cell.key, cell.value));
      task.count(rdd, combined.cells.length);
    },
  });
}

/** What to throw when a function of the person's threw for a pair. */
type Failed = (thrown: unknown, pair: Pair) => Error;

function mergeBlock(
  combined: KeyMap<unknown>,
  aggregator: Aggregator,
  block: ShuffleBlock,
  failed: Failed,
): void {
  switch (block.kind) {
    case "pairs":
      for (const pair of block.pairs) {
        try {
          combineValue(combined, aggregator, pair[0], pair[1]);
        } catch (thrown) {
          throw failed(thrown, pair);
        }
      }
      break;
    case "groups":
      for (const group of block.groups) mergeValues(combined, aggregator, group, failed);
      break;
    case "combined":
      for (const cell of block.cells) mergeCell(combined, aggregator, cell, failed);
      break;
  }
}

function mergeValues(
  combined: KeyMap<unknown>,
  aggregator: Aggregator,
  { key, hash, value: values }: Cell<readonly unknown[]>,
  failed: Failed,
): void {
  let cell = combined.find(key, hash);
  for (const value of values) {
    try {
      if (cell === undefined) cell = combined.add(key, aggregator.create(value), hash);
      else cell.value = aggregator.mergeValue(cell.value, value);
    } catch (thrown) {
      throw failed(thrown, [key, value]);
    }
  }
}

function mergeCell(
  combined: KeyMap<unknown>,
  aggregator: Aggregator,
  { key, hash, value }: Cell<unknown>,
  failed: Failed,
): void {
  const known = combined.find(key, hash);
  if (known === undefined) {
    combined.add(key, value, hash);
    return;
  }
  try {
    known.value = aggregator.mergeCombined(known.value, value);
  } catch (thrown) {
    throw failed(thrown, [key, value]);
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
  const { partitioner, mapSideCombine } = options;
  const combine: CombineOptions<V, V[]> = {
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
    mapSideCombine,
    partitioner,
  };
  return combineWriting(parent, combine, mapSideCombine ? "combined" : "groups");
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
  };
}

export function pairOf<K, C>(key: unknown, value: unknown): [K, C] {
  return [key as K, value as C];
}
