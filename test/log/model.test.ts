// Goal: whatever befalls a replica, its offsets keep their meaning: what can be read is what was
// appended there last, and nothing that should be there is missing.
// Method: random appends, cuts, deletions, passes of retention and compaction, and new leaders,
// against a plain list of what was written at each offset; a follower copies from time to time.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { PartitionLog } from "../../core/log/partition-log.ts";
import { append, emptyLog, everything, keyed } from "./log-under-test.ts";

interface Written {
  readonly key: string;
  readonly value: string | null;
}

/** What a log should hold. */
class Model {
  written: Written[] = [];
  logStart = 0;
  highWatermark = 0;
  /** Offsets below it may lack superseded records. */
  compactedUntil = 0;
  /** Where batches begin: logs are cut there. */
  bounds = [0];

  check(log: PartitionLog): void {
    const end = this.written.length;
    expect([log.logStartOffset, log.highWatermark, log.logEndOffset]).toEqual([
      this.logStart,
      this.highWatermark,
      end,
    ]);
    const { records, nextOffset } = log.read(this.logStart, everything);
    expect(nextOffset).toBe(this.highWatermark);
    const read = new Map(records.map((record) => [record.offset, record]));
    expect(read.size).toBe(records.length);
    for (let offset = this.logStart; offset < this.highWatermark; offset += 1) {
      const [record, written] = [read.get(offset), this.written[offset]];
      if (record !== undefined) expect({ key: record.key, value: record.value }).toEqual(written);
      else expect([offset < this.compactedUntil, this.isSuperseded(offset)]).toEqual([true, true]);
    }
    const bytes = log.readBatches(0, Infinity).reduce((sum, batch) => sum + batch.sizeBytes, 0);
    expect(log.sizeBytes).toBe(bytes);
  }

  /** It has what the leader has or had. */
  checkFollower(log: PartitionLog): void {
    expect(log.logEndOffset).toBe(this.written.length);
    log.setHighWatermark(log.logEndOffset);
    for (const { key, value, offset } of log.read(log.logStartOffset, everything).records) {
      expect({ key, value }).toEqual(this.written[offset]);
    }
  }

  /** By a later record of its key where it was compacted, or by being a tombstone. */
  isSuperseded(offset: number): boolean {
    const written = this.written[offset];
    if (written === undefined || written.value === null) return true;
    const later = this.written.slice(offset + 1, this.compactedUntil);
    return later.some(({ key }) => key === written.key);
  }
}

/** A follower drops what its leader does not have, and copies the rest. */
function copy(leader: PartitionLog, follower: PartitionLog, nowMs: number): void {
  for (;;) {
    const { latestEpoch, logEndOffset } = follower;
    const { epoch, endOffset } = leader.endOffsetOf(latestEpoch);
    if (latestEpoch === -1 || (epoch === latestEpoch && endOffset >= logEndOffset)) break;
    const own = follower.endOffsetOf(epoch).endOffset;
    follower.truncateTo(Math.min(own === -1 ? endOffset : own, endOffset, logEndOffset));
  }
  follower.appendAsFollower(leader.readBatches(follower.logEndOffset, Infinity), nowMs);
}

const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      keys: fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 }),
      isTombstone: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("advance" as const), by: fc.nat(6) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom("cut" as const, "delete" as const, "restart" as const),
      back: fc.nat(5),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("retain" as const, "compact" as const, "copy" as const),
      waitMs: fc.nat(80),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "elect" as const }) },
);
const script = fc.array(command, { maxLength: 80 });
const policy = fc.constantFrom("delete" as const, "compact" as const, "compact,delete" as const);

test("whatever befalls a log, each offset keeps what was written there last", () => {
  fc.assert(
    fc.property(script, policy, fc.constantFrom(90, 200, 600), (commands, cleanupPolicy, bytes) => {
      const settings = { cleanupPolicy, segmentBytes: Math.max(bytes, 120), retentionMs: 100 };
      const config = { ...settings, minCleanableDirtyPercent: 10, deleteRetentionMs: 60 };
      const [log, follower] = [emptyLog(config), emptyLog(config)];
      const model = new Model();
      let [nowMs, epoch] = [1, 0];
      log.beginEpoch(epoch);
      for (const next of commands) {
        switch (next.kind) {
          case "append": {
            const value = next.isTombstone ? null : `v${model.written.length}`;
            const records = next.keys.map((key) => keyed(key, value, nowMs));
            append(log, records, { leaderEpoch: epoch, nowMs });
            for (const key of next.keys) model.written.push({ key, value });
            model.bounds.push(model.written.length);
            break;
          }
          case "advance":
            model.highWatermark = Math.min(model.written.length, model.highWatermark + next.by);
            log.raiseHighWatermark(model.highWatermark);
            break;
          case "cut": {
            // Never below the high watermark: that is what it promises.
            const kept = model.bounds.filter((bound) => bound >= model.highWatermark);
            const to = kept.at(-1 - next.back) ?? kept[0] ?? model.written.length;
            log.truncateTo(to);
            model.written = model.written.slice(0, to);
            model.bounds = model.bounds.filter((bound) => bound <= to);
            // It has found out that another led meanwhile.
            epoch += 1;
            log.beginEpoch(epoch);
            break;
          }
          case "delete": {
            const to = Math.max(model.logStart, model.highWatermark - next.back);
            expect(log.deleteBefore(to)).toBe(to > model.logStart);
            model.logStart = to;
            break;
          }
          case "restart":
            log.reopen(next.back % 2 === 0);
            break;
          case "retain": {
            nowMs += next.waitMs;
            const before = log.logStartOffset;
            const reason = log.retain(nowMs);
            expect(reason !== null && cleanupPolicy === "compact").toBe(false);
            expect(log.logStartOffset).toBeGreaterThanOrEqual(before);
            model.logStart = log.logStartOffset;
            break;
          }
          case "compact": {
            nowMs += next.waitMs;
            const done = log.compact(nowMs);
            if (done !== null) model.compactedUntil = done.untilOffset;
            expect(done !== null && cleanupPolicy === "delete").toBe(false);
            break;
          }
          case "copy":
            if (!log.canRead(follower.logEndOffset)) follower.truncateFully(log.logStartOffset);
            copy(log, follower, nowMs);
            model.checkFollower(follower);
            break;
          case "elect":
            epoch += 1;
            log.beginEpoch(epoch);
            break;
        }
        model.check(log);
        expect(log.lastStableOffset).toBe(model.highWatermark);
      }
    }),
    { numRuns: 300 },
  );
});
