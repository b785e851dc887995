/** Transactions of a producer, as an application sees them: each call is done when its callback is,
 *  with null or with what went wrong.
 *
 *      init ─▶ begin ─▶ records, offsets ─▶ commit or abort ─▶ begin ...
 *
 *  Like Kafka: KafkaProducer.initTransactions and the others; each waits at most `max.block.ms`,
 *  then the same call can be made again. */

import { assert } from "../base/assert.ts";
import type { CommitMember, PartitionOffset } from "../broker/group-request.ts";
import type { Runtime } from "../sim/runtime.ts";
import { KafkaError } from "./producer-errors.ts";
import type { ProducerSettings } from "./producer-settings.ts";
import type { ProducerStateName } from "./producer-state.ts";
import type { Outcome, TransactionManager } from "./transaction-manager.ts";
import { type TransactionRequests, urgency } from "./transaction-requests.ts";

export interface TransactionsOptions {
  readonly runtime: Runtime;
  readonly settings: ProducerSettings;
  readonly manager: TransactionManager;
  readonly requests: TransactionRequests;
  /** The producer looks what it can send. */
  readonly wake: () => void;
}

/** A call that is under way, or has timed out and goes on. */
interface Pending {
  readonly state: ProducerStateName;
  readonly operation: string;
  /** Who waits for it; nobody after a time-out. */
  waiting: Outcome | null;
}

/** One that is outside the protocol of groups: its commits are not checked. */
const noMember: CommitMember = { member: "", generation: -1, instance: null };

export class Transactions {
  readonly #options: TransactionsOptions;
  #pending: Pending | null = null;

  constructor(options: TransactionsOptions) {
    this.#options = options;
  }

  /** Nothing can be done any more but to end. */
  get isLost(): boolean {
    return this.#options.manager.state.is("FATAL_ERROR");
  }

  /** Gets the id and its next epoch: whoever had it is fenced, and what was left open is aborted.
   *  Throws: KafkaError in the wrong state, as all the others do. */
  init(done: Outcome): void {
    const { manager } = this.#options;
    this.#call("INITIALIZING", "initTransactions", "InitProducerId", done, (outcome) => {
      manager.state.check(manager.name);
      manager.state.become("INITIALIZING");
      manager.askForId(false, outcome);
    });
  }

  begin(): void {
    const { manager } = this.#options;
    this.#refusePending("beginTransaction");
    manager.state.check(manager.name);
    manager.state.become("IN_TRANSACTION");
  }

  commit(done: Outcome): void {
    const { manager } = this.#options;
    this.#call("COMMITTING_TRANSACTION", "commitTransaction", "EndTxn(true)", done, (outcome) => {
      manager.state.check(manager.name);
      manager.state.become("COMMITTING_TRANSACTION");
      this.#end(true, outcome);
    });
  }

  abort(done: Outcome): void {
    const { manager } = this.#options;
    this.#call("ABORTING_TRANSACTION", "abortTransaction", "EndTxn(false)", done, (outcome) => {
      if (!manager.state.is("ABORTABLE_ERROR")) manager.state.check(manager.name);
      const { error } = manager.state;
      manager.state.become("ABORTING_TRANSACTION");
      manager.forgetNewLanes();
      // The coordinator does not know it: only another epoch helps.
      if (error?.error === "INVALID_PRODUCER_ID_MAPPING") {
        manager.complete();
        manager.askForId(true, outcome);
      } else this.#end(false, outcome);
    });
  }

  /** Offsets of a group that count when the transaction does. */
  sendOffsets(
    group: string,
    offsets: readonly PartitionOffset[],
    done: Outcome,
    from: CommitMember = noMember,
  ): void {
    const { manager, requests, settings, wake } = this.#options;
    this.#refusePending("sendOffsetsToTransaction");
    manager.state.check(manager.name);
    if (!manager.state.is("IN_TRANSACTION")) {
      throw new KafkaError(
        "IllegalStateException",
        "Cannot send offsets if a transaction is not in progress " +
          `(currentState= ${manager.state.current})`,
      );
    }
    const outcome = this.#withTimeout("AddOffsetsToTxn", done);
    const drop = (): void => outcome(manager.state.error);
    const backoffMs = (): number => settings.retryBackoffMs;
    const commit = (): void =>
      requests.add({
        urgency: urgency.add,
        isEnd: false,
        request: () => ({
          kind: "txnOffsetCommit",
          ...manager.inTransaction(),
          group,
          from,
          offsets,
        }),
        backoffMs,
        drop,
        done: ({ error }) =>
          outcome(error === null ? null : manager.failed(error, "TxnOffsetCommit")),
      });
    requests.add({
      urgency: urgency.add,
      isEnd: false,
      request: () => ({ kind: "addOffsetsToTxn", ...manager.inTransaction(), group }),
      backoffMs,
      drop,
      done: ({ error }) => {
        if (error === null) {
          manager.hasStarted = true;
          commit();
        } else outcome(manager.failed(error, "AddOffsetsToTxn"));
      },
    });
    wake();
  }

  #end(commits: boolean, outcome: Outcome): void {
    const { manager, requests, settings } = this.#options;
    const isBump = manager.isEpochBumpRequired;
    const complete = (): void => {
      manager.complete();
      if (!isBump) outcome(null);
    };
    requests.add({
      urgency: urgency.endTxn,
      isEnd: true,
      request: () => ({ kind: "endTxn", ...manager.inTransaction(), commits }),
      backoffMs: () => settings.retryBackoffMs,
      drop: () => outcome(manager.state.error),
      skip: complete,
      done: ({ error }) => {
        if (error === null) complete();
        else outcome(manager.failed(error, "EndTxn"));
      },
    });
    if (isBump) manager.askForId(true, outcome);
  }

  // Waiting

  #refusePending(operation: string): void {
    const pending = this.#pending;
    if (pending === null) return;
    throw new KafkaError(
      "IllegalStateException",
      `Cannot attempt operation \`${operation}\` because the previous call to ` +
        `\`${pending.operation}\` timed out and must be retried`,
    );
  }

  /** Begins a call, or goes on waiting for the same one that has timed out. */
  #call(
    state: ProducerStateName,
    operation: string,
    awaited: string,
    done: Outcome,
    begin: (outcome: Outcome) => void,
  ): void {
    if (this.#pending !== null && this.#pending.state !== state) this.#refusePending(operation);
    const again = this.#pending;
    const pending = again ?? { state, operation, waiting: null };
    if (again === null) {
      begin((error) => {
        if (this.#pending !== pending) return;
        this.#pending = null;
        pending.waiting?.(error);
      });
      this.#pending = pending;
    }
    assert(pending.waiting === null, "an application makes one call at a time", { operation });
    const outcome = this.#withTimeout(awaited, done, () => {
      pending.waiting = null;
    });
    pending.waiting = outcome;
    this.#options.wake();
  }

  /** Once: the outcome, or that it took longer than `max.block.ms`. */
  #withTimeout(awaited: string, done: Outcome, onTimeout: () => void = () => {}): Outcome {
    const { runtime, settings } = this.#options;
    let isOver = false;
    const finish: Outcome = (error) => {
      if (isOver) return;
      isOver = true;
      done(error);
    };
    runtime.schedule(settings.maxBlockMs, () => {
      if (isOver) return;
      onTimeout();
      const text = `Timeout expired after ${settings.maxBlockMs}ms while awaiting ${awaited}`;
      finish(new KafkaError("TimeoutException", text));
    });
    return finish;
  }
}
