// Goal: compaction keeps the last record of each key, never an offset less than that, and says
// nothing about what is not closed, stable and old enough.
// Method: logs by hand with a segment a batch; random ones against a map of keys.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logConfig } from "../../core/log/log-config.ts";
import type { PartitionLog } from "../../core/log/partition-log.ts";
import {
  append,
  emptyLog,
  end,
  everything,
  from,
  keyed,
  keysIn,
  offsetsIn,
} from "./log-under-test.ts";

/** A segment for each batch, and nothing too clean to be cleaned. */
const always = {
  cleanupPolicy: "compact",
  segmentBytes: 100,
  minCleanableDirtyPercent: 0,
} as const;
const day = 86_400_000;

function put(log: PartitionLog, ...records: readonly (readonly [string, string | null])[]): void {
  append(
    log,
    records.map(([key, value]) => keyed(key, value)),
  );
  log.raiseHighWatermark(log.logEndOffset);
}

/** Offsets of batches, and of the records in them: `0-2:1` is the batch [0, 2] with record 1. */
function batchesOf(log: PartitionLog): string[] {
  return log.readBatches(0, Infinity).map(({ baseOffset, lastOffset, records, control }) => {
    const kept = control ?? records.map(({ offset }) => offset).join(",");
    return `${baseOffset}-${lastOffset}:${kept}`;
  });
}

describe("compact", () => {
  test("keeps the last record of each key, with its offset, and all of the active segment", () => {
    const log = emptyLog(always);
    put(log, ["a", "1"]);
    put(log, ["b", "1"]);
    put(log, ["a", "2"]);
    put(log, ["a", "3"]);
    expect(log.isCompactable(0)).toBe(true);
    expect(log.compact(0)).toEqual({ removed: 1, untilOffset: 3 });
    expect(keysIn(log)).toEqual(["b=1@1", "a=2@2", "a=3@3"]);
    expect([log.logStartOffset, log.logEndOffset]).toEqual([0, 4]);
    expect([log.compact(0), log.canBecomeCompactable]).toEqual([null, false]);
  });

  test("takes records out of a batch, whose offsets stay", () => {
    const log = emptyLog({ ...always, segmentBytes: 105 });
    put(log, ["a", "1"], ["b", "1"], ["a", "2"]);
    put(log, ["b", "2"], ["c", "1"]);
    put(log, ["z", "0"]);
    expect(log.compact(0)).toEqual({ removed: 2, untilOffset: 5 });
    expect(batchesOf(log)).toEqual(["0-2:2", "3-4:3,4", "5-5:5"]);
    // A reader steps over the gap, whatever it asks for.
    expect(log.read(0, { ...everything, maxRecords: 1 }).nextOffset).toBe(3);
    expect(log.read(1, { ...everything, untilOffset: 2 })).toEqual({ records: [], nextOffset: 2 });
    expect(log.read(3, everything).records.map(({ offset }) => offset)).toEqual([3, 4, 5]);
  });

  test("keeps the last batch of a pass, even empty: its offset is not lost", () => {
    const log = emptyLog({ segmentBytes: 100 });
    for (const key of ["a", null, null]) append(log, [keyed(key, "1")]);
    // Records without keys are from before the topic was compacted.
    log.changeConfig(logConfig(always));
    put(log, ["z", "1"]);
    expect(log.compact(0)).toEqual({ removed: 2, untilOffset: 3 });
    expect(batchesOf(log)).toEqual(["0-0:0", "2-2:", "3-3:3"]);
    const follower = emptyLog(always);
    follower.appendAsFollower(log.readBatches(0, Infinity).slice(0, 2), 0);
    expect(follower.logEndOffset).toBe(3);
  });

  test("joins neighbours that fit into one segment together", () => {
    const log = emptyLog({ ...always, segmentBytes: 150 });
    for (const value of ["1", "2", "3", "4", "5"]) put(log, ["a", value], ["b", value]);
    // Four closed segments of 79 bytes; one of 79 is left of them.
    expect(log.compact(0)).toEqual({ removed: 6, untilOffset: 8 });
    expect(log.sizeBytes).toBe(2 * 79);
  });

  test("cleans anew what comes where it had cleaned before a cut", () => {
    const log = emptyLog(always);
    for (const value of ["1", "2", "3", "4"]) put(log, ["a", value]);
    expect(log.compact(0)?.untilOffset).toBe(3);
    log.truncateTo(1);
    for (const value of ["1", "2"]) put(log, ["c", value]);
    for (const value of ["1", "2"]) put(log, ["x", value]);
    expect(log.compact(0)).toEqual({ removed: 1, untilOffset: 4 });
    expect(keysIn(log)).toEqual(["c=2@2", "x=1@3", "x=2@4"]);
  });

  test("does not forget what was cleaned before a cut", () => {
    const log = emptyLog(always);
    for (const value of ["1", "2", "3", "4"]) put(log, ["a", value]);
    log.compact(0);
    log.truncateTo(2);
    put(log, ["b", "1"]);
    put(log, ["b", "2"]);
    put(log, ["b", "3"]);
    expect(log.compact(0)?.removed).toBe(1);
    expect(keysIn(log)).toEqual(["b=2@3", "b=3@4"]);
  });
});

describe("a log is compacted only", () => {
  const filled = (config: Parameters<typeof emptyLog>[0]) => {
    const log = emptyLog({ ...always, ...config });
    for (const [index, value] of ["1", "2", "3", "4"].entries()) {
      append(log, [keyed("a", value, index * 10)]);
    }
    log.raiseHighWatermark(4);
    return log;
  };

  test("where its policy says so", () => {
    const log = filled({ cleanupPolicy: "delete" });
    expect([log.isCompacted, log.isCompactable(0), log.compact(0)]).toEqual([false, false, null]);
  });

  test("below the high watermark", () => {
    const log = filled({});
    log.setHighWatermark(2);
    expect(log.compact(0)).toEqual({ removed: 1, untilOffset: 2 });
  });

  test("below the first open transaction", () => {
    const log = emptyLog(always);
    put(log, ["a", "1"]);
    put(log, ["a", "2"]);
    append(log, [keyed("a", "3")], { batch: from(1, 0, { isTransactional: true }) });
    put(log, ["a", "4"]);
    expect(log.compact(0)).toEqual({ removed: 1, untilOffset: 2 });
    end(log, 1, "COMMIT");
    log.raiseHighWatermark(5);
    expect(log.compact(0)).toEqual({ removed: 2, untilOffset: 4 });
  });

  test("when enough of it is dirty: more than the ratio", () => {
    const log = filled({ minCleanableDirtyPercent: 50 });
    expect(log.compact(0)?.untilOffset).toBe(3);
    // One clean segment, one dirty one: exactly half.
    append(log, [keyed("a", "5")]);
    log.raiseHighWatermark(5);
    expect([log.isCompactable(0), log.canBecomeCompactable]).toEqual([false, false]);
    append(log, [keyed("a", "6")]);
    log.raiseHighWatermark(6);
    expect(log.isCompactable(0)).toBe(true);
  });

  test("when something has waited for more than max.compaction.lag.ms, be it clean", () => {
    const log = filled({
      minCleanableDirtyPercent: 100,
      maxCompactionLagMs: 100,
      segmentMs: 1_000,
    });
    // The first segment begins at 0, which is no time for Kafka; the next one at 10.
    expect(log.compactionDueMs).toBe(111);
    expect([log.isCompactable(110), log.isCompactable(111)]).toEqual([false, true]);
  });

  test("where it is older than min.compaction.lag.ms", () => {
    const log = filled({ minCompactionLagMs: 100 });
    expect(log.compactionDueMs).toBe(100);
    expect(log.compact(99)).toBeNull();
    expect(log.compact(110)).toEqual({ removed: 1, untilOffset: 2 });
  });
});

describe("a tombstone", () => {
  test("goes with the first pass after delete.retention.ms since the pass that found it", () => {
    const log = emptyLog({ ...always, deleteRetentionMs: 100 });
    put(log, ["a", "1"]);
    put(log, ["a", null]);
    put(log, ["x", "1"]);
    expect(log.compact(1_000)).toEqual({ removed: 1, untilOffset: 2 });
    expect(log.readBatches(0, Infinity)[0]?.deleteHorizonMs).toBe(1_100);
    put(log, ["x", "2"]);
    expect(log.compact(1_099)?.removed).toBe(0);
    put(log, ["x", "3"]);
    expect(log.compact(1_100)?.removed).toBe(2);
    expect(keysIn(log)).toEqual(["x=2@3", "x=3@4"]);
  });

  test("stays for a day where nothing is said", () => {
    const log = emptyLog(always);
    put(log, ["a", null]);
    put(log, ["x", "1"]);
    log.compact(5);
    expect(log.readBatches(0, Infinity)[0]?.deleteHorizonMs).toBe(day + 5);
  });
});

describe("of transactions", () => {
  const settings = { ...always, deleteRetentionMs: 100 };
  const write = (log: PartitionLog, producerId: number, sequence: number, key: string) => {
    const batch = from(producerId, sequence, { isTransactional: true });
    append(log, [keyed(key, String(sequence))], { batch });
    log.raiseHighWatermark(log.logEndOffset);
  };
  const finish = (log: PartitionLog, producerId: number, control: "COMMIT" | "ABORT") => {
    end(log, producerId, control);
    log.raiseHighWatermark(log.logEndOffset);
  };

  test("aborted records go, and do not supersede others; their marker goes a round later", () => {
    const log = emptyLog(settings);
    put(log, ["a", "1"]);
    write(log, 1, 0, "a");
    finish(log, 1, "ABORT");
    write(log, 1, 1, "b");
    finish(log, 1, "COMMIT");
    put(log, ["x", "1"]);
    expect(log.compact(0)).toEqual({ removed: 1, untilOffset: 5 });
    expect(batchesOf(log)).toEqual(["0-0:0", "2-2:ABORT", "3-3:3", "4-4:COMMIT", "5-5:5"]);
    expect(log.abortedTransactions(0, 6)).toHaveLength(1);
    // Nothing of it is left now: the marker waits for delete.retention.ms more.
    put(log, ["x", "2"]);
    log.compact(50);
    expect(batchesOf(log)).toContain("2-2:ABORT");
    expect(log.abortedTransactions(0, 7)).toHaveLength(0);
    put(log, ["x", "3"]);
    log.compact(149);
    expect(batchesOf(log)).toContain("2-2:ABORT");
    put(log, ["x", "4"]);
    log.compact(150);
    expect(batchesOf(log)).not.toContain("2-2:ABORT");
    expect(offsetsIn(log, "read_committed")).toEqual([0, 3, 7, 8]);
  });

  test("a commit's marker stays as long as a record of the transaction", () => {
    const log = emptyLog(settings);
    write(log, 1, 0, "a");
    finish(log, 1, "COMMIT");
    for (const nowMs of [0, 200, 400]) {
      put(log, ["x", String(nowMs)]);
      log.compact(nowMs);
      expect(batchesOf(log).slice(0, 2)).toEqual(["0-0:0", "1-1:COMMIT"]);
      expect(log.readBatches(1, 1)[0]?.deleteHorizonMs).toBeNull();
    }
  });

  test("the last batch of an active producer stays, empty, for its sequence", () => {
    const log = emptyLog(settings);
    append(log, [keyed("a", "1")], { batch: from(1, 0) });
    append(log, [keyed("b", "1")], { batch: from(2, 0) });
    put(log, ["a", "2"], ["b", "2"]);
    put(log, ["x", "1"]);
    log.compact(0);
    expect(batchesOf(log)).toEqual(["0-0:", "1-1:", "2-3:2,3", "4-4:4"]);
    expect(log.readBatches(0, Infinity)[0]?.sizeBytes).toBe(61);
    // A replica that copies it knows the producer.
    const follower = emptyLog(settings);
    follower.appendAsFollower(log.readBatches(0, Infinity), 0);
    const input = { records: [keyed("a", "1")], leaderEpoch: 0, nowMs: 0 };
    expect(follower.appendAsLeader({ ...input, batch: from(1, 0) })).toEqual({
      kind: "duplicate",
      baseOffset: 0,
    });
  });

  test("a marker of whose producer nothing else is known stays as an empty batch", () => {
    const log = emptyLog(settings);
    finish(log, 1, "ABORT");
    put(log, ["x", "1"]);
    log.compact(0);
    expect(batchesOf(log)).toEqual(["0-0:ABORT", "1-1:1"]);
    put(log, ["x", "2"]);
    log.compact(100);
    put(log, ["x", "3"]);
    log.compact(100);
    expect(batchesOf(log)).toEqual(["0-0:", "2-2:2", "3-3:3"]);
    log.reopen(false);
    expect(log.openTransactions()).toEqual([]);
  });
});

/** A record for a key (null deletes it), or a pass after some time. */
const step = fc.oneof(
  fc.record({
    keys: fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 3 }),
    isTombstone: fc.boolean(),
  }),
  fc.record({ waitMs: fc.nat({ max: 200 }) }),
);

test("whatever comes: the last of each key is there, as it was written", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.constantFrom(100, 300, 1_000),
      (steps, segmentBytes) => {
        const log = emptyLog({ ...always, segmentBytes, deleteRetentionMs: 150 });
        const appended: { key: string; value: string | null; offset: number }[] = [];
        let nowMs = 1;
        for (const next of steps) {
          if ("waitMs" in next) {
            nowMs += next.waitMs;
            const before = keysIn(log).length;
            const isDue = log.isCompactable(nowMs);
            const compacted = log.compact(nowMs);
            expect(compacted !== null).toBe(isDue);
            expect(keysIn(log).length).toBe(before - (compacted?.removed ?? 0));
          } else {
            const value = next.isTombstone ? null : "v";
            append(
              log,
              next.keys.map((key) => keyed(key, value, nowMs)),
              { nowMs },
            );
            for (const key of next.keys) appended.push({ key, value, offset: appended.length });
            log.raiseHighWatermark(appended.length);
          }
          const { records, nextOffset } = log.read(0, everything);
          expect([nextOffset, log.logEndOffset]).toEqual([appended.length, appended.length]);
          // Each record is as it was written, in order.
          for (const { key, value, offset } of records) {
            expect(appended[offset]).toEqual({ key, value, offset });
          }
          const offsets = records.map(({ offset }) => offset);
          expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
          // The last value of a key is there; only a tombstone may have gone.
          for (const key of ["a", "b", "c", "d"]) {
            const last = appended.findLast((record) => record.key === key);
            if (last !== undefined && last.value !== null) expect(offsets).toContain(last.offset);
          }
          const batches = log.readBatches(0, Infinity);
          const sizes = batches.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
          expect(log.sizeBytes).toBe(sizes);
        }
      },
    ),
  );
});
