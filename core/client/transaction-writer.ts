/** Puts an application's records into transactions: so many each, or for so long. What a failure
 *  aborts is sent again, unless it is a record's own fault; what the plan aborts is not. A producer
 *  that can do nothing any more ends. */

import type { ProducerRecord } from "../record/record.ts";
import type { Runtime } from "../sim/runtime.ts";
import { KafkaError } from "./producer-errors.ts";
import type { Outcome } from "./transaction-manager.ts";
import type { Transactions } from "./transactional-producer.ts";

export interface TransactionPlan {
  /** A transaction ends after so many records; 100 when neither is said. */
  readonly recordsPerTransaction?: number;
  /** Or at the first record that comes so long after its first. */
  readonly everyMs?: number;
  /** Every so manieth transaction is aborted, and its records are gone; none when left out. */
  readonly abortEvery?: number;
}

export interface TransactionWriterOptions {
  readonly runtime: Runtime;
  readonly transactions: Transactions;
  readonly plan: TransactionPlan;
  /** Hands a record to the producer; throws KafkaError where it cannot take it. */
  readonly send: (record: ProducerRecord) => void;
  /** The next record may come. */
  readonly goOn: () => void;
  /** It leaves out what no broker would take, and goes on. */
  readonly continuesAfterError: boolean;
  readonly onError: (error: KafkaError) => void;
}

const RECORDS_PER_TRANSACTION = 100;
/** Of what is wrong with a record: it would be refused again. */
const ofRecords = new Set([
  "RecordTooLargeException",
  "RecordBatchTooLargeException",
  "InvalidRecordException",
  "InvalidTimestampException",
]);

export class TransactionWriter {
  readonly #options: TransactionWriterOptions;
  /** Of the open transaction, to be sent again. */
  #records: ProducerRecord[] = [];
  #sinceMs = 0;
  #count = 0;
  #hasFailed = false;
  /** What is wrong with a record of the open transaction. */
  #refused: KafkaError | null = null;

  constructor(options: TransactionWriterOptions) {
    this.#options = options;
  }

  start(): void {
    const { transactions, goOn } = this.#options;
    this.#call((done) => transactions.init(done), goOn);
  }

  get isIdle(): boolean {
    return this.#records.length === 0;
  }

  /** Takes a record. Shape: false where its transaction ends first; then `goOn` comes. */
  write(record: ProducerRecord): boolean {
    const { runtime, plan, transactions } = this.#options;
    if (this.#records.length === 0) {
      this.#guard(() => transactions.begin());
      this.#sinceMs = runtime.now();
    }
    this.#records.push(record);
    if (!this.#hasFailed) this.#send(record);
    const { everyMs = Infinity } = plan;
    const byTime = plan.everyMs === undefined ? RECORDS_PER_TRANSACTION : Infinity;
    const { recordsPerTransaction = byTime } = plan;
    const isOld = runtime.now() - this.#sinceMs >= everyMs;
    if (this.#records.length < recordsPerTransaction && !isOld) return true;
    this.finish();
    return false;
  }

  #send(record: ProducerRecord): void {
    const { send } = this.#options;
    this.#guard(() => send(record));
  }

  /** Ends the open transaction, then `goOn`. */
  finish(): void {
    const { plan, transactions } = this.#options;
    this.#count += 1;
    const { abortEvery } = plan;
    const isAborted = abortEvery !== undefined && this.#count % abortEvery === 0;
    if (this.#hasFailed) this.#startAgain();
    else if (isAborted) this.#call((done) => transactions.abort(done), this.#ended);
    else this.#commit();
  }

  #commit(): void {
    const { transactions } = this.#options;
    this.#call(
      (done) => transactions.commit(done),
      this.#ended,
      () => this.#startAgain(),
    );
  }

  #ended = (): void => {
    this.#records = [];
    this.#hasFailed = false;
    this.#refused = null;
    this.#options.goOn();
  };

  /** A batch of the open transaction was given up. */
  failed(error: KafkaError): void {
    if (this.#isFatal(error)) {
      this.#options.onError(error);
      return;
    }
    this.#hasFailed = true;
    if (ofRecords.has(error.exception)) this.#refused ??= error;
  }

  /** Nothing helps, not even an abort. */
  #isFatal(error: KafkaError): boolean {
    return this.#options.transactions.isLost || error.exception === "IllegalStateException";
  }

  /** Aborts, and sends the same records in another transaction. */
  #startAgain(): void {
    const { transactions, continuesAfterError, onError } = this.#options;
    this.#call(
      (done) => transactions.abort(done),
      () => {
        if (this.#refused !== null) {
          if (continuesAfterError) this.#ended();
          else onError(this.#refused);
          return;
        }
        this.#hasFailed = false;
        this.#guard(() => transactions.begin());
        for (const record of this.#records) this.#send(record);
        this.#commit();
      },
    );
  }

  /** Makes a call, again where it has timed out, until it is done or has failed: then there is
   *  another way, or none. */
  #call(
    call: (done: Outcome) => void,
    next: () => void,
    otherwise: (error: KafkaError) => void = this.#options.onError,
  ): void {
    const outcome: Outcome = (error) => {
      if (error === null) next();
      else if (error.exception === "TimeoutException" && error.error === null) {
        this.#call(call, next, otherwise);
      } else if (this.#isFatal(error)) this.#options.onError(error);
      else otherwise(error);
    };
    try {
      call(outcome);
    } catch (thrown) {
      if (!(thrown instanceof KafkaError)) throw thrown;
      outcome(thrown);
    }
  }

  /** What an action throws makes the transaction fail, or ends the producer. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (thrown) {
      if (!(thrown instanceof KafkaError)) throw thrown;
      this.failed(thrown);
    }
  }
}
