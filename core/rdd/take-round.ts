/** How many partitions the next round of `take` scans: one at first, then more the less was found.
 *  Like Spark: RDD.take, with `spark.rdd.limit.initialNumPartitions` 1 and
 *  `spark.rdd.limit.scaleUpFactor` 4. */
export function takeRound(progress: {
  readonly scanned: number;
  readonly found: number;
  readonly wanted: number;
}): number {
  const { scanned, found, wanted } = progress;
  if (scanned === 0) return 1;
  if (found === 0) return scanned * 4;
  const estimate = Math.ceil((1.5 * (wanted - found) * scanned) / found);
  return Math.min(Math.max(estimate, 1), scanned * 4);
}
