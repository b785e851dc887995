/** The states of a producer that has an id, and what it says of calls that do not fit them.
 *  Like Kafka: TransactionManager.State. */

import { KafkaError } from "./producer-errors.ts";

export type ProducerStateName =
  | "UNINITIALIZED"
  | "INITIALIZING"
  | "READY"
  | "IN_TRANSACTION"
  | "COMMITTING_TRANSACTION"
  | "ABORTING_TRANSACTION"
  | "ABORTABLE_ERROR"
  | "FATAL_ERROR";

/** From which states one is reached; null from all. */
const before: Readonly<Record<ProducerStateName, readonly ProducerStateName[] | null>> = {
  UNINITIALIZED: ["READY", "ABORTABLE_ERROR"],
  INITIALIZING: ["UNINITIALIZED", "ABORTING_TRANSACTION"],
  READY: ["INITIALIZING", "COMMITTING_TRANSACTION", "ABORTING_TRANSACTION"],
  IN_TRANSACTION: ["READY"],
  COMMITTING_TRANSACTION: ["IN_TRANSACTION"],
  ABORTING_TRANSACTION: ["IN_TRANSACTION", "ABORTABLE_ERROR"],
  ABORTABLE_ERROR: ["IN_TRANSACTION", "COMMITTING_TRANSACTION", "ABORTABLE_ERROR", "INITIALIZING"],
  FATAL_ERROR: null,
};

export class ProducerState {
  readonly #transactionalId: string | null;
  #current: ProducerStateName = "UNINITIALIZED";
  #error: KafkaError | null = null;

  constructor(transactionalId: string | null) {
    this.#transactionalId = transactionalId;
  }

  get current(): ProducerStateName {
    return this.#current;
  }

  /** Why it is in one of the states of error. */
  get error(): KafkaError | null {
    return this.#error;
  }

  is(...states: readonly ProducerStateName[]): boolean {
    return states.includes(this.#current);
  }

  get isCompleting(): boolean {
    return this.is("COMMITTING_TRANSACTION", "ABORTING_TRANSACTION");
  }

  /** Throws: KafkaError IllegalStateException in Kafka's words. */
  become(target: ProducerStateName, error: KafkaError | null = null): void {
    const allowed = before[target];
    if (allowed !== null && !allowed.includes(this.#current)) {
      const name =
        this.#transactionalId === null ? "" : `TransactionalId ${this.#transactionalId}: `;
      throw new KafkaError(
        "IllegalStateException",
        `${name}Invalid transition attempted from state ${this.#current} to state ${target}`,
      );
    }
    this.#current = target;
    this.#error = error;
  }

  /** Throws: KafkaError, where an earlier failure stands in the way. */
  check(who: string): void {
    if (!this.is("ABORTABLE_ERROR", "FATAL_ERROR") || this.#error === null) return;
    const producer = `Producer with transactionalId '${this.#transactionalId}' and ${who}`;
    if (this.#error.exception === "ProducerFencedException") {
      throw new KafkaError(
        "ProducerFencedException",
        `${producer} has been fenced by another producer with the same transactionalId`,
        "PRODUCER_FENCED",
      );
    }
    if (this.#error.exception === "InvalidProducerEpochException") {
      throw new KafkaError(
        "InvalidProducerEpochException",
        `${producer} attempted to produce with an old epoch`,
        "INVALID_PRODUCER_EPOCH",
      );
    }
    throw new KafkaError(
      "KafkaException",
      "Cannot execute transactional method because we are in an error state",
      null,
      { cause: this.#error },
    );
  }
}
