/** The requests a producer sends for its id and its transactions: one at a time, the most urgent
 *  first, again while they fail in a way that passes. While one is under way, or waits to go
 *  again, nothing else is sent: the thread that sends sleeps.
 *  Like Kafka: TransactionManager.TxnRequestHandler, Sender.maybeSendAndPollTransactionalRequest.
 *  Emits: request.failed. */

import type { Runtime } from "../sim/runtime.ts";
import type { KafkaClient, KafkaReplyOf, KafkaRequestOf } from "../broker/admin-request.ts";
import { type BrokerError, isRetriable } from "../broker/broker-error.ts";

/** Whose partitions the coordinators of groups and of transactions lead. */
const OFFSETS_TOPIC = "__consumer_offsets";
const TRANSACTIONS_TOPIC = "__transaction_state";

type Kind =
  | "initProducerId"
  | "addPartitionsToTxn"
  | "addOffsetsToTxn"
  | "txnOffsetCommit"
  | "endTxn";

/** Like Kafka: TransactionManager.Priority. */
export const urgency = { initProducerId: 1, add: 2, endTxn: 3, epochBump: 4 } as const;

export interface TransactionJob {
  readonly urgency: number;
  readonly isEnd: boolean;
  /** Of the moment it is sent. */
  readonly request: () => KafkaRequestOf<Kind>;
  /** How long to wait before it goes again. */
  readonly backoffMs: (error: BrokerError) => number;
  /** It was done, or cannot be. */
  readonly done: (reply: KafkaReplyOf<Kind>) => void;
  /** Gives up before it is sent. */
  readonly drop: () => void;
  /** There is nothing to end: the coordinator has heard of nothing. */
  readonly skip?: () => void;
}

export class TransactionRequests {
  readonly #runtime: Runtime;
  readonly #kafka: KafkaClient;
  readonly #client: string;
  readonly #wake: () => void;
  readonly #jobs: TransactionJob[] = [];
  #isBusy = false;
  #isOver = false;

  constructor(options: {
    readonly runtime: Runtime;
    readonly kafka: KafkaClient;
    readonly client: string;
    /** The producer looks again what it can send. */
    readonly wake: () => void;
  }) {
    this.#runtime = options.runtime;
    this.#kafka = options.kafka;
    this.#client = options.client;
    this.#wake = options.wake;
  }

  /** One is under way, or waits to go again. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  get isEmpty(): boolean {
    return this.#jobs.length === 0;
  }

  add(job: TransactionJob): void {
    this.#jobs.push(job);
  }

  /** The most urgent, the oldest of those. */
  get first(): TransactionJob | undefined {
    let first = this.#jobs[0];
    for (const job of this.#jobs) {
      if (first !== undefined && job.urgency < first.urgency) first = job;
    }
    return first;
  }

  take(job: TransactionJob): void {
    this.#jobs.splice(this.#jobs.indexOf(job), 1);
  }

  dropAll(): void {
    for (const job of this.#jobs.splice(0)) job.drop();
  }

  /** Its process ended: nothing comes any more. */
  end(): void {
    this.#isOver = true;
    this.#jobs.length = 0;
  }

  send(job: TransactionJob): void {
    this.#isBusy = true;
    const request = job.request();
    this.#kafka.send<Kind>(request, (reply) => {
      if (this.#isOver) return;
      if (reply.error !== null && isRetriable(reply.error)) {
        this.#retry(job, request.kind, reply.error);
        return;
      }
      if (reply.error !== null) this.#tell(request.kind, reply.error, null);
      this.#isBusy = false;
      job.done(reply);
      this.#wake();
    });
  }

  #tell(request: Kind, error: BrokerError, retryInMs: number | null): void {
    const topic = request === "txnOffsetCommit" ? OFFSETS_TOPIC : TRANSACTIONS_TOPIC;
    const fact = { client: this.#client, request, topic, partition: -1, error, retryInMs };
    this.#runtime.emit({ kind: "request.failed", ...fact });
  }

  #retry(job: TransactionJob, kind: Kind, error: BrokerError): void {
    const retryInMs = job.backoffMs(error);
    // Waiting for what a coordinator is about to finish is no failure.
    if (error !== "CONCURRENT_TRANSACTIONS") this.#tell(kind, error, retryInMs);
    this.#runtime.schedule(retryInMs, () => {
      if (this.#isOver) return;
      this.#isBusy = false;
      this.#jobs.unshift(job);
      this.#wake();
    });
  }
}
