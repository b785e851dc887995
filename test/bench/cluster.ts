/** How fast the simulated cluster takes records, beside pushing the same records onto an array. */

import { makeCoordinators } from "../../core/broker/make-coordinators.ts";
import { SimulatedCluster } from "../../core/broker/simulated-cluster.ts";
import type { ProduceRecord } from "../../core/record/record.ts";
import { Simulation } from "../../core/sim/simulation.ts";
import { Trace } from "../../core/trace/trace.ts";

const PARTITIONS = 4;
/** About 16 kB, a producer's `batch.size`. */
const BATCH_RECORDS = 500;

/** The batches of each partition, as producers would send them. */
export function makeBatches(records: number): readonly (readonly ProduceRecord[])[] {
  const batches: ProduceRecord[][] = [];
  for (let start = 0; start < records; start += BATCH_RECORDS) {
    const count = Math.min(BATCH_RECORDS, records - start);
    batches.push(
      Array.from({ length: count }, (_, index) => ({
        key: `key ${(start + index) % 1000}`,
        value: `record ${start + index}`,
        timestampMs: start / BATCH_RECORDS,
        headers: [],
      })),
    );
  }
  return batches;
}

/** Records as consumers get them, on an array for each partition. Shape: how many. */
export function appendToArrays(batches: readonly (readonly ProduceRecord[])[]): number {
  const arrays = Array.from({ length: PARTITIONS }, (): object[] => []);
  for (const [index, batch] of batches.entries()) {
    const partition = index % PARTITIONS;
    const array = arrays[partition] ?? [];
    for (const { key, value, timestampMs, headers } of batch) {
      const offset = array.length;
      array.push({ topic: "t", partition, offset, key, value, timestampMs, headers });
    }
  }
  return arrays.reduce((sum, { length }) => sum + length, 0);
}

/** The same through a cluster, a copy on every broker, with acks of all, until each partition's
 *  high watermark is at its end. Shape: how many records consumers may see. */
export function appendToCluster(
  brokers: number,
  batches: readonly (readonly ProduceRecord[])[],
): number {
  const simulation = new Simulation({ seed: 1, trace: new Trace() });
  const cluster = new SimulatedCluster({
    runtime: simulation,
    brokers,
    requestMs: 2,
    makeCoordinators,
  });
  cluster.createTopic("t", {
    partitions: PARTITIONS,
    replicationFactor: brokers,
    retentionMs: -1,
  });
  let visible = 0;
  const send = (index: number): void => {
    const records = batches[index];
    if (records === undefined) return;
    const partition = index % PARTITIONS;
    const request = { kind: "produce", topic: "t", partition, acks: -1, records } as const;
    cluster.send<"produce">(request, ({ error }) => {
      if (error !== null) throw new Error(`the cluster must take what it is sent: ${error}`);
      visible += records.length;
      send(index + PARTITIONS);
    });
  };
  cluster.send<"metadata">({ kind: "metadata", topics: ["t"] }, () => {
    for (let partition = 0; partition < PARTITIONS; partition += 1) send(partition);
  });
  const wanted = batches.reduce((sum, { length }) => sum + length, 0);
  while (visible < wanted) simulation.step();
  return visible;
}
