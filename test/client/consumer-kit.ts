/** A simulated cluster with a topic `t`, and consumers in group `g` that a test starts, stalls and
 *  kills. */

import { type GroupConsumerOptions, GroupConsumer } from "../../core/client/group-consumer.ts";
import {
  type ConsumerSettings,
  defaultConsumerSettings,
} from "../../core/client/consumer-settings.ts";
import { topicPartitionName } from "../../core/record/topic-partition.ts";
import type { EventOf } from "../../core/trace/event.ts";
import { ClusterKit } from "../broker/cluster-kit.ts";

export class ConsumerKit extends ClusterKit {
  /** `c1 revoked t-0 t-1`, in order. */
  readonly callbacks: string[] = [];
  readonly ends: string[] = [];
  /** `t-0@5`: what each application was given. */
  readonly given = new Map<string, string[]>();

  constructor(partitions: number, brokers = 1) {
    super(brokers);
    this.topic({ partitions, replicationFactor: brokers });
    this.runTo(100);
  }

  /** A consumer that starts now, and reads from the beginning. */
  start(
    name: string,
    settings: Partial<ConsumerSettings> = {},
    options: Partial<GroupConsumerOptions> = {},
  ): GroupConsumer {
    const given: string[] = [];
    this.given.set(name, given);
    const consumer = new GroupConsumer({
      runtime: this.simulation,
      client: this.cluster.client(name),
      name,
      group: "g",
      topics: ["t"],
      instance: null,
      settings: { ...defaultConsumerSettings, autoOffsetReset: "earliest", ...settings },
      processMs: 1,
      commits: "never",
      onRecords: (polled) => {
        for (const { records } of polled) {
          for (const one of records) given.push(`${topicPartitionName(one)}@${one.offset}`);
        }
      },
      onRebalance: (what, partitions) =>
        this.callbacks.push([name, what, ...partitions.map(topicPartitionName)].join(" ")),
      onEnd: (error) => this.ends.push(`${name}: ${error?.message ?? "closed"}`),
      ...options,
    });
    consumer.start();
    return consumer;
  }

  /** So many records, to each partition in turn. */
  fill(partition: number, count: number): void {
    const timestampMs = this.simulation.now();
    const record = { key: null, value: "v", timestampMs, headers: [] };
    const records = Array.from({ length: count }, () => record);
    this.ask<"produce">({ kind: "produce", topic: "t", partition, records }, "producer");
  }

  /** Runs for so long. */
  pass(ms: number): void {
    this.runTo(this.simulation.now() + ms);
  }

  states(): string[] {
    return this.eventsOf("group.changed").map(({ state, generation }) => `${state} ${generation}`);
  }

  /** `c1: t-0 t-1`, by name, of the last assignment. */
  holds(): string[] {
    const last = this.eventsOf("group.changed").findLast(({ state }) => state === "Stable");
    return (last?.members ?? [])
      .map(({ clientId, partitions }) =>
        [`${clientId}:`, ...partitions.map(topicPartitionName)].join(" "),
      )
      .sort();
  }

  failures(): string[] {
    return this.eventsOf("request.failed").map(
      ({ client, request, error }) => `${client} ${request} ${error}`,
    );
  }

  commits(): EventOf<"offsets.committed">[] {
    return this.eventsOf("offsets.committed");
  }
}
