/** A consumer's membership in its group: it joins, asks for its assignment, and is heard of by its
 *  heartbeats, which go on while the application is at work.
 *  Like Kafka: AbstractCoordinator, HeartbeatThread. */

import type { TopicPartition } from "../record/topic-partition.ts";
import type { KafkaReplyOf } from "../broker/admin-request.ts";
import { type BrokerError, isRetriable } from "../broker/broker-error.ts";
import type { CommitMember, GroupAssignment, MemberSubscription } from "../broker/group-request.ts";
import type { ConsumerContext } from "./consumer-context.ts";
import { backoffMs } from "./consumer-settings.ts";

type JoinReply = KafkaReplyOf<"joinGroup">;

export interface Joined {
  readonly generation: number;
  readonly protocol: string;
  readonly partitions: readonly TopicPartition[];
}

export interface MembershipOptions {
  readonly context: ConsumerContext;
  /** What it tells the leader. */
  readonly subscription: () => MemberSubscription;
  /** It leads: deals the partitions out. */
  readonly assign: (reply: JoinReply, done: (given: readonly GroupAssignment[]) => void) => void;
}

export class GroupMembership {
  readonly #options: MembershipOptions;
  readonly #context: ConsumerContext;
  #state: "unjoined" | "preparing" | "completing" | "stable" = "unjoined";
  member = "";
  generation = -1;
  /** It has to join, or to join again. */
  needsJoin = true;
  /** What it holds has to be given up, or is lost, before it joins. */
  needsPreparation = true;
  #isAsking = false;
  #notBeforeMs = 0;
  #failures = 0;
  #joined: Joined | null = null;
  /** Of the heartbeat that is due: raised when another time is set. */
  #beats = 0;
  #beatFailures = 0;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#context = options.context;
  }

  /** Who commits; null while it is no stable member. */
  get identity(): CommitMember | null {
    const { member, generation } = this;
    const { instance } = this.#context.of;
    return this.#state === "stable" ? { member, generation, instance } : null;
  }

  get isRebalancing(): boolean {
    return this.#state === "preparing" || this.#state === "completing";
  }

  /** Of no generation: what it held belongs to others by now. */
  get isLost(): boolean {
    return this.generation < 0 || this.member === "";
  }

  /** An assignment it was given, once. */
  takeJoined(): Joined | null {
    const joined = this.#joined;
    this.#joined = null;
    if (joined === null) return null;
    this.#isAsking = false;
    if (this.#state === "stable" && this.generation === joined.generation) {
      this.needsPreparation = true;
      return joined;
    }
    // A heartbeat has told meanwhile that it is not a member any more.
    this.#reset(true);
    return null;
  }

  requestRejoin(): void {
    this.needsJoin = true;
  }

  /** Joins, unless it is about to, or has to wait; true when it does. */
  join(): boolean {
    const { group, name, instance, settings } = this.#context.of;
    if (this.#isAsking || this.#context.nowMs < this.#notBeforeMs) return false;
    this.#isAsking = true;
    this.#state = "preparing";
    const { member } = this;
    const sent = this.generation;
    this.#context.send<"joinGroup">(
      {
        kind: "joinGroup",
        group,
        member,
        instance,
        clientId: name,
        sessionTimeoutMs: settings.sessionTimeoutMs,
        rebalanceTimeoutMs: settings.maxPollIntervalMs,
        protocols: settings.partitionAssignmentStrategy,
        subscription: this.#options.subscription(),
      },
      (reply) => {
        const { error } = reply;
        const isSame = this.member === member && this.generation === sent;
        if (error !== null) this.#joinFailed(error, reply.member, isSame);
        else if (this.#state !== "preparing") this.#failed("joinGroup", "ILLEGAL_GENERATION");
        else this.#start(reply);
      },
    );
    return true;
  }

  #joinFailed(error: BrokerError, member: string, isSame: boolean): void {
    if (error === "MEMBER_ID_REQUIRED") {
      this.generation = -1;
      this.member = member;
    } else if (error === "UNKNOWN_MEMBER_ID" && isSame) this.#reset(true);
    this.#failed("joinGroup", error);
  }

  #start(reply: JoinReply): void {
    this.#state = "completing";
    this.member = reply.member;
    this.generation = reply.generation;
    this.#failures = 0;
    this.#beatFailures = 0;
    this.#beatIn(this.#context.of.settings.heartbeatIntervalMs);
    if (reply.leader !== reply.member) this.#sync(reply, []);
    else this.#options.assign(reply, (given) => this.#sync(reply, given));
  }

  #sync(
    { member, generation, protocol }: JoinReply,
    assignments: readonly GroupAssignment[],
  ): void {
    const { group, instance } = this.#context.of;
    this.#context.send<"syncGroup">(
      { kind: "syncGroup", group, member, instance, generation, assignments },
      ({ error, partitions }) => {
        const isSame = this.member === member && this.generation === generation;
        if (error === null && isSame && this.#state === "completing") {
          this.#state = "stable";
          this.needsJoin = false;
          this.#joined = { generation, protocol, partitions };
          this.#context.onChange();
          return;
        }
        if ((error === "UNKNOWN_MEMBER_ID" || error === "ILLEGAL_GENERATION") && isSame) {
          this.#reset(error !== "ILLEGAL_GENERATION");
        }
        this.#failed("syncGroup", error ?? "ILLEGAL_GENERATION");
      },
    );
  }

  /** Joins again: at once where the group is in motion, after a while where nobody answers. */
  #failed(request: "joinGroup" | "syncGroup", error: BrokerError): void {
    this.#isAsking = false;
    this.needsJoin = true;
    const isRoutine = error === "MEMBER_ID_REQUIRED" || error === "REBALANCE_IN_PROGRESS";
    const isAtOnce = isRoutine || error === "UNKNOWN_MEMBER_ID" || error === "ILLEGAL_GENERATION";
    const isFatal = !isAtOnce && !isRetriable(error);
    this.#failures = isAtOnce ? 0 : this.#failures + 1;
    const waitMs = isAtOnce ? 0 : backoffMs(this.#context.of.settings, this.#failures);
    if (!isRoutine) {
      const { offsetsPartition } = this.#context;
      this.#context.tellFailure(request, offsetsPartition, error, isFatal ? null : waitMs);
    }
    if (isFatal) this.#context.onFatal(error);
    else if (waitMs === 0) this.#context.onChange();
    else {
      this.#notBeforeMs = this.#context.nowMs + waitMs;
      this.#context.after(waitMs, () => this.#context.onChange());
    }
  }

  /** It is no member of this generation any more; with another id next time, or with its own. */
  #reset(forgetsMember: boolean): void {
    this.#state = "unjoined";
    this.generation = -1;
    if (forgetsMember) this.member = "";
    this.needsJoin = true;
    this.needsPreparation = true;
  }

  /** A commit or a heartbeat of this identity was answered with an error about it. */
  refused(by: CommitMember, error: BrokerError): void {
    if (error === "REBALANCE_IN_PROGRESS") {
      if (this.#state !== "stable") return;
      this.needsJoin = true;
      this.#context.onChange();
      return;
    }
    if (by.member !== this.member || by.generation !== this.generation) return;
    if (error === "FENCED_INSTANCE_ID") this.#context.onFatal(error);
    else if (error === "UNKNOWN_MEMBER_ID" || error === "ILLEGAL_GENERATION") {
      this.#reset(error !== "ILLEGAL_GENERATION");
      this.#context.onChange();
    }
  }

  // Heartbeats

  #beatIn(delayMs: number): void {
    this.#beats += 1;
    const own = this.#beats;
    this.#context.after(delayMs, () => {
      if (own === this.#beats) this.#beat();
    });
  }

  #beat(): void {
    if (this.#state !== "completing" && this.#state !== "stable") return;
    const { group, instance, settings } = this.#context.of;
    const { member, generation } = this;
    this.#beatIn(settings.heartbeatIntervalMs);
    const request = { kind: "heartbeat", group, member, instance, generation } as const;
    this.#context.send<"heartbeat">(request, ({ error }) => {
      if (error === null || error === "REBALANCE_IN_PROGRESS") this.#beatFailures = 0;
      if (error === null) return;
      if (!isRetriable(error)) {
        if (error !== "REBALANCE_IN_PROGRESS") this.#tellBeat(error, 0);
        this.refused({ member, generation, instance }, error);
        return;
      }
      this.#beatFailures += 1;
      const waitMs = backoffMs(settings, this.#beatFailures);
      this.#tellBeat(error, waitMs);
      this.#beatIn(waitMs);
    });
  }

  #tellBeat(error: BrokerError, retryInMs: number): void {
    this.#context.tellFailure("heartbeat", this.#context.offsetsPartition, error, retryInMs);
  }

  /** Leaves; a static member only forgets that it was one. */
  leave(): void {
    const { group, instance } = this.#context.of;
    const { member } = this;
    if (instance === null && this.#state !== "unjoined" && member !== "") {
      this.#context.send<"leaveGroup">({ kind: "leaveGroup", group, member, instance }, () => {
        // Whatever the answer, it has left.
      });
    }
    this.#reset(true);
  }
}
