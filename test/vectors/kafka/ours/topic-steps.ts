// Steps of those who look after topics, on our cluster.
import { compareNumbers } from "../../../../core/base/order.ts";
import type { BrokerError } from "../../../../core/broker/broker-error.ts";
import type { TopicConfig } from "../../../../core/broker/broker.ts";
import type { TopicStep } from "../scenarios/step.ts";
import { type Asking, partitionCalled } from "./asking.ts";
import { type Saw, saw } from "./saw.ts";
import { topicConfig } from "./settings.ts";

/** What all topics of the vectors have that say nothing else: ../BrokerSettings.java. */
const forEver: Partial<TopicConfig> = { retentionMs: -1, segmentMs: Number.MAX_SAFE_INTEGER };

export class TopicSteps {
  readonly #asking: Asking;

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  run(step: TopicStep): Saw | null {
    const asking = this.#asking;
    switch (step.op) {
      case "createTopic":
        return this.#create(step);
      case "deleteTopic": {
        const { error } = asking.once<"deleteTopic">({ kind: step.op, topic: step.topic });
        asking.pass(50);
        return saw(error, {});
      }
      case "createPartitions": {
        const { topic, partitions } = step;
        const { error } = asking.once<"createPartitions">({ kind: step.op, topic, partitions });
        if (error === null) this.#settle(topic);
        return saw(error, {});
      }
      case "alterTopic": {
        const config = topicConfig(step.config);
        if (config === null) return null;
        const { error } = asking.once<"alterTopic">({ kind: step.op, topic: step.topic, config });
        return saw(error, {});
      }
      case "electLeader": {
        const of = partitionCalled(step.partition);
        const { election } = step;
        return saw(asking.once<"electLeader">({ kind: step.op, ...of, election }).error, {});
      }
      case "metadata":
        return this.#metadata(step.topic);
    }
  }

  #create(step: Extract<TopicStep, { op: "createTopic" }>): Saw | null {
    const { topic, partitions, replicas, replicationFactor } = step;
    const config = topicConfig(step.config);
    if (config === null) return null;
    const { error } = this.#asking.once<"createTopic">({
      kind: "createTopic",
      topic,
      config: {
        ...forEver,
        partitions: partitions ?? replicas?.length ?? 1,
        ...(replicas === undefined ? { replicationFactor: replicationFactor ?? 1 } : { replicas }),
        ...config,
      },
    });
    if (error === null) this.#settle(topic);
    return saw(error, {});
  }

  #settle(topic: string): void {
    const isLed = (): boolean =>
      this.#asking.metadata(topic)?.partitions.every(({ leader }) => leader >= 0) ?? false;
    while (!isLed()) this.#asking.pass(20);
    this.#asking.pass(50);
  }

  #metadata(topic: string): Saw {
    const known = this.#asking.metadata(topic);
    const error: BrokerError | null = known?.error ?? null;
    const partitions = known?.partitions ?? [];
    if (error !== null && partitions.length === 0) return { error };
    return {
      partitions: partitions.map(({ leader, leaderEpoch, isr = [] }) => ({
        ...(leader === -1 ? { error: "LEADER_NOT_AVAILABLE" } : {}),
        leader,
        leaderEpoch,
        isr: isr.toSorted(compareNumbers),
      })),
    };
  }
}
