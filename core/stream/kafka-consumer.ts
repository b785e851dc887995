/** The consumer of a driver: knows which partitions its stream reads, where it stands in each, and
 *  commits for its group. It polls once a batch and reads no records: executors do.
 *  Like Kafka: KafkaConsumer with one member in its group; Spark: DirectKafkaInputDStream.consumer
 *  and paranoidPoll. */

import { describeThrown, UserFunctionError } from "../base/errors.ts";
import type { Broker, ReplyOf } from "../broker/broker.ts";
import {
  compareTopicPartitions,
  type TopicPartition,
  topicPartitionName,
} from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { OffsetCommitCallback } from "./commit-queue.ts";
import {
  commitFailed,
  invalidGroup,
  noCurrentAssignment,
  noGroup,
  noOffset,
  notSubscribed,
  unknownTopic,
} from "./kafka-errors.ts";
import { type Done, KafkaRequests } from "./kafka-requests.ts";
import { type KafkaSource, type PartitionOffset, subscriptionNames } from "./kafka-source.ts";

export interface KafkaConsumerOptions {
  readonly source: KafkaSource;
  readonly runtime: Runtime;
  readonly broker: Broker;
  /** `default.api.timeout.ms` of Kafka's consumer. */
  readonly apiTimeoutMs: number;
  readonly retryBackoffMs: number;
}

export class KafkaConsumer {
  readonly #options: KafkaConsumerOptions;
  readonly #requests: KafkaRequests;
  /** The partitions the stream reads now, in order. */
  #assignment: readonly TopicPartition[] = [];
  /** Partitions found since the last poll, to be assigned by the next. */
  #found: readonly TopicPartition[] | null = null;
  /** The next offset of each partition, by name. */
  readonly #positions = new Map<string, PartitionOffset>();
  #nextAutoCommitMs = 0;
  /** Commits the brokers have answered, whose callbacks wait for the next poll. */
  #answered: (() => void)[] = [];

  constructor(options: KafkaConsumerOptions) {
    this.#options = options;
    this.#requests = new KafkaRequests(options);
  }

  get assignment(): readonly TopicPartition[] {
    return this.#assignment;
  }

  position(tp: TopicPartition): number | null {
    return this.#positions.get(topicPartitionName(tp))?.offset ?? null;
  }

  /** Finds its partitions, and where to begin: at the offsets given, at the group's committed ones,
   *  or where `auto.offset.reset` says. */
  start(seekTo: readonly PartitionOffset[], done: Done): void {
    const { runtime, source } = this.#options;
    this.#nextAutoCommitMs = runtime.now() + (source.autoCommitMs ?? 0);
    const refused = this.#refusal();
    if (refused !== null) {
      done(refused);
      return;
    }
    this.#find((error, partitions) => {
      if (error !== null) {
        done(error);
        return;
      }
      this.#assignment = partitions;
      const stray = seekTo.find((tp) => !partitions.some((own) => isSame(own, tp)));
      if (stray !== undefined) {
        done(noCurrentAssignment(stray));
        return;
      }
      for (const to of seekTo) this.seek(to);
      if (source.subscription.kind !== "partitions") this.#refreshLater();
      this.#findPositions(done);
    });
  }

  #refusal(): Error | null {
    const { subscription, group } = this.#options.source;
    if (subscription.kind !== "partitions") {
      if (group === null) return noGroup();
      if (group === "") return invalidGroup();
    }
    return subscriptionNames(subscription).length === 0 ? notSubscribed() : null;
  }

  /** The partitions of its topics as they are now. */
  #find(done: (error: Error | null, partitions: readonly TopicPartition[]) => void): void {
    const { subscription } = this.#options.source;
    if (subscription.kind === "partitions") {
      this.#findAssigned(subscription.partitions, done);
      return;
    }
    const topics = subscription.kind === "topics" ? subscription.topics : null;
    this.#requests.metadata(topics, (error, reply) => {
      if (reply === null) done(error, []);
      else this.#partitionsIn(reply, done);
    });
  }

  /** They are what they are; only where their leaders are is asked for, where it matters. */
  #findAssigned(
    given: readonly TopicPartition[],
    done: (error: Error | null, partitions: readonly TopicPartition[]) => void,
  ): void {
    const partitions = [...given].sort(compareTopicPartitions);
    if (this.#options.source.location.kind !== "brokers") {
      done(null, partitions);
      return;
    }
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    this.#requests.metadata(topics, (error, reply) => {
      if (reply !== null) this.#noteLeaders(reply);
      done(error, partitions);
    });
  }

  #partitionsIn(
    reply: ReplyOf<"metadata">,
    done: (error: Error | null, partitions: readonly TopicPartition[]) => void,
  ): void {
    const { subscription } = this.#options.source;
    if (reply.topics.some(({ error }) => error !== null)) {
      done(unknownTopic(subscriptionNames(subscription)), []);
      return;
    }
    this.#noteLeaders(reply);
    const partitions = reply.topics
      .filter(({ topic }) => subscription.kind !== "pattern" || matches(subscription, topic))
      .flatMap(({ topic, partitions: of }) => of.map(({ partition }) => ({ topic, partition })))
      .sort(compareTopicPartitions);
    done(null, partitions);
  }

  /** Broker n is on `host-n`, as executor n is. */
  #noteLeaders({ topics }: ReplyOf<"metadata">): void {
    const { location } = this.#options.source;
    if (location.kind !== "brokers") return;
    for (const { topic, partitions } of topics) {
      for (const { partition, leader } of partitions) {
        const name = topicPartitionName({ topic, partition });
        if (leader < 0) location.hosts.delete(name);
        else location.hosts.set(name, `host-${leader}`);
      }
    }
  }

  /** Looks at the topics again every `metadata.max.age.ms`. What it cannot learn now it learns the
   *  next time. */
  #refreshLater(): void {
    const { runtime, source } = this.#options;
    runtime.schedule(source.metadataMaxAgeMs, () => {
      this.#find((error, partitions) => {
        if (error === null) this.#found = partitions;
      });
      this.#refreshLater();
    });
  }

  seek({ topic, partition, offset }: PartitionOffset): void {
    this.#positions.set(topicPartitionName({ topic, partition }), { topic, partition, offset });
  }

  /** What a consumer does once a batch: calls the callbacks of answered commits, takes new
   *  partitions, finds where to begin in them, and commits by itself where it is due. */
  poll(done: Done): void {
    const thrown = this.#callBack();
    if (thrown !== null) {
      done(thrown);
      return;
    }
    const found = this.#found;
    this.#found = null;
    if (found !== null && !isEqual(found, this.#assignment)) {
      // Before it joins its group anew, it commits what it has.
      if (this.#options.source.autoCommitMs !== null) this.#autoCommit();
      this.#assignment = found;
    }
    this.#findPositions((error) => {
      if (error === null) this.#autoCommitIfDue();
      done(error);
    });
  }

  #callBack(): Error | null {
    const answered = this.#answered;
    this.#answered = [];
    try {
      for (const callBack of answered) callBack();
      return null;
    } catch (thrown) {
      return new UserFunctionError("USER_FUNCTION", describeThrown(thrown), {
        place: { operator: "commitAsync" },
        cause: thrown,
      });
    }
  }

  #findPositions(done: Done): void {
    const open = this.#open();
    const { group } = this.#options.source;
    if (open.length === 0 || group === null) {
      this.#resetPositions(done);
      return;
    }
    this.#requests.committed(group, open, (error, committed) => {
      for (const at of committed) this.seek(at);
      if (error === null) this.#resetPositions(done);
      else done(error);
    });
  }

  /** Partitions without a position. */
  #open(): TopicPartition[] {
    return this.#assignment.filter((tp) => this.position(tp) === null);
  }

  #resetPositions(done: Done): void {
    const open = this.#open();
    const { autoOffsetReset } = this.#options.source;
    if (open.length === 0) done(null);
    else if (autoOffsetReset === "none") done(noOffset(open));
    else {
      this.#requests.offsets(open, autoOffsetReset, (error, offsets) => {
        for (const at of offsets) this.seek(at);
        done(error);
      });
    }
  }

  /** Moves to the ends of the logs. Shape: the offsets there, in the order of the assignment. */
  seekToEnd(done: (error: Error | null, latest: readonly PartitionOffset[]) => void): void {
    this.#requests.offsets(this.#assignment, "latest", (error, latest) => {
      for (const at of latest) this.seek(at);
      done(error, latest);
    });
  }

  /** Sends a commit and does not wait for it; a callback is called by a later poll.
   *  Throws: StreamscopeError without a group. */
  commitAsync(offsets: readonly PartitionOffset[], callback: OffsetCommitCallback | null): void {
    const { source, broker, runtime } = this.#options;
    const { group } = source;
    if (group === null) throw noGroup();
    broker.send<"commitOffsets">({ kind: "commitOffsets", group, offsets }, ({ error }) => {
      if (error !== null) {
        const { topic = "", partition = 0 } = offsets[0] ?? {};
        const place = { client: "driver", request: "commitOffsets", topic, partition };
        runtime.emit({ kind: "request.failed", ...place, error, retryInMs: null });
      }
      const failure = error === null ? null : commitFailed(error, offsets);
      if (callback !== null) this.#answered.push(() => callback(offsets, failure));
    });
  }

  #autoCommitIfDue(): void {
    const { source, runtime } = this.#options;
    if (source.autoCommitMs === null || runtime.now() < this.#nextAutoCommitMs) return;
    this.#nextAutoCommitMs = runtime.now() + source.autoCommitMs;
    this.#autoCommit();
  }

  /** Commits where it stands, whether or not a batch has got there. */
  #autoCommit(): void {
    const standing = this.#assignment.flatMap((tp) => {
      const at = this.#positions.get(topicPartitionName(tp));
      return at === undefined ? [] : [at];
    });
    if (standing.length > 0) this.commitAsync(standing, null);
  }

  /** A consumer that commits by itself does so once more. */
  close(): void {
    if (this.#options.source.autoCommitMs !== null) this.#autoCommit();
  }
}

function isSame(a: TopicPartition, b: TopicPartition): boolean {
  return compareTopicPartitions(a, b) === 0;
}

function isEqual(a: readonly TopicPartition[], b: readonly TopicPartition[]): boolean {
  return a.length === b.length && a.every((tp, index) => isSame(tp, b[index] ?? tp));
}

/** Java's `matches`: the whole name. Kafka keeps its own topics out. */
function matches(
  { source, flags }: { readonly source: string; readonly flags: string },
  topic: string,
): boolean {
  if (topic === "__consumer_offsets" || topic === "__transaction_state") return false;
  return new RegExp(`^(?:${source})$`, flags.replaceAll(/[gy]/gu, "")).test(topic);
}
