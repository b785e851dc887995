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
import { coordinatorOf } from "./coordinators.ts";
import { failedReply } from "./failed-reply.ts";
import type { Network } from "./network.ts";

/** `request.timeout.ms`. */
const REQUEST_TIMEOUT_MS = 30_000;
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

export class SimulatedClient implements KafkaClient {
  readonly kafka: KafkaClient = this;
  readonly #options: ClientOptions;
  /** Leaders of partitions by topic, as it knows them. */
  readonly #topics = new Map<string, readonly PartitionMetadata[]>();
  /** Topics it is asking about. */
  readonly #asking = new Set<string>();
  /** Those that are open, by broker; a coordinator has one of its own. */
  readonly #connections = new Map<string, Connection>();

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
      if (answer.kind === "metadata") this.#remember(answer);
      // The kinds were just compared; the union does not carry that to the generic.
      reply(answer as KafkaReplyOf<K>);
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

  #remember({ topics }: KafkaReplyOf<"metadata">): void {
    for (const { topic, error, partitions } of topics) {
      if (error === null) this.#topics.set(topic, partitions);
      else this.#topics.delete(topic);
    }
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
    const { network, requestMs, name, conditions } = this.#options;
    const to = String(node.broker);
    const thereMs = Math.floor(requestMs / 2);
    const backMs = requestMs - thereMs;
    const connection = this.#connection(node, request);
    const wasUp = connection.isEstablished && node.isRegistered;
    let isOver = false;
    const landed = connection.sent((how) => {
      isOver = true;
      reply(unanswered(request, how));
    });
    const finish = (answer: KafkaReply): void => {
      if (isOver) return;
      isOver = true;
      landed();
      reply(answer);
    };
    const setTimer = this.#timerOf(connection, request, () => isOver);
    const lose = (how: Disconnection): void => {
      if (!network.isUp(name, to)) setTimer();
      network.send(to, name, backMs, () => connection.close(how));
    };
    const back = (answer: KafkaReply): void => {
      if (conditions.breaksConnection(name)) lose("broken");
      else {
        if (conditions.losesReply(name)) connection.isSilent = true;
        if (connection.isSilent || !network.isUp(name, to)) setTimer();
        if (!connection.isSilent) network.send(to, name, backMs, () => finish(answer));
      }
    };
    const arrive = (): void => {
      if (isOver) return;
      if (!node.isRegistered) {
        lose(wasUp ? "broken" : "refused");
        return;
      }
      connection.isEstablished = true;
      let isAnswered = false;
      const answer = (then: () => void): void => {
        isAnswered = true;
        then();
      };
      node.handle(
        request,
        name,
        (given) => answer(() => back(given)),
        () => answer(() => lose("broken")),
      );
      if (!isAnswered) setTimer();
    };
    if (!network.isUp(name, to)) setTimer();
    network.send(name, to, thereMs, arrive);
    if (request.kind === "produce" && conditions.duplicates(name)) {
      network.send(name, to, thereMs + 1, () => {
        if (node.isRegistered) node.handle(request, name, ignore, ignore);
      });
    }
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
