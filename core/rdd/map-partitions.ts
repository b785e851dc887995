/** Element-wise operations: one partition out per partition in, fused with their neighbours.
 *  Like Spark: MapPartitionsRDD, one class for all of them. */

import { type Located, oneToOne, type Push, RDDNode, type TaskContext } from "./rdd.ts";
import type { Pair } from "./shuffle-block.ts";
import { UserFunctionError } from "../base/errors.ts";
import { scalaText } from "../record/scala-text.ts";

export interface MapPartitionsOptions<T, U> {
  readonly operator: string;
  /** Keys stay where they are: the parent's partitioner still holds. */
  readonly preservesPartitioning?: boolean;
  readonly compute: (
    rdd: RDDNode<unknown>,
    partition: number,
    task: TaskContext,
    push: Push<U>,
  ) => void;
  readonly parent: RDDNode<T>;
}

export function mapPartitionsNode<T, U>(options: MapPartitionsOptions<T, U>): RDDNode<U> {
  const { parent } = options;
  return new RDDNode<U>({
    context: parent.context,
    className: "MapPartitionsRDD",
    operator: options.operator,
    numPartitions: parent.numPartitions,
    dependencies: [oneToOne(parent)],
    partitioner: options.preservesPartitioning === true ? parent.partitioner : null,
    rangeOf: () => null,
    compute: options.compute,
  });
}

export function map<T, U>(parent: RDDNode<T>, f: (record: T) => U, operator = "map"): RDDNode<U> {
  return mapPartitionsNode<T, U>({
    parent,
    operator,
    compute: (rdd, partition, task, push) => {
      let count = 0;
      task.iterate(parent, partition, (record) => {
        let mapped: U;
        try {
          mapped = f(record);
        } catch (thrown) {
          throw task.userError(rdd, thrown, record);
        }
        count += 1;
        push(mapped);
      });
      task.count(rdd, count);
    },
  });
}

export function filter<T>(
  parent: RDDNode<T>,
  keep: (record: T) => boolean,
  operator = "filter",
): RDDNode<T> {
  return mapPartitionsNode<T, T>({
    parent,
    operator,
    preservesPartitioning: true,
    compute: (rdd, partition, task, push) => {
      let count = 0;
      task.iterate(parent, partition, (record) => {
        let kept: boolean;
        try {
          kept = keep(record);
        } catch (thrown) {
          throw task.userError(rdd, thrown, record);
        }
        if (!kept) return;
        count += 1;
        push(record);
      });
      task.count(rdd, count);
    },
  });
}

export function flatMap<T, U>(
  parent: RDDNode<T>,
  f: (record: T) => Iterable<U>,
  operator = "flatMap",
): RDDNode<U> {
  return mapPartitionsNode<T, U>({
    parent,
    operator,
    compute: (rdd, partition, task, push) => {
      let count = 0;
      task.iterate(parent, partition, (record) => {
        let many: readonly U[];
        try {
          const result = f(record);
          many = Array.isArray(result) ? result : [...result];
        } catch (thrown) {
          throw task.userError(rdd, thrown, record);
        }
        count += many.length;
        // An index, not for...of: half the time in this loop.
        for (let i = 0; i < many.length; i += 1) push(many[i] as U);
      });
      task.count(rdd, count);
    },
  });
}

/** Applies `f` to the values of pairs; keys and partitioner stay. */
export function mapValues<K, V, U>(
  parent: RDDNode<readonly [K, V]>,
  f: (value: V) => U,
  operator = "mapValues",
): RDDNode<[K, U]> {
  return mapPartitionsNode<readonly [K, V], [K, U]>({
    parent,
    operator,
    preservesPartitioning: true,
    compute: (rdd, partition, task, push) => {
      let count = 0;
      task.iterate(parent, partition, (record) => {
        requirePair(rdd, task, record);
        let mapped: U;
        try {
          mapped = f(record[1]);
        } catch (thrown) {
          throw task.userError(rdd, thrown, record);
        }
        count += 1;
        push([record[0], mapped]);
      });
      task.count(rdd, count);
    },
  });
}

/** Applies `f` to each partition as a whole, also to an empty one. */
export function mapPartitions<T, U>(
  parent: RDDNode<T>,
  f: (records: readonly T[], partition: number) => Iterable<U>,
  options: { readonly operator: string; readonly preservesPartitioning?: boolean },
): RDDNode<U> {
  return mapPartitionsNode<T, U>({
    parent,
    ...options,
    compute: (rdd, partition, task, push) => {
      const records: T[] = [];
      task.iterate(parent, partition, (record) => records.push(record));
      let results: Iterable<U>;
      try {
        results = f(records, partition);
      } catch (thrown) {
        throw task.userError(rdd, thrown, records[0]);
      }
      let count = 0;
      for (const result of results) {
        count += 1;
        push(result);
      }
      task.count(rdd, count);
    },
  });
}

/** Throws: UserFunctionError NOT_A_PAIR. */
export function requirePair(
  at: Located,
  task: TaskContext,
  record: unknown,
): asserts record is Pair {
  if (Array.isArray(record) && record.length === 2) return;
  throw task.userError(
    at,
    new UserFunctionError(
      "NOT_A_PAIR",
      `${at.site.operator} needs [key, value] pairs, and ${scalaText(record)} is none; ` +
        "map each record to [key, value] first",
    ),
    record,
  );
}
