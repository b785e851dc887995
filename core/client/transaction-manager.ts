/** The id, the epoch and the transactions of a producer: what may be sent now, what a failed batch
 *  means for those after it, and when to begin a new epoch.
 *  Like Kafka: TransactionManager.
 *  Emits: producer.initialised. */

import { assert } from "../base/assert.ts";
import type { ProducerIdentity } from "../record/producer-id.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import { type BrokerError, isRetriable } from "../broker/broker-error.ts";
import type { Lane } from "./lane.ts";
import type { ProducerBatch } from "./producer-batch.ts";
import { KafkaError } from "./producer-errors.ts";
import type { ProducerSettings } from "./producer-settings.ts";
import { ProducerState } from "./producer-state.ts";
import { consequence, type TransactionRequestName } from "./transaction-errors.ts";
import type { TransactionRequests } from "./transaction-requests.ts";
import { urgency } from "./transaction-requests.ts";

const EPOCH_MAX = 32_767;
/** While the transaction before is still being completed. */
const ADD_PARTITIONS_RETRY_MS = 20;

export interface TransactionManagerOptions {
  readonly runtime: Runtime;
  readonly client: string;
  readonly settings: ProducerSettings;
  readonly requests: TransactionRequests;
}

export type Outcome = (error: KafkaError | null) => void;

export class TransactionManager {
  readonly #options: TransactionManagerOptions;
  readonly state: ProducerState;
  #identity: ProducerIdentity | null = null;
  /** A failure means that sequences cannot go on: the next transaction, or the next batch, has
   *  another epoch. */
  isEpochBumpRequired = false;
  readonly #toRewrite = new Set<Lane>();
  readonly #unresolved = new Set<Lane>();
  readonly #newLanes = new Set<Lane>();
  readonly #lanes = new Set<Lane>();
  /** The coordinator knows of the transaction. */
  hasStarted = false;

  constructor(options: TransactionManagerOptions) {
    this.#options = options;
    this.state = new ProducerState(options.settings.transactionalId);
  }

  get isTransactional(): boolean {
    return this.#options.settings.transactionalId !== null;
  }

  get identity(): ProducerIdentity | null {
    return this.#identity;
  }

  /** Who it is, as Kafka prints it. */
  get name(): string {
    const { producerId, producerEpoch } = this.#identity ?? { producerId: -1, producerEpoch: -1 };
    return `ProducerIdAndEpoch(producerId=${producerId}, epoch=${producerEpoch})`;
  }

  // Its id

  /** Without transactions it asks for an id itself, and raises its epoch without asking. */
  bumpIfNeeded(): void {
    if (this.isTransactional) return;
    if (this.isEpochBumpRequired) this.#bump();
    if (this.#identity !== null || this.state.is("INITIALIZING")) return;
    this.state.become("INITIALIZING");
    this.askForId(false, () => {
      // What waits for the id is sent once it is there.
    });
  }

  #bump(): void {
    const identity = this.#identity;
    this.isEpochBumpRequired = false;
    if (identity === null) return;
    if (identity.producerEpoch === EPOCH_MAX) {
      this.#identity = null;
      this.state.become("UNINITIALIZED");
    } else {
      this.#become({ ...identity, producerEpoch: identity.producerEpoch + 1 });
    }
    for (const lane of this.#toRewrite) {
      lane.sequences.restart(this.#identity ?? { producerId: -1, producerEpoch: -1 });
      lane.sequences.unresolved = null;
      this.#unresolved.delete(lane);
    }
    this.#toRewrite.clear();
  }

  #become(identity: ProducerIdentity): void {
    this.#identity = identity;
    const { runtime, client, settings } = this.#options;
    const { transactionalId } = settings;
    runtime.emit({ kind: "producer.initialised", client, transactionalId, ...identity });
  }

  /** Asks for an id; or, of its coordinator, for the next epoch of the one it has. */
  askForId(isBump: boolean, outcome: Outcome): void {
    const { settings, requests } = this.#options;
    const { transactionalId, transactionTimeoutMs } = settings;
    const none = { producerId: -1, producerEpoch: -1 };
    requests.add({
      urgency: isBump ? urgency.epochBump : urgency.initProducerId,
      isEnd: false,
      request: () => ({
        kind: "initProducerId",
        transactionalId,
        transactionTimeoutMs: transactionalId === null ? 2_147_483_647 : transactionTimeoutMs,
        ...(isBump ? (this.#identity ?? none) : none),
      }),
      backoffMs: () => settings.retryBackoffMs,
      drop: () => outcome(this.state.error),
      done: (reply) => {
        assert(reply.kind === "initProducerId", "a reply must be of its request's kind");
        if (reply.error === null) {
          const { producerId, producerEpoch } = reply;
          this.#become({ producerId, producerEpoch });
          this.state.become("READY");
          if (isBump) this.#onReset();
          outcome(null);
        } else outcome(this.failed(reply.error, "InitProducerId"));
      },
    });
  }

  /** Set by the producer: every lane begins anew. */
  onReset: () => void = () => {};

  #onReset(): void {
    this.#unresolved.clear();
    this.onReset();
  }

  /** A request was refused in a way that does not pass. Shape: what its caller is told. */
  failed(
    error: BrokerError,
    request: TransactionRequestName,
    partitions: readonly TopicPartition[] = [],
  ): KafkaError {
    const { isFatal, needsEpoch, error: told } = consequence(request, error, partitions);
    if (needsEpoch) this.isEpochBumpRequired = true;
    return isFatal ? this.fatal(told) : this.abortable(told);
  }

  fatal(error: KafkaError): KafkaError {
    this.state.become("FATAL_ERROR", error);
    return error;
  }

  abortable(error: KafkaError): KafkaError {
    if (!this.state.is("ABORTING_TRANSACTION")) this.state.become("ABORTABLE_ERROR", error);
    return error;
  }

  // What is in a transaction

  /** Throws: KafkaError, where nothing can be sent now. */
  checkSend(lane: Lane): void {
    this.state.check(this.name);
    if (!this.isTransactional) return;
    if (this.#identity === null) {
      throw new KafkaError(
        "IllegalStateException",
        `Cannot add partition ${lane.name} to transaction before completing a call to ` +
          "initTransactions",
      );
    }
    if (!this.state.is("IN_TRANSACTION")) {
      throw new KafkaError(
        "IllegalStateException",
        `Cannot add partition ${lane.name} to transaction while in state  ${this.state.current}`,
      );
    }
    if (!this.#lanes.has(lane)) this.#newLanes.add(lane);
  }

  /** The coordinator is told of partitions before anything is sent to them. */
  addLanes(): void {
    if (this.#newLanes.size === 0) return;
    const { settings, requests } = this.#options;
    const lanes = [...this.#newLanes];
    this.#newLanes.clear();
    const partitions = lanes.map(({ of }) => of);
    requests.add({
      urgency: urgency.add,
      isEnd: false,
      request: () => ({ kind: "addPartitionsToTxn", ...this.inTransaction(), partitions }),
      backoffMs: (error) =>
        error === "CONCURRENT_TRANSACTIONS" && this.#lanes.size === 0
          ? Math.min(ADD_PARTITIONS_RETRY_MS, settings.retryBackoffMs)
          : settings.retryBackoffMs,
      drop: () => undefined,
      done: ({ error }) => {
        if (error === null) {
          for (const lane of lanes) this.#lanes.add(lane);
          this.hasStarted = true;
        } else this.failed(error, "AddPartitionsToTxn", partitions);
      },
    });
  }

  inTransaction(): ProducerIdentity & { readonly transactionalId: string } {
    const { transactionalId } = this.#options.settings;
    assert(transactionalId !== null && this.#identity !== null, "a transaction has a producer");
    return { transactionalId, ...this.#identity };
  }

  forgetNewLanes(): void {
    this.#newLanes.clear();
  }

  /** The transaction is over. */
  complete(): void {
    const isBump = this.isEpochBumpRequired;
    this.state.become(isBump ? "INITIALIZING" : "READY");
    this.isEpochBumpRequired = false;
    this.hasStarted = false;
    this.#newLanes.clear();
    this.#lanes.clear();
  }

  // What may leave

  /** Whether the first batch of a lane has to wait for something other than time. */
  holds(lane: Lane, first: ProducerBatch): boolean {
    if (this.state.is("FATAL_ERROR")) return true;
    if (this.isTransactional && !this.#lanes.has(lane)) return true;
    const identity = this.#identity;
    if (identity === null) return true;
    const { sequences } = lane;
    if (first.baseSequence === -1) {
      if (sequences.hasOpen && !sequences.isOf(identity)) return true;
      return sequences.unresolved !== null;
    }
    // What went before goes again first.
    return sequences.first !== undefined && sequences.first !== first;
  }

  /** Gives a batch its sequence as it leaves. */
  assign(batch: ProducerBatch): void {
    if (batch.baseSequence !== -1 || this.#identity === null) return;
    batch.lane.sequences.assign(batch, this.#identity);
  }

  // What became of it

  canRetry(error: BrokerError, batch: ProducerBatch): boolean {
    if (error !== "OUT_OF_ORDER_SEQUENCE_NUMBER") return isRetriable(error);
    const { lane, baseSequence } = batch;
    const { unresolved } = lane.sequences;
    const isLater = batch.isReset || !lane.sequences.isNext(baseSequence);
    if (unresolved === null && isLater) return true;
    if (this.isTransactional) return false;
    if (unresolved === null || unresolved === baseSequence) this.#requestBump(lane);
    return true;
  }

  #requestBump(lane: Lane): void {
    this.isEpochBumpRequired = true;
    this.#toRewrite.add(lane);
  }

  /** A record cannot be sent, or a batch was given up.
   *  Like Kafka: TransactionManager.maybeTransitionToErrorState. */
  sendFailed(error: KafkaError): void {
    if (error.exception === "ProducerFencedException") this.fatal(error);
    else if (this.isTransactional && !this.state.is("FATAL_ERROR")) {
      if (!this.state.isCompleting) this.isEpochBumpRequired = true;
      if (!this.state.is("READY", "UNINITIALIZED")) this.abortable(error);
    }
  }

  /** A batch is given up. `isKnown` when a broker has said so: those after it can move up. */
  batchFailed(batch: ProducerBatch, error: KafkaError, isKnown: boolean): void {
    this.sendFailed(error);
    const { lane } = batch;
    lane.sequences.remove(batch);
    if (this.state.is("FATAL_ERROR") || batch.baseSequence === -1) return;
    if (this.isTransactional) {
      if (isKnown) lane.sequences.close(batch);
    } else if (isKnown || error.error === "OUT_OF_ORDER_SEQUENCE_NUMBER") this.#requestBump(lane);
  }

  /** A batch was given up that may be in the log. */
  markUnresolved(batch: ProducerBatch): void {
    const { sequences } = batch.lane;
    sequences.unresolved = Math.max(sequences.unresolved ?? 0, batch.nextSequence);
    this.#unresolved.add(batch.lane);
  }

  /** Once nothing of a lane is under way, all was acknowledged after all, or a gap may be. */
  resolve(): void {
    for (const lane of this.#unresolved) {
      const { sequences } = lane;
      if (sequences.hasOpen) continue;
      this.#unresolved.delete(lane);
      sequences.unresolved = null;
      if (sequences.isNext(sequences.next)) continue;
      if (!this.isTransactional) {
        this.#requestBump(lane);
        continue;
      }
      this.isEpochBumpRequired = true;
      this.abortable(
        new KafkaError(
          "KafkaException",
          "The client hasn't received acknowledgment for some previously sent messages and can " +
            "no longer retry them. It is safe to abort the transaction and continue.",
        ),
      );
    }
  }
}
