// Goal: offsets that never change their meaning, and retention that goes in segment jumps.
// Method: small logs by hand, with the sizes worked out; and random ones against a plain list.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { append, emptyLog, everything, hundredBytes, logOf, offsetsIn } from "./log-under-test.ts";

function timesUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

test("a record alone in its batch takes 100 bytes here", () => {
  expect(append(emptyLog(), [hundredBytes(0)]).sizeBytes).toBe(100);
});

describe("retention.bytes", () => {
  test("removes whole segments, oldest first, and keeps at least its bytes", () => {
    // Segments of three records: [0-2] [3-5] [6-8] [9].
    const log = logOf({ segmentBytes: 300, retentionBytes: 450, retentionMs: -1 }, timesUpTo(10));
    expect(log.sizeBytes).toBe(1_000);
    expect(log.retain(0)).toBe("retention.bytes");
    // Without [3-5] it would be 400 bytes, less than 450.
    expect([log.logStartOffset, log.sizeBytes, log.logEndOffset]).toEqual([3, 700, 10]);
    expect(log.retain(0)).toBeNull();
  });

  test("removes a segment when exactly its bytes remain", () => {
    const log = logOf({ segmentBytes: 300, retentionBytes: 400, retentionMs: -1 }, timesUpTo(10));
    log.retain(0);
    expect([log.logStartOffset, log.sizeBytes]).toEqual([6, 400]);
  });

  test("of 0 removes the active segment too, and offsets go on", () => {
    const log = logOf({ segmentBytes: 300, retentionBytes: 0, retentionMs: -1 }, timesUpTo(4));
    expect(log.retain(0)).toBe("retention.bytes");
    expect([log.logStartOffset, log.highWatermark, log.logEndOffset, log.sizeBytes]).toEqual([
      4, 4, 4, 0,
    ]);
    expect(log.isRetained).toBe(false);
    expect(append(log, [hundredBytes(9)]).baseOffset).toBe(4);
    log.raiseHighWatermark(5);
    expect(offsetsIn(log)).toEqual([4]);
  });
});

describe("retention.ms", () => {
  test("goes by the latest time stamp of a segment, and needs more than its time", () => {
    // [0, 50] [10, 20] [60]: the first is as late as 50.
    const log = logOf({ segmentBytes: 200, retentionMs: 100 }, [0, 50, 10, 20, 60]);
    expect(log.retentionDueMs).toBe(151);
    expect(log.retain(150)).toBeNull();
    expect(log.retain(151)).toBe("retention.ms");
    expect(log.logStartOffset).toBe(4);
    expect(log.retain(161)).toBe("retention.ms");
    expect([log.logStartOffset, log.logEndOffset]).toEqual([5, 5]);
  });

  test("stops at the first segment that is not over: one of the future keeps all behind it", () => {
    const log = logOf({ segmentBytes: 100, retentionMs: 100 }, [0, 9_999, 0, 0]);
    log.retain(500);
    expect(offsetsIn(log)).toEqual([1, 2, 3]);
  });

  test("of -1 keeps for ever", () => {
    const log = logOf({ segmentBytes: 100, retentionMs: -1 }, [0, 0]);
    expect([log.isRetained, log.retain(Number.MAX_SAFE_INTEGER)]).toEqual([false, null]);
  });

  test("is seven days where nothing is said", () => {
    const log = logOf({}, [0]);
    expect(log.retain(604_800_000)).toBeNull();
    expect(log.retain(604_800_001)).toBe("retention.ms");
  });

  test("goes by when it was written where records have no time", () => {
    const log = emptyLog({ retentionMs: 100 });
    append(log, [hundredBytes(-1)], { nowMs: 1_000 });
    log.raiseHighWatermark(1);
    expect([log.retain(1_100), log.retain(1_101)]).toEqual([null, "retention.ms"]);
  });
});

test("retention does not go where followers have not been", () => {
  // A segment a record: [0] [1] [2].
  const log = emptyLog({ segmentBytes: 100, retentionMs: 10 });
  for (const time of [0, 0, 0]) append(log, [hundredBytes(time)]);
  expect([log.isRetained, log.retain(1_000)]).toEqual([false, null]);
  log.raiseHighWatermark(1);
  expect([log.retentionDueMs, log.retain(1_000)]).toEqual([11, "retention.ms"]);
  expect([log.logStartOffset, log.retentionDueMs]).toEqual([1, null]);
  log.raiseHighWatermark(3);
  log.retain(1_000);
  expect([log.logStartOffset, log.sizeBytes]).toEqual([3, 0]);
});

test("a compacted topic is not retained by time, unless it is deleted, too", () => {
  const settings = { retentionMs: 10, retentionBytes: 0 };
  const record = { key: "k", value: "v", timestampMs: 0, headers: [] };
  const retained = (["compact", "compact,delete"] as const).map((cleanupPolicy) => {
    const log = emptyLog({ ...settings, cleanupPolicy });
    append(log, [record]);
    log.raiseHighWatermark(1);
    return log.retain(1_000);
  });
  expect(retained).toEqual([null, "retention.bytes"]);
});

describe("segment.ms", () => {
  test("rolls by the time stamps of records, not by the clock", () => {
    const log = emptyLog({ segmentMs: 100, retentionMs: 1_000 });
    for (const time of [0, 100, 101, 150]) append(log, [hundredBytes(time)]);
    log.raiseHighWatermark(4);
    // [0, 100] [101, 150]: more than 100 ms after the first.
    expect(log.retain(1_101)).toBe("retention.ms");
    expect(log.logStartOffset).toBe(2);
  });

  test("of records without a time goes by when they are written", () => {
    const log = emptyLog({ segmentMs: 100, retentionMs: 1_000 });
    for (const nowMs of [0, 100, 101]) append(log, [hundredBytes(-1)], { nowMs });
    log.raiseHighWatermark(3);
    log.retain(1_101);
    expect(log.logStartOffset).toBe(2);
  });
});

describe("deleting records", () => {
  test("moves the log start inside a segment, and drops segments that end before it", () => {
    const log = logOf({ segmentBytes: 300 }, timesUpTo(10));
    expect([log.deleteBefore(4), log.deleteBefore(4), log.deleteBefore(2)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([log.logStartOffset, log.sizeBytes, log.canRead(3)]).toEqual([4, 700, false]);
    expect(offsetsIn(log)).toEqual([4, 5, 6, 7, 8, 9]);
  });

  test("stops at the high watermark", () => {
    const log = emptyLog();
    append(log, [hundredBytes(0), hundredBytes(0)]);
    log.raiseHighWatermark(1);
    expect(() => log.deleteBefore(2)).toThrow("only what consumers see may be deleted");
  });
});

/** A time to append at, or null for a pass of retention at the latest of them. */
const script = fc.array(fc.option(fc.nat({ max: 300 }), { freq: 5 }), { maxLength: 80 });
const bytes = fc.constantFrom(-1, 0, 100, 250, 1_000);

test("whatever comes: the log is the tail of all that was appended, in whole segments", () => {
  fc.assert(
    fc.property(script, bytes, fc.constantFrom(-1, 50), (steps, retentionBytes, retentionMs) => {
      const log = logOf({ segmentBytes: 300, retentionBytes, retentionMs }, []);
      const timesMs: number[] = [];
      let nowMs = 0;
      for (const timestampMs of steps) {
        const startBefore = log.logStartOffset;
        if (timestampMs === null) {
          const isDue = log.retentionDueMs !== null && log.retentionDueMs <= nowMs;
          const reason = log.retain(nowMs);
          expect(reason !== null).toBe(log.logStartOffset > startBefore);
          expect(reason !== null).toBe(isDue);
        } else {
          nowMs = Math.max(nowMs, timestampMs);
          expect(append(log, [hundredBytes(timestampMs)]).baseOffset).toBe(timesMs.length);
          timesMs.push(timestampMs);
          log.raiseHighWatermark(timesMs.length);
          expect(log.logStartOffset).toBe(startBefore);
        }
        expect(log.logEndOffset).toBe(timesMs.length);
        expect(log.sizeBytes).toBe((log.logEndOffset - log.logStartOffset) * 100);
        expect(log.read(log.logStartOffset, everything).records.map((r) => r.timestampMs)).toEqual(
          timesMs.slice(log.logStartOffset),
        );
        if (retentionBytes > 0 && retentionMs < 0 && timesMs.length * 100 >= retentionBytes) {
          expect(log.sizeBytes).toBeGreaterThanOrEqual(retentionBytes);
        }
      }
      for (const timestampMs of [0, 50, 150, 299, 301]) {
        const first = timesMs.findIndex((t, o) => o >= log.logStartOffset && t >= timestampMs);
        expect(log.offsetAtTime(timestampMs)).toBe(first === -1 ? null : first);
      }
    }),
  );
});
