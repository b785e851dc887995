// Goal: offsets that never change their meaning, and retention that goes in segment jumps.
// Method: small logs by hand, with the sizes worked out; and random ones against a plain list.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProduceRecord, TopicConfig } from "../../core/broker/broker.ts";
import { PartitionLog } from "../../core/broker/partition-log.ts";
import { recordSizeBytes } from "../../core/record/record.ts";

const everything = { untilOffset: Infinity, maxRecords: Infinity, maxBytes: Infinity };

/** A record that takes 100 bytes. */
function hundredBytes(timestampMs: number): ProduceRecord {
  return { key: null, value: "x".repeat(92), timestampMs, headers: [] };
}

function logOf(config: Omit<TopicConfig, "partitions">, timesMs: readonly number[]): PartitionLog {
  const log = new PartitionLog({ topic: "t", partition: 0 }, { partitions: 1, ...config });
  log.append(timesMs.map(hundredBytes));
  return log;
}

function timesUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function offsetsIn(log: PartitionLog): number[] {
  return log.read(log.logStartOffset, everything).records.map(({ offset }) => offset);
}

test("the record of these tests takes 100 bytes", () => {
  expect(recordSizeBytes(hundredBytes(0))).toBe(100);
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
    expect(log.append([hundredBytes(9)]).baseOffset).toBe(4);
    expect(offsetsIn(log)).toEqual([4]);
  });
});

describe("retention.ms", () => {
  test("goes by the latest time stamp of a segment, and needs more than its time", () => {
    // [0, 50] [10, 20] [60]: the first is as late as 50.
    const log = logOf({ segmentBytes: 200, retentionMs: 100 }, [0, 50, 10, 20, 60]);
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
});

test("a record larger than a segment has one of its own", () => {
  const log = logOf({ segmentBytes: 10, retentionBytes: 100, retentionMs: -1 }, [0, 0, 0]);
  log.retain(0);
  expect(offsetsIn(log)).toEqual([2]);
});

describe("reading", () => {
  const log = logOf({ segmentBytes: 300 }, timesUpTo(10));
  const read = (from: number, limits: Partial<typeof everything>) => {
    const { records, nextOffset } = log.read(from, { ...everything, ...limits });
    return [records.map(({ offset }) => offset), nextOffset];
  };

  test("crosses segments up to the first limit", () => {
    expect(read(2, { maxRecords: 5 })).toEqual([[2, 3, 4, 5, 6], 7]);
    expect(read(2, { untilOffset: 4 })).toEqual([[2, 3], 4]);
    expect(read(2, { maxBytes: 300 })).toEqual([[2, 3, 4], 5]);
    expect(read(2, { maxBytes: 399 })).toEqual([[2, 3, 4], 5]);
    expect(read(2, { maxBytes: 1 })).toEqual([[2], 3]);
    expect(read(10, {})).toEqual([[], 10]);
    expect(read(5, { untilOffset: 3 })).toEqual([[], 5]);
  });

  test("is possible from log start to log end", () => {
    expect([-1, 0, 10, 11].map((offset) => log.canRead(offset))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(() => log.read(11, everything)).toThrow("only a readable offset may be read");
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
          const reason = log.retain(nowMs);
          expect(reason !== null).toBe(log.logStartOffset > startBefore);
        } else {
          nowMs = Math.max(nowMs, timestampMs);
          expect(log.append([hundredBytes(timestampMs)])).toEqual({
            baseOffset: timesMs.length,
            sizeBytes: 100,
          });
          timesMs.push(timestampMs);
          expect(log.logStartOffset).toBe(startBefore);
        }
        expect(log.logStartOffset).toBeLessThanOrEqual(log.highWatermark);
        expect(log.highWatermark).toBeLessThanOrEqual(log.logEndOffset);
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
