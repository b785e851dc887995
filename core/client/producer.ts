/** An application that produces: draws its records when their time has come and hands them to a
 *  producer of its own, in transactions where it has a transactional id. It waits, as Kafka's
 *  `send` does, while the buffer is full or a partition is not known yet. */

import { AssertionFailure } from "../base/assert.ts";
import { ScenarioError, type StreamscopeError } from "../base/errors.ts";
import type { KafkaClient } from "../broker/admin-request.ts";
import type { Broker } from "../broker/broker.ts";
import type { ProducerRecord } from "../record/record.ts";
import type { Runtime } from "../sim/runtime.ts";
import { KafkaProducer, type PartitionerName } from "./kafka-producer.ts";
import { checkFields, KafkaError, missingPartition, workloadError } from "./producer-errors.ts";
import type { ProducerSettings } from "./producer-settings.ts";
import { type TransactionPlan, TransactionWriter } from "./transaction-writer.ts";

export interface ProducerOptions {
  readonly runtime: Runtime;
  readonly broker: Broker;
  /** The whole protocol, where there is one; without it the producer is not idempotent. */
  readonly kafka?: KafkaClient | null;
  /** `client.id`; `producer` when left out. */
  readonly client?: string;
  readonly topic: string;
  readonly partitions: number;
  readonly partitioner: PartitionerName;
  /** `linger.ms`. */
  readonly lingerMs: number;
  readonly settings?: Partial<ProducerSettings>;
  /** How records go into transactions, with a transactional id. */
  readonly plan?: TransactionPlan;
  /** It goes on after a batch that was given up. */
  readonly continuesAfterError?: boolean;
  /** Ordered by `atMs`. */
  readonly records: Iterator<ProducerRecord>;
  /** All records are decided; how many were acknowledged. */
  readonly onDone: (sent: number) => void;
  /** A batch was given up; the producer stops, unless it `continuesAfterError`. */
  readonly onError: (error: StreamscopeError) => void;
}

/** Between questions for a partition that is not there. */
const ASK_AGAIN_MS = 100;
/** A batch that fills up before it has lingered leaves at most so much later. */
const LOOK_MS = 5;

export class Producer {
  readonly #options: ProducerOptions;
  readonly #kafka: KafkaProducer;
  readonly #transactions: TransactionWriter | null;
  #next: ProducerRecord | null = null;
  #sent = 0;
  #wakeMs = Infinity;
  /** Something other than time has to come first. */
  #isBlocked = false;
  #isWaitingForSpace = false;
  /** A record is on its way into its transaction. */
  #isWriting = false;
  #isOver = false;

  /** Throws: ScenarioError BAD_OPTION for settings that do not go together. */
  constructor(options: ProducerOptions) {
    const { runtime, broker, kafka = null, client = "producer", settings = {} } = options;
    const { topic, partitions, partitioner, lingerMs } = options;
    this.#options = options;
    this.#kafka = new KafkaProducer({
      runtime,
      broker,
      kafka,
      client,
      settings: { ...settings, lingerMs },
      partitioner,
      randomName: client,
      beforeWake: () => this.#take(),
      onAcknowledged: (batch) => this.#acknowledged(batch.count),
      onFailed: (_batch, error) => this.#failed(error),
    });
    this.#kafka.open(topic, partitions);
    this.#transactions =
      this.#kafka.settings.transactionalId === null
        ? null
        : new TransactionWriter({
            runtime,
            transactions: this.#kafka.transactions,
            plan: options.plan ?? {},
            send: (record) => this.#append(record),
            goOn: () => this.#unblock(),
            continuesAfterError: options.continuesAfterError ?? false,
            onError: (error) => this.#giveUp(error),
          });
  }

  start(): void {
    this.#draw();
    if (this.#isOver) return;
    if (this.#next !== null) this.#kafka.refresh(this.#options.topic);
    if (this.#transactions === null) this.#wakeLater();
    else {
      this.#isBlocked = true;
      this.#transactions.start();
    }
  }

  /** Its process is killed: what it has not sent is lost, and what it has left open stays so. */
  end(): void {
    this.#isOver = true;
    this.#kafka.end();
  }

  #draw(): void {
    this.#next = null;
    try {
      const drawn = this.#options.records.next();
      if (drawn.done !== true) this.#next = this.#checked(drawn.value);
    } catch (thrown) {
      if (thrown instanceof AssertionFailure) throw thrown;
      this.#giveUp(workloadError(thrown, this.#options.topic));
    }
  }

  /** Throws: ScenarioError BAD_WORLD for a record that no producer would take. */
  #checked(record: ProducerRecord): ProducerRecord {
    const { topic } = this.#options;
    const { atMs, partition = 0 } = record;
    if (!Number.isSafeInteger(atMs) || atMs < 0) {
      throw new ScenarioError(
        "BAD_WORLD",
        `a record for topic ${topic} has atMs ${atMs}; give whole milliseconds from 0 on`,
      );
    }
    if (!Number.isSafeInteger(partition) || partition < 0) {
      throw new ScenarioError(
        "BAD_WORLD",
        `Invalid partition: ${partition}. Partition number should always be non-negative or ` +
          "null; " +
          `give a whole number for records of topic ${topic}, or leave it to the partitioner`,
        { place: { topic } },
      );
    }
    checkFields(record, topic);
    return record;
  }

  #giveUp(error: StreamscopeError): void {
    if (this.#isOver) return;
    this.end();
    const { continuesAfterError = false, runtime, onDone, onError } = this.#options;
    const isFenced = error instanceof KafkaError && error.error === "PRODUCER_FENCED";
    // One that is fenced leaves the field to the other, and the world goes on.
    if (continuesAfterError && isFenced) {
      runtime.emit({ kind: "error.reported", message: error.message });
      onDone(this.#sent);
    } else onError(error);
  }

  /** Wakes when the next record has lingered; earlier where it may fill a batch. */
  #wakeLater(): void {
    const { runtime } = this.#options;
    if (this.#isOver || this.#isBlocked || this.#isWaitingForSpace) return;
    if (this.#next === null) {
      this.#endIfDone();
      return;
    }
    const lingerMs = Math.min(this.#kafka.settings.lingerMs, LOOK_MS);
    const waitMs = this.#kafka.isHalfFull ? 0 : lingerMs;
    const nowMs = runtime.now();
    const atMs = Math.max(nowMs, this.#next.atMs) + waitMs;
    if (atMs >= this.#wakeMs) return;
    this.#wakeMs = atMs;
    runtime.schedule(atMs - nowMs, () => {
      if (this.#wakeMs === atMs) this.#wakeMs = Infinity;
      this.#wake();
    });
  }

  #wake(): void {
    this.#take();
    if (this.#isOver) return;
    this.#kafka.poke();
    this.#wakeLater();
  }

  /** Takes what the application has handed over by now. */
  #take(): void {
    if (this.#isOver || this.#isBlocked) return;
    const nowMs = this.#options.runtime.now();
    this.#kafka.refreshIfOld(this.#options.topic);
    while (this.#next !== null && this.#next.atMs <= nowMs) {
      const { partition = 0 } = this.#next;
      if (partition >= this.#kafka.partitionCount(this.#options.topic)) {
        this.#isBlocked = true;
        this.#waitForPartition(partition, nowMs);
        return;
      }
      this.#isWaitingForSpace = !this.#kafka.hasRoom;
      if (this.#isWaitingForSpace) return;
      const record = this.#next;
      if (this.#transactions === null) this.#send(record);
      else this.#write(record, this.#transactions);
      if (this.#isOver) return;
      this.#draw();
      if (this.#isBlocked) return;
    }
  }

  /** Where its transaction ends with it, the next record waits; an abort of what no broker has
   *  heard of is done at once. */
  #write(record: ProducerRecord, transactions: TransactionWriter): void {
    this.#isBlocked = true;
    this.#isWriting = true;
    if (transactions.write(record)) this.#isBlocked = false;
    this.#isWriting = false;
  }

  /** Where the producer does not take it, the application is told at once. */
  #send(record: ProducerRecord): void {
    try {
      this.#append(record);
    } catch (thrown) {
      if (!(thrown instanceof KafkaError)) throw thrown;
      const { continuesAfterError = false, runtime } = this.#options;
      if (continuesAfterError) runtime.emit({ kind: "error.reported", message: thrown.message });
      this.#failed(thrown);
    }
  }

  /** Throws: KafkaError. */
  #append(record: ProducerRecord): void {
    const { key = null, value, headers = [], atMs, timestampMs = atMs, partition = null } = record;
    const given = { key, value, timestampMs, headers };
    this.#kafka.append(this.#options.topic, given, { partition, createdMs: atMs });
  }

  /** `send` blocks until the brokers know the partition, at most `max.block.ms`. */
  #waitForPartition(partition: number, sinceMs: number): void {
    const { runtime, topic } = this.#options;
    this.#kafka.refresh(topic, () => {
      if (this.#isOver) return;
      const count = this.#kafka.partitionCount(topic);
      const { maxBlockMs } = this.#kafka.settings;
      if (partition < count) this.#unblock();
      else if (runtime.now() - sinceMs >= maxBlockMs) {
        this.#giveUp(missingPartition(topic, partition, count, maxBlockMs));
      } else runtime.schedule(ASK_AGAIN_MS, () => this.#waitForPartition(partition, sinceMs));
    });
  }

  #unblock(): void {
    if (this.#isOver) return;
    this.#isBlocked = false;
    if (!this.#isWriting) this.#wake();
  }

  #acknowledged(count: number): void {
    this.#sent += count;
    this.#settled();
  }

  #failed(error: KafkaError): void {
    if (this.#transactions !== null) {
      this.#transactions.failed(error);
      return;
    }
    if (this.#options.continuesAfterError !== true) this.#giveUp(error);
    else this.#settled();
  }

  #settled(): void {
    if (this.#isOver) return;
    if (this.#isWaitingForSpace && this.#kafka.hasRoom) {
      this.#isWaitingForSpace = false;
      this.#wake();
    }
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.#isOver || this.#next !== null || this.#isBlocked) return;
    if (this.#transactions !== null && !this.#transactions.isIdle) {
      this.#isBlocked = true;
      this.#transactions.finish();
      return;
    }
    if (!this.#kafka.isIdle) return;
    this.#isOver = true;
    this.#options.onDone(this.#sent);
  }
}
