/** The simulated Kafka cluster: brokers, their links, and the controller. Clients get at it through
 *  `client`, faults through `ClusterControls`; the cluster itself is a client's port, too, of one
 *  that is called `client`. */

import { assert, at } from "../base/assert.ts";
import type { Release } from "../base/conditions.ts";
import type { PartitionLog } from "../log/partition-log.ts";
import type { Isolation, LogRecord } from "../record/record.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { EventOf } from "../trace/event.ts";
import type {
  AdminRequestKind,
  KafkaClient,
  KafkaReplyOf,
  KafkaRequestKind,
  KafkaRequestOf,
} from "./admin-request.ts";
import { Administrator } from "./administrator.ts";
import type { TopicConfig } from "./broker.ts";
import { BrokerConditions } from "./broker-conditions.ts";
import { BrokerNode } from "./broker-node.ts";
import { ClientConditions } from "./client-conditions.ts";
import type { ClusterControls, CrashLoss, LinkState } from "./cluster-controls.ts";
import { type ClusterSettings, defaultClusterSettings } from "./cluster-settings.ts";
import { Controller } from "./controller.ts";
import { COORDINATOR_PARTITIONS, OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from "./coordinator.ts";
import type { MakeCoordinators } from "./coordinators.ts";
import { LogUpkeep } from "./log-upkeep.ts";
import { CONTROLLER, Network } from "./network.ts";
import type { Replica } from "./replica.ts";
import { SimulatedClient } from "./simulated-client.ts";

export interface SimulatedClusterOptions {
  readonly runtime: Runtime;
  /** Brokers 1 to n. */
  readonly brokers: number;
  /** A request and its reply, in ms. */
  readonly requestMs: number;
  readonly settings?: Partial<ClusterSettings>;
  readonly makeCoordinators: MakeCoordinators;
}

const INTERNAL_TOPICS = [OFFSETS_TOPIC, TRANSACTIONS_TOPIC];

export class SimulatedCluster implements KafkaClient, ClusterControls {
  readonly #runtime: Runtime;
  readonly #settings: ClusterSettings;
  readonly #network: Network;
  readonly #controller: Controller;
  readonly #administrator: Administrator;
  readonly #nodes: readonly BrokerNode[];
  /** By broker. */
  readonly #conditions: readonly BrokerConditions[];
  readonly #upkeep: LogUpkeep;
  readonly #requestMs: number;
  readonly #hopMs: number;
  /** Partitions of internal topics that somebody has asked for. */
  readonly #opened = new Set<string>();
  readonly #clients = new Map<string, KafkaClient>();
  readonly clients = new ClientConditions();
  /** While nothing has happened yet, what is created is there at once. */
  #isBeginning = true;
  /** How far brokers read that hear of several changes at once. */
  readonly #toRead = new Map<number, number>();

  constructor(options: SimulatedClusterOptions) {
    const { runtime, requestMs } = options;
    this.#runtime = runtime;
    this.#settings = { ...defaultClusterSettings, ...options.settings };
    this.#network = new Network(runtime);
    this.#requestMs = requestMs;
    this.#hopMs = Math.floor(requestMs / 2);
    const brokers = Array.from({ length: options.brokers }, (_, index) => index + 1);
    const isOpen = (of: TopicPartition): boolean => this.#isOpen(of);
    this.#controller = new Controller({
      runtime,
      settings: this.#settings,
      brokers,
      published: () => this.#published(),
      hears: (broker) => this.#hears(broker),
      isOpen,
    });
    const client = (name: string): KafkaClient => this.client(name);
    this.#administrator = new Administrator(runtime, this.#controller, client);
    this.#upkeep = new LogUpkeep(runtime, this.#settings, () => this.#nodes);
    this.#nodes = brokers.map(
      (broker) =>
        new BrokerNode({
          runtime,
          settings: this.#settings,
          network: this.#network,
          controller: this.#controller,
          upkeep: this.#upkeep,
          broker,
          hopMs: this.#hopMs,
          node: (other) => this.#node(other),
          isOpen,
          isInternal,
          makeCoordinators: options.makeCoordinators,
        }),
    );
    this.#conditions = this.#nodes.map((node) => this.#makeConditions(node));
    this.#createInternalTopics(brokers.length);
    this.#isBeginning = false;
  }

  #makeConditions(node: BrokerNode): BrokerConditions {
    const { broker } = node;
    const name = String(broker);
    return new BrokerConditions({
      runtime: this.#runtime,
      node,
      shutDown: (mayEnd) => {
        this.#network.send(name, CONTROLLER, this.#hopMs, () => {
          this.#controller.controlledShutdown(broker, () => {
            this.#network.send(CONTROLLER, name, this.#hopMs, mayEnd);
          });
        });
      },
      ended: (isOrderly) => {
        this.#eachReplica((replica) => replica.brokerEnded(broker));
        if (isOrderly) this.#controller.unregistered(broker);
        else this.#controller.lost(broker);
      },
      started: () => {
        for (const replica of node.replicas()) this.#upkeep.appended(replica.log);
        this.#eachReplica((replica) => replica.brokerReturned(broker));
      },
    });
  }

  #createInternalTopics(brokers: number): void {
    const replicationFactor = Math.min(3, brokers);
    const config: TopicConfig = {
      partitions: COORDINATOR_PARTITIONS,
      replicationFactor,
      cleanupPolicy: "compact",
      uncleanLeaderElection: false,
    };
    const { topics } = this.#controller;
    const minInsyncReplicas = Math.min(2, replicationFactor);
    topics.create(OFFSETS_TOPIC, { ...config, minInsyncReplicas: 1 });
    topics.create(TRANSACTIONS_TOPIC, { ...config, minInsyncReplicas });
  }

  #isOpen(of: TopicPartition): boolean {
    return !isInternal(of.topic) || this.#opened.has(topicPartitionName(of));
  }

  #open(of: TopicPartition): void {
    if (this.#isOpen(of)) return;
    this.#opened.add(topicPartitionName(of));
    for (const node of this.#nodes) node.open(of);
  }

  #node(broker: number): BrokerNode {
    const node = this.#nodes[broker - 1];
    assert(node !== undefined, "the broker must exist", { broker });
    return node;
  }

  #hears(broker: number): boolean {
    return this.#node(broker).isRegistered && !this.#network.isCut(String(broker), CONTROLLER);
  }

  #published(): void {
    const until = this.#controller.log.length;
    const dueMs = this.#runtime.now() + this.#hopMs;
    for (const node of this.#nodes ?? []) {
      if (this.#isBeginning) node.readMetadata(until);
      else {
        this.#network.send(CONTROLLER, String(node.broker), this.#hopMs, () => {
          if (this.#runtime.now() === dueMs) node.readMetadata(until);
          else this.#readAtOnce(node, until);
        });
      }
    }
  }

  /** What waited on a link comes together, as the answer to one fetch of the metadata log. */
  #readAtOnce(node: BrokerNode, until: number): void {
    const { broker } = node;
    const before = this.#toRead.get(broker);
    this.#toRead.set(broker, Math.max(before ?? 0, until));
    if (before !== undefined) return;
    this.#runtime.schedule(0, () => {
      node.readMetadata(this.#toRead.get(broker) ?? 0);
      this.#toRead.delete(broker);
    });
  }

  // Clients

  /** The way of a client of that name; the same one at each call. */
  client(name: string): KafkaClient {
    const known = this.#clients.get(name) ?? this.connect(name);
    this.#clients.set(name, known);
    return known;
  }

  /** A new process of that name: it has connections of its own, and knows nothing yet. */
  connect(name: string): KafkaClient {
    return new SimulatedClient({
      name,
      runtime: this.#runtime,
      network: this.#network,
      requestMs: this.#requestMs,
      nodes: this.#nodes,
      open: (of) => this.#open(of),
      conditions: this.clients,
    });
  }

  send<K extends KafkaRequestKind>(
    request: KafkaRequestOf<K>,
    reply: (reply: KafkaReplyOf<K>) => void,
  ): void {
    this.client("client").send<K>(request, reply);
  }

  // Faults

  crashBroker(broker: number, loses: CrashLoss): Release {
    return at(this.#conditions, broker - 1).crash(loses);
  }

  stopBroker(broker: number): Release {
    return at(this.#conditions, broker - 1).stop();
  }

  failDisk(broker: number): Release {
    return this.crashBroker(broker, "nothing");
  }

  slowBroker(broker: number, byMs: number): Release {
    return at(this.#conditions, broker - 1).slow(byMs);
  }

  skewClock(broker: number, byMs: number): Release {
    return at(this.#conditions, broker - 1).skewClock(byMs);
  }

  /** By hand, whatever holds it down. */
  startBroker(broker: number): void {
    at(this.#conditions, broker - 1).start();
  }

  #eachReplica(visit: (replica: Replica, broker: number) => void): void {
    for (const node of this.#nodes) {
      if (!node.isRunning) continue;
      for (const replica of node.replicas()) visit(replica, node.broker);
    }
  }

  crashController(): Release {
    return this.#controller.quorum.fail();
  }

  loseQuorum(): Release {
    return this.#controller.quorum.loseMajority();
  }

  holdLink(a: string, b: string, link: LinkState): Release {
    let release: (() => void) | null = null;
    this.#changeLink(a, b, () => {
      release = this.#network.hold(a, b, link);
    });
    return () => this.#changeLink(a, b, () => release?.());
  }

  /** Tells who notices: replicas that their link is cut, the controller whom it hears. */
  #changeLink(a: string, b: string, change: () => void): void {
    const broker = a === CONTROLLER ? Number(b) : b === CONTROLLER ? Number(a) : null;
    const wasHeard = broker === null || this.#hears(broker);
    const wasCut = this.#network.isCut(a, b);
    change();
    if (!wasCut && this.#network.isCut(a, b)) {
      this.#eachReplica((replica, own) => {
        if (String(own) === a) replica.linkCut(Number(b));
        else if (String(own) === b) replica.linkCut(Number(a));
      });
    }
    if (broker === null || this.#hears(broker) === wasHeard) return;
    if (wasHeard) this.#controller.lost(broker);
    else this.#heardLater(broker);
  }

  /** With its next heartbeat. */
  #heardLater(broker: number): void {
    const everyMs = this.#settings.brokerHeartbeatIntervalMs;
    this.#runtime.schedule(everyMs - (this.#runtime.now() % everyMs), () => {
      if (this.#hears(broker)) this.#controller.heard(broker);
    });
  }

  // Topics, as the world and its administrators make them

  /** Makes a topic of the world before anything runs: it is there at once.
   *  Throws: AssertionFailure when it cannot be; worlds are checked before. */
  createTopic(topic: string, config: TopicConfig): void {
    this.#isBeginning = true;
    const error = this.#controller.createTopic(topic, config);
    this.#isBeginning = false;
    assert(error === null, "a topic of the world must be creatable", { topic, error });
  }

  administer(request: KafkaRequestOf<AdminRequestKind>): void {
    this.#administrator.administer(request);
  }

  deleteRecords(topic: string, partition: number, beforeOffset: number): void {
    this.#administrator.deleteRecords(topic, partition, beforeOffset);
  }

  electPreferredLeaders(): void {
    this.#controller.electPreferredLeaders();
  }

  // For views and audits, whether or not a broker answers

  /** The log of the copy that leads, or that led last: of the leader in the metadata, else the
   *  longest; null for one that is deleted, or that no broker has heard of yet. */
  #truth(of: TopicPartition): PartitionLog | null {
    const state = this.#controller.image.partition(of);
    if (state === undefined) return null;
    const copies = state.replicas.flatMap((broker) => this.#node(broker).replica(of) ?? []);
    const led = state.leader === -1 ? undefined : this.#node(state.leader).replica(of);
    const longest = copies.toSorted((a, b) => b.log.logEndOffset - a.log.logEndOffset)[0];
    return (led ?? longest)?.log ?? null;
  }

  logEndOffset(topic: string, partition: number): number {
    return this.#truth({ topic, partition })?.logEndOffset ?? 0;
  }

  /** Where consumers can get to: the log's end, or what is visible while nothing moves it on. */
  readableEnd(topic: string, partition: number): number {
    // Of a topic that is deleted there is nothing to read.
    if (this.#controller.image.partition({ topic, partition }) === undefined) return 0;
    const log = this.#truth({ topic, partition });
    if (log === null) return 0;
    return this.#isFrozen({ topic, partition }) ? log.highWatermark : log.logEndOffset;
  }

  /** Fewer in sync than `min.insync.replicas`. */
  #isFrozen(of: TopicPartition): boolean {
    const state = this.#controller.image.partition(of);
    if (state === undefined || state.leader === -1) return false;
    return state.isr.length < this.#node(state.leader).minInsync(state);
  }

  /** What consumers see of a topic, from the start of its logs; null where there is none. */
  contents(topic: string, isolation: Isolation): EventOf<"contents.read">["records"] | null {
    const known = this.#controller.image.topics.get(topic);
    if (known === undefined) return null;
    const limits = { untilOffset: Infinity, maxRecords: Infinity, maxBytes: Infinity, isolation };
    return known.partitions.flatMap((of) => {
      const log = this.#truth(of);
      if (log === null) return [];
      const { records } = log.read(log.logStartOffset, limits);
      return records.map(({ partition, offset, key, value }) => ({
        partition,
        offset,
        key,
        value,
      }));
    });
  }

  /** What the log holds. */
  readLog(topic: string, partition: number): readonly LogRecord[] {
    const log = this.#truth({ topic, partition });
    if (log === null) return [];
    return log
      .readBatches(log.logStartOffset, Infinity)
      .flatMap(({ records, leaderEpoch }) => records.map((one) => ({ ...one, leaderEpoch })));
  }
}

function isInternal(topic: string): boolean {
  return INTERNAL_TOPICS.includes(topic);
}
