// Goal: a consumer gets what lies between its offset and the first limit, and learns where to go
// on; a follower gets whole batches. Method: small logs by hand.
import { describe, expect, test } from "vitest";
import { append, emptyLog, everything, hundredBytes, keyed, logOf } from "./log-under-test.ts";

/** Records of 39 bytes, in batches of three. */
function batchesOfThree(count: number) {
  const log = emptyLog({ segmentBytes: 400 });
  for (let batch = 0; batch < count; batch += 1) {
    append(
      log,
      [0, 1, 2].map((at) => hundredBytes(batch * 3 + at)),
      { nowMs: batch * 10 },
    );
  }
  log.raiseHighWatermark(log.logEndOffset);
  return log;
}

describe("read", () => {
  for (const [shape, log, size] of [
    ["batches of one", logOf({ segmentBytes: 300 }, [0, 1, 2, 3, 4, 5, 6, 7, 8]), 40],
    ["batches of three", batchesOfThree(3), 40],
  ] as const) {
    const read = (from: number, limits: Partial<typeof everything>) => {
      const { records, nextOffset } = log.read(from, { ...everything, ...limits });
      return [records.map(({ offset }) => offset), nextOffset];
    };

    test(`crosses segments up to the first limit: ${shape}`, () => {
      expect(read(2, { maxRecords: 5 })).toEqual([[2, 3, 4, 5, 6], 7]);
      expect(read(2, { untilOffset: 4 })).toEqual([[2, 3], 4]);
      expect(read(2, { maxBytes: 3 * size })).toEqual([[2, 3, 4], 5]);
      expect(read(2, { maxBytes: 3 * size + 20 })).toEqual([[2, 3, 4], 5]);
      expect(read(2, { maxBytes: 1 })).toEqual([[2], 3]);
      expect(read(0, { maxRecords: 0 })).toEqual([[], 0]);
      expect(read(9, {})).toEqual([[], 9]);
      expect(read(5, { untilOffset: 3 })).toEqual([[], 5]);
      expect(read(0, {})).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8], 9]);
    });
  }

  test("is possible from log start to log end", () => {
    const log = batchesOfThree(3);
    expect([-1, 0, 9, 10].map((offset) => log.canRead(offset))).toEqual([false, true, true, false]);
    expect(() => log.read(10, everything)).toThrow("only a readable offset may be read");
  });

  test("ends at the high watermark, inside a batch if need be", () => {
    const log = emptyLog();
    append(log, [0, 0, 0].map(hundredBytes));
    const ends = [0, 1, 2, 3].map((watermark) => {
      log.setHighWatermark(watermark);
      return log.read(0, everything).records.length;
    });
    expect(ends).toEqual([0, 1, 2, 3]);
    log.setHighWatermark(1);
    expect(log.read(3, everything)).toEqual({ records: [], nextOffset: 3 });
  });
});

describe("readBatches", () => {
  test("begins with the batch that holds the offset, and gives at least one", () => {
    const log = batchesOfThree(4);
    const bases = (from: number, maxBytes: number) =>
      log.readBatches(from, maxBytes).map(({ baseOffset }) => baseOffset);
    expect(bases(4, Infinity)).toEqual([3, 6, 9]);
    expect(bases(0, 1)).toEqual([0]);
    expect(bases(0, 2 * (61 + 3 * 39))).toEqual([0, 3]);
    expect(bases(12, Infinity)).toEqual([]);
  });

  test("goes beyond the high watermark: followers copy what is not replicated yet", () => {
    const log = emptyLog();
    append(log, [hundredBytes(0)]);
    expect([log.highWatermark, log.readBatches(0, Infinity).length]).toEqual([0, 1]);
  });
});

describe("by time", () => {
  test("offsetAtTime gives the smallest offset at or after it, in offset order", () => {
    const log = emptyLog({ segmentBytes: 400 });
    append(log, [keyed("a", "", 50), keyed("b", "", 10)]);
    append(log, [keyed("c", "", 90), keyed("d", "", 60)]);
    expect([0, 50, 51, 90, 91].map((time) => log.offsetAtTime(time))).toEqual([0, 0, 2, 2, null]);
    expect(log.offsetOfMaxTimestamp()).toBe(2);
    expect(emptyLog().offsetOfMaxTimestamp()).toBeNull();
  });

  test("LogAppendTime stamps what comes with the broker's clock", () => {
    const log = emptyLog({ timestampType: "LogAppendTime", timestampBeforeMaxMs: 1 });
    const batch = append(log, [hundredBytes(5), hundredBytes(99)], { nowMs: 70 });
    expect(batch.records.map(({ timestampMs }) => timestampMs)).toEqual([70, 70]);
    expect([batch.maxTimestampMs, log.offsetOfMaxTimestamp()]).toEqual([70, 0]);
  });

  test("unflushedFrom is the first offset this replica wrote less than so long ago", () => {
    const log = batchesOfThree(4);
    const unflushed = [10, 39, 40, 50].map((nowMs) => log.unflushedFrom(nowMs, 30));
    // Written at 0, 10, 20 and 30.
    expect(unflushed).toEqual([0, 3, 6, 9]);
    expect(log.unflushedFrom(60, 30)).toBe(12);
  });
});
