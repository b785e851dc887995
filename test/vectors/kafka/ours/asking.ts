// Requests to our cluster, one at a time: time goes on until the reply has come.
import type {
  KafkaReplyOf,
  KafkaRequestKind,
  KafkaRequestOf,
} from "../../../../core/broker/admin-request.ts";
import type { PartitionMetadata } from "../../../../core/broker/broker.ts";
import { OFFSETS_TOPIC } from "../../../../core/broker/coordinator.ts";
import { partitionOf } from "../../../../core/broker/coordinators.ts";
import { makeCoordinators } from "../../../../core/broker/make-coordinators.ts";
import { SimulatedCluster } from "../../../../core/broker/simulated-cluster.ts";
import type { TopicPartition } from "../../../../core/record/topic-partition.ts";
import type { Runtime } from "../../../../core/sim/runtime.ts";
import { Simulation } from "../../../../core/sim/simulation.ts";
import type { EventOf, TraceEvent, TraceKind } from "../../../../core/trace/event.ts";
import { Trace } from "../../../../core/trace/trace.ts";
import type { ClusterSpec } from "../scenarios/scenario.ts";
import { clusterSettings } from "./settings.ts";

/** Brokers of the vectors live today, and scenarios of one broker write of 2096 and of 1970. */
const todayMs = 1_790_000_000_000;
const giveUpAfterMs = 600_000;
/** A matter of moments, which every client asks again about. */
const askAgain = new Set([
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
  "CONCURRENT_TRANSACTIONS",
  "NETWORK_EXCEPTION",
]);
const againAfterMs = 20;

/** A reply that comes, or has come. */
export interface Awaited<T> {
  reply: T | null;
}

export class Asking {
  readonly cluster: SimulatedCluster;
  readonly brokers: readonly number[];
  readonly #simulation: Simulation;
  readonly #events: TraceEvent[] = [];

  constructor(spec: ClusterSpec) {
    const trace = new Trace();
    trace.listen((event) => this.#events.push(event));
    this.#simulation = new Simulation({ seed: 1, trace });
    this.brokers = Array.from({ length: spec.brokers }, (_, index) => index + 1);
    this.cluster = new SimulatedCluster({
      runtime: this.#simulation,
      brokers: spec.brokers,
      requestMs: 2,
      settings: clusterSettings(spec),
      makeCoordinators,
    });
    if (spec.brokers === 1) this.cluster.skewClock(1, todayMs);
  }

  get runtime(): Runtime {
    return this.#simulation;
  }

  /** Time goes on until something holds. */
  until(holds: () => boolean, what: string): void {
    const endMs = this.#simulation.now() + giveUpAfterMs;
    while (!holds()) {
      const nextMs = this.#simulation.nextAtMs;
      if (nextMs === null || nextMs > endMs) throw new Error(`our cluster never came to ${what}`);
      this.#simulation.step();
    }
  }

  pass(ms: number): void {
    let isOver = false;
    this.#simulation.schedule(ms, () => {
      isOver = true;
    });
    this.until(() => isOver, `${ms} ms later`);
  }

  start<K extends KafkaRequestKind>(
    request: KafkaRequestOf<K>,
    client = "client",
  ): Awaited<KafkaReplyOf<K>> {
    const box: Awaited<KafkaReplyOf<K>> = { reply: null };
    this.cluster.client(client).send<K>(request, (reply) => {
      box.reply = reply;
    });
    return box;
  }

  once<K extends KafkaRequestKind>(request: KafkaRequestOf<K>, client?: string): KafkaReplyOf<K> {
    const box = this.start<K>(request, client);
    this.until(() => box.reply !== null, `a reply to ${request.kind}`);
    if (box.reply === null) throw new Error("there is a reply");
    return box.reply;
  }

  /** Again, where that is a matter of moments. */
  again<K extends KafkaRequestKind>(request: KafkaRequestOf<K>, client?: string): KafkaReplyOf<K> {
    for (let count = 0; ; count += 1) {
      const reply = this.once<K>(request, client);
      const isOver = reply.error === null || !askAgain.has(reply.error);
      if (isOver || count * againAfterMs > giveUpAfterMs) return reply;
      this.pass(againAfterMs);
    }
  }

  /** As brokers tell it now; it also lets the client know who leads. */
  metadata(topic: string): KafkaReplyOf<"metadata">["topics"][number] | undefined {
    const { topics } = this.once<"metadata">({ kind: "metadata", topics: [topic] });
    return topics.find((one) => one.topic === topic);
  }

  partition({ topic, partition }: TopicPartition): PartitionMetadata | undefined {
    return this.metadata(topic)?.partitions[partition];
  }

  /** A broker by its number, as `leader of t-0`, or as `coordinator of g`. */
  brokerCalled(name: number | string): number {
    const [, group] = /^coordinator of (.*)$/.exec(String(name)) ?? [];
    if (group !== undefined) {
      const partition = partitionOf(group);
      return this.partition({ topic: OFFSETS_TOPIC, partition })?.leader ?? -1;
    }
    const [, of] = /^leader of (.*)$/.exec(String(name)) ?? [];
    return of === undefined ? Number(name) : (this.partition(partitionCalled(of))?.leader ?? -1);
  }

  /** The last that happened, of those that a test holds for. */
  lastEvent<K extends TraceKind>(
    kind: K,
    isRight: (event: EventOf<K>) => boolean,
  ): EventOf<K> | undefined {
    return this.#events.findLast(
      (event): event is EventOf<K> => event.kind === kind && isRight(event as EventOf<K>),
    );
  }
}

/** `t-0` is partition 0 of topic `t`. */
export function partitionCalled(name: string): TopicPartition {
  const dash = name.lastIndexOf("-");
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
}
