/** An application that consumes topics as a member of a group: it polls, is at work with what it
 *  was given, and polls again. Heartbeats go on while it is at work; all else happens as it polls.
 *  On the ports to time and Kafka only. Like Kafka: KafkaConsumer (classic protocol) of 3.9. */

import { assert, get } from "../base/assert.ts";
import type { StreamscopeError } from "../base/errors.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { KafkaReplyOf } from "../broker/admin-request.ts";
import type { BrokerError } from "../broker/broker-error.ts";
import type {
  GroupAssignment,
  MemberSubscription,
  PartitionOffset,
} from "../broker/group-request.ts";
import type { Assignor } from "./assignors/assignor.ts";
import { cooperativeSticky } from "./assignors/cooperative-sticky.ts";
import { range } from "./assignors/range.ts";
import { roundRobin } from "./assignors/round-robin.ts";
import { sticky } from "./assignors/sticky.ts";
import { ConsumerCommits } from "./consumer-commits.ts";
import { type ConsumerFailure, consumerFailed } from "./consumer-errors.ts";
import { ConsumerContext, type ConsumerIdentity } from "./consumer-context.ts";
import { ConsumerFetcher, type PolledRecords } from "./consumer-fetcher.ts";
import { ConsumerMetadata } from "./consumer-metadata.ts";
import type { AssignorName } from "./consumer-settings.ts";
import { GroupMembership, type Joined } from "./group-membership.ts";

const assignors: Readonly<Record<AssignorName, Assignor>> = {
  range,
  roundrobin: roundRobin,
  sticky,
  "cooperative-sticky": cooperativeSticky,
};

export interface GroupConsumerOptions extends ConsumerIdentity {
  /** How long the application is at work with each record. */
  readonly processMs: number;
  /** What it does after each poll besides: nothing, `commitAsync` or `commitSync`. */
  readonly commits: "never" | "async" | "sync";
  /** What a poll gave it. */
  readonly onRecords?: (records: readonly PolledRecords[]) => void;
  /** Like Kafka: ConsumerRebalanceListener. */
  readonly onRebalance?: (
    what: "revoked" | "assigned" | "lost",
    partitions: readonly TopicPartition[],
  ) => void;
  /** It was closed, or has failed with what `poll` threw. */
  readonly onEnd?: (error: StreamscopeError | null) => void;
}

export class GroupConsumer {
  readonly #options: GroupConsumerOptions;
  readonly #context: ConsumerContext;
  readonly #metadata: ConsumerMetadata;
  readonly #membership: GroupMembership;
  readonly #fetcher: ConsumerFetcher;
  readonly #commits: ConsumerCommits;
  readonly #isCooperative: boolean;
  /** What the application's thread does: it waits in `poll`, or is elsewhere. */
  #phase: "new" | "polling" | "working" | "leaving" | "ended" = "new";
  #isTurning = false;
  #turnsAgain = false;
  #isClosing = false;
  /** What `poll` throws next. */
  #failure: ConsumerFailure | null = null;
  #busyUntilMs = 0;
  /** Of the last `poll`. */
  #polledMs = 0;
  #isWatching = false;
  /** It commits before it gives up what it holds. */
  #isPreparing: "no" | "committing" | "committed" = "no";
  #lastAssignment: MemberSubscription["lastAssignment"] = null;
  /** It leads, and these were the partitions when it dealt them out; null for a follower. */
  #dealt: ReadonlyMap<string, number> | null = null;

  constructor(options: GroupConsumerOptions) {
    const { settings } = options;
    assert(settings.partitionAssignmentStrategy.length > 0, "a consumer needs an assignor");
    this.#options = options;
    this.#context = new ConsumerContext(options);
    this.#context.onChange = () => this.#turn();
    this.#context.onFatal = (error) => {
      this.#failure ??= error;
      this.#turn();
    };
    this.#metadata = new ConsumerMetadata(this.#context);
    this.#fetcher = new ConsumerFetcher(this.#context, {
      onStale: () => this.#metadata.refresh(),
      onCommitted: (of) => this.#commits.known(of),
    });
    this.#membership = new GroupMembership({
      context: this.#context,
      subscription: () => this.#subscription(),
      assign: (reply, done) => this.#assign(reply, done),
    });
    this.#commits = new ConsumerCommits(this.#context, this.#membership);
    // Of the protocols that all its assignors have, the most patient one.
    this.#isCooperative = settings.partitionAssignmentStrategy.every(
      (name) => assignors[name].isCooperative,
    );
  }

  /** Subscribes, and polls from now on. */
  start(): void {
    assert(this.#phase === "new", "a consumer starts once", { name: this.#options.name });
    this.#phase = "polling";
    this.#metadata.learn(this.#options.topics, () => this.#turn());
  }

  get isEnded(): boolean {
    return this.#phase === "ended";
  }

  get assignment(): readonly TopicPartition[] {
    return this.#fetcher.assignment;
  }

  get positions(): readonly PartitionOffset[] {
    return this.#fetcher.positions;
  }

  pause(of: TopicPartition): void {
    this.#fetcher.pause(of, true);
  }

  resume(of: TopicPartition): void {
    this.#fetcher.pause(of, false);
    this.#turn();
  }

  seek(of: PartitionOffset): void {
    this.#fetcher.seek(of);
    this.#turn();
  }

  /** `commitSync` of offsets; of its positions where none are given. */
  commitSync(
    offsets: readonly PartitionOffset[] | null,
    done: (error: BrokerError | null) => void,
  ): void {
    const { defaultApiTimeoutMs } = this.#options.settings;
    this.#commits.commitSurely(offsets ?? this.#fetcher.positions, defaultApiTimeoutMs, done);
  }

  /** Its process dies: nobody is told. */
  crash(): void {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    this.#context.end();
  }

  /** The application's thread is stuck for so long from now on, or for so much longer. */
  stall(forMs: number): void {
    if (this.#phase === "polling") {
      this.#polledMs = this.#context.nowMs;
      this.#work(forMs, () => this.#pollAgain());
    } else if (this.#phase === "working") this.#busyUntilMs += forMs;
  }

  /** Stops once it is done with what it was given: commits, and leaves its group. */
  close(): void {
    this.#isClosing = true;
    if (this.#phase === "new") this.#end(null);
    else this.#turn();
  }

  // The application's thread

  #turn(): void {
    if (this.#phase !== "polling") return;
    this.#turnsAgain = true;
    if (this.#isTurning) return;
    this.#isTurning = true;
    while (this.#turnsAgain && this.#phase === "polling") {
      this.#turnsAgain = false;
      this.#pollOnce();
    }
    this.#isTurning = false;
  }

  #pollOnce(): void {
    if (this.#isClosing || this.#failure !== null) {
      this.#leave();
      return;
    }
    this.#polledMs = this.#context.nowMs;
    if (!this.#metadata.isKnown && this.#membership.generation < 0) return;
    const joined = this.#membership.takeJoined();
    if (joined !== null) this.#joined(joined);
    this.#rejoinIfTopicsGrew();
    if (this.#membership.needsJoin) this.#join();
    else this.#commits.commitIfDue(this.#fetcher.positions);
    this.#fetcher.start();
    const polled = this.#fetcher.take(this.#options.settings.maxPollRecords);
    if (polled.length > 0) this.#give(polled);
  }

  #give(polled: readonly PolledRecords[]): void {
    const { runtime, name: client, processMs, onRecords } = this.#options;
    let count = 0;
    for (const { topic, partition, fromOffset, untilOffset, records } of polled) {
      count += records.length;
      const offsets = { fromOffset, untilOffset, count: records.length };
      runtime.emit({ kind: "records.polled", client, topic, partition, ...offsets });
    }
    onRecords?.(polled);
    if (this.#phase !== "polling") return;
    // The next records are on their way while it is at work.
    this.#fetcher.start();
    this.#work(Math.ceil(processMs * count), () => this.#commitOwn());
  }

  /** It is away from `poll`; where that is too long it leaves its group meanwhile. */
  #work(forMs: number, then: () => void): void {
    this.#phase = "working";
    this.#busyUntilMs = this.#context.nowMs + forMs;
    this.#watchPolls();
    const wake = (): void => {
      const leftMs = this.#busyUntilMs - this.#context.nowMs;
      if (leftMs > 0) this.#context.after(leftMs, wake);
      else then();
    };
    this.#context.after(forMs, wake);
  }

  /** One timer, set again as it rings. Like Kafka: AbstractCoordinator.handlePollTimeoutExpiry. */
  #watchPolls(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const dueMs = this.#polledMs + this.#options.settings.maxPollIntervalMs;
    this.#context.after(dueMs - this.#context.nowMs, () => {
      this.#isWatching = false;
      if (this.#phase !== "working") return;
      if (this.#polledMs + this.#options.settings.maxPollIntervalMs > this.#context.nowMs) {
        this.#watchPolls();
      } else this.#membership.leave();
    });
  }

  #commitOwn(): void {
    const { commits, settings } = this.#options;
    const offsets = this.#commits.changed(this.#fetcher.positions);
    if (commits === "sync") {
      this.#commits.commitSurely(offsets, settings.defaultApiTimeoutMs, () => this.#pollAgain());
      return;
    }
    if (commits === "async") this.#commits.commit(offsets, () => undefined);
    this.#pollAgain();
  }

  #pollAgain(): void {
    this.#phase = "polling";
    this.#turn();
  }

  // Rebalances

  #subscription(): MemberSubscription {
    return {
      topics: this.#options.topics,
      ownedPartitions: this.#fetcher.assignment,
      generation: this.#membership.generation,
      lastAssignment: this.#lastAssignment,
    };
  }

  #join(): void {
    if (this.#membership.needsPreparation && !this.#prepareToJoin()) return;
    this.#membership.needsPreparation = false;
    this.#isPreparing = "no";
    if (this.#membership.join()) this.#dealt = null;
  }

  /** Commits where it commits by itself, then gives up what it must: all of it, unless it may keep
   *  partitions while it joins. False while it has to wait. */
  #prepareToJoin(): boolean {
    const { enableAutoCommit, maxPollIntervalMs } = this.#options.settings;
    if (enableAutoCommit && this.#isPreparing === "no" && this.#membership.identity !== null) {
      const offsets = this.#commits.changed(this.#fetcher.positions);
      if (!this.#isCooperative) this.#fetcher.stopGiving();
      if (offsets.length > 0) {
        this.#isPreparing = "committing";
        this.#commits.commitSurely(offsets, maxPollIntervalMs, () => {
          this.#isPreparing = "committed";
          this.#turn();
        });
      }
    }
    if (this.#isPreparing === "committing") return false;
    const held = this.#fetcher.assignment;
    if (this.#membership.isLost) this.#giveUp("lost", held);
    else if (!this.#isCooperative) this.#giveUp("revoked", held);
    return true;
  }

  #giveUp(what: "revoked" | "lost", partitions: readonly TopicPartition[]): void {
    if (partitions.length === 0) return;
    this.#options.onRebalance?.(what, partitions);
    const given = new Set(partitions.map(topicPartitionName));
    const kept = this.#fetcher.assignment.filter((of) => !given.has(topicPartitionName(of)));
    this.#fetcher.assign(kept);
  }

  #joined({ protocol, generation, partitions }: Joined): void {
    const given = new Set(partitions.map(topicPartitionName));
    const owned = this.#fetcher.assignment;
    const ownedNames = new Set(owned.map(topicPartitionName));
    if (this.#isCooperative) {
      const revoked = owned.filter((of) => !given.has(topicPartitionName(of)));
      if (revoked.length > 0) {
        this.#giveUp("revoked", revoked);
        this.#membership.requestRejoin();
      }
    }
    if (protocol === "sticky" || protocol === "cooperative-sticky") {
      this.#lastAssignment = { partitions, generation };
    }
    this.#commits.restart();
    this.#fetcher.assign(partitions);
    const held = this.#fetcher.assignment;
    const added = held.filter((of) => !ownedNames.has(topicPartitionName(of)));
    this.#options.onRebalance?.("assigned", added);
  }

  /** It leads its group: deals out what the topics of all have. */
  #assign(
    reply: KafkaReplyOf<"joinGroup">,
    done: (given: readonly GroupAssignment[]) => void,
  ): void {
    const topics = [...new Set(reply.members.flatMap(({ subscription }) => subscription.topics))];
    this.#metadata.learn(topics, () => {
      this.#dealt = new Map(this.#metadata.counts);
      if (reply.skipsAssignment) {
        done([]);
        return;
      }
      const assignor = Object.values(assignors).find(({ name }) => name === reply.protocol);
      assert(assignor !== undefined, "a group agrees on an assignor of its leader", {
        protocol: reply.protocol,
      });
      const given = assignor.assign(this.#metadata.counts, reply.members);
      done(
        reply.members.map(({ member }) => ({
          member,
          partitions: get(given, member, "a member's assignment"),
        })),
      );
    });
  }

  /** Only who leads looks at it: the partitions are others than those it dealt out. */
  #rejoinIfTopicsGrew(): void {
    const dealt = this.#dealt;
    if (dealt === null || !this.#metadata.isKnown) return;
    const { counts } = this.#metadata;
    const isSame =
      dealt.size === counts.size &&
      [...dealt].every(([topic, count]) => counts.get(topic) === count);
    if (!isSame) this.#membership.requestRejoin();
  }

  // The end

  /** Closed, or on the way out with what `poll` threw. */
  #leave(): void {
    this.#phase = "leaving";
    const { enableAutoCommit, defaultApiTimeoutMs } = this.#options.settings;
    const leave = (): void => {
      this.#giveUp(this.#membership.isLost ? "lost" : "revoked", this.#fetcher.assignment);
      this.#membership.leave();
      this.#end(this.#failure === null ? null : consumerFailed(this.#options, this.#failure));
    };
    const offsets = this.#commits.changed(this.#fetcher.positions);
    const canCommit = enableAutoCommit && this.#membership.identity !== null;
    if (canCommit) this.#commits.commitSurely(offsets, defaultApiTimeoutMs, leave);
    else leave();
  }

  #end(error: StreamscopeError | null): void {
    this.#phase = "ended";
    this.#context.end();
    this.#options.onEnd?.(error);
  }
}
