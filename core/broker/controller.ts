/** The controller: knows which brokers are alive, decides who leads each partition, and tells all
 *  brokers through the metadata log. Without a majority of controllers nothing changes; requests
 *  wait for the next one.
 *  Like Kafka: QuorumController, ReplicationControlManager, BrokerHeartbeatManager. */

import { get } from "../base/assert.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { PartitionChangeReason } from "../trace/cluster-fact.ts";
import type { AdminRequestKind, KafkaRequestOf } from "./admin-request.ts";
import type { BrokerError } from "./broker-error.ts";
import type { TopicConfig } from "./broker.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { ControllerQuorum } from "./controller-quorum.ts";
import type { ControllerTask } from "./controller-task.ts";
import { elect } from "./election.ts";
import { leaderTasks } from "./leader-tasks.ts";
import { type MetadataChange, MetadataImage, type PartitionState } from "./metadata.ts";
import { PRODUCER_ID_BLOCK } from "./producer-ids.ts";
import { TopicControl } from "./topic-control.ts";

type Registration = {
  /** Raised at each registration. */
  epoch: number;
  state: "active" | "fenced" | "shutting down";
};

export interface ControllerOptions {
  readonly runtime: Runtime;
  readonly settings: ClusterSettings;
  readonly brokers: readonly number[];
  /** Called after each change: brokers are told that there is more to read. */
  readonly published: () => void;
  /** True while heartbeats of a broker would arrive. */
  readonly hears: (broker: number) => boolean;
  /** False for partitions that nobody has used yet. */
  readonly isOpen: (of: TopicPartition) => boolean;
}

export class Controller {
  readonly #options: ControllerOptions;
  readonly image = new MetadataImage();
  /** The metadata log; brokers remember how far they have read. */
  readonly log: MetadataChange[] = [];
  readonly #brokers = new Map<number, Registration>();
  readonly topics: TopicControl;
  readonly quorum: ControllerQuorum;
  readonly #tasks: readonly ControllerTask[];
  #producerIds = 0;

  constructor(options: ControllerOptions) {
    this.#options = options;
    const { runtime, settings } = options;
    this.quorum = new ControllerQuorum(runtime, settings, () => this.#elected());
    for (const broker of options.brokers) this.#brokers.set(broker, { epoch: 1, state: "active" });
    this.topics = new TopicControl({
      image: this.image,
      brokers: options.brokers,
      isActive: (broker) => this.isActive(broker),
      isFenced: (broker) => this.#brokers.get(broker)?.state === "fenced",
      publish: (change) => this.#publish(change),
    });
    this.#tasks = leaderTasks({
      runtime,
      settings,
      some: (holds) => this.#partitions().some(holds),
      isActive: (broker) => this.isActive(broker),
      allowsUnclean: (topic) => this.#allowsUnclean(topic),
      electPreferred: () => this.#electPreferredLeaders(),
      electUnclean: () => this.#electUncleanLeaders(),
    });
  }

  isActive(broker: number): boolean {
    return this.#brokers.get(broker)?.state === "active";
  }

  epochOf(broker: number): number {
    return get(this.#brokers, broker, "the broker").epoch;
  }

  /** Runs an action of the active controller: now, or when there is one again. */
  perform(action: () => void): void {
    this.quorum.perform(() => {
      action();
      for (const task of this.#tasks) task.changed();
    });
  }

  /** The first of a block of producer ids; null while there is no controller. */
  nextProducerIdBlock(): number | null {
    if (this.quorum.active === null) return null;
    this.#producerIds += PRODUCER_ID_BLOCK;
    return this.#producerIds - PRODUCER_ID_BLOCK;
  }

  #publish(change: MetadataChange): void {
    this.log.push(change);
    this.image.apply(change);
    this.#options.published();
  }

  // Brokers that come and go

  /** Heartbeats of a broker stopped arriving: its session ends unless they come again. */
  lost(broker: number): void {
    const { runtime, settings } = this.#options;
    const { brokerHeartbeatIntervalMs: interval, brokerSessionTimeoutMs } = settings;
    const nowMs = runtime.now();
    const epoch = this.epochOf(broker);
    const lastHeardMs = nowMs - (nowMs % interval);
    runtime.schedule(lastHeardMs + brokerSessionTimeoutMs - nowMs, () => {
      if (this.#options.hears(broker) || this.epochOf(broker) !== epoch) return;
      this.perform(() => this.#fence(broker));
    });
  }

  #fence(broker: number): void {
    const known = get(this.#brokers, broker, "the broker");
    if (known.state === "fenced" || this.#options.hears(broker)) return;
    known.state = "fenced";
    this.#options.runtime.emit({ kind: "broker.fenced", broker, brokerEpoch: known.epoch });
    this.#leave(broker, "leader failed");
  }

  /** Out of every in-sync set, and of every leadership. */
  #leave(broker: number, reason: PartitionChangeReason): void {
    for (const partition of this.#partitions()) {
      if (!partition.isr.includes(broker) && partition.leader !== broker) continue;
      this.#elect(
        partition,
        partition.isr.filter((one) => one !== broker),
        reason,
      );
    }
  }

  /** A broker asks to be shut down: `done` once it leads nothing that another could lead. */
  controlledShutdown(broker: number, done: () => void): void {
    this.perform(() => {
      const known = get(this.#brokers, broker, "the broker");
      if (known.state === "active") {
        known.state = "shutting down";
        this.#leave(broker, "controlled shutdown");
      }
      done();
    });
  }

  /** Its process has ended in an orderly way. */
  unregistered(broker: number): void {
    const known = get(this.#brokers, broker, "the broker");
    if (known.state === "fenced") return;
    known.state = "fenced";
    const brokerEpoch = known.epoch;
    this.#options.runtime.emit({ kind: "broker.fenced", broker, brokerEpoch });
  }

  /** A broker's process has started: `done` once it counts again. One that was killed has to wait
   *  until its old session has ended (DuplicateBrokerRegistrationException until then). It asks
   *  again and again, as long as the process is there. */
  register(broker: number, isThere: () => boolean, done: () => void): void {
    if (!isThere()) return;
    const known = get(this.#brokers, broker, "the broker");
    if (known.state === "active") {
      const { brokerSessionTimeoutMs, brokerHeartbeatIntervalMs } = this.#options.settings;
      const againMs = Math.min(brokerHeartbeatIntervalMs, brokerSessionTimeoutMs);
      this.#options.runtime.schedule(againMs, () => this.register(broker, isThere, done));
      return;
    }
    this.perform(() => {
      if (!isThere()) return;
      known.epoch += 1;
      this.#activate(broker);
      done();
    });
  }

  /** Heartbeats of a broker arrive again. */
  heard(broker: number): void {
    this.perform(() => {
      if (this.#brokers.get(broker)?.state === "fenced") this.#activate(broker);
    });
  }

  #activate(broker: number): void {
    const known = get(this.#brokers, broker, "the broker");
    known.state = "active";
    const brokerEpoch = known.epoch;
    this.#options.runtime.emit({ kind: "broker.unfenced", broker, brokerEpoch });
    for (const partition of this.#partitions()) {
      const { leader, replicas, isr } = partition;
      if (!replicas.includes(broker)) continue;
      // A partition nobody has used is empty: who comes back has all of it.
      const isEmpty = !this.#options.isOpen(partition);
      const grown = isEmpty ? replicas.filter((one) => one === broker || isr.includes(one)) : isr;
      if (leader === -1 || isEmpty) this.#elect(partition, grown, "broker returned");
    }
  }

  #allowsUnclean(topic: string): boolean {
    const { config } = get(this.image.topics, topic, "the topic of a partition");
    return config.uncleanLeaderElection ?? this.#options.settings.uncleanLeaderElection;
  }

  #partitions(): PartitionState[] {
    return [...this.image.topics.values()].flatMap(({ partitions }) => partitions);
  }

  // Elections

  #elect(
    partition: PartitionState,
    isr: readonly number[],
    reason: PartitionChangeReason,
    prefersFirst = false,
  ): boolean {
    const result = elect({
      partition,
      isr,
      isActive: (broker) => this.isActive(broker),
      // A preferred election never is.
      allowsUnclean: !prefersFirst && this.#allowsUnclean(partition.topic),
      prefersFirst,
    });
    if (result === null) return false;
    this.#change(result.partition, result.isUnclean ? "unclean election" : reason);
    return true;
  }

  #change(partition: PartitionState, reason: PartitionChangeReason): void {
    const { topicId: _, ...fact } = partition;
    if (this.#options.isOpen(partition)) {
      this.#options.runtime.emit({ kind: "partition.changed", ...fact, reason });
    }
    this.#publish({ kind: "partition", partition });
  }

  /** A leader proposes another in-sync set. Shape: null, or why it stays as it is. */
  alterIsr(
    of: PartitionState,
    isr: readonly number[],
    done: (error: BrokerError | null) => void,
  ): void {
    this.perform(() => {
      const now = this.image.partition(of);
      if (now === undefined || now.topicId !== of.topicId) {
        done("UNKNOWN_TOPIC_OR_PARTITION");
      } else if (now.leaderEpoch > of.leaderEpoch || now.leader !== of.leader) {
        done("FENCED_LEADER_EPOCH");
      } else if (now.partitionEpoch !== of.partitionEpoch) done("INVALID_REQUEST");
      else if (isr.some((broker) => !this.isActive(broker))) done("INVALID_REQUEST");
      else {
        const isGrowing = isr.length > now.isr.length;
        const partition = { ...now, isr, partitionEpoch: now.partitionEpoch + 1 };
        this.#change(partition, isGrowing ? "isr expanded" : "isr shrank");
        done(null);
      }
    });
  }

  /** Shape: null, or why not, as ElectLeaders answers. */
  electLeader(
    of: { readonly topic: string; readonly partition: number },
    election: "preferred" | "unclean",
  ): BrokerError | null {
    const partition = this.image.partition(of);
    if (partition === undefined) return "UNKNOWN_TOPIC_OR_PARTITION";
    const [preferred = -1] = partition.replicas;
    if (election === "preferred") {
      if (partition.leader === preferred) return "ELECTION_NOT_NEEDED";
      const isDone = this.#elect(partition, partition.isr, "preferred election", true);
      return isDone && this.image.partition(of)?.leader === preferred
        ? null
        : "PREFERRED_LEADER_NOT_AVAILABLE";
    }
    if (partition.leader !== -1) return "ELECTION_NOT_NEEDED";
    const result = elect({
      partition,
      isr: partition.isr,
      isActive: (broker) => this.isActive(broker),
      allowsUnclean: true,
    });
    if (result === null) return "ELIGIBLE_LEADERS_NOT_AVAILABLE";
    this.#change(result.partition, result.isUnclean ? "unclean election" : "broker returned");
    return null;
  }

  electPreferredLeaders(): void {
    this.perform(() => this.#electPreferredLeaders());
  }

  #electPreferredLeaders(): void {
    if (this.quorum.active === null) return;
    for (const partition of this.#partitions()) {
      if (partition.leader === partition.replicas[0]) continue;
      this.#elect(partition, partition.isr, "preferred election", true);
    }
  }

  /** Of partitions that nobody leads, and whose topic allows it by now. */
  #electUncleanLeaders(): void {
    if (this.quorum.active === null) return;
    for (const partition of this.#partitions()) {
      if (partition.leader === -1) this.#elect(partition, partition.isr, "broker returned");
    }
  }

  /** A new controller hears every broker out before it judges it. */
  #elected(): void {
    const { runtime, brokers, settings, hears } = this.#options;
    for (const task of this.#tasks) task.restart();
    for (const broker of brokers) {
      if (hears(broker) || this.#brokers.get(broker)?.state !== "active") continue;
      const epoch = this.epochOf(broker);
      runtime.schedule(settings.brokerSessionTimeoutMs, () => {
        if (this.epochOf(broker) === epoch) this.perform(() => this.#fence(broker));
      });
    }
  }

  // Topics

  /** What an administrator asks for. Shape: null, or why it is not done. */
  carryOut(request: KafkaRequestOf<AdminRequestKind>): BrokerError | null {
    switch (request.kind) {
      case "createTopic":
        return this.createTopic(request.topic, request.config);
      case "createPartitions":
        return this.#grow(request.topic, request.partitions);
      case "deleteTopic": {
        const error = this.topics.delete(request.topic);
        const { topic } = request;
        if (error === null) this.#options.runtime.emit({ kind: "topic.deleted", topic });
        return error;
      }
      case "alterTopic":
        return this.#alter(request.topic, request.config);
      case "electLeader":
        return this.electLeader(request, request.election);
    }
  }

  createTopic(topic: string, config: TopicConfig): BrokerError | null {
    const error = this.topics.create(topic, config);
    const created = this.image.topics.get(topic);
    if (error !== null || created === undefined) return error;
    const leaders = created.partitions.map(({ leader }) => leader);
    this.#options.runtime.emit({ kind: "topic.created", topic, leaders, config });
    this.#tellReplicas(created.partitions);
    return null;
  }

  #grow(topic: string, count: number): BrokerError | null {
    const before = this.image.topics.get(topic)?.partitions.length ?? 0;
    const error = this.topics.grow(topic, count);
    if (error !== null) return error;
    const added = this.image.topics.get(topic)?.partitions.slice(before) ?? [];
    const leaders = added.map(({ leader }) => leader);
    this.#options.runtime.emit({ kind: "partitions.added", topic, leaders });
    this.#tellReplicas(added);
    return null;
  }

  /** One copy is told by its leader alone. */
  #tellReplicas(partitions: readonly PartitionState[]): void {
    for (const { topicId: _, ...partition } of partitions) {
      if (partition.replicas.length === 1) continue;
      this.#options.runtime.emit({ kind: "partition.changed", ...partition, reason: "created" });
    }
  }

  #alter(topic: string, config: Partial<TopicConfig>): BrokerError | null {
    const error = this.topics.alter(topic, config);
    if (error !== null) return error;
    const changed = Object.entries(config)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(", ");
    this.#options.runtime.emit({ kind: "topic.altered", topic, changed });
    return null;
  }
}
