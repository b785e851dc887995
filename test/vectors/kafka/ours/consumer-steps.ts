// Applications that consume, with our own consumer: in groups it polls by itself once it has
// subscribed, and what it was given is noted where a step polls.
import { compareStrings } from "../../../../core/base/order.ts";
import {
  type AssignorName,
  type ConsumerSettings,
  defaultConsumerSettings,
} from "../../../../core/client/consumer-settings.ts";
import { GroupConsumer } from "../../../../core/client/group-consumer.ts";
import { topicPartitionName } from "../../../../core/record/topic-partition.ts";
import { KafkaError } from "../../../../core/client/producer-errors.ts";
import type { PartitionOffset } from "../../../../core/broker/group-request.ts";
import type { ConsumerRecord } from "../../../../core/record/record.ts";
import type { ClientStep, ConsumerStep } from "../scenarios/step.ts";
import { type Asking, partitionCalled } from "./asking.ts";
import { AssignedConsumer } from "./assigned-consumer.ts";
import { trimmed } from "./log-steps.ts";
import type { Saw } from "./saw.ts";

/** `read` is of logs. */
type ReaderStep = Exclude<ClientStep, { op: "read" }>;

type Config = NonNullable<Extract<ConsumerStep, { op: "consumer" }>["config"]>;
type Rebalance = Extract<ConsumerStep, { op: "rebalance" }>;

const assignors = new Map<string, AssignorName>([
  ["RangeAssignor", "range"],
  ["RoundRobinAssignor", "roundrobin"],
  ["StickyAssignor", "sticky"],
  ["CooperativeStickyAssignor", "cooperative-sticky"],
]);

const resets = ["earliest", "latest", "none"] as const;

export class ConsumerSteps {
  readonly #asking: Asking;
  readonly #configs = new Map<string, Config>();
  readonly #consumers = new Map<string, GroupConsumer>();
  /** What each was told about its partitions since that was last noted. */
  readonly #told = new Map<string, string[]>();
  /** What each subscriber was given since that was last asked for. */
  readonly #given = new Map<string, ConsumerRecord[]>();
  readonly #assigned = new Map<string, AssignedConsumer>();

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
        const assigned = this.#assigned.get(step.by);
        if (assigned !== undefined) {
          assigned.close();
          return {};
        }
        const consumer = this.#of(step.by);
        consumer.close();
        this.#asking.until(() => consumer.isEnded, `the end of ${step.by}`);
        return {};
      }
    }
  }

  /** What its application does by hand. */
  read(step: ReaderStep): Saw {
    try {
      return this.#read(step);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { exception: error.exception };
    }
  }

  #read(step: ReaderStep): Saw {
    if (step.op === "assign") {
      const config = this.#configs.get(step.by) ?? {};
      const of = {
        name: step.by,
        group: String(config["group.id"]),
        settings: settingsOf(config),
      };
      const partitions = step.partitions.map(partitionCalled);
      this.#assigned.set(step.by, new AssignedConsumer(this.#asking, of, partitions));
      return {};
    }
    const assigned = this.#assigned.get(step.by);
    switch (step.op) {
      case "seek": {
        const to = { ...partitionCalled(step.partition), offset: step.to };
        (assigned ?? this.#of(step.by)).seek(to);
        this.#given.get(step.by)?.splice(0);
        return {};
      }
      case "poll": {
        const records = assigned?.poll(step.records) ?? this.#polled(step.by, step.records);
        return { records: records.map(({ offset, key, value }) => [offset, key, trimmed(value)]) };
      }
      case "position":
        if (assigned === undefined) throw new Error("positions are asked of who was assigned");
        return { position: assigned.position(partitionCalled(step.partition)) };
      case "commit":
        return this.#commit(step.by, step.offsets);
    }
  }

  /** Until it was given so many. */
  #polled(name: string, count: number): readonly ConsumerRecord[] {
    const given = this.#given.get(name) ?? [];
    this.#asking.until(() => given.length >= count, `${count} records`);
    return given.splice(0);
  }

  #commit(name: string, wanted: Readonly<Record<string, number>> | undefined): Saw {
    const offsets: readonly PartitionOffset[] | null =
      wanted === undefined
        ? null
        : Object.entries(wanted).map(([of, offset]) => ({ ...partitionCalled(of), offset }));
    const assigned = this.#assigned.get(name);
    if (assigned !== undefined) {
      assigned.commit(offsets);
      return {};
    }
    let seen: Saw | null = null;
    this.#of(name).commitSync(offsets, (error) => {
      seen = error === null ? {} : { error };
    });
    this.#asking.until(() => seen !== null, "the end of a commit");
    return seen ?? {};
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
    const given: ConsumerRecord[] = [];
    this.#given.set(name, given);
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
      onRecords: (polled) => given.push(...polled.flatMap(({ records }) => records)),
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
  const named = config["partition.assignment.strategy"];
  const strategy = named === undefined ? undefined : String(named).split(".").at(-1);
  const assignor = strategy === undefined ? "range" : assignors.get(strategy);
  if (assignor === undefined) throw new Error(`no assignor of ours is ${strategy}`);
  const reset = resets.find((one) => one === config["auto.offset.reset"]);
  const { heartbeatIntervalMs, metadataMaxAgeMs } = defaultConsumerSettings;
  return {
    ...defaultConsumerSettings,
    enableAutoCommit: false,
    autoOffsetReset: reset ?? "latest",
    heartbeatIntervalMs: Number(config["heartbeat.interval.ms"] ?? heartbeatIntervalMs),
    metadataMaxAgeMs: Number(config["metadata.max.age.ms"] ?? metadataMaxAgeMs),
    partitionAssignmentStrategy: [assignor],
  };
}
