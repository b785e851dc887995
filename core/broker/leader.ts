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
import type { PartitionState } from "./metadata.ts";
import { PendingAcks } from "./pending-acks.ts";
import type { ReplicaFetch, ReplicaFetchReply, ReplicaHost } from "./replica-host.ts";

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
  #state: PartitionState;
  readonly #followers = new Map<number, FollowerProgress>();
  readonly #acks: PendingAcks;
  /** An in-sync set that was asked for, until the controller answers. */
  #proposed: readonly number[] | null = null;
  #isCheckScheduled = false;
  #isTellScheduled = false;
  #isOver = false;

  constructor(log: PartitionLog, state: PartitionState, host: ReplicaHost) {
    this.#log = log;
    this.#state = state;
    this.#host = host;
    this.#of = { topic: state.topic, partition: state.partition };
    this.#acks = new PendingAcks(host.runtime);
    log.beginEpoch(state.leaderEpoch);
    const nowMs = host.runtime.now();
    for (const broker of state.replicas) {
      if (broker === host.broker) continue;
      const isInSync = state.isr.includes(broker);
      this.#followers.set(broker, new FollowerProgress(isInSync ? nowMs : -Infinity));
    }
    this.#advance();
    this.#checkLater();
  }

  get state(): PartitionState {
    return this.#state;
  }

  /** The controller's news of the same leader epoch. */
  update(state: PartitionState): void {
    if (state.partitionEpoch < this.#state.partitionEpoch) return;
    this.#state = state;
    this.#advance();
    this.#checkLater();
  }

  /** Requests that wait are answered so; by nothing, when the process ended. */
  end(error: BrokerError | null): void {
    this.#isOver = true;
    this.#acks.end(error);
  }

  // What producers send

  produce(request: RequestOf<"produce">, reply: (appended: Appended) => void): void {
    const { acks = -1, timeoutMs = REQUEST_TIMEOUT_MS, records, batch = null } = request;
    const { leaderEpoch } = this.#state;
    const refuse = (error: BrokerError): void => reply({ error, baseOffset: -1, leaderEpoch });
    if (acks === -1 && this.#isUnderMinIsr) {
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
    if (result.kind === "appended") {
      this.#afterAppend(result.batch);
    } else this.#tellDuplicate(request, baseOffset);
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
    const { leaderEpoch } = this.#state;
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
      const fact = { producerId, producerEpoch, control, offset: baseOffset };
      this.#host.runtime.emit({ kind: "marker.written", ...this.#of, ...fact });
    }
    this.#advance(true);
    this.#serveParked();
    this.#checkLater();
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

  #afterAppend({ baseOffset, sizeBytes, producerId, baseSequence }: RecordBatch): void {
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
        leaderEpoch: this.#state.leaderEpoch,
        producerId,
        baseSequence,
      });
    }
    this.#host.appended(log);
    if (isAlone) {
      if (log.lastStableOffset !== log.highWatermark) this.#tellWatermark();
      return;
    }
    this.#advance();
    this.#serveParked();
    this.#checkLater();
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
    this.#expand(fetch.follower, follower);
    this.#advance();
    this.#serve(follower);
    this.#checkLater();
  }

  #refusal({ leaderEpoch, lastEpoch, follower, fetchOffset }: ReplicaFetch): BrokerError | null {
    if (leaderEpoch < this.#state.leaderEpoch) return "FENCED_LEADER_EPOCH";
    if (leaderEpoch > this.#state.leaderEpoch) return "UNKNOWN_LEADER_EPOCH";
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

  // Who is in sync

  get #isUnderMinIsr(): boolean {
    return this.#state.isr.length < this.#host.minInsync(this.#state);
  }

  /** The in-sync set with those that are about to join it. */
  #isCounted(broker: number): boolean {
    return this.#state.isr.includes(broker) || (this.#proposed?.includes(broker) ?? false);
  }

  /** A follower that has caught up asks to be in sync again. */
  #expand(broker: number, follower: FollowerProgress): void {
    if (this.#proposed !== null || this.#state.isr.includes(broker)) return;
    const epochStart = this.#log.endOffsetOf(this.#state.leaderEpoch - 1).endOffset;
    const begin = this.#state.leaderEpoch === 0 ? 0 : Math.max(epochStart, 0);
    const { logEndOffset } = follower;
    if (logEndOffset < this.#log.highWatermark || logEndOffset < begin) return;
    if (!this.#host.isActive(broker)) return;
    const isr = this.#state.replicas.filter((one) => one === broker || this.#isCounted(one));
    this.#propose(isr);
  }

  /** Looks at the in-sync set at the next multiple of half the lag time, while somebody lags. */
  #checkLater(): void {
    if (this.#isCheckScheduled || this.#isOver || !this.#someoneLags) return;
    this.#isCheckScheduled = true;
    const { runtime, settings } = this.#host;
    const everyMs = Math.floor(settings.replicaLagTimeMaxMs / 2);
    runtime.schedule(everyMs - (runtime.now() % everyMs), () => {
      this.#isCheckScheduled = false;
      if (this.#isOver) return;
      this.#shrink();
      this.#checkLater();
    });
  }

  get #someoneLags(): boolean {
    const { logEndOffset } = this.#log;
    for (const [broker, follower] of this.#followers) {
      if (this.#state.isr.includes(broker) && follower.logEndOffset !== logEndOffset) return true;
    }
    return false;
  }

  #shrink(): void {
    if (this.#proposed !== null) return;
    const isr = this.#state.isr.filter(
      (broker) => broker === this.#host.broker || this.#isCaughtUp(broker),
    );
    if (isr.length < this.#state.isr.length) this.#propose(isr);
  }

  #isCaughtUp(broker: number): boolean {
    const follower = this.#followers.get(broker);
    if (follower === undefined) return false;
    if (follower.logEndOffset === this.#log.logEndOffset) return true;
    const waitedMs = this.#host.runtime.now() - follower.lastCaughtUpMs;
    return waitedMs <= this.#host.settings.replicaLagTimeMaxMs;
  }

  #propose(isr: readonly number[]): void {
    this.#proposed = isr;
    const asked = this.#state;
    this.#host.proposeIsr(asked, isr, (error) => {
      if (this.#isOver) return;
      this.#proposed = null;
      if (error === null && asked.partitionEpoch === this.#state.partitionEpoch) {
        this.#state = { ...this.#state, isr, partitionEpoch: asked.partitionEpoch + 1 };
      }
      this.#advance();
      this.#checkLater();
    });
  }

  // The high watermark

  /** Moves it to what all that count have; never while there are fewer than `min.insync.replicas`.
   *  Then requests end, and followers are told. */
  #advance(isTold = false): void {
    const log = this.#log;
    const before = log.lastStableOffset;
    let hasMoved = false;
    if (!this.#isUnderMinIsr) {
      let to = log.logEndOffset;
      for (const [broker, follower] of this.#followers) {
        if (follower.logEndOffset >= to) continue;
        const isAwaited = this.#host.isActive(broker) && this.#isCaughtUp(broker);
        if (this.#isCounted(broker) || isAwaited) to = follower.logEndOffset;
      }
      hasMoved = log.raiseHighWatermark(to);
    }
    if (hasMoved || isTold || log.lastStableOffset !== before) this.#tellWatermark();
    if (!hasMoved) return;
    for (const follower of this.#followers.values()) {
      if (follower.isParked && follower.knownWatermark < log.highWatermark) this.#tellLater();
    }
    const error = this.#isUnderMinIsr ? "NOT_ENOUGH_REPLICAS_AFTER_APPEND" : null;
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
