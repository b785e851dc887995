/** Looks, every `offsets.retention.check.interval.ms` since the broker started, for offsets that
 *  are too old and groups that nobody needs; only at those times that would find something.
 *  Like Kafka: the task `delete-expired-group-metadata`. */

import { topicPartitionName, type TopicPartition } from "../record/topic-partition.ts";
import type { CoordinatorHost } from "./coordinator.ts";
import type { Coordinated } from "./group-coordinator.ts";

export class OffsetExpiry {
  readonly #host: CoordinatorHost;
  readonly #groups: ReadonlyMap<string, Coordinated>;
  readonly #clean: (one: Coordinated, isGone: (of: TopicPartition) => boolean) => void;
  readonly #startedMs: number;
  #plannedMs = Infinity;

  constructor(
    host: CoordinatorHost,
    groups: ReadonlyMap<string, Coordinated>,
    clean: (one: Coordinated, isGone: (of: TopicPartition) => boolean) => void,
  ) {
    this.#host = host;
    this.#groups = groups;
    this.#clean = clean;
    this.#startedMs = host.runtime.now();
  }

  /** Something has changed: makes sure that the next look that finds something takes place. */
  plan(): void {
    const { runtime, settings } = this.#host;
    const { offsetsRetentionCheckMs: intervalMs } = settings;
    const dueMs = this.#dueMs();
    if (dueMs === Infinity) return;
    const next = Math.floor((runtime.now() - this.#startedMs) / intervalMs) + 1;
    const wanted = Math.ceil((dueMs - this.#startedMs) / intervalMs);
    const lookMs = this.#startedMs + Math.max(next, wanted) * intervalMs;
    if (lookMs >= this.#plannedMs) return;
    this.#plannedMs = lookMs;
    runtime.schedule(lookMs - runtime.now(), () => {
      if (this.#plannedMs !== lookMs) return;
      this.#plannedMs = Infinity;
      this.#look();
      this.plan();
    });
  }

  #dueMs(): number {
    const { offsetsRetentionMs } = this.#host.settings;
    let first = Infinity;
    for (const { group, offsets } of this.#groups.values()) {
      if (group.state === "Empty" && offsets.isEmpty) return this.#host.runtime.now();
      first = Math.min(first, offsets.expiryMs(group, offsetsRetentionMs) ?? Infinity);
    }
    return first;
  }

  #look(): void {
    const { runtime, settings } = this.#host;
    const nowMs = runtime.now();
    for (const one of this.#groups.values()) {
      const expired = one.offsets.expired(one.group, nowMs, settings.offsetsRetentionMs);
      const names = new Set(expired.map(topicPartitionName));
      this.#clean(one, (of) => names.has(topicPartitionName(of)));
    }
  }
}
