/** A replica that leads: takes records, serves followers, knows who is in sync, moves the high
 *  watermark, and keeps requests with acks -1 until it has passed them.
 *  Like Kafka: Partition (kafka.cluster), DelayedProduce, ReplicaManager. */

import { get } from "../base/assert.ts";
import type { PartitionLog } from "../log/partition-log.ts";
import type { RecordBatch } from "../log/record-batch.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { BrokerError } from "./broker-error.ts";
import type { RequestOf } from "./broker.ts";
import { FollowerProgress } from "./follower-progress.ts";
import { InSyncSet } from "./in-sync-set.ts";
import type { PartitionState } from "./metadata.ts";
import { ParkedFetches } from "./parked-fetches.ts";
import { PendingAcks } from "./pending-acks.ts";
import type {
  ReplicaFetch,
  ReplicaFetchReply,
  ReplicaHost,
  TransactionIdentity,
} from "./replica-host.ts";

/** `replica.fetch.max.bytes`. */
const FETCH_BYTES = 1_048_576;
const REQUEST_TIMEOUT_MS = 30_000;

export interface Appended {
  readonly error: BrokerError | null;
  /** -1 on error. */
  readonly baseOffset: number;
  readonly leaderEpoch: number;
}

export class Leader {
  readonly #log: PartitionLog;
  readonly #host: ReplicaHost;
  readonly #of: TopicPartition;
  readonly #followers = new Map<number, FollowerProgress>();
  readonly #acks: PendingAcks;
  /** Of clients that wait for more. */
  readonly parked: ParkedFetches;
  readonly #inSync: InSyncSet;
  readonly #epochStart: number;
  #isTellScheduled = false;
  #isOver = false;

  constructor(log: PartitionLog, state: PartitionState, host: ReplicaHost) {
    this.#log = log;
    this.#host = host;
    this.#of = { topic: state.topic, partition: state.partition };
    this.#acks = new PendingAcks(host.runtime);
    this.parked = new ParkedFetches(host.runtime);
    this.#inSync = new InSyncSet({
      log,
      host,
      state,
      followers: this.#followers,
      changed: () => this.#advance(),
    });
    log.beginEpoch(state.leaderEpoch);
    this.#epochStart = log.logEndOffset;
    const nowMs = host.runtime.now();
    for (const broker of state.replicas) {
      if (broker === host.broker) continue;
      const isInSync = state.isr.includes(broker);
      this.#followers.set(broker, new FollowerProgress(isInSync ? nowMs : -Infinity));
    }
    this.#advance();
    this.#inSync.checkLater();
  }

  get state(): PartitionState {
    return this.#inSync.state;
  }

  /** The controller's news of the same leader epoch. */
  update(state: PartitionState): void {
    this.#inSync.update(state);
  }

  /** Requests that wait are answered so; by nothing, when the process ended. */
  end(error: BrokerError | null): void {
    this.#isOver = true;
    this.#inSync.end();
    this.#acks.end(error);
    this.parked.end(error);
  }

  /** It knows how far its followers have got: until then it cannot say where the log ends for
   *  consumers. Like Kafka: KIP-207. */
  get knowsEnd(): boolean {
    return this.#log.highWatermark >= this.#epochStart;
  }

  // What producers send

  produce(request: RequestOf<"produce">, reply: (appended: Appended) => void): void {
    const { leaderEpoch } = this.state;
    const refuse = (error: BrokerError): void => reply({ error, baseOffset: -1, leaderEpoch });
    const transaction = this.#unverified(request);
    if (transaction === null) {
      this.#append(request, refuse, reply);
      return;
    }
    this.#host.verifyTransaction(this.#of, transaction, (error) => {
      if (this.#isOver) refuse("NOT_LEADER_OR_FOLLOWER");
      else if (error !== null) refuse(error);
      else this.#append(request, refuse, reply);
    });
  }

  /** A batch of a transaction that has nothing here yet: its coordinator has to know of it. */
  #unverified({ batch }: RequestOf<"produce">): TransactionIdentity | null {
    if (batch === undefined || batch.transactionalId === null) return null;
    const { producerId, producerEpoch, transactionalId } = batch;
    if (transactionalId === "") return null;
    const identity = { producerId, producerEpoch, transactionalId };
    return this.hasOpenTransaction(identity) ? null : identity;
  }

  /** A producer has written here in a transaction that is not decided. */
  hasOpenTransaction({ producerId }: { readonly producerId: number }): boolean {
    return this.#log.openTransactions().some((open) => open.producerId === producerId);
  }

  #append(
    request: RequestOf<"produce">,
    refuse: (error: BrokerError) => void,
    reply: (appended: Appended) => void,
  ): void {
    const { acks = -1, timeoutMs = REQUEST_TIMEOUT_MS, records, batch = null } = request;
    const { leaderEpoch } = this.state;
    if (acks === -1 && this.#inSync.isUnderMin) {
      refuse("NOT_ENOUGH_REPLICAS");
      return;
    }
    this.#beforeAppend();
    const nowMs = this.#host.clockMs();
    const result = this.#log.appendAsLeader({ records, batch, leaderEpoch, nowMs });
    if (result.kind === "refused") {
      refuse(result.error);
      return;
    }
    const baseOffset = result.kind === "appended" ? result.batch.baseOffset : result.baseOffset;
    const endOffset =
      result.kind === "appended" ? result.batch.lastOffset + 1 : baseOffset + records.length;
    if (result.kind === "appended") this.#afterAppend(result.batch);
    else this.#tellDuplicate(request, baseOffset);
    if (acks === -1 && this.#log.highWatermark < endOffset) {
      this.#acks.wait(endOffset, timeoutMs, (error) =>
        reply({ error, baseOffset: error === null ? baseOffset : -1, leaderEpoch }),
      );
    } else reply({ error: null, baseOffset, leaderEpoch });
  }

  #tellDuplicate({ batch }: RequestOf<"produce">, baseOffset: number): void {
    if (batch === undefined) return;
    const { producerId, producerEpoch, baseSequence } = batch;
    const fact = { producerId, producerEpoch, baseSequence, baseOffset };
    this.#host.runtime.emit({ kind: "duplicate.refused", ...this.#of, ...fact });
  }

  /** Ends a transaction on this partition; the reply comes when all that are in sync have it. */
  writeMarker(
    marker: {
      readonly producerId: number;
      readonly producerEpoch: number;
      readonly control: "COMMIT" | "ABORT";
      readonly coordinatorEpoch: number;
    },
    reply: (error: BrokerError | null) => void,
  ): void {
    const { leaderEpoch } = this.state;
    this.#beforeAppend();
    const nowMs = this.#host.clockMs();
    const result = this.#log.appendMarker({ ...marker, leaderEpoch, nowMs });
    if (result.kind === "refused") {
      reply(result.error);
      return;
    }
    const { producerId, producerEpoch, control } = marker;
    const { baseOffset, lastOffset } = result.batch;
    if (this.#host.tells(this.#of.topic)) {
      const fact = { producerId, producerEpoch, control, offset: baseOffset, leaderEpoch };
      this.#host.runtime.emit({ kind: "marker.written", ...this.#of, ...fact });
    }
    this.#advance(true);
    this.#serveParked();
    this.#inSync.checkLater();
    if (this.#log.highWatermark > lastOffset) reply(null);
    else this.#acks.wait(lastOffset + 1, REQUEST_TIMEOUT_MS, reply);
  }

  #beforeAppend(): void {
    const nowMs = this.#host.runtime.now();
    for (const follower of this.#followers.values()) {
      follower.beforeAppend(this.#log.logEndOffset, nowMs);
    }
  }

  /** A follower's process has ended, or its link is cut. */
  followerSilent(broker: number, processEnded: boolean): void {
    const nowMs = this.#host.runtime.now();
    this.#followers.get(broker)?.fallSilent(this.#log.logEndOffset, nowMs, processEnded);
  }

  #afterAppend(batch: RecordBatch): void {
    const { baseOffset, sizeBytes, producerId, producerEpoch, baseSequence } = batch;
    const log = this.#log;
    const isAlone = this.#followers.size === 0;
    // What a lone replica takes is visible at once: one fact says both.
    if (isAlone) log.raiseHighWatermark(log.logEndOffset);
    if (this.#host.tells(this.#of.topic)) {
      this.#host.runtime.emit({
        kind: "records.appended",
        ...this.#of,
        baseOffset,
        count: log.logEndOffset - baseOffset,
        sizeBytes,
        logEndOffset: log.logEndOffset,
        highWatermark: log.highWatermark,
        leaderEpoch: this.state.leaderEpoch,
        producerId,
        producerEpoch,
        baseSequence,
      });
    }
    this.#host.appended(log);
    if (isAlone) {
      if (log.lastStableOffset !== log.highWatermark) this.#tellWatermark();
      this.parked.look();
      return;
    }
    this.#advance();
    this.#serveParked();
    this.#inSync.checkLater();
  }

  // What followers fetch

  fetch(fetch: ReplicaFetch, reply: (reply: ReplicaFetchReply) => void): void {
    const refusal = this.#refusal(fetch);
    if (refusal !== null) {
      reply(this.#replyWith({ error: refusal }));
      return;
    }
    const diverging = this.#divergence(fetch);
    if (diverging !== null) {
      reply(this.#replyWith({ diverging }));
      return;
    }
    const follower = get(this.#followers, fetch.follower, "the follower");
    follower.fetched(fetch.fetchOffset, this.#log.logEndOffset, this.#host.runtime.now());
    follower.park(reply);
    this.#inSync.expand(fetch.follower, follower);
    this.#advance();
    this.#serve(follower);
    this.#inSync.checkLater();
  }

  #refusal({ leaderEpoch, lastEpoch, follower, fetchOffset }: ReplicaFetch): BrokerError | null {
    if (leaderEpoch < this.state.leaderEpoch) return "FENCED_LEADER_EPOCH";
    if (leaderEpoch > this.state.leaderEpoch) return "UNKNOWN_LEADER_EPOCH";
    if (!this.#followers.has(follower)) return "NOT_LEADER_OR_FOLLOWER";
    const { logStartOffset, logEndOffset } = this.#log;
    const isBeyond = lastEpoch < 0 && fetchOffset > logEndOffset;
    return fetchOffset < logStartOffset || isBeyond ? "OFFSET_OUT_OF_RANGE" : null;
  }

  #divergence({ lastEpoch, fetchOffset }: ReplicaFetch): ReplicaFetchReply["diverging"] {
    if (lastEpoch < 0) return null;
    const end = this.#log.endOffsetOf(lastEpoch);
    return end.epoch < lastEpoch || end.endOffset < fetchOffset ? end : null;
  }

  #replyWith(part: Partial<ReplicaFetchReply>): ReplicaFetchReply {
    const { highWatermark, logStartOffset, logEndOffset } = this.#log;
    const rest = { error: null, batches: [], diverging: null };
    return { ...rest, highWatermark, logStartOffset, logEndOffset, ...part };
  }

  #serveParked(): void {
    for (const follower of this.#followers.values()) this.#serve(follower);
  }

  /** Gives a fetch that waits what there is; keeps it where there is nothing. */
  #serve(follower: FollowerProgress): void {
    const log = this.#log;
    if (!follower.isParked) return;
    if (follower.logEndOffset < log.logEndOffset) {
      const batches = log.readBatches(follower.logEndOffset, FETCH_BYTES);
      follower.answer(this.#replyWith({ batches }), log.highWatermark);
    } else if (follower.knownWatermark < log.highWatermark) this.#tellLater();
  }

  /** A fetch that waits ends after `replica.fetch.wait.max.ms`, and takes the high watermark
   *  along. Only asked for while somebody does not know it. */
  #tellLater(): void {
    if (this.#isTellScheduled) return;
    this.#isTellScheduled = true;
    const { runtime, settings } = this.#host;
    runtime.schedule(settings.replicaFetchWaitMaxMs, () => {
      this.#isTellScheduled = false;
      if (this.#isOver) return;
      const { highWatermark } = this.#log;
      for (const follower of this.#followers.values()) {
        if (!follower.isParked || follower.knownWatermark >= highWatermark) continue;
        follower.answer(this.#replyWith({}), highWatermark);
      }
    });
  }

  // The high watermark

  /** Moves it to what all that count have; never while there are fewer than `min.insync.replicas`.
   *  Then requests end, and followers are told. */
  #advance(isTold = false): void {
    const log = this.#log;
    const before = log.lastStableOffset;
    let hasMoved = false;
    if (!this.#inSync.isUnderMin) {
      let to = log.logEndOffset;
      for (const [broker, follower] of this.#followers) {
        if (follower.logEndOffset >= to) continue;
        if (this.#inSync.isAwaited(broker)) to = follower.logEndOffset;
      }
      hasMoved = log.raiseHighWatermark(to);
    }
    if (hasMoved || isTold || log.lastStableOffset !== before) {
      this.#tellWatermark();
      this.parked.look();
    }
    if (!hasMoved) return;
    this.#host.appended(log);
    for (const follower of this.#followers.values()) {
      if (follower.isParked && follower.knownWatermark < log.highWatermark) this.#tellLater();
    }
    const error = this.#inSync.isUnderMin ? "NOT_ENOUGH_REPLICAS_AFTER_APPEND" : null;
    this.#acks.passed(log.highWatermark, error);
  }

  #tellWatermark(): void {
    if (!this.#host.tells(this.#of.topic)) return;
    const { highWatermark, lastStableOffset } = this.#log;
    this.#host.runtime.emit({
      kind: "highWatermark.advanced",
      ...this.#of,
      broker: this.#host.broker,
      highWatermark,
      lastStableOffset,
    });
  }
}
