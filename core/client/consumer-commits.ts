/** The offsets a consumer commits: by itself now and then, or because the application says so.
 *  Like Kafka: ConsumerCoordinator. */

import { topicPartitionName } from "../record/topic-partition.ts";
import { type BrokerError, isRetriable } from "../broker/broker-error.ts";
import type { PartitionOffset } from "../broker/group-request.ts";
import type { ConsumerContext } from "./consumer-context.ts";
import { backoffMs } from "./consumer-settings.ts";
import type { GroupMembership } from "./group-membership.ts";

export class ConsumerCommits {
  readonly #context: ConsumerContext;
  readonly #membership: GroupMembership;
  /** What it has committed last, by the name of the partition. */
  readonly #committed = new Map<string, number>();
  #dueMs = 0;
  /** A timer for the next commit is set. */
  #isTimed = false;

  constructor(context: ConsumerContext, membership: GroupMembership) {
    this.#context = context;
    this.#membership = membership;
  }

  /** It was given an assignment: what others have committed of it is not known. */
  restart(): void {
    this.#committed.clear();
    this.#dueMs = this.#context.nowMs + this.#context.of.settings.autoCommitIntervalMs;
  }

  /** Offsets that are not what was committed last. */
  changed(positions: readonly PartitionOffset[]): readonly PartitionOffset[] {
    return positions.filter((of) => this.#committed.get(topicPartitionName(of)) !== of.offset);
  }

  /** Positions that are known because somebody committed them need not be committed again. */
  known(of: PartitionOffset): void {
    this.#committed.set(topicPartitionName(of), of.offset);
  }

  /** `auto.commit.interval.ms` after the last one, when the application polls. Unlike Kafka it
   *  leaves out what it has committed already. */
  commitIfDue(positions: readonly PartitionOffset[]): void {
    const { enableAutoCommit, autoCommitIntervalMs, retryBackoffMs } = this.#context.of.settings;
    const offsets = this.changed(positions);
    if (!enableAutoCommit || offsets.length === 0) return;
    const { nowMs } = this.#context;
    if (nowMs < this.#dueMs) {
      if (this.#isTimed) return;
      this.#isTimed = true;
      this.#context.after(this.#dueMs - nowMs, () => {
        this.#isTimed = false;
        this.#context.onChange();
      });
      return;
    }
    this.#dueMs = nowMs + autoCommitIntervalMs;
    this.commit(offsets, (error) => {
      if (error === null || !isRetriable(error)) return;
      this.#dueMs = Math.min(this.#dueMs, this.#context.nowMs + retryBackoffMs);
      this.#context.onChange();
    });
  }

  /** `commitAsync`: once. */
  commit(
    offsets: readonly PartitionOffset[],
    done: (error: BrokerError | null) => void,
    tells = true,
  ): void {
    const from = this.#membership.identity;
    if (offsets.length === 0) {
      done(null);
      return;
    }
    if (from === null) {
      // Nothing is sent: it would be refused.
      const error = this.#membership.isRebalancing ? "REBALANCE_IN_PROGRESS" : "UNKNOWN_MEMBER_ID";
      this.#tell(offsets, error, null);
      done(error);
      return;
    }
    const { group } = this.#context.of;
    this.#context.send<"commitOffsets">(
      { kind: "commitOffsets", group, offsets, from },
      ({ error }) => {
        if (error === null) for (const of of offsets) this.known(of);
        else {
          if (tells || !isRetriable(error)) this.#tell(offsets, error, null);
          if (!isRetriable(error)) this.#membership.refused(from, error);
        }
        done(error);
      },
    );
  }

  #tell(offsets: readonly PartitionOffset[], error: BrokerError, retryInMs: number | null): void {
    const [first = this.#context.offsetsPartition] = offsets;
    this.#context.tellFailure("commitOffsets", first, error, retryInMs);
  }

  /** `commitSync`: again and again, for so long. */
  commitSurely(
    offsets: readonly PartitionOffset[],
    withinMs: number,
    done: (error: BrokerError | null) => void,
  ): void {
    const sinceMs = this.#context.nowMs;
    let failures = 0;
    const attempt = (): void =>
      this.commit(
        offsets,
        (error) => {
          failures += 1;
          const waitMs = backoffMs(this.#context.of.settings, failures);
          const isLate = this.#context.nowMs + waitMs - sinceMs >= withinMs;
          if (error === null || !isRetriable(error)) {
            done(error);
            return;
          }
          this.#tell(offsets, error, isLate ? null : waitMs);
          if (isLate) done(error);
          else this.#context.after(waitMs, attempt);
        },
        false,
      );
    attempt();
  }
}
