/** What a leader knows of one follower: how far it has got, when it had last caught up, and its
 *  fetch that waits.
 *  Like Kafka: Replica and ReplicaState (kafka.cluster). */

import type { ReplicaFetchReply } from "./replica-host.ts";

export class FollowerProgress {
  #logEndOffset = -1;
  #lastCaughtUpMs: number;
  #lastFetchMs = -Infinity;
  /** The leader's log end at that time. */
  #endAtLastFetch = 0;
  #parked: ((reply: ReplicaFetchReply) => void) | null = null;
  #knownWatermark = -1;
  /** Its process or its link is gone: its fetch that waits says nothing of now. */
  #isSilent = false;

  constructor(lastCaughtUpMs: number) {
    this.#lastCaughtUpMs = lastCaughtUpMs;
  }

  /** -1 before its first fetch. */
  get logEndOffset(): number {
    return this.#logEndOffset;
  }

  get lastCaughtUpMs(): number {
    return this.#lastCaughtUpMs;
  }

  /** The high watermark it was told last. */
  get knownWatermark(): number {
    return this.#knownWatermark;
  }

  get isParked(): boolean {
    return this.#parked !== null;
  }

  /** Its fetch waits, and it is there to hear of it. */
  get isListening(): boolean {
    return this.#parked !== null && !this.#isSilent;
  }

  /** A follower has caught up when it has what the leader had at its fetch before. */
  fetched(offset: number, leaderEndOffset: number, nowMs: number): void {
    if (offset >= leaderEndOffset) this.#lastCaughtUpMs = Math.max(this.#lastCaughtUpMs, nowMs);
    else if (offset >= this.#endAtLastFetch) {
      this.#lastCaughtUpMs = Math.max(this.#lastCaughtUpMs, this.#lastFetchMs);
    }
    this.#isSilent = false;
    this.#logEndOffset = offset;
    this.#lastFetchMs = nowMs;
    this.#endAtLastFetch = leaderEndOffset;
  }

  /** The leader is about to append. A follower whose fetch waits has caught up until now: the real
   *  one asks again every `replica.fetch.wait.max.ms`. */
  beforeAppend(leaderEndOffset: number, nowMs: number): void {
    if (this.#isSilent || this.#parked === null) return;
    if (this.#logEndOffset >= leaderEndOffset) this.#lastCaughtUpMs = nowMs;
  }

  /** Nothing more comes from it; with its process its fetch is gone, too. */
  fallSilent(leaderEndOffset: number, nowMs: number, processEnded: boolean): void {
    this.beforeAppend(leaderEndOffset, nowMs);
    this.#isSilent = true;
    if (processEnded) this.#parked = null;
  }

  park(reply: (reply: ReplicaFetchReply) => void): void {
    this.#parked = reply;
  }

  answer(reply: ReplicaFetchReply, highWatermark: number): void {
    const parked = this.#parked;
    this.#parked = null;
    this.#knownWatermark = highWatermark;
    parked?.(reply);
  }
}
