/** Operations on RDDs of numbers. Like Spark: DoubleRDDFunctions. */

import { bucketCounter, evenBounds } from "../rdd/histogram.ts";
import { mapPartitions } from "../rdd/map-partitions.ts";
import { type BoundedDouble, exactly, PartialResult } from "../rdd/partial-result.ts";
import { emptyCollection } from "../rdd/requirement.ts";
import { reduceRecords, runAction } from "../rdd/run-action.ts";
import { StatCounter } from "../rdd/stat-counter.ts";
import { PairRDDFunctions } from "./pair-rdd.ts";
import type { RDD } from "./rdd.ts";

/** A number with the bounds it lies in. */
export type ApproximateNumber = PartialResult<BoundedDouble>;

export abstract class DoubleRDDFunctions<T> extends PairRDDFunctions<T> {
  /** 0 when there are no records. */
  sum(this: RDD<number>): number {
    const add = (sum: number, one: number): number => sum + one;
    return this.run("sum", (records) => records.reduce(add, 0)).reduce(add, 0);
  }

  /** Throws: PipelineError OUT_OF_RANGE `empty collection` where there are no partitions. */
  stats(this: RDD<number>): StatCounter {
    return statsOf(this, "stats");
  }

  /** 0 when there are no records. */
  mean(this: RDD<number>): number {
    return statsOf(this, "mean").mean;
  }

  /** That of the records as a whole population; NaN when there are none. */
  variance(this: RDD<number>): number {
    return statsOf(this, "variance").variance;
  }

  stdev(this: RDD<number>): number {
    return statsOf(this, "stdev").stdev;
  }

  popVariance(this: RDD<number>): number {
    return statsOf(this, "popVariance").popVariance;
  }

  popStdev(this: RDD<number>): number {
    return statsOf(this, "popStdev").popStdev;
  }

  /** The estimate from a sample: divided by one less than there are; NaN for less than two. */
  sampleVariance(this: RDD<number>): number {
    return statsOf(this, "sampleVariance").sampleVariance;
  }

  sampleStdev(this: RDD<number>): number {
    return statsOf(this, "sampleStdev").sampleStdev;
  }

  /** Counts by bucket. A number of buckets: of one width from the least record to the greatest, in
   *  two jobs; gives the bounds too. Bounds: in order; `evenBuckets` says they are equally far
   *  apart.
   *  Throws: PipelineError OUT_OF_RANGE for no records or infinite ones, GRAPH_INVALID for less
   *  than one bucket. */
  histogram(this: RDD<number>, bucketCount: number): [bounds: number[], counts: number[]];
  histogram(this: RDD<number>, buckets: readonly number[], evenBuckets?: boolean): number[];
  histogram(
    this: RDD<number>,
    buckets: number | readonly number[],
    evenBuckets = false,
  ): number[] | [number[], number[]] {
    if (typeof buckets !== "number") return countsOf(this, buckets, evenBuckets);
    const extremes = mapPartitions(this.node, (records) => [extremesOf(records)], {
      operator: "histogram",
    });
    const found = reduceRecords(extremes, "histogram", (a, b) => extremesOf([...a, ...b]));
    if (found === null) throw emptyCollection();
    const [min, max] = found.value;
    const bounds = evenBounds(min, max, buckets);
    return [[...bounds], countsOf(this, bounds, true)];
  }

  /** The mean, exactly: all tasks are waited for. */
  meanApprox(this: RDD<number>, _timeoutMs: number, _confidence?: number): ApproximateNumber {
    return new PartialResult(exactly(mergedStats(this, "meanApprox").mean));
  }

  /** The sum, exactly. */
  sumApprox(this: RDD<number>, _timeoutMs: number, _confidence?: number): ApproximateNumber {
    return new PartialResult(exactly(mergedStats(this, "sumApprox").sum));
  }
}

function statsOf(rdd: RDD<number>, operator: string): StatCounter {
  const counters = mapPartitions(rdd.node, (records) => [new StatCounter(records)], { operator });
  const found = reduceRecords(counters, operator, (a, b) => a.merge(b));
  if (found === null) throw emptyCollection();
  return found.value;
}

function extremesOf(numbers: readonly number[]): readonly [min: number, max: number] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of numbers) [min, max] = [Math.min(min, number), Math.max(max, number)];
  return [min, max];
}

function mergedStats(rdd: RDD<number>, operator: string): StatCounter {
  const merged = new StatCounter();
  const counters = runAction(rdd.node, operator, (records) => new StatCounter(records));
  for (const counter of counters) merged.merge(counter);
  return merged;
}

function countsOf(rdd: RDD<number>, bounds: readonly number[], areEven: boolean): number[] {
  const count = bucketCounter(bounds, areEven);
  const counted = mapPartitions(rdd.node, (records) => [count(records)], {
    operator: "histogram",
  });
  if (rdd.node.numPartitions === 0) return count([]);
  const found = reduceRecords(counted, "histogram", (a, b) =>
    a.map((one, index) => one + (b[index] ?? 0)),
  );
  return found?.value ?? count([]);
}
