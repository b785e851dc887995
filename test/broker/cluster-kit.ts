/** A simulated cluster of its own, with virtual time and every fact it tells. */

import type {
  KafkaRequestOf,
  KafkaReplyOf,
  KafkaRequestKind,
} from "../../core/broker/admin-request.ts";
import type { Acks, TopicConfig } from "../../core/broker/broker.ts";
import type { ClusterSettings } from "../../core/broker/cluster-settings.ts";
import { makeCoordinators } from "../../core/broker/make-coordinators.ts";
import { SimulatedCluster } from "../../core/broker/simulated-cluster.ts";
import { Simulation } from "../../core/sim/simulation.ts";
import type { EventOf, TraceEvent, TraceKind } from "../../core/trace/event.ts";
import { describeEvent } from "../../core/trace/text.ts";
import { Trace } from "../../core/trace/trace.ts";

export class ClusterKit {
  readonly simulation: Simulation;
  readonly cluster: SimulatedCluster;
  readonly events: TraceEvent[] = [];

  constructor(brokers: number, settings: Partial<ClusterSettings> = {}, seed = 1) {
    const trace = new Trace();
    trace.listen((event) => this.events.push(event));
    this.simulation = new Simulation({ seed, trace });
    this.cluster = new SimulatedCluster({
      runtime: this.simulation,
      brokers,
      requestMs: 2,
      settings,
      makeCoordinators,
    });
  }

  topic(config: Partial<TopicConfig> = {}, topic = "t"): void {
    this.cluster.createTopic(topic, { partitions: 1, replicationFactor: 3, ...config });
  }

  /** Runs up to a time, all that is due then included. */
  runTo(atMs: number): void {
    this.simulation.schedule(Math.max(0, atMs - this.simulation.now()), () => {
      // So that the clock gets there.
    });
    while ((this.simulation.nextAtMs ?? Infinity) <= atMs) this.simulation.step();
  }

  /** The reply, once it has come; null before. */
  ask<K extends KafkaRequestKind>(
    request: KafkaRequestOf<K>,
    client = "client",
  ): { reply: KafkaReplyOf<K> | null } {
    const box: { reply: KafkaReplyOf<K> | null } = { reply: null };
    this.cluster.client(client).send<K>(request, (reply) => {
      box.reply = reply;
    });
    return box;
  }

  /** The client learns where leaders are. */
  refresh(topic = "t"): void {
    this.ask<"metadata">({ kind: "metadata", topics: [topic] });
    this.runTo(this.simulation.now() + 2);
  }

  produce(
    values: readonly string[],
    options: { acks?: Acks; topic?: string; client?: string; timeoutMs?: number } = {},
  ): { reply: KafkaReplyOf<"produce"> | null } {
    const { acks = -1, topic = "t", client, timeoutMs = 30_000 } = options;
    const timestampMs = this.simulation.now();
    const records = values.map((value) => ({ key: null, value, timestampMs, headers: [] }));
    const request = { kind: "produce", topic, partition: 0, acks, timeoutMs, records } as const;
    return this.ask<"produce">(request, client);
  }

  /** What a consumer would see now, from an offset on. */
  fetch(fromOffset = 0, topic = "t"): { reply: KafkaReplyOf<"fetch"> | null } {
    return this.ask<"fetch">({
      kind: "fetch",
      topic,
      partition: 0,
      fromOffset,
      untilOffset: Infinity,
      maxRecords: 1_000,
      maxBytes: 1_000_000,
    });
  }

  values(topic = "t"): (string | null)[] {
    return this.cluster.readLog(topic, 0).map(({ value }) => value);
  }

  eventsOf<K extends TraceKind>(kind: K): EventOf<K>[] {
    // The filter has just compared the kind.
    return this.events.filter((event) => event.kind === kind) as EventOf<K>[];
  }

  lines(...kinds: readonly TraceKind[]): string[] {
    return this.events.filter(({ kind }) => kinds.includes(kind)).map(describeEvent);
  }
}
