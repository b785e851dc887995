/** The coordinator of transactions on one broker: gives producers their ids and epochs, remembers
 *  which partitions a transaction has touched, decides it in its log, and has the markers written.
 *
 *      Empty ─▶ Ongoing ─▶ PrepareCommit ─ markers ─▶ CompleteCommit ─▶ Ongoing ...
 *                  │  └──▶ PrepareAbort  ─ markers ─▶ CompleteAbort  ─▶ Ongoing ...
 *                  └ time-out or a newer producer: epoch + 1, then PrepareAbort
 *
 *  Once Prepare... is in the log the decision stands: whoever leads next finishes it.
 *  Like Kafka: TransactionCoordinator (3.9, transaction.version 0). */

import type { TopicPartition } from "../record/topic-partition.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import type { TransactionState } from "../trace/cluster-fact.ts";
import type { KafkaReply, KafkaRequestOf } from "./admin-request.ts";
import type { BrokerError } from "./broker-error.ts";
import { type Coordinator, type CoordinatorHost, OFFSETS_TOPIC } from "./coordinator.ts";
import { failedReply } from "./failed-reply.ts";
import { ProducerIds } from "./producer-ids.ts";
import {
  isEpochExhausted,
  newTransaction,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  type TransactionData,
  withNewProducerId,
  withNextEpoch,
  withState,
} from "./transaction-data.ts";
import { TransactionEnding } from "./transaction-ending.ts";
import { type LedPartition, type Transaction, TransactionLog } from "./transaction-log.ts";

type Reply = (reply: KafkaReply) => void;
type Refusal = (error: BrokerError) => void;

export class TransactionCoordinator implements Coordinator {
  readonly #host: CoordinatorHost;
  readonly #ids: ProducerIds;
  readonly #log: TransactionLog;
  readonly #ending: TransactionEnding;
  /** Where the offsets of a group are kept. */
  readonly #partitionOfGroup: (group: string) => number;

  constructor(
    host: CoordinatorHost,
    of: {
      readonly partitionOfGroup: (group: string) => number;
      /** The first of the next ids, from the controller; null while it cannot be asked. */
      readonly nextProducerIdBlock: () => number | null;
    },
  ) {
    this.#host = host;
    this.#log = new TransactionLog(host);
    this.#ending = new TransactionEnding(host, this.#log);
    this.#ids = new ProducerIds(of.nextProducerIdBlock);
    this.#partitionOfGroup = of.partitionOfGroup;
  }

  lead: Coordinator["lead"] = (partition, epoch, entries) => {
    const led = this.#log.lead(partition, epoch, entries);
    for (const transaction of led.transactions.values()) {
      const { state } = transaction.data;
      if (state === "Ongoing") this.#ending.watch(led, transaction);
      if (state === "PrepareCommit" || state === "PrepareAbort")
        this.#ending.finish(led, transaction);
    }
  };

  resign: Coordinator["resign"] = (partition, processEnded) => {
    this.#log.resign(partition);
    if (processEnded) this.#ids.forget();
  };

  handle: Coordinator["handle"] = (partition, request, _from, reply) => {
    if (request.kind === "initProducerId" && request.transactionalId === null) {
      const producerId = this.#ids.take();
      if (producerId === null) reply(failedReply(request, "COORDINATOR_LOAD_IN_PROGRESS"));
      else reply({ kind: "initProducerId", error: null, producerId, producerEpoch: 0 });
      return;
    }
    const led = this.#log.led(partition);
    if (led === undefined) {
      reply(failedReply(request, "NOT_COORDINATOR"));
      return;
    }
    switch (request.kind) {
      case "initProducerId":
        this.#initProducerId(led, request.transactionalId ?? "", request, reply);
        return;
      case "addPartitionsToTxn":
        this.#addPartitions(led, request, reply);
        return;
      case "addOffsetsToTxn": {
        const offsets = this.#partitionOfGroup(request.group);
        const partitions = [{ topic: OFFSETS_TOPIC, partition: offsets }];
        this.#add(led, request, { partitions, groups: [request.group] }, (error) =>
          reply({ kind: "addOffsetsToTxn", error }),
        );
        return;
      }
      case "endTxn":
        this.#endTxn(led, request, (error) => reply({ kind: "endTxn", error }));
        return;
      default:
        reply(failedReply(request, "UNSUPPORTED_VERSION"));
    }
  };

  // Ids and epochs

  #initProducerId(
    led: LedPartition,
    id: string,
    request: KafkaRequestOf<"initProducerId">,
    reply: Reply,
  ): void {
    const refuse: Refusal = (error) => reply(failedReply(request, error));
    const error = this.#initRefusal(id, request);
    if (error !== null) {
      refuse(error);
      return;
    }
    const transaction =
      this.#log.find(led, id) ?? this.#create(led, id, request.transactionTimeoutMs);
    if (transaction === null) {
      refuse("COORDINATOR_LOAD_IN_PROGRESS");
      return;
    }
    const { data } = transaction;
    if (transaction.pending !== null) refuse("CONCURRENT_TRANSACTIONS");
    else if (!isOwn(data, request)) refuse("PRODUCER_FENCED");
    else if (data.state === "PrepareAbort" || data.state === "PrepareCommit") {
      refuse("CONCURRENT_TRANSACTIONS");
    } else if (data.state === "Ongoing") {
      // The producer that comes must wait until what the other left open is aborted.
      this.#ending.fence(led, transaction, "fenced", (failed) =>
        refuse(failed ?? "CONCURRENT_TRANSACTIONS"),
      );
    } else this.#giveEpoch(led, transaction, request, reply);
  }

  #initRefusal(id: string, request: KafkaRequestOf<"initProducerId">): BrokerError | null {
    const { producerId, producerEpoch, transactionTimeoutMs } = request;
    if (id === "") return "INVALID_REQUEST";
    if ((producerId === NO_PRODUCER_ID) !== (producerEpoch === NO_PRODUCER_EPOCH)) {
      return "INVALID_REQUEST";
    }
    const { transactionMaxTimeoutMs } = this.#host.settings;
    const isInRange = transactionTimeoutMs > 0 && transactionTimeoutMs <= transactionMaxTimeoutMs;
    return isInRange ? null : "INVALID_TRANSACTION_TIMEOUT";
  }

  #create(led: LedPartition, id: string, timeoutMs: number): Transaction | null {
    const producerId = this.#ids.take();
    if (producerId === null) return null;
    const data = newTransaction(producerId, timeoutMs, this.#host.runtime.now());
    return this.#log.add(led, id, data);
  }

  #giveEpoch(
    led: LedPartition,
    transaction: Transaction,
    request: KafkaRequestOf<"initProducerId">,
    reply: Reply,
  ): void {
    const { data } = transaction;
    const nowMs = this.#host.runtime.now();
    const expectedEpoch = request.producerId === NO_PRODUCER_ID ? null : request.producerEpoch;
    const asked = { timeoutMs: request.transactionTimeoutMs, expectedEpoch };
    const isOver =
      isEpochExhausted(data.producerEpoch) &&
      (expectedEpoch === null || expectedEpoch === data.producerEpoch);
    const producerId = isOver ? this.#ids.take() : data.producerId;
    if (producerId === null) {
      reply(failedReply(request, "COORDINATOR_LOAD_IN_PROGRESS"));
      return;
    }
    const next = isOver
      ? withNewProducerId(data, producerId, asked, nowMs)
      : withNextEpoch(data, asked, nowMs);
    if (next === null) {
      reply(failedReply(request, "PRODUCER_FENCED"));
      return;
    }
    this.#log.write(led, transaction, next, null, (error) => {
      if (error !== null) reply(failedReply(request, error));
      else {
        const { producerEpoch } = next;
        reply({ kind: "initProducerId", error: null, producerId, producerEpoch });
      }
    });
  }

  // What a transaction touches

  #addPartitions(
    led: LedPartition,
    request: KafkaRequestOf<"addPartitionsToTxn">,
    reply: Reply,
  ): void {
    const answer = (error: BrokerError | null): void =>
      reply({ kind: "addPartitionsToTxn", error });
    const { partitions, verifyOnly = false } = request;
    if (verifyOnly) answer(this.#verify(led, request));
    else if (partitions.some((of) => !this.#host.hasPartition(of))) {
      answer("UNKNOWN_TOPIC_OR_PARTITION");
    } else this.#add(led, request, { partitions, groups: [] }, answer);
  }

  /** For the leader of a partition that a transactional batch comes to. */
  #verify(led: LedPartition, request: KafkaRequestOf<"addPartitionsToTxn">): BrokerError | null {
    const transaction = this.#log.find(led, request.transactionalId);
    if (transaction === undefined) return "INVALID_PRODUCER_ID_MAPPING";
    const { data } = transaction;
    if (data.producerId !== request.producerId) return "INVALID_PRODUCER_ID_MAPPING";
    if (data.producerEpoch !== request.producerEpoch) return "PRODUCER_FENCED";
    if (data.state === "PrepareCommit" || data.state === "PrepareAbort") {
      return "CONCURRENT_TRANSACTIONS";
    }
    return hasAll(data, request.partitions) ? null : "TRANSACTION_ABORTABLE";
  }

  #add(
    led: LedPartition,
    request: KafkaRequestOf<"addPartitionsToTxn" | "addOffsetsToTxn">,
    added: Pick<TransactionData, "partitions" | "groups">,
    answer: (error: BrokerError | null) => void,
  ): void {
    const transaction = this.#log.find(led, request.transactionalId);
    if (request.transactionalId === "") answer("INVALID_REQUEST");
    else if (transaction === undefined) answer("INVALID_PRODUCER_ID_MAPPING");
    else if (transaction.data.producerId !== request.producerId) {
      answer("INVALID_PRODUCER_ID_MAPPING");
    } else if (transaction.data.producerEpoch !== request.producerEpoch) answer("PRODUCER_FENCED");
    else if (isBusy(transaction)) answer("CONCURRENT_TRANSACTIONS");
    else {
      const { data } = transaction;
      const isOngoing = data.state === "Ongoing";
      if (isOngoing && hasAll(data, added.partitions)) {
        answer(null);
        return;
      }
      const nowMs = this.#host.runtime.now();
      const next = withState(data, "Ongoing", {
        partitions: [...data.partitions, ...added.partitions.filter((of) => !hasAll(data, [of]))],
        groups: [...new Set([...data.groups, ...added.groups])],
        startMs: isOngoing ? data.startMs : nowMs,
        updatedMs: nowMs,
      });
      this.#log.write(led, transaction, next, null, (error) => {
        if (error === null && !isOngoing) this.#ending.watch(led, transaction);
        answer(error);
      });
    }
  }

  // Its end

  #endTxn(
    led: LedPartition,
    request: KafkaRequestOf<"endTxn">,
    answer: (error: BrokerError | null) => void,
  ): void {
    const { transactionalId, producerId, producerEpoch, commits } = request;
    const transaction = this.#log.find(led, transactionalId);
    if (transactionalId === "") answer("INVALID_REQUEST");
    else if (transaction === undefined || transaction.data.producerId !== producerId) {
      answer("INVALID_PRODUCER_ID_MAPPING");
    } else if (transaction.data.producerEpoch !== producerEpoch) answer("PRODUCER_FENCED");
    else if (transaction.pending !== null) answer("CONCURRENT_TRANSACTIONS");
    else {
      const { state } = transaction.data;
      if (state === "Ongoing") {
        this.#ending.end(led, transaction, { commits, reason: null }, answer);
      } else answer(commits ? whenDecided(state, "Commit") : whenDecided(state, "Abort"));
    }
  }
}

/** Whether a producer that says who it is can still be the one. */
function isOwn(
  data: TransactionData,
  { producerId, producerEpoch }: KafkaRequestOf<"initProducerId">,
): boolean {
  if (producerId === NO_PRODUCER_ID || data.producerEpoch === NO_PRODUCER_EPOCH) return true;
  if (producerId === data.producerId) return true;
  return producerId === data.previousProducerId && isEpochExhausted(producerEpoch);
}

function isBusy({ pending, data }: Transaction): boolean {
  return pending !== null || data.state === "PrepareCommit" || data.state === "PrepareAbort";
}

function hasAll(data: TransactionData, partitions: readonly TopicPartition[]): boolean {
  const known = new Set(data.partitions.map(topicPartitionName));
  return partitions.every((of) => known.has(topicPartitionName(of)));
}

/** What somebody hears who asks for an end that is decided, or has nothing to end. */
function whenDecided(state: TransactionState, decision: "Commit" | "Abort"): BrokerError | null {
  if (state === `Complete${decision}`) return null;
  return state === `Prepare${decision}` ? "CONCURRENT_TRANSACTIONS" : "INVALID_TXN_STATE";
}
