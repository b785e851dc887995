/** A group of consumers as its coordinator knows it: members, the assignor they agree on, the
 *  generation, who leads. Knows no time; a group's protocol (group-protocol.ts) moves it.
 *  Like Kafka: GroupMetadata, MemberMetadata of the classic coordinator. */

import { assert, get } from "../base/assert.ts";
import { compareStrings } from "../base/order.ts";
import { scalaMapOrder } from "../record/scala-map-order.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { FactOf } from "../trace/event.ts";
import type { GroupState } from "../trace/cluster-fact.ts";
import type { KafkaReplyOf, KafkaRequestOf } from "./admin-request.ts";
import type { BrokerError } from "./broker-error.ts";
import type { CommitMember, GroupMemberView } from "./group-request.ts";

export type JoinRequest = KafkaRequestOf<"joinGroup">;
export type JoinReply = KafkaReplyOf<"joinGroup">;
export type SyncReply = KafkaReplyOf<"syncGroup">;

export interface Member {
  member: string;
  readonly instance: string | null;
  readonly clientId: string;
  /** What it asked for when it joined last. */
  request: Pick<
    JoinRequest,
    "protocols" | "rebalanceTimeoutMs" | "sessionTimeoutMs" | "subscription"
  >;
  assignment: readonly TopicPartition[];
  /** It waits for the others to join. */
  joining: ((reply: JoinReply) => void) | null;
  /** It waits for the leader's assignment. */
  syncing: ((reply: SyncReply) => void) | null;
  /** It has not been part of a generation yet. */
  isNew: boolean;
  /** When it is given up; null while nothing is expected of it. */
  deadlineMs: number | null;
  /** When a timer looks at it. */
  timerMs: number | null;
}

export class Group {
  readonly id: string;
  /** By member id, in the order they came. */
  readonly members = new Map<string, Member>();
  /** Member ids by `group.instance.id`. */
  readonly instances = new Map<string, string>();
  /** Ids that were given out, and until when they are good. */
  readonly pending = new Map<string, number>();
  /** Of this generation, who has not asked for its assignment yet. */
  readonly unsynced = new Set<string>();
  state: GroupState = "Empty";
  /** When it came into its state. */
  stateMs: number;
  generation = 0;
  /** The assignor of this generation. */
  protocol: string | null = null;
  leader: string | null = null;
  /** Somebody has joined, ever: not one that only keeps offsets. */
  hasProtocolType = false;
  /** Somebody new came while its first rebalance waits. */
  newMemberAdded = false;
  /** Topics of this generation's members. */
  subscribedTopics: ReadonlySet<string> | null = null;

  constructor(id: string, nowMs: number) {
    this.id = id;
    this.stateMs = nowMs;
  }

  enter(state: GroupState, nowMs: number): void {
    assert(this.state !== "Dead", "a group that is dead stays dead", { group: this.id, state });
    this.state = state;
    this.stateMs = nowMs;
  }

  add(member: Member): void {
    const { member: id, instance } = member;
    assert(!this.members.has(id), "a member is added once", { member: id });
    if (instance !== null) this.instances.set(instance, id);
    this.hasProtocolType = true;
    this.leader ??= id;
    this.members.set(id, member);
    this.pending.delete(id);
  }

  remove(id: string): void {
    const member = this.members.get(id);
    this.members.delete(id);
    if (member !== undefined && member.instance !== null) this.instances.delete(member.instance);
    if (this.leader === id) this.leader = this.members.keys().next().value ?? null;
    this.pending.delete(id);
    this.unsynced.delete(id);
  }

  /** A static member has come back and has a new id; whoever had the old one is fenced. */
  replaceStatic(instance: string, newId: string): Member {
    const oldId = get(this.instances, instance, "a static member");
    const member = get(this.members, oldId, "a member of the group");
    answerJoin(member, failedJoin("FENCED_INSTANCE_ID", oldId));
    answerSync(member, { kind: "syncGroup", error: "FENCED_INSTANCE_ID", partitions: [] });
    this.members.delete(oldId);
    member.member = newId;
    this.members.set(newId, member);
    this.instances.set(instance, newId);
    if (this.leader === oldId) this.leader = newId;
    return member;
  }

  /** What is wrong with who says it is a member. */
  validate(id: string, instance: string | null): BrokerError | null {
    if (instance !== null) {
      const current = this.instances.get(instance);
      if (current === undefined) return "UNKNOWN_MEMBER_ID";
      return current === id ? null : "FENCED_INSTANCE_ID";
    }
    return this.members.has(id) ? null : "UNKNOWN_MEMBER_ID";
  }

  /** Why it may not commit; null when it may. Like Kafka: GroupCoordinator.validateOffsetCommit. */
  validateCommit(from: CommitMember, isTransactional: boolean): BrokerError | null {
    const { member, generation, instance } = from;
    if (generation < 0 && this.state === "Empty") return null;
    if (generation < 0 && member === "" && instance === null) {
      return isTransactional ? null : "UNKNOWN_MEMBER_ID";
    }
    const error = this.validate(member, instance);
    if (error !== null) return error;
    return generation === this.generation ? null : "ILLEGAL_GENERATION";
  }

  get hasAllJoined(): boolean {
    if (this.pending.size > 0) return false;
    for (const { joining } of this.members.values()) if (joining === null) return false;
    return true;
  }

  get joiningCount(): number {
    let count = 0;
    for (const { joining } of this.members.values()) if (joining !== null) count += 1;
    return count;
  }

  /** Of all members the longest. */
  get rebalanceTimeoutMs(): number {
    let longest = 0;
    for (const { request } of this.members.values()) {
      longest = Math.max(longest, request.rebalanceTimeoutMs);
    }
    return longest;
  }

  /** Some protocol of these is one that everyone has. */
  supports(protocols: readonly string[]): boolean {
    if (this.state === "Empty") return protocols.length > 0;
    const candidates = this.#candidates();
    return protocols.some((name) => candidates === null || candidates.has(name));
  }

  /** Null while there is no member. */
  #candidates(): ReadonlySet<string> | null {
    let common: readonly string[] | null = null;
    for (const { request } of this.members.values()) {
      const { protocols } = request;
      common = (common ?? protocols).filter((name) => protocols.includes(name));
    }
    return common === null ? null : new Set(common);
  }

  /** The assignor with most votes: each member votes for the first of its own that all have. Of two
   *  with as many votes it is the one that Scala's map has first. */
  selectProtocol(): string {
    const candidates = this.#candidates() ?? new Set<string>();
    const votes = new Map<string, number>();
    for (const { request } of this.members.values()) {
      const vote = request.protocols.find((name) => candidates.has(name));
      assert(vote !== undefined, "a member must have an assignor that all have");
      votes.set(vote, (votes.get(vote) ?? 0) + 1);
    }
    const most = Math.max(...votes.values());
    const [first] = scalaMapOrder([...votes.keys()].filter((name) => votes.get(name) === most));
    assert(first !== undefined, "a group that votes must have members", { group: this.id });
    return first;
  }

  /** Whoever leads must have joined; else the first that has. False when nobody has. */
  electJoinedLeader(): boolean {
    if (this.leader === null) return false;
    const leader = this.members.get(this.leader);
    if (leader !== undefined && leader.joining !== null) return true;
    const joined = [...this.members.values()].find(({ joining }) => joining !== null);
    if (joined === undefined) return false;
    this.leader = joined.member;
    return true;
  }

  startGeneration(nowMs: number): void {
    this.generation += 1;
    this.unsynced.clear();
    const isEmpty = this.members.size === 0;
    this.protocol = isEmpty ? null : this.selectProtocol();
    this.subscribedTopics = this.#subscribed();
    this.enter(isEmpty ? "Empty" : "CompletingRebalance", nowMs);
  }

  restoreSubscribedTopics(): void {
    this.subscribedTopics = this.#subscribed();
  }

  #subscribed(): ReadonlySet<string> {
    return new Set(
      [...this.members.values()].flatMap(({ request }) => request.subscription.topics),
    );
  }

  /** By id, for whoever leads. */
  views(): readonly GroupMemberView[] {
    return [...this.members.values()]
      .map(({ member, instance, clientId, request: { subscription } }) => ({
        member,
        instance,
        clientId,
        subscription,
      }))
      .sort((a, b) => compareStrings(a.member, b.member));
  }

  fact(coordinator: number, reason: string): FactOf<"group.changed"> {
    const members = [...this.members.values()]
      .map(({ member, instance, clientId, assignment }) => ({
        member,
        instance,
        clientId,
        partitions: this.state === "Stable" ? assignment : [],
      }))
      .sort((a, b) => compareStrings(a.member, b.member));
    const { id: group, state, generation, protocol, leader } = this;
    const head = { kind: "group.changed", group, state, generation } as const;
    return { ...head, protocol, leader, coordinator, members, reason };
  }
}

/** The reply that tells what went wrong. */
export function failedJoin(error: BrokerError, member = ""): JoinReply {
  const nothing = { generation: -1, protocol: "", leader: "", members: [], skipsAssignment: false };
  return { kind: "joinGroup", error, member, ...nothing };
}

/** Answers a member that waits for the others, once. */
export function answerJoin(member: Member, reply: JoinReply): void {
  const { joining } = member;
  member.joining = null;
  joining?.(reply);
}

/** Answers a member that waits for its assignment, once; false when it does not wait. */
export function answerSync(member: Member, reply: SyncReply): boolean {
  const { syncing } = member;
  member.syncing = null;
  syncing?.(reply);
  return syncing !== null;
}

/** It asks for what it asked for before. Like Kafka: MemberMetadata.matches. */
export function isSameRequest(
  a: Pick<JoinRequest, "protocols" | "subscription">,
  b: Pick<JoinRequest, "protocols" | "subscription">,
): boolean {
  return (
    JSON.stringify([a.protocols, a.subscription]) === JSON.stringify([b.protocols, b.subscription])
  );
}
