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
import type { PartitionMetadata } from "./broker.ts";
import { type BrokerError, isMetadataStale } from "./broker-error.ts";
import type { BrokerNode } from "./broker-node.ts";
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
  /** True once for each reply that is to be lost, each request that is to arrive twice. */
  readonly losesReply: () => boolean;
  readonly duplicates: () => boolean;
}

export class SimulatedClient implements KafkaClient {
  readonly kafka: KafkaClient = this;
  readonly #options: ClientOptions;
  /** Leaders of partitions by topic, as it knows them. */
  readonly #topics = new Map<string, readonly PartitionMetadata[]>();
  /** Topics it is asking about. */
  readonly #asking = new Set<string>();

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
      if (of !== null && answer.error !== null && isMetadataStale(answer.error))
        this.#refresh(of.topic);
      if (answer.kind === "metadata") this.#remember(answer);
      // The kinds were just compared; the union does not carry that to the generic.
      reply(answer as KafkaReplyOf<K>);
    };
    const target = of === null ? this.#anyNode() : this.#leaderOf(of);
    if (target === null) {
      const isDown = this.#anyNode() === null;
      const error = isDown ? "BROKER_NOT_AVAILABLE" : noLeader(request, of, this.#topics);
      const { runtime, requestMs } = this.#options;
      runtime.schedule(requestMs, () => receive(failedReply(request, error)));
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

  /** One request and its reply. A broken connection is told at once; silence after the client's
   *  time-out. */
  #exchange(node: BrokerNode, request: KafkaRequest, reply: (reply: KafkaReply) => void): void {
    const { runtime, network, requestMs, name } = this.#options;
    const to = String(node.broker);
    const thereMs = Math.floor(requestMs / 2);
    const backMs = requestMs - thereMs;
    const sentMs = runtime.now();
    let isOver = false;
    let isTimerSet = false;
    const finish = (answer: KafkaReply): void => {
      if (isOver) return;
      isOver = true;
      reply(answer);
    };
    const back = (answer: KafkaReply): void => {
      const isLost = this.#options.losesReply();
      const seen = isLost ? failedReply(request, "NETWORK_EXCEPTION") : answer;
      if (network.isCut(name, to)) setTimer();
      network.send(to, name, backMs, () => finish(seen));
    };
    const setTimer = (): void => {
      if (isTimerSet) return;
      isTimerSet = true;
      const leftMs = Math.max(0, sentMs + timeoutOf(request) - runtime.now());
      runtime.schedule(leftMs, () => finish(failedReply(request, "NETWORK_EXCEPTION")));
    };
    const arrive = (answered: (answer: KafkaReply) => void): void => {
      if (isOver) return;
      let isAnswered = false;
      const answer = (given: KafkaReply): void => {
        isAnswered = true;
        answered(given);
      };
      if (!node.isRegistered) answer(failedReply(request, "BROKER_NOT_AVAILABLE"));
      else {
        node.handle(request, name, answer, () => answer(failedReply(request, "NETWORK_EXCEPTION")));
      }
      if (!isAnswered) setTimer();
    };
    if (network.isCut(name, to)) setTimer();
    network.send(name, to, thereMs, () => arrive(back));
    if (request.kind === "produce" && this.#options.duplicates()) {
      network.send(name, to, thereMs + 1, () => {
        if (node.isRegistered) node.handle(request, name, ignore, ignore);
      });
    }
  }
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
