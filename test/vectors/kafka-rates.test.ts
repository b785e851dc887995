// Goal: back-pressure estimates rates, and limits share them, as Spark does to the last bit.
// Method: Spark's own PIDRateEstimator and DirectKafkaInputDStream answered the tables of
// spark/KafkaRates.scala (see make.ts); ours are asked the same.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { clampOffsets, maxMessagesPerPartition } from "../../core/stream/partition-limits.ts";
import { PidRateEstimator } from "../../core/stream/pid-rate-estimator.ts";

interface PidVector {
  readonly kind: "pid";
  readonly name: string;
  readonly interval: number;
  readonly terms: readonly [number, number, number, number];
  readonly batches: readonly (readonly [number, number, number, number])[];
  readonly rates?: readonly (number | null)[];
  readonly failure?: string;
}

interface LimitVector {
  readonly kind: "limits";
  readonly name: string;
  readonly interval: number;
  readonly maxRate: number;
  readonly minRate: number;
  readonly initialRate: number;
  readonly rate: number | null;
  readonly lags: readonly (readonly [number, number])[];
  readonly limits: readonly number[] | null;
  readonly ends: readonly number[];
}

const file = new URL("spark/kafkaRates.json", import.meta.url);
// The generator's own output, in the shapes above.
const vectors = JSON.parse(readFileSync(file, "utf8")) as (PidVector | LimitVector)[];

function estimatorOf({ interval, terms }: PidVector): PidRateEstimator {
  const [proportional, integral, derived, minRate] = terms;
  return new PidRateEstimator({
    batchIntervalMs: interval,
    proportional,
    integral,
    derived,
    minRate,
  });
}

function testPid(vector: PidVector): void {
  if (vector.failure !== undefined) {
    expect(() => estimatorOf(vector)).toThrow(vector.failure);
    return;
  }
  const estimator = estimatorOf(vector);
  const rates = vector.batches.map(([endedMs, records, processingDelayMs, schedulingDelayMs]) =>
    estimator.compute({ endedMs, records, processingDelayMs, schedulingDelayMs }),
  );
  expect(rates).toEqual(vector.rates);
}

function testLimits(vector: LimitVector): void {
  const { interval, maxRate, minRate, initialRate, rate } = vector;
  const partitions = vector.lags.map(([current, latest]) => ({ current, latest }));
  const options = {
    batchIntervalMs: interval,
    maxRatePerPartition: maxRate,
    minRatePerPartition: minRate,
    rate: rate === null || rate > 0 ? rate : initialRate,
  };
  expect(maxMessagesPerPartition(partitions, options)).toEqual(vector.limits);
  expect(clampOffsets(partitions, options)).toEqual(vector.ends);
}

for (const vector of vectors) {
  test(vector.name, () => {
    if (vector.kind === "pid") testPid(vector);
    else testLimits(vector);
  });
}
