/** What runs jobs and gives values to the driver. Like Spark: the actions of RDD. */

import { copyValue } from "../record/copy-value.ts";
import { KeyMap } from "../record/key-map.ts";
import { HyperLogLogPlus, precisionFor } from "../rdd/hyper-log-log.ts";
import { naturalOrdering, type Ordering } from "../rdd/ordering.ts";
import { map, mapPartitions } from "../rdd/map-partitions.ts";
import {
  type BoundedDouble,
  exactly,
  PartialResult,
  requireConfidence,
} from "../rdd/partial-result.ts";
import { emptyCollection } from "../rdd/requirement.ts";
import { reduceLeft, reduceRecords, runAction } from "../rdd/run-action.ts";
import { type Seed, seedOf } from "../rdd/sampled.ts";
import { countOfRanges, take } from "../rdd/take.ts";
import { takeOrdered } from "../rdd/take-ordered.ts";
import { takeSample } from "../rdd/take-sample.ts";
import { foldLeft, requireDepth, treeAggregate } from "../rdd/tree-aggregate.ts";
import { type ApproximateNumber, DoubleRDDFunctions } from "./double-rdd.ts";
import type { Pairs } from "./partitioning.ts";
import type { Sink } from "./sinks.ts";

export abstract class RDDActions<T> extends DoubleRDDFunctions<T> {
  /** Runs on the executors, record by record. */
  foreach(f: (record: T) => void): void {
    this.run("foreach", (records) => records.forEach((record) => f(record)));
  }

  /** Once per partition, also for an empty one: the place for a sink. */
  foreachPartition(sink: Sink<T>): void {
    runAction(this.node, "foreachPartition", (records, _partition, task) => sink(records, task));
  }

  /** The records one by one; a job per partition, when the iterator comes to it. */
  *toLocalIterator(): Generator<T, void, undefined> {
    for (let partition = 0; partition < this.node.numPartitions; partition += 1) {
      yield* this.run("toLocalIterator", (records) => records, [partition]).flat();
    }
  }

  /** Left to right in each partition, then over the partitions.
   *  Throws: PipelineError OUT_OF_RANGE `empty collection`. */
  reduce(f: (a: T, b: T) => T): T {
    return this.#reduced("reduce", f);
  }

  #reduced(operator: string, f: (a: T, b: T) => T): T {
    const found = reduceRecords(this.node, operator, f);
    if (found === null) throw emptyCollection();
    return found.value;
  }

  /** As `reduce`, the partitions in levels when there are many.
   *  Throws: PipelineError OUT_OF_RANGE `empty collection`, GRAPH_INVALID for a depth below 1. */
  treeReduce(f: (a: T, b: T) => T, depth = 2): T {
    requireDepth(depth);
    const operator = "treeReduce";
    type Reduced = { readonly value: T } | null;
    const reduced = mapPartitions(
      this.node,
      (records): Reduced[] => [records.length === 0 ? null : { value: reduceLeft(records, f) }],
      { operator },
    );
    const both = (a: Reduced, b: Reduced): Reduced =>
      a === null || b === null ? (a ?? b) : { value: f(a.value, b.value) };
    const found = treeAggregate<Reduced, Reduced>(reduced, {
      zeroValue: null,
      seqOp: both,
      combOp: both,
      depth,
      finalAggregateOnExecutor: false,
      operator,
    });
    if (found === null) throw emptyCollection();
    return found.value;
  }

  /** Each partition folded from the zero value, then the results from it once more. */
  fold(zeroValue: T, op: (a: T, b: T) => T): T {
    const zero = copyValue(zeroValue);
    const folded = this.run("fold", (records) => foldLeft(records, copyValue(zero), op));
    return foldLeft(folded, zero, op);
  }

  /** As `fold`, to a value of another type. */
  aggregate<U>(zeroValue: U, seqOp: (combined: U, record: T) => U, combOp: (a: U, b: U) => U): U {
    const zero = copyValue(zeroValue);
    const folded = this.run("aggregate", (records) => foldLeft(records, copyValue(zero), seqOp));
    return foldLeft(folded, zero, combOp);
  }

  /** As `aggregate`, the partitions in levels when there are many.
   *  Throws: PipelineError GRAPH_INVALID for a depth below 1. */
  treeAggregate<U>(
    zeroValue: U,
    seqOp: (combined: U, record: T) => U,
    combOp: (a: U, b: U) => U,
    depth = 2,
    finalAggregateOnExecutor = false,
  ): U {
    const operator = "treeAggregate";
    const options = { zeroValue, seqOp, combOp, depth, finalAggregateOnExecutor, operator };
    return treeAggregate(this.node, options);
  }

  /** An RDD read from Kafka counts its offset ranges, and runs no job. */
  count(): number {
    const counts = (): readonly number[] => this.run("count", (records) => records.length);
    return countOfRanges(this.node) ?? foldLeft(counts(), 0, (sum, count) => sum + count);
  }

  /** The count, exactly: all tasks are waited for.
   *  Throws: PipelineError GRAPH_INVALID for a confidence outside [0, 1]. */
  countApprox(_timeoutMs: number, confidence = 0.95): ApproximateNumber {
    requireConfidence(confidence);
    const counts = this.run("countApprox", (records) => records.length);
    return new PartialResult(exactly(foldLeft(counts, 0, (sum, count) => sum + count)));
  }

  /** How often each value is there. */
  countByValue(): Map<T, number> {
    return this.scoped("countByValue", () => {
      const keyed: Pairs<T, null> = this.of(map(this.node, (record) => [record, null] as const));
      return keyed.countByKey();
    });
  }

  /** The same, each count with its bounds: exact. */
  countByValueApprox(_timeoutMs: number, confidence = 0.95): PartialResult<Map<T, BoundedDouble>> {
    requireConfidence(confidence);
    const counts = new KeyMap<number>();
    for (const record of this.run("countByValueApprox", (records) => records).flat()) {
      const cell = counts.find(record);
      if (cell === undefined) counts.add(record, 1);
      else cell.value += 1;
    }
    const bounded = counts.cells.map(({ key, value }) => [key as T, exactly(value)] as const);
    return new PartialResult(new Map(bounded));
  }

  /** About how many values there are. With one argument, the relative standard deviation of the
   *  answer; with two, the precisions of its registers and of a small count.
   *  Throws: PipelineError GRAPH_INVALID for precisions that cannot be. */
  countApproxDistinct(relativeSD?: number): number;
  countApproxDistinct(p: number, sp: number): number;
  countApproxDistinct(first = 0.05, sp?: number): number {
    const precisions =
      sp === undefined ? ([precisionFor(first), 0] as const) : ([first, sp] as const);
    const total = new HyperLogLogPlus(...precisions);
    const counters = this.run("countApproxDistinct", (records) => {
      const counter = new HyperLogLogPlus(...precisions);
      for (const record of records) counter.offer(record);
      return counter;
    });
    for (const counter of counters) total.addAll(counter);
    return total.cardinality();
  }

  /** Whether `take(1)` is empty, in as many jobs as that takes. */
  isEmpty(): boolean {
    const count = countOfRanges(this.node);
    if (count !== null) return count === 0;
    return this.node.numPartitions === 0 || take(this.node, 1, "isEmpty").length === 0;
  }

  /** The first records in partition order, in as many jobs as it takes. */
  take(count: number): T[] {
    return take(this.node, count, "take");
  }

  /** Throws: PipelineError OUT_OF_RANGE `empty collection`. */
  first(): T {
    const found = take(this.node, 1, "first");
    if (found.length === 0) throw emptyCollection();
    return found[0] as T;
  }

  /** The greatest records, descending. */
  top(count: number, ordering: Ordering<T> = naturalOrdering): T[] {
    return takeOrdered(this.node, count, (a, b) => ordering(b, a), "top");
  }

  /** The smallest records, ascending. */
  takeOrdered(count: number, ordering: Ordering<T> = naturalOrdering): T[] {
    return takeOrdered(this.node, count, ordering, "takeOrdered");
  }

  /** Throws: PipelineError OUT_OF_RANGE `empty collection`. */
  max(ordering: Ordering<T> = naturalOrdering): T {
    return this.#reduced("max", (a, b) => (ordering(a, b) >= 0 ? a : b));
  }

  /** Throws: PipelineError OUT_OF_RANGE `empty collection`. */
  min(ordering: Ordering<T> = naturalOrdering): T {
    return this.#reduced("min", (a, b) => (ordering(a, b) <= 0 ? a : b));
  }

  /** As many records, in random order; without a seed, the RDD's number is the seed.
   *  Throws: PipelineError GRAPH_INVALID for a negative number. */
  takeSample(withReplacement: boolean, num: number, seed?: Seed): T[] {
    return takeSample(this.node, { withReplacement, num, seed: seedOf(this.node, seed) });
  }
}
