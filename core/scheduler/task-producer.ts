/** What a task sends through an idempotent producer, or in a transaction: a producer made for the
 *  task and closed at its end. A transaction that commits offsets looks first whether an earlier
 *  attempt has committed them: then the records are there.
 *  Like Kafka: KafkaProducer.initTransactions, sendOffsetsToTransaction, commitTransaction. */

import { assert } from "../base/assert.ts";
import { StreamscopeError } from "../base/errors.ts";
import type { KafkaClient } from "../broker/admin-request.ts";
import { type BrokerError, isRetriable } from "../broker/broker-error.ts";
import type { Broker } from "../broker/broker.ts";
import { KafkaProducer } from "../client/kafka-producer.ts";
import { KafkaError } from "../client/producer-errors.ts";
import type { SentRecord, TaskProducer } from "../record/record.ts";
import type { Runtime } from "../sim/runtime.ts";

export interface TaskProducerOptions {
  readonly runtime: Runtime;
  readonly broker: Broker;
  /** Who writes, for facts: `executor 1`. */
  readonly client: string;
  /** Names the random stream that keyless records take their partitions from. */
  readonly name: string;
  /** The attempt is over, and so is its producer. */
  readonly isGone: () => boolean;
}

type Done = (error: Error | null) => void;
type Outcome = (error: KafkaError | null) => void;

const RETRY_MS = 100;

/** Writes records, then calls back; never, when the attempt is over before. */
export function writeThrough(
  options: TaskProducerOptions,
  through: TaskProducer,
  records: readonly SentRecord[],
  done: Done,
): void {
  const { kafka } = options.broker;
  if (kafka === undefined) {
    const message =
      "this Kafka carries plain producers only; use kafkaSink without idempotence or transactions";
    done(new StreamscopeError("BAD_OPTION", message));
    return;
  }
  new TaskProducerRun(options, whileThere(kafka, options.isGone), through, records, done).start();
}

/** Nothing is sent or heard once the process of the task is gone. */
function whileThere(kafka: KafkaClient, isGone: () => boolean): KafkaClient {
  return {
    send: (request, reply) => {
      if (isGone()) return;
      kafka.send<typeof request.kind>(request, (answer) => {
        if (!isGone()) reply(answer as Parameters<typeof reply>[0]);
      });
    },
  };
}

class TaskProducerRun {
  readonly #options: TaskProducerOptions;
  readonly #kafka: KafkaClient;
  readonly #through: TaskProducer;
  readonly #records: readonly SentRecord[];
  readonly #done: Done;
  readonly #producer: KafkaProducer;
  readonly #startMs: number;
  #failure: KafkaError | null = null;

  constructor(
    options: TaskProducerOptions,
    kafka: KafkaClient,
    through: TaskProducer,
    records: readonly SentRecord[],
    done: Done,
  ) {
    const { runtime, client, name } = options;
    this.#options = options;
    this.#kafka = kafka;
    this.#through = through;
    this.#records = records;
    this.#startMs = runtime.now();
    this.#producer = new KafkaProducer({
      runtime,
      broker: kafka,
      kafka,
      client,
      randomName: name,
      settings: { idempotence: true, transactionalId: through.transactionalId },
      onFailed: (_batch, error) => {
        this.#failure ??= error;
      },
    });
    this.#done = (error) => {
      this.#producer.end();
      done(error);
    };
  }

  start(): void {
    this.#findPartitions(() => {
      if (this.#through.transactionalId === null) this.#send(() => this.#flush());
      else this.#begin();
    });
  }

  /** Waits, as `send` does, until each topic has the partitions that records name. */
  #findPartitions(next: () => void): void {
    const { runtime } = this.#options;
    const { maxBlockMs } = this.#producer.settings;
    const missing = this.#records.find((record) => !this.#isKnown(record));
    if (missing === undefined) next();
    else if (runtime.now() - this.#startMs >= maxBlockMs) {
      this.#done(new KafkaError("TimeoutException", this.#notPresent(missing, maxBlockMs)));
    } else {
      this.#producer.refresh(missing.topic, () => {
        const delayMs = this.#isKnown(missing) ? 0 : RETRY_MS;
        runtime.schedule(delayMs, () => this.#findPartitions(next));
      });
    }
  }

  #isKnown({ topic, partition = 0 }: SentRecord): boolean {
    return partition < this.#producer.partitionCount(topic);
  }

  /** Like Kafka: KafkaProducer.waitOnMetadata. */
  #notPresent({ topic, partition }: SentRecord, maxBlockMs: number): string {
    const count = this.#producer.partitionCount(topic);
    return count === 0 || partition === undefined
      ? `Topic ${topic} not present in metadata after ${maxBlockMs} ms.`
      : `Partition ${partition} of topic ${topic} with partition count ${count} is not present ` +
          `in metadata after ${maxBlockMs} ms.`;
  }

  #send(next: () => void): void {
    const nowMs = this.#options.runtime.now();
    try {
      for (const record of this.#records) {
        const { topic, key, value, headers, partition = null, timestampMs = nowMs } = record;
        const given = { key, value, headers, timestampMs };
        this.#producer.append(topic, given, { partition, createdMs: nowMs });
      }
    } catch (thrown) {
      if (!(thrown instanceof KafkaError)) throw thrown;
      this.#failure ??= thrown;
    }
    next();
  }

  #flush(): void {
    this.#producer.flush(() => this.#done(this.#failure));
  }

  // In a transaction

  #begin(): void {
    this.#call(
      (done) => this.#producer.transactions.init(done),
      () => this.#unlessDone(() => this.#transact()),
    );
  }

  /** Skips all where an earlier attempt has committed: its offsets are there with its records. */
  #unlessDone(next: () => void): void {
    const { commits } = this.#through;
    if (commits === null) {
      next();
      return;
    }
    const { group, offsets: partitions } = commits;
    const request = { kind: "fetchCommitted", group, partitions, requireStable: true } as const;
    this.#kafka.send<"fetchCommitted">(request, ({ error, offsets }) => {
      if (error !== null) {
        this.#askAgain(error, () => this.#unlessDone(next));
        return;
      }
      const isDone = partitions.every(({ topic, partition, offset }) =>
        offsets.some(
          (one) =>
            one.topic === topic && one.partition === partition && (one.offset ?? -1) >= offset,
        ),
      );
      if (isDone) this.#done(null);
      else next();
    });
  }

  #askAgain(error: BrokerError, ask: () => void): void {
    if (isRetriable(error)) this.#options.runtime.schedule(RETRY_MS, ask);
    else
      this.#done(new KafkaError("KafkaException", `the offsets cannot be read: ${error}`, error));
  }

  #transact(): void {
    const { transactions } = this.#producer;
    transactions.begin();
    this.#send(() => {
      const { commits } = this.#through;
      if (commits === null) this.#commit();
      else {
        this.#call(
          (done) => transactions.sendOffsets(commits.group, commits.offsets, done),
          () => this.#commit(),
        );
      }
    });
  }

  #commit(): void {
    this.#call(
      (done) => this.#producer.transactions.commit(done),
      () => this.#done(null),
    );
  }

  /** What fails is aborted, as far as that is possible; the task fails with it. */
  #call(call: (done: Outcome) => void, next: () => void): void {
    const outcome: Outcome = (error) => {
      if (error === null) next();
      else this.#abort(this.#failure ?? error);
    };
    try {
      call(outcome);
    } catch (thrown) {
      if (!(thrown instanceof KafkaError)) throw thrown;
      outcome(thrown);
    }
  }

  #abort(error: KafkaError): void {
    assert(this.#through.transactionalId !== null, "only transactions are aborted");
    try {
      this.#producer.transactions.abort(() => this.#done(error));
    } catch (thrown) {
      if (!(thrown instanceof KafkaError)) throw thrown;
      this.#done(error);
    }
  }
}
