/** Compacts one log from time to time, and knows how far it has got. Like Kafka: LogCleaner. */

import {
  type CleanableLog,
  cleanableFromMs,
  firstUncleanableOffset,
  isCleanable,
} from "./cleanable.ts";
import { compact } from "./compaction.ts";
import type { LogConfig } from "./log-config.ts";
import type { ProducerState } from "./producer-state.ts";
import type { Segments } from "./segments.ts";
import type { TransactionIndex } from "./transaction-index.ts";

/** The parts of a log that compaction reads and changes. */
export interface CleanedLog {
  readonly segments: Segments;
  readonly config: LogConfig;
  readonly transactions: TransactionIndex;
  readonly producers: ProducerState;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly lastStableOffset: number;
}

/** Says when a log is worth compacting, and does it. */
export class LogCleaner {
  /** Where the last pass ended. */
  #cleanedUntil = 0;

  /** What was compacted up to an offset that the log has lost counts as dirty. */
  #cleanable({ segments, config, lastStableOffset, ...log }: CleanedLog): CleanableLog {
    const cleaned = this.#cleanedUntil;
    const isKnown = cleaned >= log.logStartOffset && cleaned <= log.logEndOffset;
    const firstDirtyOffset = isKnown ? cleaned : log.logStartOffset;
    return { segments, config, lastStableOffset, firstDirtyOffset };
  }

  truncateTo(offset: number): void {
    this.#cleanedUntil = Math.min(this.#cleanedUntil, offset);
  }

  isDue(log: CleanedLog, nowMs: number): boolean {
    return log.config.isCompacted && isCleanable(this.#cleanable(log), nowMs);
  }

  /** From when on it is due; null when time alone does not make it so. */
  dueMs(log: CleanedLog): number | null {
    return log.config.isCompacted ? cleanableFromMs(this.#cleanable(log)) : null;
  }

  /** One pass. Shape: how many records went, and where it ended; null when none is due. */
  clean(
    log: CleanedLog,
    nowMs: number,
  ): { readonly removed: number; readonly untilOffset: number } | null {
    if (!this.isDue(log, nowMs)) return null;
    const cleanable = this.#cleanable(log);
    const untilOffset = firstUncleanableOffset(cleanable, nowMs);
    const closed = log.segments.list.filter(({ baseOffset }) => baseOffset < untilOffset);
    const { segments, aborted, removed } = compact({
      segments: closed,
      firstDirtyOffset: cleanable.firstDirtyOffset,
      untilOffset,
      aborted: log.transactions.overlapping(0, untilOffset),
      producers: log.producers.known(nowMs),
      config: log.config,
      nowMs,
    });
    log.segments.replaceFirst(closed.length, segments);
    log.transactions.replaceBefore(untilOffset, aborted);
    this.#cleanedUntil = untilOffset;
    return { removed, untilOffset };
  }
}
