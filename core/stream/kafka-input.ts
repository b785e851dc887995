/** The driver's side of a direct stream: which offsets each batch reads, what it commits, and how
 *  fast it may go. Like Spark: DirectKafkaInputDStream.start, latestOffsets, clamp and compute. */

import { get } from "../base/assert.ts";
import type { Broker } from "../broker/broker.ts";
import type { InputCheckpoint } from "../checkpoint/checkpoint.ts";
import { type OffsetRange, rangeCount } from "../record/offset-range.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import { KafkaConsumer } from "./kafka-consumer.ts";
import { negativeRecords, revoked } from "./kafka-errors.ts";
import type { Done } from "./kafka-requests.ts";
import type { KafkaSource, PartitionOffset } from "./kafka-source.ts";
import { clampOffsets } from "./partition-limits.ts";
import { RateController } from "./rate-controller.ts";
import type { BackpressureSettings, KafkaSettings } from "./settings.ts";
import type { BatchInfo, StreamingListener } from "./streaming-listener.ts";

export interface KafkaInputOptions {
  readonly node: number;
  readonly source: KafkaSource;
  readonly batchIntervalMs: number;
  readonly runtime: Runtime;
  readonly broker: Broker;
  readonly limits: KafkaSettings;
  readonly backpressure: BackpressureSettings;
  /** `default.api.timeout.ms` of Kafka's consumer. */
  readonly apiTimeoutMs: number;
  readonly retryBackoffMs: number;
  /** Where the stream of an earlier driver stood; null for a first start. */
  readonly saved: InputCheckpoint | null;
}

export class KafkaInput {
  readonly node: number;
  readonly #options: KafkaInputOptions;
  readonly #consumer: KafkaConsumer;
  readonly #controller: RateController | null;
  /** The next offset to read, by partition name; in partition order. */
  readonly #current = new Map<string, PartitionOffset>();
  readonly #ranges = new Map<number, readonly OffsetRange[]>();
  /** Batches this driver has planned: of those of a checkpoint the controller hears nothing. */
  readonly #own = new Set<number>();

  constructor(options: KafkaInputOptions) {
    this.node = options.node;
    this.#options = options;
    const { source, backpressure, batchIntervalMs, saved } = options;
    this.#consumer = new KafkaConsumer(options);
    const rate = { settings: backpressure, batchIntervalMs, state: saved?.rate ?? null };
    this.#controller = backpressure.enabled ? new RateController(rate) : null;
    if (saved === null) return;
    for (const at of saved.current) this.#current.set(topicPartitionName(at), at);
    for (const { timeMs, ranges } of saved.planned) this.#ranges.set(timeMs, ranges);
    source.commits.add(saved.commits, null);
  }

  get current(): readonly PartitionOffset[] {
    return [...this.#current.values()];
  }

  get checkpoint(): InputCheckpoint {
    return {
      node: this.node,
      current: this.current,
      planned: Array.from(this.#ranges, ([timeMs, ranges]) => ({ timeMs, ranges })),
      commits: this.#options.source.commits.ranges,
      rate: this.#controller?.state ?? null,
    };
  }

  rangesOf(timeMs: number): readonly OffsetRange[] {
    return get(this.#ranges, timeMs, "the offset ranges of the batch");
  }

  /** Takes up where a checkpoint left off, or finds where to start. */
  start(done: Done): void {
    const current = this.current;
    const seekTo = current.length > 0 ? current : this.#options.source.offsets;
    this.#consumer.start(seekTo, (error) => {
      if (error === null && this.#current.size === 0) this.#takeNew(this.#consumer.assignment);
      done(error);
    });
  }

  #takeNew(partitions: readonly TopicPartition[]): void {
    for (const tp of partitions) {
      const offset = this.#consumer.position(tp);
      if (offset !== null && !this.#current.has(topicPartitionName(tp))) {
        this.#setCurrent(tp, offset);
      }
    }
  }

  #setCurrent({ topic, partition }: TopicPartition, offset: number): void {
    this.#current.set(topicPartitionName({ topic, partition }), { topic, partition, offset });
  }

  /** Decides the ranges of a batch: from where the last one ended to the log ends of now, or as far
   *  as the limits let it; a batch restored from a checkpoint keeps its own. Commits what was asked
   *  for meanwhile. */
  plan(timeMs: number, done: Done): void {
    if (this.#ranges.has(timeMs)) {
      done(null);
      return;
    }
    this.#consumer.poll((error) => {
      const lost = error ?? this.#revoked();
      if (lost !== null) {
        done(lost);
        return;
      }
      this.#takeNew(this.#consumer.assignment);
      this.#consumer.seekToEnd((failure, latest) => done(failure ?? this.#plan(timeMs, latest)));
    });
  }

  #revoked(): Error | null {
    const own = new Set(this.#consumer.assignment.map(topicPartitionName));
    const gone = this.current.filter((tp) => !own.has(topicPartitionName(tp)));
    return gone.length === 0 ? null : revoked(gone);
  }

  #plan(timeMs: number, latest: readonly PartitionOffset[]): Error | null {
    const ranges = this.#rangesTo(latest);
    const [first] = latest;
    const records = ranges.reduce((sum, range) => sum + rangeCount(range), 0);
    if (records < 0 && first !== undefined) return negativeRecords(first);
    this.#ranges.set(timeMs, ranges);
    this.#own.add(timeMs);
    for (const range of ranges) this.#setCurrent(range, range.untilOffset);
    return this.#commitAll();
  }

  /** Empty ranges included. */
  #rangesTo(latest: readonly PartitionOffset[]): OffsetRange[] {
    const { batchIntervalMs, limits } = this.#options;
    const { maxRatePerPartition, minRatePerPartition } = limits;
    const lags = latest.map((tp) => ({
      current: get(this.#current, topicPartitionName(tp), "the current offset").offset,
      latest: tp.offset,
    }));
    const rate = this.#rate;
    const ends = clampOffsets(lags, {
      batchIntervalMs,
      maxRatePerPartition,
      minRatePerPartition,
      rate,
    });
    return latest.map(({ topic, partition, offset }, index) => ({
      topic,
      partition,
      fromOffset: lags[index]?.current ?? offset,
      untilOffset: ends[index] ?? offset,
    }));
  }

  /** Records a second over all partitions; null without back-pressure. */
  get #rate(): number | null {
    if (this.#controller === null) return null;
    const { latestRate } = this.#controller;
    return latestRate > 0 ? latestRate : this.#options.backpressure.initialRate;
  }

  #commitAll(): Error | null {
    const { commits } = this.#options.source;
    const offsets = commits.drain();
    if (offsets.length === 0) return null;
    try {
      this.#consumer.commitAsync(offsets, commits.callback);
      return null;
    } catch (thrown) {
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }

  /** Hears of completed batches, well or not; null without back-pressure. */
  get listener(): StreamingListener | null {
    const controller = this.#controller;
    if (controller === null) return null;
    return { onBatchCompleted: ({ batchInfo }) => this.#batchCompleted(controller, batchInfo) };
  }

  #batchCompleted(controller: RateController, batch: BatchInfo): void {
    const { batchTime, processingEndTime, processingDelay, schedulingDelay } = batch;
    if (processingEndTime === null || processingDelay === null || schedulingDelay === null) return;
    if (!this.#own.has(batchTime)) return;
    const ranges = this.#ranges.get(batchTime) ?? [];
    const estimate = controller.batchCompleted({
      endedMs: processingEndTime,
      records: ranges.reduce((sum, range) => sum + rangeCount(range), 0),
      processingDelayMs: processingDelay,
      schedulingDelayMs: schedulingDelay,
    });
    if (estimate === null) return;
    const { runtime } = this.#options;
    runtime.emit({ kind: "rate.estimated", node: this.node, batchTimeMs: batchTime, ...estimate });
  }

  /** The stream stops; commits still asked for are never sent. */
  stop(): void {
    this.#consumer.close();
  }

  /** Forgets the ranges of batches at or before a time. */
  clear(untilMs: number): void {
    for (const timeMs of this.#ranges.keys()) {
      if (timeMs > untilMs) continue;
      this.#ranges.delete(timeMs);
      this.#own.delete(timeMs);
    }
  }
}
