// Applications that produce, with our own producer.
import { compareNumbers } from "../../../../core/base/order.ts";
import { ScenarioError } from "../../../../core/base/errors.ts";
import type { ProducerBatch } from "../../../../core/client/producer-batch.ts";
import { KafkaError } from "../../../../core/client/producer-errors.ts";
import { KafkaProducer } from "../../../../core/client/kafka-producer.ts";
import type { ProducerSettings } from "../../../../core/client/producer-settings.ts";
import type { Acks, ProduceRecord } from "../../../../core/broker/broker.ts";
import type { ProducerStep } from "../scenarios/step.ts";
import { type Asking, partitionCalled } from "./asking.ts";
import { recordOf } from "./log-steps.ts";
import type { Saw } from "./saw.ts";

type Config = NonNullable<Extract<ProducerStep, { op: "producer" }>["config"]>;
type Send = Extract<ProducerStep, { op: "send" }>;
type Done = (error: KafkaError | null) => void;

/** Who waits for a partition is an application of ours, not its producer. */
export function isKnown(step: ProducerStep): boolean {
  const config = step.op === "producer" ? (step.config ?? {}) : {};
  return !("max.block.ms" in config);
}

/** What became of a record: where it is, or why not. */
type Fate = { readonly partition: number; readonly offset: number } | KafkaError;

class Application {
  readonly producer: KafkaProducer;
  readonly fates = new Map<ProduceRecord, Fate>();

  constructor(asking: Asking, name: string, config: Config) {
    const kafka = asking.cluster.client(name);
    const isRoundRobin = String(config["partitioner.class"]).endsWith("RoundRobinPartitioner");
    this.producer = new KafkaProducer({
      runtime: asking.runtime,
      broker: kafka,
      kafka,
      client: name,
      settings: settingsOf(config),
      partitioner: isRoundRobin ? "RoundRobinPartitioner" : "default",
      onAcknowledged: (batch) => this.#acknowledged(asking, name, batch),
      onFailed: ({ records }, error) => {
        for (const record of records) this.fates.set(record, error);
      },
    });
  }

  #acknowledged(asking: Asking, client: string, { lane, records }: ProducerBatch): void {
    const { partition } = lane.of;
    const told = asking.lastEvent(
      "produce.acknowledged",
      (event) => event.client === client && event.partition === partition,
    );
    for (const [index, record] of records.entries()) {
      this.fates.set(record, { partition, offset: (told?.baseOffset ?? -1) + index });
    }
  }
}

function settingsOf(config: Config): Partial<ProducerSettings> {
  const entries = Object.entries(config).flatMap(([name, value]): [string, unknown][] => {
    if (name === "acks") return [["acks", Number(value) satisfies number as Acks]];
    const field = fields.get(name);
    return field === undefined ? [] : [[field, value]];
  });
  // The fields are those of the settings.
  return Object.fromEntries(entries) as Partial<ProducerSettings>;
}

const fields = new Map<string, keyof ProducerSettings>([
  ["transactional.id", "transactionalId"],
  ["enable.idempotence", "idempotence"],
  ["max.in.flight.requests.per.connection", "maxInFlight"],
  ["retries", "retries"],
  ["batch.size", "batchBytes"],
  ["max.request.size", "maxRequestBytes"],
  ["linger.ms", "lingerMs"],
  ["metadata.max.age.ms", "metadataMaxAgeMs"],
  ["partitioner.ignore.keys", "ignoreKeys"],
]);

export class ProducerSteps {
  readonly #asking: Asking;
  readonly #applications = new Map<string, Application>();

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  run(step: ProducerStep): Saw {
    try {
      return this.#run(step);
    } catch (error) {
      if (error instanceof KafkaError) return failure(error);
      const [, exception] = /^[\w.]*\.(\w+): /.exec(String((error as Error).message)) ?? [];
      if (!(error instanceof ScenarioError) || exception === undefined) throw error;
      return { exception };
    }
  }

  #run(step: ProducerStep): Saw {
    if (step.op === "producer") {
      const application = new Application(this.#asking, step.as, step.config ?? {});
      this.#applications.set(step.as, application);
      return {};
    }
    const application = this.#applications.get(step.by);
    if (application === undefined) throw new Error(`there is no producer ${step.by}`);
    const { producer } = application;
    switch (step.op) {
      case "send":
        return this.#send(application, step);
      case "initTransactions":
        return this.#wait((done) => producer.transactions.init(done));
      case "beginTransaction":
        producer.transactions.begin();
        return {};
      case "commitTransaction":
        return this.#wait((done) => producer.transactions.commit(done));
      case "abortTransaction":
        return this.#wait((done) => producer.transactions.abort(done));
      case "sendOffsets": {
        const offsets = Object.entries(step.offsets).map(([name, offset]) => ({
          ...partitionCalled(name),
          offset,
        }));
        const { group = "" } = step;
        return this.#wait((done) => producer.transactions.sendOffsets(group, offsets, done));
      }
      case "flush":
        return this.#wait((done) => producer.flush(() => done(null)));
      case "closeProducer":
        this.#wait((done) => producer.flush(() => done(null)));
        producer.end();
        return {};
      case "killProducer":
        producer.end();
        return {};
    }
  }

  /** Until a call is done. */
  #wait(call: (done: Done) => void): Saw {
    let outcome: KafkaError | null | undefined;
    call((error) => {
      outcome = error;
    });
    this.#asking.until(() => outcome !== undefined, "the end of a call");
    return outcome === null || outcome === undefined ? {} : failure(outcome);
  }

  #send({ producer, fates }: Application, step: Send): Saw {
    const { topic, partition = null, padding = 0 } = step;
    let isKnownTopic = false;
    producer.refresh(topic, () => {
      isKnownTopic = true;
    });
    this.#asking.until(() => isKnownTopic, `what ${topic} is`);
    const handed: ProduceRecord[] = [];
    let failed: Saw | null = null;
    for (const spec of step.records) {
      const record = recordOf(spec, padding);
      try {
        producer.append(topic, record, { partition, createdMs: this.#asking.runtime.now() });
        handed.push(record);
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        // Kafka's `send` does not throw it: its future fails.
        if (error.exception !== "RecordTooLargeException") failed = failure(error);
        else {
          fates.set(record, error);
          handed.push(record);
        }
      }
    }
    if (handed.length > 0) {
      producer.poke();
      this.#asking.until(() => handed.every((record) => fates.has(record)), "sent records");
    }
    const sent = handed.map((record) => {
      const fate = fates.get(record);
      return fate instanceof KafkaError ? failure(fate) : (fate ?? {});
    });
    if (step.shows === "distinct") {
      const partitions = new Set(sent.map((one) => Number((one as Saw)["partition"])));
      return { distinct: [...partitions].toSorted(compareNumbers).length };
    }
    return { ...(failed === null ? {} : { failed }), sent };
  }
}

function failure({ exception, error, message, cause }: KafkaError): Saw {
  const text = message.slice(message.indexOf(": ") + 2);
  const isIllegal = exception === "IllegalStateException" || exception.startsWith("IllegalArg");
  return {
    ...(error === null || exception === "KafkaException" ? {} : { error }),
    exception,
    ...(isIllegal ? { message: text } : {}),
    ...(cause instanceof KafkaError && cause.error !== null ? { cause: cause.error } : {}),
  };
}
