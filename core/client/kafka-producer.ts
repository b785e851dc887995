/** A producer on the ports to time and Kafka only: the same in the simulation and on a real broker.
 *  Gathers records per partition, sends them, and says what became of each batch; with a
 *  transactional id they count all together or not at all.
 *  Like Kafka: KafkaProducer, Sender.runOnce. */

import { assert, get } from "../base/assert.ts";
import type { Broker } from "../broker/broker.ts";
import type { KafkaClient } from "../broker/admin-request.ts";
import {
  defaultPartitioner,
  type ProducerPartitioner,
  roundRobinPartitioner,
} from "../record/partitioner.ts";
import { type ProduceRecord, recordSizeBytes } from "../record/record.ts";
import type { Runtime } from "../sim/runtime.ts";
import { Lane } from "./lane.ts";
import type { ProducerBatch } from "./producer-batch.ts";
import { KafkaError, tooLarge } from "./producer-errors.ts";
import { type ProducerSettings, readProducerSettings } from "./producer-settings.ts";
import { Sender } from "./sender.ts";
import { TransactionManager } from "./transaction-manager.ts";
import { TransactionRequests } from "./transaction-requests.ts";
import { Transactions } from "./transactional-producer.ts";

export type PartitionerName = "default" | "RoundRobinPartitioner";

export interface KafkaProducerOptions {
  readonly runtime: Runtime;
  readonly broker: Broker;
  /** The whole protocol, where there is one; without it no producer is idempotent. */
  readonly kafka: KafkaClient | null;
  /** Who writes, for facts. */
  readonly client: string;
  readonly settings: Partial<ProducerSettings>;
  readonly partitioner?: PartitionerName;
  /** Names the random streams that keyless records take their partitions from, before the topic. */
  readonly randomName?: string;
  /** Before it looks what has lingered: the application hands over what it has by now. */
  readonly beforeWake?: () => void;
  readonly onAcknowledged?: (batch: ProducerBatch) => void;
  readonly onFailed?: (batch: ProducerBatch, error: KafkaError) => void;
}

interface Topic {
  readonly lanes: Lane[];
  partitioner: ProducerPartitioner;
  isAsking: boolean;
  askedMs: number;
}

export class KafkaProducer {
  readonly settings: ProducerSettings;
  readonly #options: KafkaProducerOptions;
  readonly #lanes: Lane[] = [];
  readonly #topics = new Map<string, Topic>();
  readonly #sender: Sender;
  readonly #manager: TransactionManager | null;
  readonly #requests: TransactionRequests | null;
  readonly #transactions: Transactions | null;
  #flushes: (() => void)[] = [];
  #bufferedBytes = 0;
  #isPolling = false;
  /** When it is to look again; Infinity for never. */
  #wakeMs = Infinity;
  #isOver = false;

  /** Throws: ScenarioError BAD_OPTION for settings that do not go together. */
  constructor(options: KafkaProducerOptions) {
    const { runtime, broker, kafka, client } = options;
    this.#options = options;
    this.settings = readProducerSettings(
      kafka === null ? { ...options.settings, idempotence: false } : options.settings,
    );
    const { settings } = this;
    const wake = (): void => this.poke();
    this.#requests =
      kafka === null || !settings.idempotence
        ? null
        : new TransactionRequests({ runtime, kafka, client, wake });
    this.#manager =
      this.#requests === null
        ? null
        : new TransactionManager({ runtime, client, settings, requests: this.#requests });
    this.#sender = new Sender({
      runtime,
      broker,
      client,
      settings,
      manager: this.#manager,
      lanes: this.#lanes,
      isFlushing: () => this.#flushes.length > 0,
      onAcknowledged: (batch) => {
        this.#bufferedBytes -= batch.sizeBytes;
        options.onAcknowledged?.(batch);
      },
      onFailed: (batch, error) => {
        this.#bufferedBytes -= batch.sizeBytes;
        options.onFailed?.(batch, error);
      },
      onStale: (topic) => this.refresh(topic),
    });
    this.#sender.onAnswered = wake;
    if (this.#manager !== null) {
      this.#manager.onReset = () => {
        for (const lane of this.#lanes) lane.sequences.forget();
      };
    }
    this.#transactions =
      this.#manager === null || this.#requests === null
        ? null
        : new Transactions({
            runtime,
            settings,
            manager: this.#manager,
            requests: this.#requests,
            wake,
          });
    this.poke();
  }

  /** Its transactions.
   *  Throws: KafkaError IllegalStateException without a transactional id. */
  get transactions(): Transactions {
    if (this.#transactions !== null && this.settings.transactionalId !== null) {
      return this.#transactions;
    }
    throw new KafkaError(
      "IllegalStateException",
      "Transactional method invoked on a non-transactional producer.",
    );
  }

  // Topics

  /** A topic has so many partitions, now or by now. */
  open(name: string, count: number): void {
    const topic = this.#topicOf(name);
    const grows = topic.lanes.length < count;
    for (let partition = topic.lanes.length; partition < count; partition += 1) {
      const lane = new Lane({ topic: name, partition });
      topic.lanes.push(lane);
      this.#lanes.push(lane);
    }
    if (grows) topic.partitioner = this.#makePartitioner(name, count);
  }

  #topicOf(name: string): Topic {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      const partitioner = this.#makePartitioner(name, 1);
      topic = { lanes: [], partitioner, isAsking: false, askedMs: 0 };
      this.#topics.set(name, topic);
    }
    return topic;
  }

  #makePartitioner(topic: string, count: number): ProducerPartitioner {
    const { runtime, partitioner = "default", randomName = "producer" } = this.#options;
    return partitioner === "default"
      ? defaultPartitioner(count, runtime.random(`${randomName} ${topic}`))
      : roundRobinPartitioner(count);
  }

  partitionCount(topic: string): number {
    return this.#topics.get(topic)?.lanes.length ?? 0;
  }

  /** Looks at a topic again every `metadata.max.age.ms`, while it sends. */
  refreshIfOld(topic: string): void {
    const ageMs = this.#options.runtime.now() - this.#topicOf(topic).askedMs;
    if (ageMs >= this.settings.metadataMaxAgeMs) this.refresh(topic);
  }

  /** Asks how many partitions a topic has, and who leads them. */
  refresh(name: string, done: (() => void) | null = null): void {
    const { broker, runtime } = this.#options;
    const topic = this.#topicOf(name);
    topic.askedMs = runtime.now();
    if (topic.isAsking && done === null) return;
    topic.isAsking = true;
    broker.send<"metadata">({ kind: "metadata", topics: [name] }, ({ topics }) => {
      topic.isAsking = false;
      if (this.#isOver) return;
      const [answer] = topics;
      if (answer !== undefined && answer.error === null) {
        this.open(name, answer.partitions.length);
        for (const { partition, leader, leaderEpoch = -1 } of answer.partitions) {
          const lane = topic.lanes[partition];
          if (lane === undefined) continue;
          lane.leader = leader;
          lane.leaderEpoch = leaderEpoch;
        }
      }
      done?.();
      this.poke();
    });
  }

  // Records

  /** There is room for another record. */
  get hasRoom(): boolean {
    return this.#bufferedBytes < this.settings.bufferBytes;
  }

  /** Hands a record over; it is sent when `poke` is called, or its time has come.
   *  Throws: KafkaError, where the record is too large; or a producer with transactions has none
   *  open or has failed, and then it goes with the next transaction all the same, as in Kafka. */
  append(
    topicName: string,
    record: ProduceRecord,
    options: { readonly partition: number | null; readonly createdMs: number },
  ): void {
    const topic = get(this.#topics, topicName, "the topic of a record");
    const refusal = tooLarge(topicName, record, this.settings);
    if (refusal !== null) {
      this.#manager?.sendFailed(refusal);
      throw refusal;
    }
    const sizeBytes = recordSizeBytes(record);
    const key = this.settings.ignoreKeys ? null : record.key;
    const partition = options.partition ?? topic.partitioner.choose(key, sizeBytes);
    const lane = topic.lanes[partition];
    assert(lane !== undefined, "who sends waits until a partition is known", { partition });
    lane.append(record, sizeBytes, this.settings.batchBytes, options.createdMs);
    this.#bufferedBytes += sizeBytes;
    this.#manager?.checkSend(lane);
  }

  /** Sends all that was handed over without lingering, and calls back once it is decided. */
  flush(done: () => void): void {
    this.#flushes.push(done);
    this.poke();
  }

  /** Nothing waits or is under way. */
  get isIdle(): boolean {
    return this.#sender.isIdle;
  }

  /** Records wait in a batch that is at least half full. */
  get isHalfFull(): boolean {
    const halfBytes = this.settings.batchBytes / 2;
    return this.#lanes.some(({ queue }) => (queue.at(-1)?.sizeBytes ?? 0) >= halfBytes);
  }

  /** The process that it lives in has ended: it does nothing more. */
  end(): void {
    this.#isOver = true;
    this.#sender.end();
    this.#requests?.end();
  }

  // Its thread

  /** Looks what can be sent now. */
  poke(): void {
    if (this.#isOver || this.#isPolling) return;
    this.#isPolling = true;
    const nextMs = this.#poll();
    this.#isPolling = false;
    this.#endFlushes();
    this.#wakeAt(nextMs);
  }

  /** Shape: when to look again. */
  #poll(): number {
    const manager = this.#manager;
    const requests = this.#requests;
    if (manager === null || requests === null) return this.#sender.send();
    manager.resolve();
    const { state } = manager;
    if (state.is("FATAL_ERROR") && state.error !== null) {
      this.#sender.abortAll(state.error);
      requests.dropAll();
      return Infinity;
    }
    manager.bumpIfNeeded();
    if (requests.isBusy) return Infinity;
    if (state.is("ABORTABLE_ERROR", "ABORTING_TRANSACTION")) {
      const aborted = new KafkaError(
        "TransactionAbortedException",
        "Failing batch since transaction was aborted",
      );
      this.#sender.abortWaiting(state.error ?? aborted);
    }
    return this.#sendRequest(manager, requests) ? Infinity : this.#sender.send();
  }

  /** True when a request of the transaction is on its way: data waits meanwhile. */
  #sendRequest(manager: TransactionManager, requests: TransactionRequests): boolean {
    manager.addLanes();
    for (let job = requests.first; job !== undefined; job = requests.first) {
      if (job.isEnd && !this.#sender.isIdle) return false;
      requests.take(job);
      if (manager.state.is("ABORTABLE_ERROR", "FATAL_ERROR")) {
        job.drop();
        return false;
      }
      if (!job.isEnd || manager.hasStarted) {
        requests.send(job);
        return true;
      }
      job.skip?.();
    }
    return false;
  }

  #endFlushes(): void {
    if (this.#flushes.length === 0 || !this.#sender.isIdle) return;
    const flushes = this.#flushes;
    this.#flushes = [];
    for (const done of flushes) done();
  }

  #wakeAt(atMs: number): void {
    const { runtime } = this.#options;
    const nowMs = runtime.now();
    if (atMs === Infinity || atMs >= this.#wakeMs) return;
    this.#wakeMs = atMs;
    runtime.schedule(atMs - nowMs, () => {
      if (this.#wakeMs === atMs) this.#wakeMs = Infinity;
      if (this.#isOver) return;
      this.#options.beforeWake?.();
      this.poke();
    });
  }
}
