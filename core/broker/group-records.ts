/** What a coordinator of groups writes to its log: offsets, and of each group its last generation.
 *  Like Kafka: GroupMetadataKey and -Value, OffsetCommitKey and -Value; as JSON. */

import { assert } from "../base/assert.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { CoordinatorRecord } from "./coordinator.ts";
import { Group } from "./group.ts";
import type { CommittedOffset } from "./group-offsets.ts";
import type { MemberSubscription } from "./group-request.ts";

type Key =
  | { readonly kind: "offset"; readonly group: string; readonly of: TopicPartition }
  | { readonly kind: "group"; readonly group: string };

interface OffsetValue {
  readonly offset: number;
  readonly commitMs: number;
}

interface GroupValue {
  readonly generation: number;
  readonly protocol: string | null;
  readonly leader: string | null;
  readonly stateMs: number;
  readonly members: readonly {
    readonly member: string;
    readonly instance: string | null;
    readonly clientId: string;
    readonly rebalanceTimeoutMs: number;
    readonly sessionTimeoutMs: number;
    readonly subscription: MemberSubscription;
    readonly assignment: readonly TopicPartition[];
  }[];
}

export function offsetRecord(
  group: string,
  { topic, partition, offset, commitMs }: CommittedOffset,
): CoordinatorRecord {
  const value: OffsetValue = { offset, commitMs };
  return { key: offsetKey(group, { topic, partition }), value: JSON.stringify(value) };
}

/** Takes an offset out. */
export function offsetTombstone(group: string, of: TopicPartition): CoordinatorRecord {
  return { key: offsetKey(group, of), value: null };
}

function offsetKey(group: string, { topic, partition }: TopicPartition): string {
  return JSON.stringify({ group, topic, partition });
}

/** The assignments are those of the members, or those given, by member id. */
export function groupRecord(
  group: Group,
  given?: ReadonlyMap<string, readonly TopicPartition[]>,
): CoordinatorRecord {
  const { generation, protocol, leader, stateMs } = group;
  const members = [...group.members.values()].map(
    ({ member, instance, clientId, request, assignment }) => ({
      member,
      instance,
      clientId,
      rebalanceTimeoutMs: request.rebalanceTimeoutMs,
      sessionTimeoutMs: request.sessionTimeoutMs,
      subscription: request.subscription,
      assignment: given === undefined ? assignment : (given.get(member) ?? []),
    }),
  );
  const value: GroupValue = { generation, protocol, leader, stateMs, members };
  return { key: groupKey(group.id), value: JSON.stringify(value) };
}

/** Takes a group out. */
export function groupTombstone(group: string): CoordinatorRecord {
  return { key: groupKey(group), value: null };
}

function groupKey(group: string): string {
  return JSON.stringify({ group });
}

export function readKey(text: string): Key {
  // Only the functions of this file write keys, so that their fields are known.
  const key = JSON.parse(text) as { group: string; topic?: string; partition?: number };
  const { group, topic, partition } = key;
  if (topic === undefined || partition === undefined) return { kind: "group", group };
  return { kind: "offset", group, of: { topic, partition } };
}

export function readOffset(text: string): OffsetValue {
  // As `offsetRecord` wrote it.
  return JSON.parse(text) as OffsetValue;
}

/** A group as it was when it became stable or empty. Of the assignors a member had it knows the one
 *  that was agreed on. */
export function readGroup(id: string, text: string): Group {
  // As `groupRecord` wrote it.
  const value = JSON.parse(text) as GroupValue;
  const group = new Group(id, value.stateMs);
  group.hasProtocolType = true;
  group.generation = value.generation;
  group.protocol = value.protocol;
  for (const { member, instance, clientId, assignment, ...asked } of value.members) {
    assert(value.protocol !== null, "a group with members must have an assignor", { group: id });
    group.add({
      member,
      instance,
      clientId,
      request: { ...asked, protocols: [value.protocol] },
      assignment,
      joining: null,
      syncing: null,
      isNew: false,
      deadlineMs: null,
      timerMs: null,
    });
  }
  group.leader = value.leader;
  if (value.members.length > 0) group.enter("Stable", value.stateMs);
  group.restoreSubscribedTopics();
  return group;
}
