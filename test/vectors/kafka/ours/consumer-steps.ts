// Applications in groups, with our own consumer, which polls by itself once it has subscribed.
import { compareStrings } from "../../../../core/base/order.ts";
import {
  type AssignorName,
  type ConsumerSettings,
  defaultConsumerSettings,
} from "../../../../core/client/consumer-settings.ts";
import { GroupConsumer } from "../../../../core/client/group-consumer.ts";
import { topicPartitionName } from "../../../../core/record/topic-partition.ts";
import type { ConsumerStep } from "../scenarios/step.ts";
import type { Asking } from "./asking.ts";
import type { Saw } from "./saw.ts";

type Config = NonNullable<Extract<ConsumerStep, { op: "consumer" }>["config"]>;
type Rebalance = Extract<ConsumerStep, { op: "rebalance" }>;

const assignors = new Map<string, AssignorName>([
  ["RangeAssignor", "range"],
  ["RoundRobinAssignor", "roundrobin"],
  ["StickyAssignor", "sticky"],
  ["CooperativeStickyAssignor", "cooperative-sticky"],
]);

export class ConsumerSteps {
  readonly #asking: Asking;
  readonly #configs = new Map<string, Config>();
  readonly #consumers = new Map<string, GroupConsumer>();
  /** What each was told about its partitions since that was last noted. */
  readonly #told = new Map<string, string[]>();

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  run(step: ConsumerStep): Saw {
    switch (step.op) {
      case "consumer":
        this.#configs.set(step.as, step.config ?? {});
        return {};
      case "subscribe":
        this.#subscribe(step.by, step.topics);
        return {};
      case "rebalance":
        return this.#rebalance(step);
      case "closeConsumer": {
        const consumer = this.#of(step.by);
        consumer.close();
        this.#asking.until(() => consumer.isEnded, `the end of ${step.by}`);
        return {};
      }
    }
  }

  #of(name: string): GroupConsumer {
    const consumer = this.#consumers.get(name);
    if (consumer === undefined) throw new Error(`${name} has not subscribed`);
    return consumer;
  }

  #subscribe(name: string, topics: readonly string[]): void {
    const config: Config = this.#configs.get(name) ?? {};
    const told: string[] = [];
    this.#told.set(name, told);
    const consumer = new GroupConsumer({
      runtime: this.#asking.runtime,
      client: this.#asking.cluster.client(name),
      name,
      group: String(config["group.id"]),
      topics,
      instance:
        config["group.instance.id"] === undefined ? null : String(config["group.instance.id"]),
      settings: settingsOf(config),
      processMs: 0,
      commits: "never",
      onRebalance: (what, partitions) =>
        told.push([what, ...partitions.map(topicPartitionName).sort(compareStrings)].join(" ")),
    });
    this.#consumers.set(name, consumer);
    consumer.start();
  }

  /** Until each holds as many partitions as said, and their group has come to rest. */
  #rebalance({ holding, shows }: Rebalance): Saw {
    const names = Object.keys(holding);
    this.#asking.until(
      () => {
        const isRight = names.every((name) => this.#of(name).assignment.length === holding[name]);
        const group = this.#asking.lastEvent("group.changed", () => true);
        return isRight && group?.state === "Stable" && group.members.length === names.length;
      },
      `consumers that hold ${JSON.stringify(holding)}`,
    );
    this.#asking.pass(1_000);
    const seen = names.map((name) => {
      const held = this.#of(name).assignment.map(topicPartitionName).sort(compareStrings);
      const told = this.#told.get(name)?.splice(0) ?? [];
      return [name, { holds: held.join(" "), ...(shows === "holds" ? {} : { told }) }];
    });
    return Object.fromEntries(seen) as Saw;
  }
}

function settingsOf(config: Config): ConsumerSettings {
  const strategy = String(config["partition.assignment.strategy"]).split(".").at(-1) ?? "";
  const assignor = assignors.get(strategy);
  if (assignor === undefined) throw new Error(`no assignor of ours is ${strategy}`);
  return {
    ...defaultConsumerSettings,
    enableAutoCommit: false,
    autoOffsetReset: "earliest",
    heartbeatIntervalMs: Number(config["heartbeat.interval.ms"]),
    metadataMaxAgeMs: Number(config["metadata.max.age.ms"]),
    partitionAssignmentStrategy: [assignor],
  };
}
