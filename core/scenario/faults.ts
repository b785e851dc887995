/** Every fault there is, as a table, and a fault as data. */

import { brokenConnections } from "../faults/broken-connections.ts";
import { brokerClock } from "../faults/broker-clock.ts";
import { brokerCrash } from "../faults/broker-crash.ts";
import { brokerDiskFailure } from "../faults/broker-disk-failure.ts";
import { brokerIsolation } from "../faults/broker-isolation.ts";
import { brokerSlow } from "../faults/broker-slow.ts";
import { brokerStop } from "../faults/broker-stop.ts";
import { brokerVanishing } from "../faults/broker-vanishing.ts";
import { checkpointStoreFull } from "../faults/checkpoint-store-full.ts";
import { checkpointStoreSlow } from "../faults/checkpoint-store-slow.ts";
import { checkpointStoreTorn } from "../faults/checkpoint-store-torn.ts";
import { clientThrottling } from "../faults/client-throttling.ts";
import { compaction } from "../faults/compaction.ts";
import { consumerCrash } from "../faults/consumer-crash.ts";
import { consumerLeaving } from "../faults/consumer-leaving.ts";
import { consumerStall } from "../faults/consumer-stall.ts";
import { controllerCrash } from "../faults/controller-crash.ts";
import { coordinatorCrash } from "../faults/coordinator-crash.ts";
import { delayedRequests } from "../faults/delayed-requests.ts";
import { diskFull } from "../faults/disk-full.ts";
import { driverCrash } from "../faults/driver-crash.ts";
import { driverStop } from "../faults/driver-stop.ts";
import { duplicateRequests } from "../faults/duplicate-requests.ts";
import { executorLoss } from "../faults/executor-loss.ts";
import { executorSlowdown } from "../faults/executor-slowdown.ts";
import type { Fault, Fields, ValuesOf } from "../faults/fault.ts";
import { hotKey } from "../faults/hot-key.ts";
import { lateRecords } from "../faults/late-records.ts";
import { linkCut } from "../faults/link-cut.ts";
import { linkLoss } from "../faults/link-loss.ts";
import { linkSlow } from "../faults/link-slow.ts";
import { lostReplies } from "../faults/lost-replies.ts";
import { mapOutputLoss } from "../faults/map-output-loss.ts";
import { minInsync } from "../faults/min-insync.ts";
import { oversizedRecord } from "../faults/oversized-record.ts";
import { partitionGrowth } from "../faults/partition-growth.ts";
import { poisonRecord } from "../faults/poison-record.ts";
import { preferredElection } from "../faults/preferred-election.ts";
import { producerCrash } from "../faults/producer-crash.ts";
import { producerZombie } from "../faults/producer-zombie.ts";
import { quorumLoss } from "../faults/quorum-loss.ts";
import { rebalanceStorm } from "../faults/rebalance-storm.ts";
import { recordDeletion } from "../faults/record-deletion.ts";
import { reorderedRequests } from "../faults/reordered-requests.ts";
import { retentionChange } from "../faults/retention-change.ts";
import { sinkFailure } from "../faults/sink-failure.ts";
import { staleMetadata } from "../faults/stale-metadata.ts";
import { taskFailures } from "../faults/task-failures.ts";
import { topicDeletion } from "../faults/topic-deletion.ts";
import { uncleanElection } from "../faults/unclean-election.ts";
import type { MilestoneSpec } from "./milestones.ts";

/** In the order a palette shows them. */
export const faults = [
  brokerCrash,
  brokerStop,
  brokerIsolation,
  brokerVanishing,
  brokerSlow,
  brokerDiskFailure,
  brokerClock,
  coordinatorCrash,
  linkCut,
  linkLoss,
  linkSlow,
  controllerCrash,
  quorumLoss,
  partitionGrowth,
  retentionChange,
  recordDeletion,
  compaction,
  topicDeletion,
  minInsync,
  preferredElection,
  uncleanElection,
  duplicateRequests,
  delayedRequests,
  reorderedRequests,
  lostReplies,
  brokenConnections,
  staleMetadata,
  clientThrottling,
  producerCrash,
  producerZombie,
  consumerCrash,
  consumerLeaving,
  consumerStall,
  rebalanceStorm,
  driverCrash,
  driverStop,
  executorLoss,
  executorSlowdown,
  taskFailures,
  diskFull,
  mapOutputLoss,
  checkpointStoreSlow,
  checkpointStoreFull,
  checkpointStoreTorn,
  sinkFailure,
  poisonRecord,
  hotKey,
  lateRecords,
  oversizedRecord,
] as const;

/** When a fault strikes: at a time, or as soon as the action has ended that told of the event with
 *  that `seq`, or of that milestone. */
export type FaultTime =
  | { readonly atMs: number }
  | { readonly afterSeq: number }
  | { readonly after: MilestoneSpec };

type SpecOf<F> =
  F extends Fault<infer K, infer V> ? { readonly kind: K } & ValuesOf<V> & FaultTime : never;

/** One fault of a run, as data. */
export type FaultSpec = SpecOf<(typeof faults)[number]>;
export type FaultKind = FaultSpec["kind"];

/** The faults of a run: a script, or the same as data. */
export type FaultScript = string | readonly FaultSpec[];

/** Any of the table, its own types forgotten. */
export type AnyFault = Fault<string, Fields>;

/** The fault of a kind; null for an unknown one. */
export function faultNamed(kind: string): AnyFault | null {
  const known: readonly AnyFault[] = faults;
  return known.find((fault) => fault.kind === kind) ?? null;
}
