/** The transactional ids whose partition of `__transaction_state` one broker leads, and their log:
 *  a change counts once it is written.
 *  Like Kafka: TransactionStateManager.
 *  Emits: transaction.changed. */

import type { TransactionState } from "../trace/cluster-fact.ts";
import type { BrokerError } from "./broker-error.ts";
import { type CoordinatorEntry, type CoordinatorHost, OFFSETS_TOPIC } from "./coordinator.ts";
import { readTransaction, type TransactionData, writeTransaction } from "./transaction-data.ts";

/** Why a coordinator ends a transaction itself; null where its producer asked for it. */
export type EndReason = "timed out" | "fenced" | null;

/** One transactional id. */
export interface Transaction {
  readonly id: string;
  data: TransactionData;
  /** A change that is on its way into the log. */
  pending: TransactionState | null;
  /** A raised epoch was not written; the next fence uses the same. */
  hasFailedFence: boolean;
}

/** A partition of the log that is led here. */
export interface LedPartition {
  readonly partition: number;
  /** Its leader epoch: of the coordinator, in markers. */
  readonly epoch: number;
  readonly transactions: Map<string, Transaction>;
}

export class TransactionLog {
  readonly #host: CoordinatorHost;
  readonly #led = new Map<number, LedPartition>();

  constructor(host: CoordinatorHost) {
    this.#host = host;
  }

  lead(partition: number, epoch: number, entries: readonly CoordinatorEntry[]): LedPartition {
    const led: LedPartition = { partition, epoch, transactions: new Map() };
    this.#led.set(partition, led);
    for (const entry of entries) {
      if (entry.kind !== "records") continue;
      for (const { key, value } of entry.records) {
        if (value === null) led.transactions.delete(key);
        else this.add(led, key, readTransaction(value));
      }
    }
    // What the coordinator before it has written may never have been told.
    for (const transaction of led.transactions.values()) this.#tell(transaction, "loaded");
    return led;
  }

  resign(partition: number): void {
    this.#led.delete(partition);
  }

  led(partition: number): LedPartition | undefined {
    return this.#led.get(partition);
  }

  isLed(led: LedPartition): boolean {
    return this.#led.get(led.partition) === led;
  }

  add(led: LedPartition, id: string, data: TransactionData): Transaction {
    const transaction = { id, data, pending: null, hasFailedFence: false };
    led.transactions.set(id, transaction);
    return transaction;
  }

  /** What is known of an id; nothing, when nobody has used it for `transactional.id.expiration.ms`,
   *  as the hourly look would have found. */
  find(led: LedPartition, id: string): Transaction | undefined {
    const found = led.transactions.get(id);
    if (found === undefined || found.pending !== null) return found;
    const { state, updatedMs } = found.data;
    if (state !== "Empty" && state !== "CompleteCommit" && state !== "CompleteAbort") return found;
    const { runtime, settings } = this.#host;
    const everyMs = settings.transactionalIdExpirationCheckMs;
    const lookedMs = Math.floor(runtime.now() / everyMs) * everyMs;
    if (updatedMs > lookedMs - settings.transactionalIdExpirationMs) return found;
    led.transactions.delete(id);
    this.#host.append(led.partition, [{ key: id, value: null }], () => {
      // A tombstone that is not written is written by who leads next, once somebody asks.
    });
    return undefined;
  }

  /** A change counts once it is in the log. */
  write(
    led: LedPartition,
    transaction: Transaction,
    next: TransactionData,
    reason: EndReason,
    done: (error: BrokerError | null) => void,
  ): void {
    transaction.pending = next.state;
    const record = { key: transaction.id, value: writeTransaction(next) };
    this.#host.append(led.partition, [record], (error) => {
      if (!this.isLed(led)) {
        done("NOT_COORDINATOR");
        return;
      }
      transaction.pending = null;
      if (error === null) {
        transaction.data = next;
        this.#tell(transaction, reason);
      }
      done(error === null ? null : asCoordinatorError(error));
    });
  }

  #tell({ id, data }: Transaction, reason: EndReason | "loaded"): void {
    const { producerId, producerEpoch, state, groups } = data;
    this.#host.runtime.emit({
      kind: "transaction.changed",
      transactionalId: id,
      producerId,
      producerEpoch,
      state,
      partitions: data.partitions.filter(({ topic }) => topic !== OFFSETS_TOPIC),
      groups,
      reason,
    });
  }
}

/** Like Kafka: TransactionStateManager.appendTransactionToLog. */
function asCoordinatorError(error: BrokerError): BrokerError {
  switch (error) {
    case "UNKNOWN_TOPIC_OR_PARTITION":
    case "NOT_ENOUGH_REPLICAS":
    case "NOT_ENOUGH_REPLICAS_AFTER_APPEND":
    case "REQUEST_TIMED_OUT":
      return "COORDINATOR_NOT_AVAILABLE";
    case "NOT_LEADER_OR_FOLLOWER":
    case "KAFKA_STORAGE_ERROR":
      return "NOT_COORDINATOR";
    case "MESSAGE_TOO_LARGE":
    case "RECORD_LIST_TOO_LARGE":
      return "UNKNOWN_SERVER_ERROR";
    default:
      return error;
  }
}
