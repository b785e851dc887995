/** How many records a batch takes from each partition of a direct stream, and no further.
 *  Like Spark: DirectKafkaInputDStream.maxMessagesPerPartition and clamp. */

/** One partition when a batch is planned. */
export interface PartitionLag {
  /** The next offset to read. */
  readonly current: number;
  readonly latest: number;
}

export interface LimitOptions {
  readonly batchIntervalMs: number;
  /** `spark.streaming.kafka.maxRatePerPartition`: records a second; 0 is no limit. */
  readonly maxRatePerPartition: number;
  /** `spark.streaming.kafka.minRatePerPartition`: records a batch. */
  readonly minRatePerPartition: number;
  /** Records a second over all partitions; null without back-pressure, not above 0 before there is
   *  an estimate. */
  readonly rate: number | null;
}

/** Records per partition, in their order; null for no limit. An estimated rate is shared by lag. */
export function maxMessagesPerPartition(
  partitions: readonly PartitionLag[],
  options: LimitOptions,
): readonly number[] | null {
  const { batchIntervalMs, maxRatePerPartition, minRatePerPartition, rate } = options;
  let limits: readonly number[] = partitions.map(() => maxRatePerPartition);
  if (rate !== null && rate > 0) {
    const lags = partitions.map(({ current, latest }) => Math.max(latest - current, 0));
    const totalLag = lags.reduce((sum, lag) => sum + lag, 0);
    // Without any lag the shares are NaN, as in Spark, and there is no limit.
    const shares = lags.map((lag) => (lag / totalLag) * rate);
    limits =
      maxRatePerPartition > 0
        ? shares.map((share) => Math.min(share, maxRatePerPartition))
        : shares;
  }
  if (!(limits.reduce((sum, limit) => sum + limit, 0) > 0)) return null;
  const batchS = batchIntervalMs / 1000;
  return limits.map((limit) => Math.max(Math.trunc(batchS * limit), minRatePerPartition));
}

/** The offsets a batch ends at, in the order of the partitions. */
export function clampOffsets(
  partitions: readonly PartitionLag[],
  options: LimitOptions,
): readonly number[] {
  const limits = maxMessagesPerPartition(partitions, options);
  return partitions.map(({ current, latest }, index) => {
    const limit = limits?.[index];
    return limit === undefined ? latest : Math.min(current + limit, latest);
  });
}
