/** One broker of the cluster: its replicas, its copy of the metadata, and the coordinators that
 *  live on it. Its logs and its metadata are on disk and outlive the process; roles, waiting
 *  requests and coordinators do not.
 *  Like Kafka: BrokerServer, KafkaApis, ReplicaManager. */

import { assert } from "../base/assert.ts";
import type { PartitionLog } from "../log/partition-log.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import type {
  AdminRequestKind,
  KafkaReply,
  KafkaRequest,
  KafkaRequestOf,
} from "./admin-request.ts";
import type { BrokerError } from "./broker-error.ts";
import type { BrokerLoss } from "./cluster-controls.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import type { Controller } from "./controller.ts";
import { failedReply } from "./failed-reply.ts";
import { Coordinators, type MakeCoordinators } from "./coordinators.ts";
import type { Leader } from "./leader.ts";
import type { LogUpkeep } from "./log-upkeep.ts";
import {
  type MetadataChange,
  MetadataImage,
  metadataReply,
  type PartitionState,
} from "./metadata.ts";
import { CONTROLLER, type Network } from "./network.ts";
import { Replica } from "./replica.ts";
import type {
  ReplicaFetch,
  ReplicaFetchReply,
  ReplicaHost,
  TransactionIdentity,
} from "./replica-host.ts";
import { answerOfPartition, type PartitionRequest } from "./partition-requests.ts";

export interface NodeOptions {
  readonly runtime: Runtime;
  readonly settings: ClusterSettings;
  readonly network: Network;
  readonly controller: Controller;
  readonly upkeep: LogUpkeep;
  readonly broker: number;
  /** One way, from broker to broker. */
  readonly hopMs: number;
  readonly node: (broker: number) => BrokerNode;
  /** Partitions of internal topics are there only once somebody has asked for them. */
  readonly isOpen: (of: TopicPartition) => boolean;
  readonly isInternal: (topic: string) => boolean;
  readonly makeCoordinators: MakeCoordinators;
}

export class BrokerNode implements ReplicaHost {
  readonly broker: number;
  readonly runtime: Runtime;
  readonly settings: ClusterSettings;
  readonly image = new MetadataImage();
  readonly #options: NodeOptions;
  readonly #replicas = new Map<string, Replica>();
  readonly #coordinators: Coordinators;
  /** Told when the process ends: their clients see the connection break. */
  readonly #open = new Set<() => void>();
  /** How much of the metadata log it has read. */
  #read = 0;
  #isRunning = true;
  #isRegistered = true;
  /** Raised each time the process starts. */
  #incarnation = 0;
  /** When it comes to what arrives now. */
  #busyUntilMs = 0;
  slowMs = 0;
  skewMs = 0;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.broker = options.broker;
    this.runtime = options.runtime;
    this.settings = options.settings;
    this.#coordinators = new Coordinators(this, options);
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** The controller knows this process, and not only the one before: clients are let in. */
  get isRegistered(): boolean {
    return this.#isRunning && this.#isRegistered;
  }

  clockMs(): number {
    return this.runtime.now() + this.skewMs;
  }

  tells(topic: string): boolean {
    return !this.#options.isInternal(topic);
  }

  isActive(broker: number): boolean {
    return this.#options.controller.isActive(broker);
  }

  minInsync({ topic, replicas }: PartitionState): number {
    const config = this.image.topics.get(topic)?.config;
    const asked = config?.minInsyncReplicas ?? this.settings.minInsyncReplicas;
    return Math.min(asked, replicas.length);
  }

  appended(log: PartitionLog): void {
    this.#options.upkeep.appended(log);
  }

  /** Every copy it keeps, whether or not it runs. */
  replicas(): Iterable<Replica> {
    return this.#replicas.values();
  }

  replica(of: TopicPartition): Replica | undefined {
    return this.#replicas.get(topicPartitionName(of));
  }

  // Metadata

  /** Reads the metadata log up to an entry, and takes the roles that it leaves this broker with:
   *  none that have passed since. Reads nothing before the broker is registered.
   *  Like Kafka: MetadataLoader, which publishes what it has read at once. */
  readMetadata(until: number): void {
    if (!this.isRegistered) return;
    const { log } = this.#options.controller;
    const touched = new Map<string, TopicPartition>();
    while (this.#read < Math.min(until, log.length)) {
      const change = log[this.#read];
      assert(change !== undefined, "the metadata log has no gaps");
      this.#read += 1;
      this.image.apply(change);
      if (change.kind === "deleted") {
        for (const partition of change.topic.partitions) this.#drop(partition);
        this.#coordinators.topicDeleted(change.topic.topic);
      }
      for (const partition of partitionsOf(change)) {
        touched.set(topicPartitionName(partition), partition);
      }
    }
    for (const of of touched.values()) {
      const state = this.image.partition(of);
      if (state !== undefined) this.#take(state);
    }
  }

  /** Takes its part in a partition, if it has one. */
  #take(state: PartitionState): void {
    if (!state.replicas.includes(this.broker) || !this.#options.isOpen(state)) return;
    const config = this.image.topics.get(state.topic)?.config;
    if (config === undefined) return;
    const name = topicPartitionName(state);
    let replica = this.#replicas.get(name);
    if (replica?.topicId !== state.topicId) {
      replica?.end("UNKNOWN_TOPIC_OR_PARTITION");
      replica = new Replica(state, config, this);
      this.#replicas.set(name, replica);
    }
    replica.configure(config);
    // What its topic keeps may be less from now on.
    this.appended(replica.log);
    const led = replica.leader;
    replica.apply(state);
    if (replica.leader !== led) this.#coordinators.leaderChanged(state, replica);
  }

  /** An internal partition is used for the first time. */
  open(of: TopicPartition): void {
    const state = this.image.partition(of);
    if (this.#isRunning && state !== undefined) this.#take(state);
  }

  #drop(state: PartitionState): void {
    const name = topicPartitionName(state);
    this.#replicas.get(name)?.end("UNKNOWN_TOPIC_OR_PARTITION");
    this.#replicas.delete(name);
  }

  // Its process

  /** Ends the process at once. */
  halt(): void {
    this.#isRunning = false;
    this.#isRegistered = false;
    this.#incarnation += 1;
    this.#busyUntilMs = 0;
    this.#coordinators.end();
    for (const replica of this.#replicas.values()) replica.end(null);
    const open = [...this.#open];
    this.#open.clear();
    for (const breakOff of open) breakOff();
  }

  /** Starts the process: it recovers its logs, registers, reads the metadata it has missed, and
   *  takes its roles. */
  start(loss: BrokerLoss): void {
    assert(!this.#isRunning, "a broker that runs must not start", { broker: this.broker });
    this.#isRunning = true;
    const { controller, network, hopMs } = this.#options;
    const incarnation = this.#incarnation;
    this.#recover(loss);
    const isThere = (): boolean => this.#incarnation === incarnation;
    const register = (): void => {
      controller.register(this.broker, isThere, () => {
        this.#isRegistered = true;
        network.send(CONTROLLER, String(this.broker), hopMs, () => {
          if (isThere()) this.#resume();
        });
      });
    };
    network.send(String(this.broker), CONTROLLER, hopMs, register);
  }

  #recover({ loses, atMs }: BrokerLoss): void {
    for (const replica of this.replicas()) replica.log.reopen(loses === null);
    if (loses === null || loses === "nothing") return;
    for (const replica of this.replicas()) {
      const state = this.image.partition(replica.log.of);
      if (state !== undefined) replica.recover(loses, atMs, state);
    }
  }

  #resume(): void {
    this.readMetadata(Infinity);
    for (const topic of this.image.topics.values()) {
      for (const partition of topic.partitions) this.#take(partition);
    }
  }

  // Requests

  /** Calls back once, now or later, unless the process ends first: then `broken`. */
  handle(
    request: KafkaRequest,
    from: string,
    reply: (reply: KafkaReply) => void,
    broken: () => void,
  ): void {
    const work = (): void => this.#answer(request, from, this.#untilItEnds(reply, broken));
    // A broker that is no longer slow still answers in order.
    const nowMs = this.runtime.now();
    this.#busyUntilMs = Math.max(this.#busyUntilMs, nowMs + this.slowMs);
    const incarnation = this.#incarnation;
    const later = (): void => (this.#incarnation === incarnation ? work() : broken());
    if (this.#busyUntilMs === nowMs) work();
    else this.runtime.schedule(this.#busyUntilMs - nowMs, later);
  }

  #answer(request: KafkaRequest, from: string, reply: (reply: KafkaReply) => void): void {
    switch (request.kind) {
      case "produce":
      case "fetch":
      case "listOffsets":
      case "deleteRecords":
        this.#answerOfPartition(request, reply);
        return;
      case "metadata":
        reply(metadataReply(this.image, request.topics, (topic) => this.tells(topic)));
        return;
      case "createTopic":
      case "createPartitions":
      case "deleteTopic":
      case "alterTopic":
      case "electLeader":
        this.#askController(request, reply);
        return;
      default:
        this.#coordinators.handle(request, from, reply);
    }
  }

  #answerOfPartition(request: PartitionRequest, reply: (reply: KafkaReply) => void): void {
    const known = this.image.partition(request);
    const leader = this.replica(request)?.leader ?? null;
    const error =
      known === undefined
        ? "UNKNOWN_TOPIC_OR_PARTITION"
        : leader === null
          ? "NOT_LEADER_OR_FOLLOWER"
          : null;
    answerOfPartition(request, error, this.replica(request) ?? null, this.runtime, reply);
  }

  #askController(
    request: KafkaRequestOf<AdminRequestKind>,
    reply: (reply: KafkaReply) => void,
  ): void {
    const { controller, network, hopMs } = this.#options;
    const name = String(this.broker);
    network.send(name, CONTROLLER, hopMs, () => {
      controller.perform(() => {
        const error = controller.carryOut(request);
        network.send(CONTROLLER, name, hopMs, () => reply({ kind: request.kind, error }));
      });
    });
  }

  // Between replicas

  proposeIsr(
    partition: PartitionState,
    isr: readonly number[],
    done: (error: BrokerError | null) => void,
  ): void {
    const { controller, network, hopMs } = this.#options;
    const name = String(this.broker);
    network.send(name, CONTROLLER, hopMs, () => {
      controller.alterIsr(partition, isr, (error) => {
        network.send(CONTROLLER, name, hopMs, () => done(error));
      });
    });
  }

  fetchFrom(
    leader: number,
    of: PartitionState,
    fetch: ReplicaFetch,
    reply: (reply: ReplicaFetchReply) => void,
    refused: () => void,
  ): void {
    const { network, hopMs, node } = this.#options;
    const [own, other] = [String(this.broker), String(leader)];
    network.send(own, other, hopMs, () => {
      const target = node(leader);
      const back = (answer: () => void): void => network.send(other, own, hopMs, answer);
      if (target.isRunning) target.#serve(of, fetch, (answer) => back(() => reply(answer)));
      else back(refused);
    });
  }

  #serve(of: PartitionState, fetch: ReplicaFetch, reply: (reply: ReplicaFetchReply) => void): void {
    const leader = this.#leaderOf(of, fetch.topicId);
    if (leader !== null) leader.fetch(fetch, reply);
    else {
      const nothing = { batches: [], highWatermark: -1, logStartOffset: -1, logEndOffset: -1 };
      reply({ error: "NOT_LEADER_OR_FOLLOWER", ...nothing, diverging: null });
    }
  }

  #leaderOf(of: TopicPartition, topicId: number): Leader | null {
    const replica = this.replica(of);
    return replica?.topicId === topicId ? replica.leader : null;
  }

  verifyTransaction(
    of: TopicPartition,
    transaction: TransactionIdentity,
    done: (error: BrokerError | null) => void,
  ): void {
    this.#coordinators.verify(of, transaction, done);
  }

  /** Another broker asks the coordinator that lives here. */
  verify(request: KafkaRequest, from: string, reply: (reply: KafkaReply) => void): void {
    const broken = (): void => reply(failedReply(request, "NOT_COORDINATOR"));
    this.#coordinators.handle(request, from, this.#untilItEnds(reply, broken));
  }

  /** A marker that a transaction coordinator wants written here. */
  writeMarker(
    of: TopicPartition,
    marker: Parameters<Leader["writeMarker"]>[0],
    reply: (error: BrokerError | null) => void,
  ): void {
    const leader = this.replica(of)?.leader ?? null;
    if (leader === null) {
      reply(this.image.partition(of) === undefined ? null : "NOT_LEADER_OR_FOLLOWER");
      return;
    }
    const answer = this.#untilItEnds(reply, () => reply("NETWORK_EXCEPTION"));
    leader.writeMarker(marker, (error) => {
      if (error === null) this.#coordinators.marked(of, marker);
      answer(error);
    });
  }

  /** Somebody waits for the reply, and is told when the process ends before. */
  #untilItEnds<T>(reply: (answer: T) => void, broken: () => void): (answer: T) => void {
    // Of its own, for the set to know it by.
    const breakOff = (): void => broken();
    this.#open.add(breakOff);
    return (answer) => {
      if (this.#open.delete(breakOff)) reply(answer);
    };
  }
}

function partitionsOf(change: MetadataChange): readonly PartitionState[] {
  return change.kind === "partition" ? [change.partition] : change.topic.partitions;
}
