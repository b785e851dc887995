/** The coordinators that live on one broker, and what it does for them: it finds them by the
 *  partition of their key, keeps their log, and carries their markers.
 *  Like Kafka: GroupCoordinatorService, TransactionCoordinator, TransactionMarkerChannelManager. */

import { stringHash } from "../record/jvm-hash.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { KafkaReply, KafkaRequest } from "./admin-request.ts";
import type { BrokerError } from "./broker-error.ts";
import type { BrokerNode, NodeOptions } from "./broker-node.ts";
import {
  type Coordinator,
  type CoordinatorEntry,
  type CoordinatorHost,
  COORDINATOR_PARTITIONS,
  OFFSETS_TOPIC,
  TRANSACTIONS_TOPIC,
} from "./coordinator.ts";
import type { Leader } from "./leader.ts";
import { failedReply } from "./failed-reply.ts";
import { commitError } from "./group-errors.ts";
import type { PartitionState } from "./metadata.ts";
import { CONTROLLER } from "./network.ts";
import type { Replica } from "./replica.ts";
import type { TransactionIdentity } from "./replica-host.ts";
import type { ProducerIdentity } from "./transaction-request.ts";

/** `retry.backoff.ms` of the marker channel. */
const MARKER_RETRY_MS = 100;

export type MakeCoordinators = (
  host: (topic: string) => CoordinatorHost,
  /** The first of a block of producer ids; null while the controller cannot be asked. */
  nextProducerIdBlock: () => number | null,
) => {
  readonly groups: Coordinator;
  readonly transactions: Coordinator;
};

type Marker = Parameters<CoordinatorHost["writeMarkers"]>[1];

export class Coordinators {
  readonly #node: BrokerNode;
  readonly #options: NodeOptions;
  readonly #byTopic: ReadonlyMap<string, Coordinator>;
  /** Partitions that are led here, by name of their topic. */
  readonly #led = new Map<string, Map<number, Leader>>();

  constructor(node: BrokerNode, options: NodeOptions) {
    this.#node = node;
    this.#options = options;
    const { controller, network, broker } = options;
    const { groups, transactions } = options.makeCoordinators(
      (topic) => this.#host(topic),
      () => (network.isCut(String(broker), CONTROLLER) ? null : controller.nextProducerIdBlock()),
    );
    this.#byTopic = new Map([
      [OFFSETS_TOPIC, groups],
      [TRANSACTIONS_TOPIC, transactions],
    ]);
  }

  #ledOf(topic: string): Map<number, Leader> {
    const known = this.#led.get(topic) ?? new Map<number, Leader>();
    this.#led.set(topic, known);
    return known;
  }

  leaderChanged({ topic, partition, leaderEpoch }: PartitionState, replica: Replica): void {
    const coordinator = this.#byTopic.get(topic);
    if (coordinator === undefined) return;
    const led = this.#ledOf(topic);
    if (led.delete(partition)) coordinator.resign(partition, false);
    if (replica.leader === null) return;
    led.set(partition, replica.leader);
    coordinator.lead(partition, leaderEpoch, entriesOf(replica));
  }

  /** The process has ended. */
  end(): void {
    for (const [topic, coordinator] of this.#byTopic) {
      const led = this.#ledOf(topic);
      for (const partition of led.keys()) coordinator.resign(partition, true);
      led.clear();
    }
  }

  topicDeleted(topic: string): void {
    for (const coordinator of this.#byTopic.values()) coordinator.topicDeleted?.(topic);
  }

  marked(of: TopicPartition, marker: ProducerIdentity & { control: "COMMIT" | "ABORT" }): void {
    this.#byTopic.get(of.topic)?.marked?.(of.partition, marker, marker.control);
  }

  handle(request: KafkaRequest, from: string, reply: (reply: KafkaReply) => void): void {
    if (isForAnyone(request)) {
      this.#byTopic.get(TRANSACTIONS_TOPIC)?.handle(-1, request, from, reply);
      return;
    }
    const of = coordinatorOf(request);
    const coordinator = of === null ? undefined : this.#byTopic.get(of.topic);
    if (of === null || coordinator === undefined) {
      reply(failedReply(request, "INVALID_REQUEST"));
    } else if (!this.#ledOf(of.topic).has(of.partition)) {
      reply(failedReply(request, "NOT_COORDINATOR"));
    } else
      this.#admit(of, request, (error) => {
        if (error === null) coordinator.handle(of.partition, request, from, reply);
        else reply(failedReply(request, commitError(error)));
      });
  }

  /** Offsets of a transaction are records of it: its coordinator has to know of this partition. */
  #admit(
    of: TopicPartition,
    request: KafkaRequest,
    done: (error: BrokerError | null) => void,
  ): void {
    const leader = this.#ledOf(of.topic).get(of.partition);
    if (request.kind !== "txnOffsetCommit" || leader?.hasOpenTransaction(request) === true) {
      done(null);
      return;
    }
    const { producerId, producerEpoch, transactionalId } = request;
    this.verify(of, { producerId, producerEpoch, transactionalId }, done);
  }

  /** Asks the coordinator of a transaction, wherever it is, whether a partition is in it.
   *  Like Kafka: AddPartitionsToTxnManager; ReplicaManager says it to the producer. */
  verify(
    of: TopicPartition,
    transaction: TransactionIdentity,
    done: (error: BrokerError | null) => void,
  ): void {
    const { network, broker, hopMs, node } = this.#options;
    const { transactionalId } = transaction;
    const at = { topic: TRANSACTIONS_TOPIC, partition: partitionOf(transactionalId) };
    const leader = this.#node.image.partition(at)?.leader ?? -1;
    if (leader === -1) {
      done("NOT_ENOUGH_REPLICAS");
      return;
    }
    const kind = "addPartitionsToTxn";
    const request = { kind, ...transaction, partitions: [of], verifyOnly: true } as const;
    const [own, other] = [String(broker), String(leader)];
    network.send(own, other, hopMs, () => {
      const back = ({ error }: KafkaReply): void =>
        network.send(other, own, hopMs, () => done(error === null ? null : toldToProducer(error)));
      const target = node(leader);
      if (target.isRunning) target.verify(request, own, back);
      else back(failedReply(request, "NOT_COORDINATOR"));
    });
  }

  #host(topic: string): CoordinatorHost {
    const { runtime, settings, broker } = this.#options;
    return {
      runtime,
      settings,
      broker,
      append: (partition, records, done, from) => {
        const leader = this.#ledOf(topic).get(partition);
        if (leader === undefined) {
          runtime.schedule(0, () => done("NOT_LEADER_OR_FOLLOWER"));
          return;
        }
        const timestampMs = this.#node.clockMs();
        leader.produce(
          {
            kind: "produce",
            topic,
            partition,
            records: records.map((record) => ({ ...record, timestampMs, headers: [] })),
            ...(from === undefined
              ? {}
              : { batch: { ...from, baseSequence: -1, transactionalId: "" } }),
          },
          ({ error }) => done(error),
        );
      },
      hasPartition: (of) => this.#node.image.partition(of) !== undefined,
      partitionCount: (name) => this.#node.image.topics.get(name)?.partitions.length ?? 0,
      writeMarkers: (partitions, marker, done) => this.#writeMarkers(partitions, marker, done),
    };
  }

  #writeMarkers(partitions: readonly TopicPartition[], marker: Marker, done: () => void): void {
    let left = partitions.length;
    if (left === 0) this.#options.runtime.schedule(0, done);
    for (const of of partitions) {
      this.#writeMarker(of, marker, () => {
        left -= 1;
        if (left === 0) done();
      });
    }
  }

  /** Again and again, until it is written; the coordinator that follows this one does it anew. */
  #writeMarker(of: TopicPartition, marker: Marker, done: () => void): void {
    const { runtime, network, broker, hopMs, node } = this.#options;
    const state = this.#node.image.partition(of);
    if (state === undefined) {
      runtime.schedule(0, done);
      return;
    }
    const again = (): void =>
      runtime.schedule(MARKER_RETRY_MS, () => {
        if (this.#node.isRunning) this.#writeMarker(of, marker, done);
      });
    const { leader } = state;
    if (leader === -1) {
      again();
      return;
    }
    const [own, other] = [String(broker), String(leader)];
    network.send(own, other, hopMs, () => {
      const back = (error: BrokerError | null): void =>
        network.send(other, own, hopMs, () => (error === null ? done() : again()));
      const target = node(leader);
      if (target.isRunning) target.writeMarker(of, marker, back);
      else back("NETWORK_EXCEPTION");
    });
  }
}

function toldToProducer(error: BrokerError): BrokerError {
  switch (error) {
    case "PRODUCER_FENCED":
      return "INVALID_PRODUCER_EPOCH";
    case "INVALID_PRODUCER_ID_MAPPING":
      return "INVALID_TXN_STATE";
    case "CONCURRENT_TRANSACTIONS":
    case "COORDINATOR_LOAD_IN_PROGRESS":
    case "COORDINATOR_NOT_AVAILABLE":
    case "NOT_COORDINATOR":
      return "NOT_ENOUGH_REPLICAS";
    default:
      return error;
  }
}

/** What its log holds, in order. */
function entriesOf(replica: Replica): CoordinatorEntry[] {
  const { log } = replica;
  return log
    .readBatches(log.logStartOffset, Infinity)
    .map(({ producerId, producerEpoch, control, isTransactional, records }): CoordinatorEntry => {
      const from = { producerId, producerEpoch };
      if (control !== null) return { kind: "marker", from, control };
      const pairs = records.flatMap(({ key, value }) => (key === null ? [] : [{ key, value }]));
      return { kind: "records", records: pairs, from: isTransactional ? from : null };
    });
}

/** Any broker has ids for producers without transactions. */
function isForAnyone(request: KafkaRequest): boolean {
  return request.kind === "initProducerId" && request.transactionalId === null;
}

/** The partition whose leader coordinates what a request is about; null for other requests, and
 *  for producers without a transactional id: any broker will do.
 *  Like Kafka: Utils.abs(id.hashCode) % partitions. */
export function coordinatorOf(request: KafkaRequest): TopicPartition | null {
  switch (request.kind) {
    case "joinGroup":
    case "syncGroup":
    case "heartbeat":
    case "leaveGroup":
    case "commitOffsets":
    case "fetchCommitted":
    case "txnOffsetCommit":
      return { topic: OFFSETS_TOPIC, partition: partitionOf(request.group) };
    case "initProducerId":
    case "addPartitionsToTxn":
    case "addOffsetsToTxn":
    case "endTxn":
      if (request.transactionalId === null) return null;
      return { topic: TRANSACTIONS_TOPIC, partition: partitionOf(request.transactionalId) };
    default:
      return null;
  }
}

/** Where the offsets of a group are, and where a transactional id is. */
export function partitionOf(id: string): number {
  const hash = stringHash(id);
  return (hash === -2_147_483_648 ? 0 : Math.abs(hash)) % COORDINATOR_PARTITIONS;
}
