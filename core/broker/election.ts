/** Who leads a partition after something changed: pure, one partition at a time.
 *  Like Kafka: PartitionChangeBuilder and ReplicationControlManager, without eligible leader
 *  replicas (3.9). */

import type { PartitionState } from "./metadata.ts";

export interface ElectionInput {
  readonly partition: PartitionState;
  /** The in-sync set that is asked for; the present one when nothing changes it. */
  readonly isr: readonly number[];
  /** Registered, unfenced and not shutting down. */
  readonly isActive: (broker: number) => boolean;
  /** `unclean.leader.election.enable`. */
  readonly allowsUnclean: boolean;
  /** Gives it to the first replica, where that is in sync, though there is a leader. */
  readonly prefersFirst?: boolean;
}

export interface ElectionResult {
  readonly partition: PartitionState;
  readonly isUnclean: boolean;
}

/** The partition as it is then; null when nothing changes. A new leader is a new leader epoch; any
 *  change is a new partition epoch. */
export function elect(input: ElectionInput): ElectionResult | null {
  const { partition, isActive } = input;
  // The last member stays in the in-sync set, whether or not it is alive.
  let isr = input.isr.length === 0 ? partition.isr : input.isr;
  let leader = cleanLeader(input, isr);
  let isUnclean = false;
  if (leader === -1 && input.allowsUnclean) {
    leader = partition.replicas.find(isActive) ?? -1;
    isUnclean = leader !== -1;
    if (isUnclean) isr = [leader];
  }
  if (leader === partition.leader && isEqual(isr, partition.isr)) return null;
  const isNewLeader = leader !== partition.leader || isUnclean;
  return {
    isUnclean,
    partition: {
      ...partition,
      isr,
      leader,
      leaderEpoch: partition.leaderEpoch + (isNewLeader ? 1 : 0),
      partitionEpoch: partition.partitionEpoch + 1,
    },
  };
}

function cleanLeader(input: ElectionInput, isr: readonly number[]): number {
  const { partition, isActive } = input;
  const isAble = (broker: number): boolean => isr.includes(broker) && isActive(broker);
  const [preferred = -1] = partition.replicas;
  if (input.prefersFirst === true && isAble(preferred)) return preferred;
  if (isAble(partition.leader)) return partition.leader;
  return partition.replicas.find(isAble) ?? -1;
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((broker, index) => broker === b[index]);
}

export interface PlacementBrokers {
  /** They come first, and lead. */
  readonly unfenced: readonly number[];
  /** They are given copies where there are too few of the others. */
  readonly fenced: readonly number[];
}

/** Where the replicas of a topic's partitions go: dealt round the brokers, each partition one
 *  further, as StripedReplicaPlacer does without racks; from the first broker, where Kafka
 *  draws. */
export function placeReplicas(
  { unfenced, fenced }: PlacementBrokers,
  partitions: { readonly from: number; readonly until: number },
  replicationFactor: number,
): readonly (readonly number[])[] {
  return Array.from({ length: partitions.until - partitions.from }, (_, index) => {
    const offset = partitions.from + index;
    return [...turned(unfenced, offset), ...turned(fenced, offset)].slice(0, replicationFactor);
  });
}

function turned(brokers: readonly number[], by: number): readonly number[] {
  return brokers.map((_, index) => brokers[(by + index) % brokers.length] ?? -1);
}
