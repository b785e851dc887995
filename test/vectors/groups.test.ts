// Goal: groups rebalance, fence and keep offsets as a real broker and real consumers do.
// Method: the scenarios that Kafka 3.9.1 ran (kafka/groups.json), with our cluster and consumers.
// The group's state is read from the trace; what our port does not carry is left out, by name.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { KafkaReplyOf, KafkaRequestKind } from "../../core/broker/admin-request.ts";
import { compareStrings } from "../../core/base/order.ts";
import { GroupConsumer } from "../../core/client/group-consumer.ts";
import { type AssignorName, defaultConsumerSettings } from "../../core/client/consumer-settings.ts";
import { type TopicPartition, topicPartitionName } from "../../core/record/topic-partition.ts";
import { ClusterKit } from "../broker/cluster-kit.ts";

type Names = Readonly<Record<string, readonly string[]>>;

/** A step, as the recorder has written it; `saw` is what Kafka answered. */
interface Step {
  readonly op: string;
  readonly saw: unknown;
  readonly group?: string;
  readonly member?: string;
  readonly id?: string;
  readonly generation?: number;
  readonly instance?: string;
  readonly topic?: string;
  readonly topics?: readonly string[];
  readonly protocols?: readonly string[];
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
  readonly once?: boolean;
  readonly later?: string;
  readonly of?: string;
  readonly state?: string;
  readonly members?: number;
  readonly assignments?: Names;
  readonly offsets?: Readonly<Record<string, number>>;
  readonly partitions?: number | readonly string[];
  readonly as?: string;
  readonly by?: string;
  readonly config?: Readonly<Record<string, string | number>>;
  readonly holding?: Readonly<Record<string, number>>;
  /** What members were told on the way depends on who polled first. */
  readonly shows?: "holds";
}

interface Vector {
  readonly name: string;
  readonly steps: readonly Step[];
}

const notInThePort = new Set([
  "groups/a sync with another protocol than the group's",
  "groups/metadata of a commit that is too long",
  "groups/a group is deleted when it is empty",
  "groups/who takes over goes on at what was committed",
  "groups/a commit of partitions that one does not hold",
  "groups/an application that subscribes cannot assign",
  "groups/a consumer without a group commits nothing",
]);

const assignorNames: Readonly<Record<string, AssignorName>> = {
  RangeAssignor: "range",
  RoundRobinAssignor: "roundrobin",
  StickyAssignor: "sticky",
  CooperativeStickyAssignor: "cooperative-sticky",
};

function called(name: string): TopicPartition {
  const dash = name.lastIndexOf("-");
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
}

class Play {
  readonly #kit = new ClusterKit(1, { groupInitialRebalanceDelayMs: 0, groupMaxSize: 3 });
  /** Ids and generations as members were told them last. */
  readonly #ids = new Map<string, string>();
  readonly #generations = new Map<string, number>();
  readonly #later = new Map<string, () => unknown>();
  readonly #consumers = new Map<string, GroupConsumer>();
  readonly #told = new Map<string, string[]>();

  constructor() {
    this.#kit.runTo(100);
  }

  do(step: Step): unknown {
    const start = this.#start(step);
    if (step.later === undefined) return this.#await(start);
    let seen: unknown = null;
    const look = (): unknown => {
      seen ??= start();
      return seen;
    };
    this.#later.set(step.later, look);
    // Time enough to be heard, and to join again with the id it is given.
    for (let n = 0; n < 5; n += 1) {
      look();
      this.#kit.runTo(this.#kit.simulation.now() + 10);
    }
    return {};
  }

  /** Runs until there is an answer. */
  #await(answer: () => unknown): unknown {
    const untilMs = this.#kit.simulation.now() + 120_000;
    while (this.#kit.simulation.now() < untilMs) {
      const seen = answer();
      if (seen !== null) return seen;
      this.#kit.runTo(this.#kit.simulation.now() + 10);
    }
    throw new Error("nothing was answered");
  }

  #ask<K extends KafkaRequestKind>(
    request: Parameters<typeof this.askKit<K>>[0],
    read: (reply: KafkaReplyOf<K>) => unknown,
  ): () => unknown {
    const box = this.askKit<K>(request);
    return () => (box.reply === null ? null : read(box.reply));
  }

  askKit<K extends KafkaRequestKind>(
    request: Parameters<ClusterKit["ask"]>[0] & { kind: K },
  ): { reply: KafkaReplyOf<K> | null } {
    // Requests are told apart by their kinds, as they are in the kit.
    return this.#kit.ask<K>(request as never);
  }

  #start(step: Step): () => unknown {
    const { group = "", topic = "", instance = null } = step;
    const name = step.member ?? "";
    const member = step.id ?? this.#ids.get(name) ?? "";
    const generation = step.generation ?? this.#generations.get(name) ?? -1;
    switch (step.op) {
      case "createTopic": {
        const partitions = typeof step.partitions === "number" ? step.partitions : 1;
        this.#kit.topic({ partitions, replicationFactor: 1 }, topic);
        return () => ({});
      }
      case "deleteTopic":
        return this.#ask({ kind: "deleteTopic", topic }, ({ error }) => said(error));
      case "createPartitions": {
        const partitions = typeof step.partitions === "number" ? step.partitions : 1;
        const request = { kind: "createPartitions", topic, partitions } as const;
        return this.#ask(request, ({ error }) => said(error));
      }
      case "joinGroup":
        return this.#join(step);
      case "syncGroup": {
        const assignments = Object.entries(step.assignments ?? {}).map(([to, partitions]) => ({
          member: this.#ids.get(to) ?? "",
          partitions: partitions.map(called),
        }));
        const who = { group, member, instance, generation };
        return this.#ask({ kind: "syncGroup", ...who, assignments }, ({ error, partitions }) =>
          error === null ? { partitions: partitions.map(topicPartitionName) } : { error },
        );
      }
      case "heartbeat":
        return this.#ask({ kind: "heartbeat", group, member, instance, generation }, ({ error }) =>
          said(error),
        );
      case "leaveGroup":
        return this.#ask({ kind: "leaveGroup", group, member, instance }, ({ error }) =>
          said(error),
        );
      case "commitOffsets":
        return this.#commit(step, { member, generation, instance });
      case "fetchCommitted":
        return this.#fetchCommitted(step);
      case "answer":
        return this.#later.get(step.of ?? "") ?? (() => null);
      case "describeGroup":
        return () => this.#describe(group);
      case "awaitGroup":
        return () => {
          const { state, members } = this.#describe(group);
          const isThere =
            state === step.state && (step.members === undefined || members.length === step.members);
          return isThere ? {} : null;
        };
      default:
        return this.#consume(step);
    }
  }

  #join(step: Step): () => unknown {
    const { group = "", topics = [], protocols = ["range"], instance = null } = step;
    const name = step.member ?? "";
    const subscription = { topics, ownedPartitions: [], generation: -1, lastAssignment: null };
    const ask = (): { reply: KafkaReplyOf<"joinGroup"> | null } =>
      this.askKit<"joinGroup">({
        kind: "joinGroup",
        group,
        member: step.id ?? this.#ids.get(name) ?? "",
        instance,
        clientId: name,
        sessionTimeoutMs: step.sessionTimeoutMs ?? 60_000,
        rebalanceTimeoutMs: step.rebalanceTimeoutMs ?? 60_000,
        protocols,
        subscription,
      });
    let box = ask();
    return () => {
      const { reply } = box;
      if (reply === null) return null;
      if (reply.member !== "") this.#ids.set(name, reply.member);
      if (reply.error === "MEMBER_ID_REQUIRED" && step.once !== true) {
        box = ask();
        return null;
      }
      if (reply.error !== null) return { error: reply.error };
      this.#generations.set(name, reply.generation);
      return {
        generation: reply.generation,
        protocol: reply.protocol,
        leader: this.#nameOf(reply.leader),
        ...(reply.skipsAssignment ? { skipsAssignment: true } : {}),
        members: reply.members.map((one) => this.#nameOf(one.member)).sort(compareStrings),
      };
    };
  }

  #nameOf(id: string): string {
    return [...this.#ids].find(([, known]) => known === id)?.[0] ?? id;
  }

  #commit(
    { group = "", member, offsets = {} }: Step,
    from: { member: string; generation: number; instance: string | null },
  ): () => unknown {
    const request = {
      kind: "commitOffsets",
      group,
      offsets: Object.entries(offsets).map(([name, offset]) => ({ ...called(name), offset })),
      ...(member === undefined && from.generation < 0 ? {} : { from }),
    } as const;
    const names = Object.keys(offsets);
    // The port has one error for all.
    return this.#ask(request, ({ error }) =>
      Object.fromEntries(
        names.map((name) => {
          const isMissing = error === "UNKNOWN_TOPIC_OR_PARTITION" && this.#exists(name);
          return [name, isMissing ? "NONE" : (error ?? "NONE")];
        }),
      ),
    );
  }

  #exists(name: string): boolean {
    const { topic, partition } = called(name);
    const created = this.#kit.eventsOf("topic.created").filter((one) => one.topic === topic);
    return partition < (created.at(-1)?.leaders.length ?? 0);
  }

  #fetchCommitted({ group = "", partitions = [] }: Step): () => unknown {
    const wanted = typeof partitions === "number" ? [] : partitions.map(called);
    return this.#ask({ kind: "fetchCommitted", group, partitions: wanted }, ({ offsets }) =>
      Object.fromEntries(offsets.map((of) => [topicPartitionName(of), of.offset])),
    );
  }

  #describe(group: string): { state: string; protocol?: string; members: string[] } {
    const last = this.#kit.eventsOf("group.changed").findLast((event) => event.group === group);
    if (last === undefined) {
      const isPending = this.#ids.size > 0;
      return { state: isPending ? "Empty" : "Dead", members: [] };
    }
    const members = last.members.map(({ member }) => this.#nameOf(member)).sort(compareStrings);
    const isStable = last.state === "Stable" && last.protocol !== null;
    return { state: last.state, ...(isStable ? { protocol: last.protocol } : {}), members };
  }

  // Consumers

  #consume(step: Step): () => unknown {
    const { as = "", by = "" } = step;
    switch (step.op) {
      case "consumer":
        this.#makeConsumer(as, step.config ?? {});
        break;
      case "subscribe":
        this.#consumers.get(by)?.start();
        break;
      case "closeConsumer": {
        const consumer = this.#consumers.get(by);
        consumer?.close();
        this.#consumers.delete(by);
        return () => (consumer?.isEnded === true ? {} : null);
      }
      case "rebalance":
        return () => this.#held(step.holding ?? {}, step.shows === "holds");
      default:
        throw new Error(`no step is called ${step.op}`);
    }
    return () => ({});
  }

  #makeConsumer(name: string, config: Readonly<Record<string, string | number>>): void {
    const told: string[] = [];
    this.#told.set(name, told);
    const strategy = String(config["partition.assignment.strategy"]).split(".").at(-1) ?? "";
    const instance = config["group.instance.id"];
    const consumer = new GroupConsumer({
      runtime: this.#kit.simulation,
      client: this.#kit.cluster.client(name),
      name,
      group: String(config["group.id"]),
      topics: ["t"],
      instance: instance === undefined ? null : String(instance),
      settings: {
        ...defaultConsumerSettings,
        autoOffsetReset: "earliest",
        heartbeatIntervalMs: Number(config["heartbeat.interval.ms"]),
        metadataMaxAgeMs: Number(config["metadata.max.age.ms"]),
        partitionAssignmentStrategy: [assignorNames[strategy] ?? "range"],
      },
      processMs: 0,
      commits: "never",
      onRebalance: (what, partitions) =>
        told.push([what, ...partitions.map(topicPartitionName)].join(" ")),
    });
    this.#consumers.set(name, consumer);
  }

  /** Once each holds so many, and the group has come to rest. */
  #held(holding: Readonly<Record<string, number>>, isAll: boolean): unknown {
    const entries = Object.entries(holding);
    const last = this.#kit.eventsOf("group.changed").at(-1);
    const isReached = entries.every(
      ([name, count]) => this.#consumers.get(name)?.assignment.length === count,
    );
    if (!isReached || last?.state !== "Stable" || last.members.length !== entries.length) {
      return null;
    }
    this.#kit.runTo(this.#kit.simulation.now() + 1_000);
    return Object.fromEntries(
      entries.map(([name]) => {
        const holds = (this.#consumers.get(name)?.assignment ?? []).map(topicPartitionName);
        const told = this.#told.get(name)?.splice(0) ?? [];
        return [name, { holds: holds.join(" "), ...(isAll ? {} : { told }) }];
      }),
    );
  }
}

function said(error: string | null): unknown {
  return error === null ? {} : { error };
}

const vectors = (
  JSON.parse(readFileSync(new URL("kafka/groups.json", import.meta.url), "utf8")) as Vector[]
).filter(({ name }) => !notInThePort.has(name));

/** Steps that our port has no words for. */
function isInThePort(step: Step): boolean {
  return step.op !== "deleteGroup" && !("protocolType" in step);
}

/** Of members that keep partitions while they join, how many generations it takes to settle depends
 *  on who polls first: what they were told is compared as a whole. */
function settled(seen: unknown, isCooperative: boolean): unknown {
  if (!isCooperative) return seen;
  return JSON.parse(JSON.stringify(seen), (key, value: unknown) => {
    if (key !== "told" || !Array.isArray(value)) return value;
    const words = value.flatMap((line: unknown) => {
      const [what = "", ...partitions] = String(line).split(" ");
      return partitions.map((partition) => `${what} ${partition}`);
    });
    return words.sort(compareStrings);
  });
}

test.each(vectors)("$name", ({ name, steps }) => {
  const play = new Play();
  const isCooperative = name.includes("Cooperative");
  for (const step of steps.filter(isInThePort)) {
    const seen = settled(play.do(step), isCooperative);
    expect(seen, JSON.stringify(step)).toEqual(settled(step.saw, isCooperative));
  }
});
