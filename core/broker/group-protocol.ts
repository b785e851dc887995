/** The rebalance protocol of one group: members join, the coordinator starts a generation, the
 *  leader's assignment is written, members hold it as long as they are heard of.
 *
 *    Empty -> PreparingRebalance -> CompletingRebalance -> Stable
 *               (joins gather)      (assignment awaited)     | a join, a leave, a silence
 *                     ^------------------------------------- +
 *
 *  Like Kafka: GroupCoordinator (the classic one) of 3.9. */

import { assert, get } from "../base/assert.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { KafkaRequestOf } from "./admin-request.ts";
import type { BrokerError } from "./broker-error.ts";
import type { CoordinatorHost, CoordinatorRecord } from "./coordinator.ts";
import {
  answerJoin,
  answerSync,
  failedJoin,
  type Group,
  isSameRequest,
  type JoinReply,
  type JoinRequest,
  type Member,
  type SyncReply,
} from "./group.ts";
import { storeError } from "./group-errors.ts";
import { groupRecord } from "./group-records.ts";
import { JoinWait } from "./join-wait.ts";
import { MemberTimers } from "./member-timers.ts";

/** How long a member that is new waits for the others before it is given up. */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;

export interface GroupProtocolOptions {
  readonly group: Group;
  readonly host: CoordinatorHost;
  /** Writes to the coordinator's log. */
  readonly append: (
    records: readonly CoordinatorRecord[],
    done: (error: BrokerError | null) => void,
  ) => void;
  /** A fact about the group was told. */
  readonly onChange: () => void;
}

export class GroupProtocol {
  readonly #options: GroupProtocolOptions;
  readonly #group: Group;
  readonly #timers: MemberTimers;
  readonly #wait: JoinWait;

  constructor(options: GroupProtocolOptions) {
    this.#options = options;
    this.#group = options.group;
    const { runtime, settings } = options.host;
    const delayMs = settings.groupInitialRebalanceDelayMs;
    this.#wait = new JoinWait(runtime, options.group, delayMs, () => this.#completeJoin());
    this.#timers = new MemberTimers(runtime, options.group, (member) =>
      this.#remove(member, `${member.member} is silent for ${member.request.sessionTimeoutMs} ms`),
    );
  }

  get #nowMs(): number {
    return this.#options.host.runtime.now();
  }

  #tell(reason: string): void {
    const { host, group, onChange } = this.#options;
    host.runtime.emit(group.fact(host.broker, reason));
    onChange();
  }

  // Joining

  join(request: JoinRequest, reply: (reply: JoinReply) => void): void {
    const { member } = request;
    if (!this.#accepts(member)) {
      this.#group.remove(member);
      reply(failedJoin("GROUP_MAX_SIZE_REACHED"));
    } else if (!this.#group.supports(request.protocols)) {
      reply(failedJoin("INCONSISTENT_GROUP_PROTOCOL", member));
    } else if (member === "") this.#joinNew(request, reply);
    else this.#joinKnown(request, reply);
    this.#completeJoinIfAllJoined();
  }

  #accepts(member: string): boolean {
    const { groupMaxSize } = this.#options.host.settings;
    const known = this.#group.members.get(member);
    if (this.#group.state === "Empty") return true;
    if (this.#group.state === "PreparingRebalance") {
      return (
        (known !== undefined && known.joining !== null) || this.#group.joiningCount < groupMaxSize
      );
    }
    return known !== undefined || this.#group.members.size < groupMaxSize;
  }

  #joinNew(request: JoinRequest, reply: (reply: JoinReply) => void): void {
    const { instance, sessionTimeoutMs } = request;
    const id = this.#newId(instance ?? request.clientId);
    if (instance === null) {
      this.#timers.expectPending(id, sessionTimeoutMs, () => this.#completeJoinIfAllJoined());
      reply(failedJoin("MEMBER_ID_REQUIRED", id));
    } else if (this.#group.instances.has(instance)) {
      this.#replaceStatic(request, instance, id, reply);
    } else this.#add(request, id, reply);
  }

  #newId(prefix: string): string {
    const random = this.#options.host.runtime.random(`members of ${this.#group.id}`);
    const { members, pending } = this.#group;
    for (;;) {
      const halves = [random.below(65_536), random.below(65_536)];
      const id = `${prefix}-${halves.map((n) => n.toString(16).padStart(4, "0")).join("")}`;
      if (!members.has(id) && !pending.has(id)) return id;
    }
  }

  #joinKnown(request: JoinRequest, reply: (reply: JoinReply) => void): void {
    const { member: id, instance } = request;
    const group = this.#group;
    if (group.pending.has(id)) {
      this.#add(request, id, reply);
      return;
    }
    const error = group.validate(id, instance);
    if (error !== null || group.state === "Empty") {
      reply(failedJoin(error ?? "UNKNOWN_MEMBER_ID", id));
      return;
    }
    const member = get(group.members, id, "a member of the group");
    const isSame = isSameRequest(member.request, request);
    const isLeading = group.leader === id;
    const mayStay =
      (group.state === "CompletingRebalance" && isSame) ||
      (group.state === "Stable" && isSame && !isLeading);
    if (mayStay) reply(this.#joined(member));
    else {
      [member.request, member.joining] = [request, reply];
      const why = isLeading && isSame ? "its leader" : "what it subscribes to changed";
      this.#prepareRebalanceIfCan(`${id} joins again: ${why}`);
    }
  }

  #add(request: JoinRequest, id: string, joining: (reply: JoinReply) => void): void {
    const group = this.#group;
    if (group.state === "PreparingRebalance" && group.generation === 0) group.newMemberAdded = true;
    const { instance, clientId } = request;
    const rest = { assignment: [], syncing: null, isNew: true, deadlineMs: null, timerMs: null };
    const member: Member = { member: id, instance, clientId, request, joining, ...rest };
    group.add(member);
    this.#timers.expect(member, NEW_MEMBER_JOIN_TIMEOUT_MS);
    if (group.state === "PreparingRebalance") this.#tell(`${id} joins`);
    else this.#prepareRebalance(`${id} joins`);
  }

  /** The same instance in a new process takes the place of the old one, and its assignment. */
  #replaceStatic(
    request: JoinRequest,
    instance: string,
    id: string,
    reply: (reply: JoinReply) => void,
  ): void {
    const group = this.#group;
    const oldId = get(group.instances, instance, "a static member");
    const member = group.replaceStatic(instance, id);
    this.#timers.expect(member, request.sessionTimeoutMs);
    const before = member.request;
    [member.request, member.joining] = [request, reply];
    if (group.state === "CompletingRebalance") {
      this.#prepareRebalance(`${id} takes the place of ${oldId}`);
    } else if (group.state === "Stable") {
      if (group.selectProtocol() !== group.protocol) {
        this.#prepareRebalance(`${id} takes the place of ${oldId}, with other assignors`);
        return;
      }
      this.#options.append([groupRecord(group)], (error) => {
        if (group.state === "Dead") return;
        if (error !== null && group.members.get(id) === member) {
          member.joining = null;
          member.request = before;
          this.#timers.expect(group.replaceStatic(instance, oldId), before.sessionTimeoutMs);
          reply(failedJoin(storeError(error)));
          return;
        }
        this.#tell(`${id} takes the place of ${oldId}`);
        answerJoin(member, { ...this.#joined(member), skipsAssignment: group.leader === id });
      });
    }
  }

  #joined({ member }: Member): JoinReply {
    const { generation, protocol, leader } = this.#group;
    const isLeading = leader === member;
    return {
      kind: "joinGroup",
      error: null,
      member,
      generation,
      protocol: protocol ?? "",
      leader: leader ?? "",
      skipsAssignment: false,
      members: isLeading ? this.#group.views() : [],
    };
  }

  // Rebalancing

  #prepareRebalanceIfCan(reason: string): void {
    if (this.#group.state !== "PreparingRebalance") this.#prepareRebalance(reason);
  }

  #prepareRebalance(reason: string): void {
    const group = this.#group;
    if (group.state === "CompletingRebalance") {
      for (const member of group.members.values()) member.assignment = [];
      this.#propagate("REBALANCE_IN_PROGRESS");
    }
    group.unsynced.clear();
    const isInitial = group.state === "Empty";
    group.enter("PreparingRebalance", this.#nowMs);
    this.#tell(reason);
    if (isInitial) this.#wait.startInitial();
    else {
      this.#wait.start();
      this.#completeJoinIfAllJoined();
    }
  }

  #completeJoinIfAllJoined(): void {
    if (this.#group.state !== "PreparingRebalance" || this.#wait.isInitial) return;
    if (this.#group.hasAllJoined) this.#completeJoin();
  }

  #completeJoin(): void {
    const group = this.#group;
    const late = [...group.members.values()].filter(
      ({ joining, instance }) => joining === null && instance === null,
    );
    for (const { member } of late) group.remove(member);
    if (!group.electJoinedLeader() && group.members.size > 0) {
      this.#wait.start();
      return;
    }
    group.startGeneration(this.#nowMs);
    const without = late.length === 0 ? "" : `, without ${late.map((one) => one.member).join(" ")}`;
    if (group.state === "Empty") {
      this.#options.append([groupRecord(group)], () => {
        // Without it the next coordinator finds members that are gone, and times them out again.
      });
      this.#tell(`no member is left${without}`);
      return;
    }
    this.#tell(`${group.members.size} joined${without}`);
    for (const member of group.members.values()) {
      answerJoin(member, this.#joined(member));
      this.#timers.expect(member, member.request.sessionTimeoutMs);
      member.isNew = false;
      group.unsynced.add(member.member);
    }
    this.#waitForSyncs(group.generation);
  }

  #waitForSyncs(generation: number): void {
    const group = this.#group;
    this.#options.host.runtime.schedule(group.rebalanceTimeoutMs, () => {
      const isOver = group.generation !== generation || group.unsynced.size === 0;
      if (isOver || (group.state !== "CompletingRebalance" && group.state !== "Stable")) return;
      const late = [...group.unsynced];
      for (const member of late) group.remove(member);
      this.#prepareRebalance(`${late.join(" ")} did not ask for the assignment`);
    });
  }

  // Assignments

  sync(request: KafkaRequestOf<"syncGroup">, reply: (reply: SyncReply) => void): void {
    const { member: id, instance, generation } = request;
    const group = this.#group;
    const fail = (error: BrokerError): void => reply({ kind: "syncGroup", error, partitions: [] });
    const error = group.validate(id, instance);
    if (error !== null) fail(error);
    else if (generation !== group.generation) fail("ILLEGAL_GENERATION");
    else if (group.state === "PreparingRebalance") fail("REBALANCE_IN_PROGRESS");
    else {
      const member = get(group.members, id, "a member of the group");
      group.unsynced.delete(id);
      if (group.state === "Stable") {
        reply({ kind: "syncGroup", error: null, partitions: member.assignment });
        this.#timers.expect(member, member.request.sessionTimeoutMs);
        return;
      }
      member.syncing = reply;
      if (group.leader === id) this.#storeAssignments(request);
    }
  }

  #storeAssignments({ generation, assignments }: KafkaRequestOf<"syncGroup">): void {
    const group = this.#group;
    const given = new Map(assignments.map(({ member, partitions }) => [member, partitions]));
    this.#options.append([groupRecord(group, given)], (error) => {
      // Somebody may have joined while it was being written.
      if (group.state !== "CompletingRebalance" || group.generation !== generation) return;
      if (error !== null) {
        const seen = storeError(error);
        this.#propagate(seen);
        this.#prepareRebalanceIfCan(`its assignment could not be written: ${seen}`);
      } else this.#assign(given);
    });
  }

  #assign(given: ReadonlyMap<string, readonly TopicPartition[]>): void {
    const group = this.#group;
    for (const member of group.members.values()) member.assignment = given.get(member.member) ?? [];
    group.enter("Stable", this.#nowMs);
    this.#tell(`${group.leader ?? "nobody"} has assigned partitions`);
    this.#propagate(null);
  }

  #propagate(error: BrokerError | null): void {
    for (const member of this.#group.members.values()) {
      const partitions = error === null ? member.assignment : [];
      if (answerSync(member, { kind: "syncGroup", error, partitions })) {
        this.#timers.expect(member, member.request.sessionTimeoutMs);
      }
    }
  }

  // Members that stay, and those that go

  heartbeat(request: KafkaRequestOf<"heartbeat">): BrokerError | null {
    const { member: id, instance, generation } = request;
    const error = this.#group.validate(id, instance);
    if (error !== null) return error;
    if (generation !== this.#group.generation) return "ILLEGAL_GENERATION";
    this.touch(id);
    return this.#group.state === "PreparingRebalance" ? "REBALANCE_IN_PROGRESS" : null;
  }

  /** It was heard of. */
  touch(id: string): void {
    const member = get(this.#group.members, id, "a member of the group");
    this.#timers.expect(member, member.request.sessionTimeoutMs);
  }

  leave(request: KafkaRequestOf<"leaveGroup">): BrokerError | null {
    const group = this.#group;
    const { instance } = request;
    if (group.pending.delete(request.member)) {
      this.#completeJoinIfAllJoined();
      return null;
    }
    const isByInstance = request.member === "" && instance !== null;
    const id = isByInstance ? (group.instances.get(instance) ?? "") : request.member;
    const error = group.validate(id, instance);
    if (error !== null) return error;
    this.#remove(get(group.members, id, "a member of the group"), `${id} leaves`);
    return null;
  }

  #remove(member: Member, reason: string): void {
    const group = this.#group;
    answerJoin(member, failedJoin("UNKNOWN_MEMBER_ID"));
    group.remove(member.member);
    if (group.state === "PreparingRebalance") {
      this.#tell(reason);
      this.#completeJoinIfAllJoined();
    } else this.#prepareRebalance(reason);
  }

  // Coordinators come and go

  /** It was read from the log: whoever was a member still is, for its session time-out. */
  loaded(): void {
    const group = this.#group;
    assert(group.state === "Stable" || group.state === "Empty", "only generations are written");
    const { broker, settings } = this.#options.host;
    if (group.members.size > settings.groupMaxSize) {
      this.#prepareRebalance(`it has more than ${settings.groupMaxSize} members`);
    } else if (group.hasProtocolType) this.#tell(`broker ${broker} coordinates it now`);
    for (const member of group.members.values()) {
      this.#timers.expect(member, member.request.sessionTimeoutMs);
    }
  }

  /** Another broker coordinates from now on; who waits is told so, unless the process is gone. */
  unload(isTold: boolean): void {
    this.#group.enter("Dead", this.#nowMs);
    for (const member of this.#group.members.values()) {
      const [joining, syncing] = [member.joining, member.syncing];
      [member.joining, member.syncing] = [null, null];
      if (!isTold) continue;
      joining?.(failedJoin("NOT_COORDINATOR", member.member));
      syncing?.({ kind: "syncGroup", error: "NOT_COORDINATOR", partitions: [] });
    }
  }
}
