/** A client's way to the simulated cluster: finds the broker that has to do with a request by
 *  what it remembers of the metadata, and remembers anew when that was wrong. Nothing is tried
 *  again.
 *  Like Kafka: NetworkClient, ClientMetadata. It knows the topics it connects for, and finds
 *  coordinators, at no cost; later it asks. */

import { assert } from "../base/assert.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import type {
  KafkaClient,
  KafkaReply,
  KafkaReplyOf,
  KafkaRequest,
  KafkaRequestKind,
  KafkaRequestOf,
} from "./admin-request.ts";
import type { Disconnection, PartitionMetadata } from "./broker.ts";
import { type BrokerError, isMetadataStale } from "./broker-error.ts";
import type { BrokerNode } from "./broker-node.ts";
import type { ClientConditions } from "./client-conditions.ts";
import { Connection } from "./connection.ts";
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from "./coordinator.ts";
import { coordinatorOf } from "./coordinators.ts";
import { failedReply } from "./failed-reply.ts";
import type { Network } from "./network.ts";

/** `request.timeout.ms`. */
const REQUEST_TIMEOUT_MS = 30_000;
/** So long a request waits to be overtaken. */
const OVERTAKEN_WITHIN_MS = 1_000;
/** What a client adds to the time a group waits for its members. */
const JOIN_EXTRA_MS = 5_000;

export interface ClientOptions {
  readonly name: string;
  readonly runtime: Runtime;
  readonly network: Network;
  /** A request and its reply, in ms. */
  readonly requestMs: number;
  readonly nodes: readonly BrokerNode[];
  /** Makes sure that a partition of an internal topic is there. */
  readonly open: (of: TopicPartition) => void;
  readonly conditions: ClientConditions;
}

/** One request under way, and its reply. */
interface Exchange {
  readonly node: BrokerNode;
  readonly to: string;
  readonly connection: Connection;
  readonly request: KafkaRequest;
  /** The connection was there when it was sent, and the broker. */
  readonly wasUp: boolean;
  /** Gives up when there is no answer in time. */
  readonly setTimer: () => void;
  readonly isOver: () => boolean;
  readonly finish: (answer: KafkaReply) => void;
}

export class SimulatedClient implements KafkaClient {
  readonly kafka: KafkaClient = this;
  readonly #options: ClientOptions;
  /** Leaders of partitions by topic, as it knows them. */
  readonly #topics = new Map<string, readonly PartitionMetadata[]>();
  /** Topics it is asking about. */
  readonly #asking = new Set<string>();
  /** Those that are open, by broker; a coordinator has one of its own. */
  readonly #connections = new Map<string, Connection>();
  /** Produce requests that wait for a later one to go first. */
  readonly #overtaken = new Set<{ readonly of: TopicPartition; readonly send: () => void }>();

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  send<K extends KafkaRequestKind>(
    request: KafkaRequestOf<K>,
    reply: (reply: KafkaReplyOf<K>) => void,
  ): void {
    const of = routeOf(request);
    const receive = (answer: KafkaReply): void => {
      assert(answer.kind === request.kind, "a reply must be of its request's kind");
      if (of !== null && tellsOfChange(answer)) this.#refresh(of.topic);
      const told = answer.kind === "metadata" ? this.#remember(answer) : answer;
      // The kinds were just compared; the union does not carry that to the generic.
      reply(told as KafkaReplyOf<K>);
    };
    const target = of === null ? this.#anyNode() : this.#leaderOf(of);
    if (target === null) {
      const isDown = this.#anyNode() === null;
      const answer = isDown
        ? unanswered(request, "refused")
        : failedReply(request, noLeader(request, of, this.#topics));
      const { runtime, requestMs } = this.#options;
      runtime.schedule(requestMs, () => receive(answer));
    } else this.#exchange(target, request, receive);
  }

  /** The first that it can reach. */
  #anyNode(): BrokerNode | null {
    const { nodes, network, name } = this.#options;
    return (
      nodes.find((node) => node.isRegistered && !network.isCut(name, String(node.broker))) ?? null
    );
  }

  #leaderOf(of: TopicPartition): BrokerNode | null {
    const { nodes, open } = this.#options;
    open(of);
    let partitions = this.#topics.get(of.topic);
    if (partitions === undefined) {
      const image = this.#anyNode()?.image;
      partitions = image?.topics.get(of.topic)?.partitions;
      if (partitions === undefined) return this.#anyNode();
      this.#topics.set(of.topic, partitions);
    }
    const known = partitions[of.partition];
    // A broker says what is wrong with a partition that nobody knows.
    if (known === undefined) return this.#anyNode();
    return nodes.find(({ broker }) => broker === known.leader) ?? null;
  }

  #refresh(topic: string): void {
    if (this.#asking.has(topic)) return;
    const node = this.#anyNode();
    if (node === null) return;
    this.#asking.add(topic);
    this.#exchange(node, { kind: "metadata", topics: [topic] }, (answer) => {
      this.#asking.delete(topic);
      if (answer.kind === "metadata") this.#remember(answer);
    });
  }

  /** Shape: what it is told. */
  #remember(answer: KafkaReplyOf<"metadata">): KafkaReplyOf<"metadata"> {
    const told = { ...answer, topics: answer.topics.map((one) => this.#asKnown(one)) };
    for (const { topic, error, partitions } of told.topics) {
      if (error === null) this.#topics.set(topic, partitions);
      else this.#topics.delete(topic);
    }
    return told;
  }

  #asKnown(told: KafkaReplyOf<"metadata">["topics"][number]): typeof told {
    const { conditions, name } = this.#options;
    if (!conditions.hasOldMetadata(name) || isCoordinated(told.topic)) return told;
    const partitions = this.#topics.get(told.topic);
    return partitions === undefined ? told : { topic: told.topic, error: null, partitions };
  }

  #connection(node: BrokerNode, request: KafkaRequest): Connection {
    const name = coordinatorOf(request) === null ? `${node.broker}` : `coordinator ${node.broker}`;
    let connection = this.#connections.get(name);
    if (connection === undefined || connection.isClosed) {
      connection = new Connection();
      this.#connections.set(name, connection);
    }
    return connection;
  }

  /** One request and its reply. A broken connection is told at once; silence after the client's
   *  time-out. */
  #exchange(node: BrokerNode, request: KafkaRequest, reply: (reply: KafkaReply) => void): void {
    const { runtime, network, conditions, name } = this.#options;
    const connection = this.#connection(node, request);
    if (connection.isThrottled(runtime.now())) {
      connection.sendLater(runtime, () => this.#exchange(node, request, reply));
      return;
    }
    let isOver = false;
    const landed = connection.sent((how) => {
      isOver = true;
      reply(unanswered(request, how));
    });
    const setTimer = this.#timerOf(connection, request, () => isOver);
    const exchange: Exchange = {
      node,
      to: String(node.broker),
      connection,
      request: conditions.limited(name, request),
      wasUp: connection.isEstablished && node.isRegistered,
      setTimer,
      isOver: () => isOver,
      finish: (answer) => {
        if (isOver) return;
        isOver = true;
        landed();
        reply(answer);
      },
    };
    if (!network.isUp(name, exchange.to)) setTimer();
    this.#transmit(exchange);
  }

  #transmit(exchange: Exchange): void {
    const { runtime, network, requestMs, name, conditions } = this.#options;
    const { node, to, connection, request } = exchange;
    const thereMs = Math.floor(requestMs / 2);
    const nowMs = runtime.now();
    const isProduce = request.kind === "produce";
    const ownMs = isProduce ? conditions.takeDelayMs(name) : 0;
    if (ownMs > 0) connection.clearAtMs = Math.max(connection.clearAtMs, nowMs + ownMs);
    const delayMs = Math.max(0, connection.clearAtMs - nowMs);
    if (delayMs > 0) exchange.setTimer();
    const go = (): void =>
      network.send(name, to, thereMs + delayMs, () => this.#arrive(exchange, delayMs > 0));
    if (isProduce && conditions.isOvertaken(name)) this.#letOvertake(request, go);
    else {
      go();
      if (isProduce) this.#overtake(request);
    }
    if (isProduce && conditions.duplicates(name)) {
      network.send(name, to, thereMs + 1, () => {
        if (node.isRegistered) node.handle(request, name, ignore, ignore);
      });
    }
  }

  /** Waits for another request of the partition to go first. */
  #letOvertake(of: TopicPartition, send: () => void): void {
    const waiting = {
      of,
      send: (): void => {
        if (this.#overtaken.delete(waiting)) send();
      },
    };
    this.#overtaken.add(waiting);
    this.#options.runtime.schedule(OVERTAKEN_WITHIN_MS, waiting.send);
  }

  #overtake({ topic, partition }: TopicPartition): void {
    for (const { of, send } of this.#overtaken) {
      if (of.topic !== topic || of.partition !== partition) continue;
      this.#options.runtime.schedule(1, send);
    }
  }

  #arrive(exchange: Exchange, wasDelayed: boolean): void {
    const { node, connection, request } = exchange;
    const { name } = this.#options;
    if (exchange.isOver()) {
      // What a client has sent gets there, though it has closed its connection.
      if (wasDelayed && node.isRegistered) node.handle(request, name, ignore, ignore);
      return;
    }
    if (!node.isRegistered) {
      this.#lose(exchange, exchange.wasUp ? "broken" : "refused");
      return;
    }
    connection.isEstablished = true;
    let isAnswered = false;
    const answered = (then: () => void): void => {
      isAnswered = true;
      then();
    };
    node.handle(
      request,
      name,
      (answer) => answered(() => this.#answer(exchange, answer)),
      () => answered(() => this.#lose(exchange, "broken")),
    );
    if (!isAnswered) exchange.setTimer();
  }

  #lose({ to, connection, setTimer }: Exchange, how: Disconnection): void {
    const { network, name } = this.#options;
    if (!network.isUp(name, to)) setTimer();
    network.send(to, name, this.#backMs, () => connection.close(how));
  }

  #answer(exchange: Exchange, given: KafkaReply): void {
    const { runtime, network, name, conditions } = this.#options;
    const { to, connection, request, finish } = exchange;
    if (conditions.breaksConnection(name)) {
      this.#lose(exchange, "broken");
      return;
    }
    const { broker } = exchange.node;
    const of = { client: name, broker, nowMs: runtime.now() };
    const { throttleMs, answer } = conditions.throttled(of, request, given);
    if (conditions.losesReply(name)) connection.isSilent = true;
    if (connection.isSilent || !network.isUp(name, to)) exchange.setTimer();
    if (connection.isSilent) return;
    if (throttleMs > 0) {
      runtime.emit({ kind: "client.throttled", client: name, broker, throttleMs });
    }
    network.send(to, name, this.#backMs, () => {
      if (throttleMs > 0) connection.throttle(runtime.now() + throttleMs);
      finish(answer);
    });
  }

  get #backMs(): number {
    const { requestMs } = this.#options;
    return requestMs - Math.floor(requestMs / 2);
  }

  /** Gives up the connection when a request sent now has waited for too long; set when that can
   *  be. */
  #timerOf(connection: Connection, request: KafkaRequest, isOver: () => boolean): () => void {
    const { runtime } = this.#options;
    const dueMs = runtime.now() + timeoutOf(request);
    // A client does not wait for what is never answered.
    let isSet = request.kind === "produce" && request.acks === 0;
    return () => {
      if (isSet) return;
      isSet = true;
      runtime.schedule(Math.max(0, dueMs - runtime.now()), () => {
        if (!isOver()) connection.close("timed out");
      });
    };
  }
}

/** What a client makes of a request whose connection is gone.
 *  Like Kafka: Sender.handleProduceResponse; ClientResponse.wasDisconnected. */
function unanswered(request: KafkaRequest, how: Disconnection): KafkaReply {
  if (request.kind !== "produce") return failedReply(request, "NETWORK_EXCEPTION");
  const error = how === "timed out" ? "REQUEST_TIMED_OUT" : "NETWORK_EXCEPTION";
  return { kind: "produce", error, baseOffset: -1, disconnection: how };
}

/** After a lost connection a client asks for metadata, whatever it makes of it. */
function tellsOfChange(answer: KafkaReply): boolean {
  if (answer.kind === "produce" && answer.disconnection !== undefined) return true;
  return answer.error !== null && isMetadataStale(answer.error);
}

function ignore(): void {
  // The copy of a request has no one who waits for its reply.
}

/** The partition whose leader a request goes to; null where any broker will do. */
function routeOf(request: KafkaRequest): TopicPartition | null {
  switch (request.kind) {
    case "produce":
    case "fetch":
    case "listOffsets":
    case "deleteRecords":
      return { topic: request.topic, partition: request.partition };
    default:
      return coordinatorOf(request);
  }
}

/** Coordinators are asked for by themselves. */
function isCoordinated(topic: string): boolean {
  return topic === OFFSETS_TOPIC || topic === TRANSACTIONS_TOPIC;
}

/** What a client says itself, where its metadata names no leader. */
function noLeader(
  request: KafkaRequest,
  of: TopicPartition | null,
  topics: ReadonlyMap<string, readonly PartitionMetadata[]>,
): BrokerError {
  if (coordinatorOf(request) !== null) return "COORDINATOR_NOT_AVAILABLE";
  const isKnown = of !== null && topics.get(of.topic) !== undefined;
  return isKnown ? "LEADER_NOT_AVAILABLE" : "UNKNOWN_TOPIC_OR_PARTITION";
}

function timeoutOf(request: KafkaRequest): number {
  if (request.kind === "produce") return request.clientTimeoutMs ?? REQUEST_TIMEOUT_MS;
  if (request.kind === "joinGroup") {
    return Math.max(REQUEST_TIMEOUT_MS, request.rebalanceTimeoutMs + JOIN_EXTRA_MS);
  }
  return REQUEST_TIMEOUT_MS;
}
