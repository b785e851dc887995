/** The part of the fold that is about clients: groups, transactions, producers, consumers. */

import { compareStrings } from "../base/order.ts";
import { compareTopicPartitions, type TopicPartition } from "../record/topic-partition.ts";
import type {
  GroupSnapshot,
  ProducerSnapshot,
  ReaderSnapshot,
  TransactionSnapshot,
} from "./cluster-snapshot.ts";
import type { EventOf } from "./event.ts";
import { type Change, newest, SNAPSHOT_LIMITS, type Snapshot } from "./snapshot.ts";

type Offsets = GroupSnapshot["offsets"];

export function offsetsCommitted(
  at: Snapshot,
  { group, offsets }: EventOf<"offsets.committed">,
): Change {
  return changeGroup(at, group, (known) => ({ ...known, offsets: merged(known.offsets, offsets) }));
}

export function offsetsExpired(
  at: Snapshot,
  { group, partitions }: EventOf<"offsets.expired">,
): Change {
  return changeGroup(at, group, (known) => ({
    ...known,
    offsets: known.offsets.filter((old) => !partitions.some((of) => isSame(of, old))),
  }));
}

export function groupChanged(at: Snapshot, event: EventOf<"group.changed">): Change {
  const { state, generation, protocol, leader, coordinator, reason, atMs } = event;
  const members = event.members.slice(0, SNAPSHOT_LIMITS.membersOfGroup);
  return changeGroup(at, event.group, (known) => ({
    ...known,
    membership: {
      state,
      generation,
      protocol,
      leader,
      coordinator,
      members,
      reason,
      changedMs: atMs,
    },
  }));
}

function changeGroup(
  at: Snapshot,
  group: string,
  change: (known: GroupSnapshot) => GroupSnapshot,
): Change {
  const known = at.groups.find((one) => one.group === group);
  const changed = change(known ?? { group, offsets: [], membership: null });
  const others = at.groups.filter((one) => one !== known);
  const groups = newest(others, changed, SNAPSHOT_LIMITS.groups);
  return { groups: [...groups].sort((a, b) => compareStrings(a.group, b.group)) };
}

function merged(old: Offsets, fresh: Offsets): Offsets {
  const kept = old.filter((one) => !fresh.some((of) => isSame(of, one)));
  return [...kept, ...fresh].sort(compareTopicPartitions);
}

function isSame(a: TopicPartition, b: TopicPartition): boolean {
  return a.topic === b.topic && a.partition === b.partition;
}

export function transactionChanged(at: Snapshot, event: EventOf<"transaction.changed">): Change {
  const { transactionalId, producerId, producerEpoch, state, groups, reason, atMs } = event;
  const isLoaded = reason === "loaded";
  const why = isLoaded ? null : reason;
  const known = at.transactions.find((one) => one.transactionalId === transactionalId);
  const isOpen = state === "Ongoing" || state.startsWith("Prepare");
  const wasOpen = known?.state === "Ongoing" || known?.state.startsWith("Prepare") === true;
  // What a coordinator that takes over tells of it may have been told before.
  const isNew = !isLoaded || wasOpen;
  const changed: TransactionSnapshot = {
    transactionalId,
    producerId,
    producerEpoch,
    state,
    // A decided one no longer lists what it wrote to: its markers are there.
    partitions: event.partitions.length === 0 && wasOpen ? known.partitions : event.partitions,
    groups: groups.length === 0 && wasOpen ? known.groups : groups,
    reason: why ?? (wasOpen || isLoaded ? (known?.reason ?? null) : null),
    changedMs: atMs,
    begunMs: wasOpen ? known.begunMs : isOpen ? atMs : null,
    committed: (known?.committed ?? 0) + (isNew && state === "CompleteCommit" ? 1 : 0),
    aborted: (known?.aborted ?? 0) + (isNew && state === "CompleteAbort" ? 1 : 0),
  };
  const others = at.transactions.filter((one) => one !== known);
  return { transactions: newest(others, changed, SNAPSHOT_LIMITS.transactions) };
}

export function producerInitialised(at: Snapshot, event: EventOf<"producer.initialised">): Change {
  const { client, transactionalId, producerId, producerEpoch } = event;
  return changeProducer(at, client, (known) => ({
    ...known,
    transactionalId,
    producerId,
    producerEpoch,
  }));
}

export function produceAcknowledged(
  at: Snapshot,
  { client, count }: EventOf<"produce.acknowledged">,
): Change {
  return changeProducer(at, client, (known) => ({
    ...known,
    acknowledged: known.acknowledged + count,
  }));
}

export function duplicateRefused(
  at: Snapshot,
  { producerId }: EventOf<"duplicate.refused">,
): Change {
  return {
    producers: at.producers.map((known) =>
      known.producerId === producerId
        ? { ...known, duplicatesRefused: known.duplicatesRefused + 1 }
        : known,
    ),
  };
}

function changeProducer(
  at: Snapshot,
  client: string,
  change: (known: ProducerSnapshot) => ProducerSnapshot,
): Change {
  const index = at.producers.findIndex((one) => one.client === client);
  const known = at.producers[index];
  if (known !== undefined) return { producers: at.producers.with(index, change(known)) };
  const fresh: ProducerSnapshot = {
    client,
    transactionalId: null,
    producerId: null,
    producerEpoch: null,
    acknowledged: 0,
    duplicatesRefused: 0,
  };
  return { producers: newest(at.producers, change(fresh), SNAPSHOT_LIMITS.producers) };
}

/** Where an application is in a partition: after what it polled, or where it was reset to. */
export function positionMoved(
  at: Snapshot,
  event: EventOf<"records.polled" | "position.reset">,
): Change {
  const { client, topic, partition } = event;
  const polled = event.kind === "records.polled" ? event.count : 0;
  const offset = event.kind === "records.polled" ? event.untilOffset : event.toOffset;
  const index = at.readers.findIndex((one) => one.client === client);
  const known = at.readers[index] ?? { client, records: 0, positions: [] };
  const changed: ReaderSnapshot = {
    client,
    records: known.records + polled,
    positions: merged(known.positions, [{ topic, partition, offset }]),
  };
  if (index !== -1) return { readers: at.readers.with(index, changed) };
  return { readers: newest(at.readers, changed, SNAPSHOT_LIMITS.readers) };
}
