/** What a batch is called on the page: its number, as the views say it. */

/** Shape: batch time in ms -> `4` for the fourth batch. */
export type BatchName = (batchTimeMs: number) => string;

/** Batches are numbered from 1, by the interval, from the time the first driver started at. */
export function numberBatches(times: { zeroMs: number; intervalMs: number }): BatchName {
  return (batchTimeMs) => String((batchTimeMs - times.zeroMs) / times.intervalMs);
}
