/** Sends what a producer has gathered: one request to a broker carries a batch of each of its
 *  partitions, several are under way at a time, and what fails goes again, or is given up.
 *
 *      append ─▶ lane ─ ready: full, lingered ─▶ request ─▶ acknowledged
 *                  ▲                                │ retriable: after its backoff, in order
 *                  └────────────────────────────────┘ otherwise, or too late: given up
 *
 *  Like Kafka: Sender, RecordAccumulator.ready and drain.
 *  Emits: produce.acknowledged, request.failed. */

import type { Runtime } from "../sim/runtime.ts";
import type { Broker, Disconnection, ReplyOf } from "../broker/broker.ts";
import { type BrokerError, isMetadataStale, isRetriable } from "../broker/broker-error.ts";
import type { Lane } from "./lane.ts";
import type { ProducerBatch } from "./producer-batch.ts";
import { expired, type KafkaError, refused } from "./producer-errors.ts";
import type { ProducerSettings } from "./producer-settings.ts";
import type { TransactionManager } from "./transaction-manager.ts";

export interface SenderOptions {
  readonly runtime: Runtime;
  readonly broker: Broker;
  readonly client: string;
  readonly settings: ProducerSettings;
  /** Null for a producer that is not idempotent. */
  readonly manager: TransactionManager | null;
  /** By topic and partition. */
  readonly lanes: readonly Lane[];
  /** Somebody waits for all that was handed over. */
  readonly isFlushing: () => boolean;
  readonly onAcknowledged: (batch: ProducerBatch) => void;
  readonly onFailed: (batch: ProducerBatch, error: KafkaError) => void;
  /** An error says that metadata is out of date. */
  readonly onStale: (topic: string) => void;
}

/** What goes to one broker at a time. */
interface Node {
  inFlight: number;
  /** Nobody was there to take the last request: one at a time tries whether that has changed, so
   *  that batches go on filling meanwhile. */
  isDown: boolean;
  /** The partition that is looked at first, the next time. */
  next: number;
}

interface Request {
  readonly batches: readonly ProducerBatch[];
  readonly replies: ReplyOf<"produce">[];
  left: number;
}

const NEVER = Infinity;
/** Jitter of a backoff: this many percent up or down. */
const JITTER_PERCENT = 20;

export class Sender {
  readonly #options: SenderOptions;
  readonly #nodes = new Map<number, Node>();
  #isOver = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Its process has ended: replies are not heard. */
  end(): void {
    this.#isOver = true;
  }

  /** Nothing waits or is under way. */
  get isIdle(): boolean {
    return this.#options.lanes.every(
      ({ queue, inFlight }) => queue.length === 0 && inFlight.length === 0,
    );
  }

  /** Sends what can be sent. Shape: when to look again, if nothing comes before; Infinity where
   *  only a reply can change anything. */
  send(): number {
    const nowMs = this.#options.runtime.now();
    this.#expire(nowMs);
    while (this.#sendOnce(nowMs)) {
      // A broker may take several requests at once.
    }
    return this.#nextMs();
  }

  /** One request to each broker that has room and something ready. */
  #sendOnce(nowMs: number): boolean {
    const { lanes, settings } = this.#options;
    const ready = new Set<number>();
    for (const lane of lanes) {
      if (this.#readyMs(lane) > nowMs) continue;
      const { inFlight, isDown } = this.#node(lane.leader);
      if (inFlight < (isDown ? 1 : settings.maxInFlight)) ready.add(lane.leader);
    }
    let hasSent = false;
    for (const leader of ready) {
      const batches = this.#drain(leader, nowMs);
      if (batches.length === 0) continue;
      this.#request(leader, batches);
      hasSent = true;
    }
    return hasSent;
  }

  #readyMs(lane: Lane): number {
    const { settings, manager, isFlushing } = this.#options;
    const isHurried = isFlushing() || (manager?.state.isCompleting ?? false);
    return lane.readyMs(settings.lingerMs, isHurried);
  }

  #node(leader: number): Node {
    let node = this.#nodes.get(leader);
    if (node === undefined) {
      node = { inFlight: 0, isDown: false, next: 0 };
      this.#nodes.set(leader, node);
    }
    return node;
  }

  /** The first batch of each partition that a broker leads, lingered or not. */
  #drain(leader: number, nowMs: number): ProducerBatch[] {
    const { settings, manager } = this.#options;
    const lanes = this.#options.lanes.filter((lane) => lane.leader === leader);
    const node = this.#node(leader);
    const start = node.next % lanes.length;
    const batches: ProducerBatch[] = [];
    let bytes = 0;
    for (let at = 0; at < lanes.length; at += 1) {
      node.next = (start + at) % lanes.length;
      const lane = lanes[node.next];
      const first = lane?.queue[0];
      if (lane === undefined || first === undefined || lane.isMuted) continue;
      if (first.attempts > 0 && this.#readyMs(lane) > nowMs) continue;
      // Kafka's producer looks no further than a batch that does not fit, or has to wait.
      if (bytes + first.sizeBytes > settings.maxRequestBytes && batches.length > 0) break;
      if (manager?.holds(lane, first) ?? false) break;
      bytes += first.sizeBytes;
      lane.queue.shift();
      manager?.assign(first);
      first.isClosed = true;
      first.attempts += 1;
      first.leaderEpoch = lane.leaderEpoch;
      lane.inFlight.push(first);
      if (settings.maxInFlight === 1) lane.isMuted = true;
      batches.push(first);
    }
    return batches;
  }

  #request(leader: number, batches: readonly ProducerBatch[]): void {
    const { broker, settings } = this.#options;
    const request: Request = { batches, replies: [], left: batches.length };
    const node = this.#node(leader);
    node.inFlight += 1;
    for (const [index, batch] of batches.entries()) {
      broker.send<"produce">(this.#produce(batch), (reply) => {
        if (this.#isOver || settings.acks === 0) return;
        request.replies[index] = reply;
        request.left -= 1;
        if (request.left > 0) return;
        node.inFlight -= 1;
        node.isDown = request.replies.some(({ disconnection }) => disconnection === "refused");
        this.#answered(request);
      });
    }
    if (settings.acks !== 0) return;
    // Nobody answers: what is handed to the network counts as written.
    node.inFlight -= 1;
    for (const batch of batches) this.#acknowledged(batch, -1, -1);
  }

  #produce({ lane, records, identity, baseSequence }: ProducerBatch) {
    const { acks, requestTimeoutMs, transactionalId } = this.#options.settings;
    const request = { kind: "produce", ...lane.of, records, acks } as const;
    const timeout = { timeoutMs: requestTimeoutMs, clientTimeoutMs: requestTimeoutMs };
    if (identity === null) return { ...request, ...timeout };
    return { ...request, ...timeout, batch: { ...identity, baseSequence, transactionalId } };
  }

  #answered({ batches, replies }: Request): void {
    for (const [index, batch] of batches.entries()) {
      const reply = replies[index];
      if (reply === undefined) continue;
      batch.lane.isMuted = false;
      batch.lane.landed(batch);
      if (batch.isDone) continue;
      const { error, baseOffset, leaderEpoch = -1, disconnection = null } = reply;
      if (error === null || error === "DUPLICATE_SEQUENCE_NUMBER") {
        this.#acknowledged(batch, baseOffset, leaderEpoch);
      } else this.#failed(batch, error, disconnection);
    }
    this.onAnswered();
  }

  /** Set by the producer: it looks again what it can send. */
  onAnswered: () => void = () => {};

  #acknowledged(batch: ProducerBatch, baseOffset: number, leaderEpoch: number): void {
    const { runtime, client, settings, onAcknowledged } = this.#options;
    const { lane, count } = batch;
    batch.isDone = true;
    lane.landed(batch);
    if (batch.baseSequence !== -1) lane.sequences.acknowledged(batch);
    const { acks } = settings;
    const fact = { client, ...lane.of, acks, baseOffset, count, leaderEpoch };
    runtime.emit({ kind: "produce.acknowledged", ...fact });
    onAcknowledged(batch);
  }

  // What fails

  #failed(batch: ProducerBatch, error: BrokerError, disconnection: Disconnection | null): void {
    const { runtime, settings, manager, onStale } = this.#options;
    const { lane } = batch;
    if (disconnection !== null || isMetadataStale(error)) onStale(lane.of.topic);
    const nowMs = runtime.now();
    if (error === "MESSAGE_TOO_LARGE" && batch.count > 1) {
      this.#tell(batch, error, 0);
      this.#split(batch);
      return;
    }
    // A connection that is refused is no attempt: a real client would still be connecting.
    if (disconnection === "refused") batch.refusals += 1;
    const isLate = nowMs - batch.createdMs >= settings.deliveryTimeoutMs;
    const attemptsLeft = settings.retries - (batch.attempts - 1 - batch.refusals);
    if (isLate) {
      this.#tell(batch, error, null);
      this.#expired(batch, nowMs, batch.attempts > 1);
      return;
    }
    const mayRetry = (): boolean =>
      manager === null ? isRetriable(error) : manager.canRetry(error, batch);
    if (attemptsLeft <= 0 || !mayRetry()) {
      this.#tell(batch, error, null);
      this.#giveUp(batch, refused(error, lane.of, batch), attemptsLeft > 0);
      return;
    }
    const retryInMs = this.#backoffMs(batch.attempts - 1);
    this.#tell(batch, error, retryInMs);
    batch.backoffUntilMs = nowMs + retryInMs;
    lane.requeue(batch);
  }

  #tell({ lane }: ProducerBatch, error: BrokerError, retryInMs: number | null): void {
    const { runtime, client } = this.#options;
    const fact = { client, request: "produce", ...lane.of, error, retryInMs };
    runtime.emit({ kind: "request.failed", ...fact });
  }

  /** Doubles with each attempt up to `retry.backoff.max.ms`, give or take a fifth.
   *  Like Kafka: ExponentialBackoff. */
  #backoffMs(attempts: number): number {
    const { runtime, client, settings } = this.#options;
    const { retryBackoffMs, retryBackoffMaxMs } = settings;
    let termMs = retryBackoffMs;
    for (let n = 0; n < attempts && termMs < retryBackoffMaxMs; n += 1) termMs *= 2;
    termMs = Math.min(termMs, Math.max(retryBackoffMs, retryBackoffMaxMs));
    const percent = 100 - JITTER_PERCENT;
    const drawn = runtime.random(`backoff of ${client}`).below(2 * JITTER_PERCENT * 10 + 1);
    const withJitterMs = Math.floor((termMs * (percent * 10 + drawn)) / 1_000);
    return Math.min(withJitterMs, Math.max(retryBackoffMs, retryBackoffMaxMs));
  }

  #split(batch: ProducerBatch): void {
    const { lane } = batch;
    batch.isDone = true;
    if (batch.baseSequence !== -1) lane.sequences.remove(batch);
    const parts = batch.split(this.#options.settings.batchBytes);
    for (const part of parts.toReversed()) {
      if (part.baseSequence !== -1) lane.sequences.add(part);
      lane.requeue(part);
    }
  }

  #giveUp(batch: ProducerBatch, failure: KafkaError, isKnown: boolean): void {
    batch.isDone = true;
    this.#options.manager?.batchFailed(batch, failure, isKnown);
    this.#options.onFailed(batch, failure);
  }

  /** Gives up what is older than `delivery.timeout.ms`, waiting or under way. */
  #expire(nowMs: number): void {
    const { lanes, settings } = this.#options;
    for (const lane of lanes) {
      if (lane.oldestMs + settings.deliveryTimeoutMs > nowMs) continue;
      for (const batch of [...lane.inFlight, ...lane.queue]) {
        if (batch.createdMs + settings.deliveryTimeoutMs > nowMs || batch.isDone) continue;
        const waiting = lane.queue.indexOf(batch);
        if (waiting >= 0) lane.queue.splice(waiting, 1);
        else lane.landed(batch);
        this.#tell(batch, "REQUEST_TIMED_OUT", null);
        this.#expired(batch, nowMs, batch.attempts > 1 || (waiting >= 0 && batch.attempts > 0));
      }
    }
  }

  /** A batch that was sent again may be in the log: no new ones go until that is known. */
  #expired(batch: ProducerBatch, nowMs: number, wasSentAgain: boolean): void {
    this.#giveUp(batch, expired(batch.lane.of, batch, nowMs), false);
    if (wasSentAgain) this.#options.manager?.markUnresolved(batch);
  }

  /** What waits is given up: the transaction it belongs to is. */
  abortWaiting(error: KafkaError): void {
    for (const lane of this.#options.lanes) {
      const waiting = lane.queue.filter(({ baseSequence }) => baseSequence === -1);
      for (const batch of waiting) {
        lane.queue.splice(lane.queue.indexOf(batch), 1);
        batch.isDone = true;
        this.#options.onFailed(batch, error);
      }
    }
  }

  /** Everything is given up: the producer cannot go on. */
  abortAll(error: KafkaError): void {
    for (const lane of this.#options.lanes) {
      for (const batch of [...lane.inFlight.splice(0), ...lane.queue.splice(0)]) {
        batch.isDone = true;
        lane.sequences.remove(batch);
        this.#options.onFailed(batch, error);
      }
    }
  }

  /** The earliest time at which something is ready, or too old. A batch under way for the first
   *  time is looked at when its reply comes. */
  #nextMs(): number {
    const { lanes, settings, runtime } = this.#options;
    const nowMs = runtime.now();
    let nextMs = NEVER;
    for (const lane of lanes) {
      const readyMs = this.#readyMs(lane);
      if (readyMs > nowMs) nextMs = Math.min(nextMs, readyMs);
      const hasFailed = (lane.queue[0]?.attempts ?? 0) > 0 || (lane.inFlight[0]?.attempts ?? 0) > 1;
      const expiryMs = lane.oldestMs + settings.deliveryTimeoutMs;
      const isClose = expiryMs - nowMs <= settings.requestTimeoutMs;
      if (hasFailed || isClose) nextMs = Math.min(nextMs, expiryMs);
    }
    return nextMs;
  }
}
