/** The port to Kafka over a cluster in memory. A partition has one replica, on broker
 *  `partition % brokers + 1`; while that broker is stopped the partition has no leader. Stopping is
 *  clean: requests that have arrived are answered. */

import { assert, get } from "../base/assert.ts";
import { topicPartitionName, type TopicPartition } from "../record/topic-partition.ts";
import { type LogRecord, recordSizeBytes } from "../record/record.ts";
import type { Runtime } from "../sim/runtime.ts";
import type {
  Broker,
  BrokerReply,
  BrokerRequest,
  PartitionMetadata,
  ReplyOf,
  RequestKind,
  RequestOf,
  TopicConfig,
} from "./broker.ts";
import type { BrokerError } from "./broker-error.ts";
import { PartitionLog } from "./partition-log.ts";

export interface SimulatedBrokerOptions {
  readonly runtime: Runtime;
  /** Brokers 1 to n. */
  readonly brokers: number;
  /** A request and its reply, in ms. */
  readonly requestMs: number;
  /** `log.retention.check.interval.ms`. */
  readonly retentionCheckMs?: number;
}

const RETENTION_CHECK_MS = 300_000;
/** `max.message.bytes` and the bytes a batch takes besides its records. */
const MAX_MESSAGE_BYTES = 1_048_588;
const BATCH_OVERHEAD_BYTES = 61;

interface Topic {
  readonly config: TopicConfig;
  readonly logs: PartitionLog[];
}

export class SimulatedBroker implements Broker {
  readonly #options: SimulatedBrokerOptions;
  readonly #topics = new Map<string, Topic>();
  readonly #stopped = new Set<number>();
  /** Committed offsets by group, then partition name. */
  readonly #committed = new Map<string, Map<string, number>>();
  #isCheckScheduled = false;

  constructor(options: SimulatedBrokerOptions) {
    this.#options = options;
  }

  send<K extends RequestKind>(request: RequestOf<K>, reply: (reply: ReplyOf<K>) => void): void {
    const { runtime, requestMs } = this.#options;
    const thereMs = Math.floor(requestMs / 2);
    runtime.schedule(thereMs, () => {
      const answer = this.#handle(request);
      assert(answer.kind === request.kind, "a reply must be of its request's kind");
      // The kinds were just compared; the union does not carry that to the generic.
      runtime.schedule(requestMs - thereMs, () => reply(answer as ReplyOf<K>));
    });
  }

  #handle(request: BrokerRequest): BrokerReply {
    switch (request.kind) {
      case "createTopic":
        return { kind: "createTopic", error: this.#create(request.topic, request.config) };
      case "createPartitions":
        return { kind: "createPartitions", error: this.#grow(request.topic, request.partitions) };
      case "deleteRecords":
        return this.#deleteRecords(request);
      case "metadata":
        return this.#metadata(request.topics);
      case "produce":
        return this.#produce(request);
      case "listOffsets":
        return this.#listOffsets(request);
      case "fetch":
        return this.#fetch(request);
      case "commitOffsets":
        return this.#commit(request);
      case "fetchCommitted":
        return this.#fetchCommitted(request);
    }
  }

  /** Makes a topic of the world before anything runs.
   *  Throws: AssertionFailure when it cannot be; worlds are checked before. */
  createTopic(topic: string, config: TopicConfig): void {
    const error = this.#create(topic, config);
    assert(error === null, "a topic of the world must be creatable", { topic, error });
  }

  #create(topic: string, config: TopicConfig): BrokerError | null {
    if (this.#isDown) return "BROKER_NOT_AVAILABLE";
    if (!isTopicName(topic)) return "INVALID_TOPIC_EXCEPTION";
    if (!Number.isSafeInteger(config.partitions) || config.partitions < 1) {
      return "INVALID_PARTITIONS";
    }
    if (this.#topics.has(topic)) return "TOPIC_ALREADY_EXISTS";
    // Names of metrics have "_" for ".", so that two topics would share theirs.
    const metricName = topic.replaceAll(".", "_");
    for (const known of this.#topics.keys()) {
      if (known.replaceAll(".", "_") === metricName) return "INVALID_TOPIC_EXCEPTION";
    }
    const partitions = Array.from({ length: config.partitions }, (_, partition) => partition);
    const logs = partitions.map((partition) => new PartitionLog({ topic, partition }, config));
    this.#topics.set(topic, { config, logs });
    const leaders = partitions.map((partition) => this.#leaderOf(partition));
    this.#options.runtime.emit({ kind: "topic.created", topic, leaders, config });
    return null;
  }

  /** Raises the number of a topic's partitions, if it is one.
   *  Throws: AssertionFailure for a topic the world does not have; worlds are checked before. */
  addPartitions(topic: string, partitions: number): void {
    const error = this.#grow(topic, partitions);
    assert(error !== "UNKNOWN_TOPIC_OR_PARTITION", "the topic must exist", { topic });
  }

  #grow(topic: string, partitions: number): BrokerError | null {
    if (this.#isDown) return "BROKER_NOT_AVAILABLE";
    const known = this.#topics.get(topic);
    if (known === undefined) return "UNKNOWN_TOPIC_OR_PARTITION";
    const { logs, config } = known;
    if (!Number.isSafeInteger(partitions) || partitions <= logs.length) return "INVALID_PARTITIONS";
    const leaders: number[] = [];
    while (logs.length < partitions) {
      const partition = logs.length;
      leaders.push(this.#leaderOf(partition));
      logs.push(new PartitionLog({ topic, partition }, config));
    }
    this.#options.runtime.emit({ kind: "partitions.added", topic, leaders });
    return null;
  }

  #leaderOf(partition: number): number {
    return (partition % this.#options.brokers) + 1;
  }

  /** No broker answers at all. */
  get #isDown(): boolean {
    return this.#stopped.size === this.#options.brokers;
  }

  stopBroker(broker: number): void {
    if (this.#stopped.has(broker)) return;
    this.#stopped.add(broker);
    this.#options.runtime.emit({ kind: "broker.stopped", broker });
  }

  startBroker(broker: number): void {
    if (this.#stopped.delete(broker)) {
      this.#options.runtime.emit({ kind: "broker.started", broker });
    }
  }

  #metadata(names: readonly string[] | null): BrokerReply {
    if (this.#isDown) return { kind: "metadata", error: "BROKER_NOT_AVAILABLE", topics: [] };
    const topics = (names ?? [...this.#topics.keys()]).map((topic) => {
      const known = this.#topics.get(topic);
      const partitions = (known?.logs ?? []).map((_, partition): PartitionMetadata => {
        const leader = this.#leaderOf(partition);
        return { partition, leader: this.#stopped.has(leader) ? -1 : leader };
      });
      const error = known === undefined ? ("UNKNOWN_TOPIC_OR_PARTITION" as const) : null;
      return { topic, error, partitions };
    });
    return { kind: "metadata", error: null, topics };
  }

  /** The log of a partition, or why there is none to be had now. */
  #logOf(of: TopicPartition): { log: PartitionLog } | { error: BrokerError } {
    const log = this.#topics.get(of.topic)?.logs[of.partition];
    if (log === undefined) return { error: "UNKNOWN_TOPIC_OR_PARTITION" };
    if (this.#stopped.has(this.#leaderOf(of.partition))) return { error: "BROKER_NOT_AVAILABLE" };
    return { log };
  }

  #produce(request: RequestOf<"produce">): BrokerReply {
    const found = this.#logOf(request);
    if ("error" in found) return { kind: "produce", error: found.error, baseOffset: -1 };
    const { topic, partition, records } = request;
    const limit = this.#topics.get(topic)?.config.maxMessageBytes ?? MAX_MESSAGE_BYTES;
    const bytes = records.reduce((sum, record) => sum + recordSizeBytes(record), 0);
    if (bytes + BATCH_OVERHEAD_BYTES > limit) {
      return { kind: "produce", error: "MESSAGE_TOO_LARGE", baseOffset: -1 };
    }
    const { log } = found;
    const { baseOffset, sizeBytes } = log.append(records);
    this.#options.runtime.emit({
      kind: "records.appended",
      topic,
      partition,
      baseOffset,
      count: records.length,
      sizeBytes,
      logEndOffset: log.logEndOffset,
      highWatermark: log.highWatermark,
      leaderEpoch: 0,
      producerId: -1,
      baseSequence: -1,
    });
    this.#scheduleRetention();
    return { kind: "produce", error: null, baseOffset };
  }

  #deleteRecords(request: RequestOf<"deleteRecords">): BrokerReply {
    const found = this.#logOf(request);
    const failed = { kind: "deleteRecords", logStartOffset: -1 } as const;
    if ("error" in found) return { ...failed, error: found.error };
    const { log } = found;
    const { topic, partition, beforeOffset } = request;
    const offset = beforeOffset === -1 ? log.highWatermark : beforeOffset;
    if (offset < 0 || offset > log.highWatermark)
      return { ...failed, error: "OFFSET_OUT_OF_RANGE" };
    if (log.deleteBefore(offset)) {
      const reason = "deleteRecords";
      const { logStartOffset } = log;
      this.#options.runtime.emit({
        kind: "logStart.advanced",
        topic,
        partition,
        logStartOffset,
        reason,
      });
    }
    return { kind: "deleteRecords", error: null, logStartOffset: log.logStartOffset };
  }

  #listOffsets(request: RequestOf<"listOffsets">): BrokerReply {
    const found = this.#logOf(request);
    if ("error" in found) return { kind: "listOffsets", error: found.error, offset: -1 };
    const { log } = found;
    const { at } = request;
    if (at === "earliest") return { kind: "listOffsets", error: null, offset: log.logStartOffset };
    if (at === "latest") return { kind: "listOffsets", error: null, offset: log.highWatermark };
    const offset = (at === "maxTimestamp" ? null : log.offsetAtTime(at.timestampMs)) ?? -1;
    return { kind: "listOffsets", error: null, offset };
  }

  #fetch(request: RequestOf<"fetch">): BrokerReply {
    const found = this.#logOf(request);
    const { fromOffset } = request;
    const nothing = { records: [], nextOffset: fromOffset };
    const unknown = { highWatermark: -1, logStartOffset: -1 };
    if ("error" in found) return { kind: "fetch", error: found.error, ...nothing, ...unknown };
    const { log } = found;
    if (!log.canRead(fromOffset)) {
      return { kind: "fetch", error: "OFFSET_OUT_OF_RANGE", ...nothing, ...unknown };
    }
    const { highWatermark, logStartOffset } = log;
    const read = log.read(fromOffset, request);
    return { kind: "fetch", error: null, ...read, highWatermark, logStartOffset };
  }

  #commit(request: RequestOf<"commitOffsets">): BrokerReply {
    const { group } = request;
    if (this.#isDown) return { kind: "commitOffsets", error: "BROKER_NOT_AVAILABLE" };
    // As in Kafka, an offset that cannot be kept does not keep the others from being kept.
    const offsets = request.offsets.filter(
      (of) => this.#topics.get(of.topic)?.logs[of.partition] !== undefined,
    );
    const hasUnknown = offsets.length < request.offsets.length;
    const error = hasUnknown ? ("UNKNOWN_TOPIC_OR_PARTITION" as const) : null;
    if (offsets.length === 0) return { kind: "commitOffsets", error };
    const committed = this.#committed.get(group) ?? new Map<string, number>();
    this.#committed.set(group, committed);
    for (const of of offsets) committed.set(topicPartitionName(of), of.offset);
    this.#options.runtime.emit({ kind: "offsets.committed", group, offsets });
    return { kind: "commitOffsets", error };
  }

  #fetchCommitted(request: RequestOf<"fetchCommitted">): BrokerReply {
    if (this.#isDown) return { kind: "fetchCommitted", error: "BROKER_NOT_AVAILABLE", offsets: [] };
    const committed = this.#committed.get(request.group);
    const offsets = request.partitions.map(({ topic, partition }) => {
      const offset = committed?.get(topicPartitionName({ topic, partition })) ?? null;
      return { topic, partition, offset };
    });
    return { kind: "fetchCommitted", error: null, offsets };
  }

  /** Records a group has not committed yet: high watermark minus committed offset, or minus log
   *  start where there is none. */
  lag(group: string, of: TopicPartition): number {
    const log = this.#log(of.topic, of.partition);
    const committed = this.#committed.get(group)?.get(topicPartitionName(of));
    return log.highWatermark - (committed ?? log.logStartOffset);
  }

  /** Whether or not a broker answers. */
  logEndOffset(topic: string, partition: number): number {
    return this.#log(topic, partition).logEndOffset;
  }

  /** What the log holds, whether or not a broker answers: for views. */
  readLog(topic: string, partition: number): readonly LogRecord[] {
    const log = this.#log(topic, partition);
    const limits = { untilOffset: Infinity, maxRecords: Infinity, maxBytes: Infinity };
    return log.read(log.logStartOffset, limits).records;
  }

  #log(topic: string, partition: number): PartitionLog {
    const log = get(this.#topics, topic, "the topic").logs[partition];
    assert(log !== undefined, "the partition must exist", { topic, partition });
    return log;
  }

  /** Retention looks at the logs from time to time, while there is something it may remove. */
  #scheduleRetention(): void {
    if (this.#isCheckScheduled || !this.#allLogs().some(({ log }) => log.isRetained)) return;
    const { runtime, retentionCheckMs = RETENTION_CHECK_MS } = this.#options;
    this.#isCheckScheduled = true;
    const nowMs = runtime.now();
    const nextMs = (Math.floor(nowMs / retentionCheckMs) + 1) * retentionCheckMs;
    runtime.schedule(nextMs - nowMs, () => {
      this.#isCheckScheduled = false;
      this.#retain();
      this.#scheduleRetention();
    });
  }

  #retain(): void {
    const { runtime } = this.#options;
    for (const { topic, partition, log } of this.#allLogs()) {
      // A stopped broker does not clean up.
      if (this.#stopped.has(this.#leaderOf(partition))) continue;
      const reason = log.retain(runtime.now());
      if (reason === null) continue;
      const { logStartOffset } = log;
      runtime.emit({ kind: "logStart.advanced", topic, partition, logStartOffset, reason });
    }
  }

  #allLogs(): { topic: string; partition: number; log: PartitionLog }[] {
    return [...this.#topics].flatMap(([topic, { logs }]) =>
      logs.map((log, partition) => ({ topic, partition, log })),
    );
  }
}

/** Like Kafka: Topic.validate. */
function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/u.test(name) && name !== "." && name !== "..";
}
