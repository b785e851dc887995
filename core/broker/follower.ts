/** A replica that copies its leader: fetches from the end of its own log, cuts off what the leader
 *  does not have, and learns the high watermark one fetch later.
 *  Like Kafka: ReplicaFetcherThread, AbstractFetcherThread; one fetch a partition, where Kafka asks
 *  for all partitions of a leader at once. */

import type { PartitionLog } from "../log/partition-log.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { PartitionState } from "./metadata.ts";
import type { ReplicaFetchReply, ReplicaHost } from "./replica-host.ts";

export class Follower {
  readonly #log: PartitionLog;
  readonly #host: ReplicaHost;
  readonly #of: TopicPartition;
  #state: PartitionState;
  #isOver = false;
  /** A fetch is on its way or waits at the leader. */
  #isFetching = false;
  /** Only the last fetch counts: one whose leader died may be answered late. */
  #fetches = 0;

  constructor(log: PartitionLog, state: PartitionState, host: ReplicaHost) {
    this.#log = log;
    this.#state = state;
    this.#host = host;
    this.#of = { topic: state.topic, partition: state.partition };
    this.#fetch();
  }

  get state(): PartitionState {
    return this.#state;
  }

  /** News of the same leader. */
  update(state: PartitionState): void {
    this.#state = state;
  }

  end(): void {
    this.#isOver = true;
  }

  /** The leader's process is gone, and with it a fetch that waits there. */
  leaderLost(): void {
    this.#fetches += 1;
    this.#isFetching = false;
  }

  /** The leader's process is up again. */
  leaderReturned(): void {
    if (!this.#isFetching) this.#fetchAfterBackoff();
  }

  #fetchAfterBackoff(): void {
    const { runtime, settings } = this.#host;
    this.#isFetching = true;
    const number = this.#fetches;
    runtime.schedule(settings.replicaFetchBackoffMs, () => {
      if (!this.#isOver && this.#fetches === number) this.#fetch();
    });
  }

  #fetch(): void {
    const { runtime, slowMs } = this.#host;
    this.#isFetching = true;
    this.#fetches += 1;
    const number = this.#fetches;
    if (slowMs === 0) this.#sendFetch(number);
    else {
      runtime.schedule(slowMs, () => {
        if (!this.#isOver && this.#fetches === number) this.#sendFetch(number);
      });
    }
  }

  #sendFetch(number: number): void {
    const { leader, leaderEpoch, topicId } = this.#state;
    const { latestEpoch, logEndOffset } = this.#log;
    this.#host.fetchFrom(
      leader,
      this.#state,
      {
        follower: this.#host.broker,
        topicId,
        fetchOffset: logEndOffset,
        leaderEpoch,
        lastEpoch: latestEpoch,
      },
      (reply) => {
        if (!this.#isOver && this.#fetches === number) this.#receive(reply);
      },
      () => {
        if (this.#fetches === number) this.#isFetching = false;
      },
    );
  }

  #receive(reply: ReplicaFetchReply): void {
    if (reply.error === "OFFSET_OUT_OF_RANGE") this.#jump(reply);
    else if (reply.error !== null) {
      this.#fetchAfterBackoff();
      return;
    } else if (reply.diverging !== null) this.#cut(reply.diverging);
    else this.#take(reply);
    this.#fetch();
  }

  #take({ batches, highWatermark, logStartOffset }: ReplicaFetchReply): void {
    const log = this.#log;
    const baseOffset = log.logEndOffset;
    if (batches.length > 0) log.appendAsFollower(batches, this.#host.runtime.now());
    log.setHighWatermark(Math.min(highWatermark, log.logEndOffset));
    this.#host.appended(log);
    if (logStartOffset > log.logStartOffset && logStartOffset <= log.highWatermark) {
      log.deleteBefore(logStartOffset);
    }
    if (batches.length === 0 || !this.#host.tells(this.#of.topic)) return;
    this.#host.runtime.emit({
      kind: "replica.appended",
      ...this.#of,
      broker: this.#host.broker,
      baseOffset,
      logEndOffset: log.logEndOffset,
      leaderEpoch: log.latestEpoch,
    });
  }

  /** Like Kafka: AbstractFetcherThread.getOffsetTruncationState. */
  #cut({ epoch, endOffset }: { readonly epoch: number; readonly endOffset: number }): void {
    const own = this.#log.endOffsetOf(epoch);
    const to = own.epoch === epoch ? Math.min(own.endOffset, endOffset) : own.endOffset;
    this.#truncate(Math.min(to, this.#log.logEndOffset));
  }

  /** The leader has nothing where this log ends: it starts later, or ends earlier. */
  #jump({ logStartOffset, logEndOffset }: ReplicaFetchReply): void {
    if (logEndOffset < this.#log.logEndOffset) this.#truncate(logEndOffset);
    else this.#log.truncateFully(logStartOffset);
  }

  #truncate(toOffset: number): void {
    const fromOffset = this.#log.logEndOffset;
    // Even where nothing goes: an epoch that began at the end, and the leader does not know, does.
    this.#log.truncateTo(toOffset);
    if (toOffset >= fromOffset || !this.#host.tells(this.#of.topic)) return;
    this.#host.runtime.emit({
      kind: "log.truncated",
      ...this.#of,
      broker: this.#host.broker,
      fromOffset,
      toOffset,
      reason: "diverged",
    });
  }
}
