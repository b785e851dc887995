/** Which followers a leader waits for: who is in sync, who has fallen behind, who has caught up.
 *  The controller decides; the leader proposes, and until the answer comes waits for all that
 *  may be in.
 *  Like Kafka: Partition.maybeShrinkIsr, maybeExpandIsr, AlterPartitionManager. */

import type { PartitionLog } from "../log/partition-log.ts";
import type { FollowerProgress } from "./follower-progress.ts";
import type { PartitionState } from "./metadata.ts";
import type { ReplicaHost } from "./replica-host.ts";

export interface InSyncSetOptions {
  readonly log: PartitionLog;
  readonly host: ReplicaHost;
  readonly state: PartitionState;
  readonly followers: ReadonlyMap<number, FollowerProgress>;
  /** Another set counts from now on. */
  readonly changed: () => void;
}

export class InSyncSet {
  readonly #options: InSyncSetOptions;
  #state: PartitionState;
  /** What was asked for, until the controller answers. */
  #proposed: readonly number[] | null = null;
  #isCheckScheduled = false;
  #isExpandScheduled = false;
  #isOver = false;

  constructor(options: InSyncSetOptions) {
    this.#options = options;
    this.#state = options.state;
  }

  /** The partition as its leader knows it. */
  get state(): PartitionState {
    return this.#state;
  }

  /** The controller's news of the same leader epoch. */
  update(state: PartitionState): void {
    if (state.partitionEpoch < this.#state.partitionEpoch) return;
    this.#state = state;
    this.#options.changed();
    this.checkLater();
    // The controller may have put out one that goes on fetching, and has nothing to fetch.
    if (this.#options.followers.size + 1 > state.isr.length) this.#expandLater();
  }

  end(): void {
    this.#isOver = true;
  }

  /** Fewer than `min.insync.replicas`. */
  get isUnderMin(): boolean {
    return this.#state.isr.length < this.#options.host.minInsync(this.#state);
  }

  /** True for one that is in the set, about to join it, or able to. */
  isAwaited(broker: number): boolean {
    return (
      this.#isCounted(broker) || (this.#options.host.isActive(broker) && this.#isCaughtUp(broker))
    );
  }

  #isCounted(broker: number): boolean {
    return this.#state.isr.includes(broker) || (this.#proposed?.includes(broker) ?? false);
  }

  /** A follower that has caught up asks to be in sync again. */
  expand(broker: number, follower: FollowerProgress): void {
    const { log, host } = this.#options;
    if (this.#state.isr.includes(broker)) return;
    const epochStart = log.endOffsetOf(this.#state.leaderEpoch - 1).endOffset;
    const begin = this.#state.leaderEpoch === 0 ? 0 : Math.max(epochStart, 0);
    const { logEndOffset } = follower;
    if (logEndOffset < log.highWatermark || logEndOffset < begin) return;
    if (this.#proposed !== null || !host.isActive(broker)) this.#expandLater();
    else
      this.#propose(this.#state.replicas.filter((one) => one === broker || this.#isCounted(one)));
  }

  /** With the next fetch of those that wait at the end of the log. */
  #expandLater(): void {
    if (this.#isExpandScheduled) return;
    this.#isExpandScheduled = true;
    const { host, followers } = this.#options;
    host.runtime.schedule(host.settings.replicaFetchWaitMaxMs, () => {
      this.#isExpandScheduled = false;
      if (this.#isOver || this.#proposed !== null) return;
      for (const [broker, follower] of followers) {
        if (follower.isListening) this.expand(broker, follower);
      }
    });
  }

  /** Looks at the set at the next multiple of half the lag time, while somebody lags. */
  checkLater(): void {
    if (this.#isCheckScheduled || this.#isOver || !this.#someoneLags) return;
    this.#isCheckScheduled = true;
    const { runtime, settings } = this.#options.host;
    const everyMs = Math.floor(settings.replicaLagTimeMaxMs / 2);
    runtime.schedule(everyMs - (runtime.now() % everyMs), () => {
      this.#isCheckScheduled = false;
      if (this.#isOver) return;
      this.#shrink();
      this.checkLater();
    });
  }

  get #someoneLags(): boolean {
    const { log, followers } = this.#options;
    for (const [broker, follower] of followers) {
      const isBehind = follower.logEndOffset !== log.logEndOffset;
      if (isBehind && this.#state.isr.includes(broker)) return true;
    }
    return false;
  }

  #shrink(): void {
    if (this.#proposed !== null) return;
    const isr = this.#state.isr.filter(
      (broker) => broker === this.#options.host.broker || this.#isCaughtUp(broker),
    );
    if (isr.length < this.#state.isr.length) this.#propose(isr);
  }

  #isCaughtUp(broker: number): boolean {
    const { log, host, followers } = this.#options;
    const follower = followers.get(broker);
    if (follower === undefined) return false;
    if (follower.logEndOffset === log.logEndOffset) return true;
    return host.runtime.now() - follower.lastCaughtUpMs <= host.settings.replicaLagTimeMaxMs;
  }

  #propose(isr: readonly number[]): void {
    this.#proposed = isr;
    const asked = this.#state;
    this.#options.host.proposeIsr(asked, isr, (error) => {
      if (this.#isOver) return;
      this.#proposed = null;
      if (error === null && asked.partitionEpoch === this.#state.partitionEpoch) {
        this.#state = { ...this.#state, isr, partitionEpoch: asked.partitionEpoch + 1 };
      }
      this.#options.changed();
      this.checkLater();
      const { followers } = this.#options;
      if (followers.size + 1 > this.#state.isr.length) this.#expandLater();
    });
  }
}
