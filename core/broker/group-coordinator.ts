/** The coordinator of groups of consumers on one broker: their rebalances and their offsets. What
 *  it knows is in its partitions of `__consumer_offsets`, so that whoever leads next knows it.
 *  Like Kafka: GroupCoordinator, GroupMetadataManager of 3.9 (without
 *  `group.coordinator.new.enable`). */

import { assert } from "../base/assert.ts";
import type { KafkaReply, KafkaRequest, KafkaRequestOf } from "./admin-request.ts";
import type { BrokerError } from "./broker-error.ts";
import type { Coordinator, CoordinatorEntry, CoordinatorHost } from "./coordinator.ts";
import { failedReply } from "./failed-reply.ts";
import { failedJoin, Group, type JoinReply, type JoinRequest } from "./group.ts";
import { commitError } from "./group-errors.ts";
import { OffsetExpiry } from "./group-expiry.ts";
import { loadGroups } from "./group-loading.ts";
import { GroupOffsets } from "./group-offsets.ts";
import { GroupProtocol } from "./group-protocol.ts";
import { groupTombstone, offsetRecord, offsetTombstone } from "./group-records.ts";
import type { PartitionOffset } from "./group-request.ts";
import type { ProducerIdentity } from "./transaction-request.ts";

type Reply = (reply: KafkaReply) => void;
type CommitRequest = KafkaRequestOf<"commitOffsets"> | KafkaRequestOf<"txnOffsetCommit">;

/** A group, what moves it, and what it has committed. */
export interface Coordinated {
  readonly partition: number;
  readonly group: Group;
  readonly protocol: GroupProtocol;
  readonly offsets: GroupOffsets;
}

const OUTSIDE = { member: "", generation: -1, instance: null };

export class GroupCoordinator implements Coordinator {
  readonly #host: CoordinatorHost;
  /** Partitions it coordinates the groups of. */
  readonly #led = new Set<number>();
  /** By id. */
  readonly #groups = new Map<string, Coordinated>();
  readonly #expiry: OffsetExpiry;
  /** Of the offsets it has written, so that the later one counts. */
  #order = 0;

  constructor(host: CoordinatorHost) {
    this.#host = host;
    this.#expiry = new OffsetExpiry(host, this.#groups, (one, isGone) => this.#clean(one, isGone));
  }

  lead(partition: number, _epoch: number, entries: readonly CoordinatorEntry[]): void {
    this.#led.add(partition);
    const loaded = loadGroups(entries, this.#host.runtime.now());
    this.#order = Math.max(this.#order, loaded.order);
    for (const { group, offsets } of loaded.groups) {
      const one = this.#coordinate(partition, group, offsets);
      one.protocol.loaded();
    }
    this.#expiry.plan();
  }

  #coordinate(partition: number, group: Group, offsets = new GroupOffsets()): Coordinated {
    assert(!this.#groups.has(group.id), "a group is coordinated once", { group: group.id });
    const protocol = new GroupProtocol({
      group,
      host: this.#host,
      append: (records, done) => this.#host.append(partition, records, done),
      onChange: () => this.#expiry.plan(),
    });
    const one = { partition, group, protocol, offsets };
    this.#groups.set(group.id, one);
    return one;
  }

  resign(partition: number, processEnded: boolean): void {
    this.#led.delete(partition);
    for (const [id, one] of this.#groups) {
      if (one.partition !== partition) continue;
      this.#groups.delete(id);
      one.protocol.unload(!processEnded);
    }
  }

  handle(partition: number, request: KafkaRequest, _from: string, reply: Reply): void {
    if (!this.#led.has(partition)) {
      // It waited to be verified, and the partition has moved meanwhile.
      reply(failedReply(request, "NOT_COORDINATOR"));
      return;
    }
    switch (request.kind) {
      case "joinGroup":
        this.#join(partition, request, reply);
        return;
      case "syncGroup": {
        const known = this.#groups.get(request.group);
        if (known === undefined) reply(failedReply(request, noGroup(request.group)));
        else known.protocol.sync(request, reply);
        return;
      }
      case "heartbeat": {
        const known = this.#groups.get(request.group);
        const error = known?.protocol.heartbeat(request);
        reply({ kind: "heartbeat", error: known ? (error ?? null) : noGroup(request.group) });
        return;
      }
      case "leaveGroup": {
        const known = this.#groups.get(request.group);
        const error = known?.protocol.leave(request);
        reply({ kind: "leaveGroup", error: known ? (error ?? null) : noGroup(request.group) });
        return;
      }
      case "commitOffsets":
      case "txnOffsetCommit":
        this.#commit(partition, request, reply);
        return;
      case "fetchCommitted":
        reply(this.#fetchCommitted(request));
        return;
      default:
        reply(failedReply(request, "INVALID_REQUEST"));
    }
  }

  #join(partition: number, request: JoinRequest, reply: (reply: JoinReply) => void): void {
    const { group: id, member, sessionTimeoutMs } = request;
    const { groupMinSessionTimeoutMs, groupMaxSessionTimeoutMs } = this.#host.settings;
    const isInRange =
      sessionTimeoutMs >= groupMinSessionTimeoutMs && sessionTimeoutMs <= groupMaxSessionTimeoutMs;
    const known = this.#groups.get(id);
    if (id === "") reply(failedJoin("INVALID_GROUP_ID", member));
    else if (!isInRange) reply(failedJoin("INVALID_SESSION_TIMEOUT", member));
    else if (known !== undefined) known.protocol.join(request, reply);
    else if (member !== "") reply(failedJoin("UNKNOWN_MEMBER_ID", member));
    else {
      const group = new Group(id, this.#host.runtime.now());
      this.#coordinate(partition, group).protocol.join(request, reply);
      this.#expiry.plan();
    }
  }

  // Offsets

  #commit(partition: number, request: CommitRequest, reply: Reply): void {
    const known = this.#groups.get(request.group);
    const isTransactional = request.kind === "txnOffsetCommit";
    const from = request.from ?? OUTSIDE;
    const isOutside = from.generation < 0;
    if (known === undefined && !isOutside && !isTransactional) {
      reply(failedReply(request, "ILLEGAL_GENERATION"));
      return;
    }
    const newGroup = (): Coordinated =>
      this.#coordinate(partition, new Group(request.group, this.#host.runtime.now()));
    const one = known ?? newGroup();
    const { group } = one;
    const error = group.validateCommit(from, isTransactional);
    if (error !== null) reply(failedReply(request, error));
    else if (isTransactional) this.#write(one, request, reply);
    else if (group.state === "CompletingRebalance") {
      reply(failedReply(request, "REBALANCE_IN_PROGRESS"));
    } else {
      if (group.state !== "Empty") one.protocol.touch(from.member);
      this.#write(one, request, reply);
    }
  }

  #write(one: Coordinated, request: CommitRequest, reply: Reply): void {
    const { partition, group, offsets } = one;
    const commitMs = this.#host.runtime.now();
    // As in Kafka, an offset that cannot be kept does not keep the others from being kept.
    const kept = request.offsets.filter((of) => this.#host.hasPartition(of));
    const missing = kept.length < request.offsets.length ? "UNKNOWN_TOPIC_OR_PARTITION" : null;
    this.#order += 1;
    const written = kept.map((of) => ({ ...of, commitMs, order: this.#order }));
    if (written.length === 0) {
      reply({ kind: request.kind, error: missing });
      return;
    }
    const records = written.map((offset) => offsetRecord(group.id, offset));
    const answer = (error: BrokerError | null): void =>
      reply({ kind: request.kind, error: error === null ? missing : commitError(error) });
    if (request.kind === "txnOffsetCommit") {
      const { producerId, producerEpoch } = request;
      offsets.startTransaction(producerId, written);
      const from = { producerId, producerEpoch };
      const done = (error: BrokerError | null): void => {
        if (error !== null && group.state !== "Dead") offsets.failTransaction(producerId, written);
        answer(error);
      };
      this.#host.append(partition, records, done, from);
      return;
    }
    offsets.startWriting(written);
    this.#host.append(partition, records, (error) => {
      if (group.state !== "Dead") offsets.written(written, error === null);
      if (error === null) this.#committed(group, kept);
      answer(error);
    });
  }

  #committed(group: Group, offsets: readonly PartitionOffset[]): void {
    const plain = offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
    this.#host.runtime.emit({ kind: "offsets.committed", group: group.id, offsets: plain });
    this.#expiry.plan();
  }

  #fetchCommitted(request: KafkaRequestOf<"fetchCommitted">): KafkaReply {
    const { group, partitions, requireStable = false } = request;
    const offsets = this.#groups.get(group)?.offsets;
    if (requireStable && partitions.some((of) => offsets?.isUnstable(of) === true)) {
      return failedReply(request, "UNSTABLE_OFFSET_COMMIT");
    }
    const found = partitions.map(({ topic, partition }) => {
      const offset = offsets?.offsetOf({ topic, partition }) ?? null;
      // A negative one may be committed; clients take it for none.
      return { topic, partition, offset: offset === null || offset < 0 ? null : offset };
    });
    return { kind: "fetchCommitted", error: null, offsets: found };
  }

  marked(partition: number, from: ProducerIdentity, control: "COMMIT" | "ABORT"): void {
    for (const one of this.#groups.values()) {
      if (one.partition !== partition) continue;
      const ended = one.offsets.endTransaction(from.producerId, control === "COMMIT");
      if (ended.length > 0) this.#committed(one.group, ended);
    }
  }

  topicDeleted(topic: string): void {
    for (const one of this.#groups.values()) this.#clean(one, (of) => of.topic === topic);
    this.#expiry.plan();
  }

  /** Takes offsets out, and with the last of them a group that nobody is in.
   *  Like Kafka: GroupMetadataManager.cleanupGroupMetadata. */
  #clean(one: Coordinated, isGone: Parameters<GroupOffsets["remove"]>[0]): void {
    const { partition, group, offsets } = one;
    const removed = offsets.remove(isGone);
    const isOver = group.state === "Empty" && offsets.isEmpty;
    const records = removed.map((of) => offsetTombstone(group.id, of));
    if (isOver) {
      group.enter("Dead", this.#host.runtime.now());
      this.#groups.delete(group.id);
      if (group.generation > 0) records.push(groupTombstone(group.id));
    }
    if (records.length > 0) {
      this.#host.append(partition, records, () => {
        // What is not written now is found by the coordinator that reads the log next.
      });
    }
    const { runtime, broker } = this.#host;
    if (removed.length > 0) {
      runtime.emit({ kind: "offsets.expired", group: group.id, partitions: removed });
    }
    if (isOver && group.hasProtocolType) {
      runtime.emit(group.fact(broker, "nobody is in it, and it has no offsets"));
    }
  }
}

/** What is said of a group that is not known. Like Kafka: validateGroupStatus. */
function noGroup(group: string): BrokerError {
  return group === "" ? "INVALID_GROUP_ID" : "UNKNOWN_MEMBER_ID";
}
