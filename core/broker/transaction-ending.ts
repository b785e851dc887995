/** How transactions end: the decision is written, markers follow, and then it is complete. Whoever
 *  leads after the decision finishes it.
 *  Like Kafka: TransactionCoordinator.endTransaction, TransactionMarkerChannelManager. */

import type { BrokerError } from "./broker-error.ts";
import type { CoordinatorHost } from "./coordinator.ts";
import { NO_PRODUCER_EPOCH, type TransactionData, withState } from "./transaction-data.ts";
import type { EndReason, LedPartition, Transaction, TransactionLog } from "./transaction-log.ts";

/** Between attempts to write what markers have completed. */
const RETRY_MS = 100;

export class TransactionEnding {
  readonly #host: CoordinatorHost;
  readonly #log: TransactionLog;

  constructor(host: CoordinatorHost, log: TransactionLog) {
    this.#host = host;
    this.#log = log;
  }

  /** The producer is shut out by a raised epoch, and what it left open is aborted. */
  fence(
    led: LedPartition,
    transaction: Transaction,
    reason: EndReason,
    answer: (error: BrokerError | null) => void,
  ): void {
    const { producerEpoch } = transaction.data;
    const raised = transaction.hasFailedFence ? producerEpoch : producerEpoch + 1;
    const lastProducerEpoch = NO_PRODUCER_EPOCH;
    transaction.data = { ...transaction.data, producerEpoch: raised, lastProducerEpoch };
    this.end(led, transaction, { commits: false, reason }, (error) => {
      if (error !== null) transaction.hasFailedFence = true;
      answer(error);
    });
  }

  /** Writes the decision; then it stands, the producer is told, and markers follow. */
  end(
    led: LedPartition,
    transaction: Transaction,
    { commits, reason }: { readonly commits: boolean; readonly reason: EndReason },
    answer: (error: BrokerError | null) => void,
  ): void {
    const state = commits ? "PrepareCommit" : "PrepareAbort";
    const next = withState(transaction.data, state, { updatedMs: this.#host.runtime.now() });
    this.#log.write(led, transaction, next, reason, (error) => {
      answer(error);
      if (error === null) this.finish(led, transaction);
    });
  }

  finish(led: LedPartition, transaction: Transaction): void {
    const { data } = transaction;
    const isCommit = data.state === "PrepareCommit";
    const next = withState(data, isCommit ? "CompleteCommit" : "CompleteAbort", {
      partitions: [],
      groups: [],
      updatedMs: this.#host.runtime.now(),
    });
    transaction.pending = next.state;
    transaction.hasFailedFence = false;
    const { producerId, producerEpoch } = data;
    const control = isCommit ? "COMMIT" : "ABORT";
    const marker = { producerId, producerEpoch, control, coordinatorEpoch: led.epoch } as const;
    this.#host.writeMarkers(data.partitions, marker, () => this.#complete(led, transaction, next));
  }

  /** All markers are written. */
  #complete(led: LedPartition, transaction: Transaction, next: TransactionData): void {
    if (!this.#log.isLed(led)) return;
    this.#log.write(led, transaction, next, null, (error) => {
      if (error !== "COORDINATOR_NOT_AVAILABLE") return;
      transaction.pending = next.state;
      this.#host.runtime.schedule(RETRY_MS, () => this.#complete(led, transaction, next));
    });
  }

  /** Looks for a transaction that takes too long when the scan of every ten seconds would find it:
   *  at the first one after its time-out. */
  watch(led: LedPartition, transaction: Transaction): void {
    const { runtime, settings } = this.#host;
    const everyMs = settings.transactionAbortCheckMs;
    const { startMs, timeoutMs } = transaction.data;
    const dueMs = Math.max(startMs + timeoutMs, runtime.now());
    const scanMs = (Math.floor(dueMs / everyMs) + 1) * everyMs;
    runtime.schedule(scanMs - runtime.now(), () => {
      const { data } = transaction;
      if (!this.#log.isLed(led) || led.transactions.get(transaction.id) !== transaction) return;
      if (data.state !== "Ongoing" || data.startMs !== startMs) return;
      if (transaction.pending !== null) this.watch(led, transaction);
      else {
        this.fence(led, transaction, "timed out", (error) => {
          if (error !== null) this.watch(led, transaction);
        });
      }
    });
  }
}
