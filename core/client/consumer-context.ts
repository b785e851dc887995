/** What the parts of one consumer share: its way to Kafka, its time, its name, and whether it still
 *  lives. */

import { stringHash } from "../record/jvm-hash.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import type {
  KafkaClient,
  KafkaReplyOf,
  KafkaRequestKind,
  KafkaRequestOf,
} from "../broker/admin-request.ts";
import type { BrokerError } from "../broker/broker-error.ts";
import type { ConsumerFailure } from "./consumer-errors.ts";
import type { ConsumerSettings } from "./consumer-settings.ts";

export interface ConsumerIdentity {
  readonly runtime: Runtime;
  readonly client: KafkaClient;
  /** `client.id`. */
  readonly name: string;
  readonly group: string;
  readonly topics: readonly string[];
  /** `group.instance.id`. */
  readonly instance: string | null;
  readonly settings: ConsumerSettings;
}

export class ConsumerContext {
  readonly of: ConsumerIdentity;
  /** Something happened that the application's thread has to look at when it polls. */
  onChange: () => void = () => undefined;
  /** What `poll` throws. */
  onFatal: (error: ConsumerFailure) => void = () => undefined;
  #isAlive = true;

  constructor(of: ConsumerIdentity) {
    this.of = of;
  }

  get nowMs(): number {
    return this.of.runtime.now();
  }

  /** Its process ended: no timer rings and no reply is heard any more. */
  end(): void {
    this.#isAlive = false;
  }

  after(delayMs: number, action: () => void): void {
    this.of.runtime.schedule(delayMs, () => {
      if (this.#isAlive) action();
    });
  }

  send<K extends KafkaRequestKind>(
    request: KafkaRequestOf<K>,
    reply: (reply: KafkaReplyOf<K>) => void,
  ): void {
    this.of.client.send<K>(request, (answer) => {
      if (this.#isAlive) reply(answer);
    });
  }

  tellFailure(
    request: KafkaRequestKind,
    of: TopicPartition,
    error: BrokerError,
    retryInMs: number | null,
  ): void {
    const { topic, partition } = of;
    const client = this.of.name;
    const fact = { client, request, topic, partition, error, retryInMs };
    this.of.runtime.emit({ kind: "request.failed", ...fact });
  }

  /** Where its group's state is kept. Like Kafka: `offsets.topic.num.partitions`. */
  get offsetsPartition(): TopicPartition {
    const hash = stringHash(this.of.group);
    const partition = (hash === -2_147_483_648 ? 0 : Math.abs(hash)) % 50;
    return { topic: "__consumer_offsets", partition };
  }
}
