/** How many numbers lie in each of some buckets.
 *  Like Spark: DoubleRDDFunctions.histogram. */

import { at } from "../base/assert.ts";
import { PipelineError } from "../base/errors.ts";
import { naturalOrdering } from "./ordering.ts";

/** Bounds of buckets of one width from `min` to `max`; of one bucket where the two are equal. */
export function evenBounds(min: number, max: number, bucketCount: number): readonly number[] {
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    throw new PipelineError(
      "OUT_OF_RANGE",
      "org.apache.spark.SparkUnsupportedOperationException: " +
        "Histogram on either an empty RDD or RDD containing +/-infinity or NaN",
    );
  }
  if (min === max) return [min, min];
  const span = max - min;
  const steps = Math.max(bucketCount, 0);
  const bounds = Array.from({ length: steps }, (_, step) => min + (step * span) / bucketCount);
  return [...bounds, max];
}

/** Shape: each bucket's count; a bucket holds its lower bound, the last one its upper bound too.
 *  Numbers outside are not counted. With `areEven` the bucket is computed, not searched.
 *  Throws: PipelineError GRAPH_INVALID for less than two bounds. */
export function bucketCounter(
  bounds: readonly number[],
  areEven: boolean,
): (numbers: readonly number[]) => number[] {
  if (bounds.length < 2) {
    throw new PipelineError(
      "GRAPH_INVALID",
      "java.lang.IllegalArgumentException: buckets array must have at least two elements",
    );
  }
  const last = bounds.length - 2;
  const bucketOf = areEven ? computedBucket : searchedBucket;
  return (numbers) => {
    const counts = Array.from({ length: bounds.length - 1 }, () => 0);
    for (const number of numbers) {
      const bucket = bucketOf(bounds, number);
      if (bucket !== null) counts[Math.min(bucket, last)] = at(counts, Math.min(bucket, last)) + 1;
    }
    return counts;
  };
}

function computedBucket(bounds: readonly number[], number: number): number | null {
  const min = at(bounds, 0);
  const max = at(bounds, bounds.length - 1);
  if (Number.isNaN(number) || number < min || number > max) return null;
  const bucket = Math.trunc(((number - min) / (max - min)) * (bounds.length - 1));
  // As a Double becomes an Int: where all bounds are equal, 0 / 0.
  return Number.isNaN(bucket) ? 0 : bucket;
}

/** The bounds are in order, NaN after all others. */
function searchedBucket(bounds: readonly number[], number: number): number | null {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (naturalOrdering(at(bounds, middle), number) <= 0) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return null;
  const isLastBound = naturalOrdering(at(bounds, bounds.length - 1), number) === 0;
  return low < bounds.length || isLastBound ? low - 1 : null;
}
