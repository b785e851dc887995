// Goal: a batch that comes twice is known, one out of order is refused, as Kafka's brokers do it.
// Method: sequences by hand, among them a scenario whose answers are Kafka's.
import { describe, expect, test } from "vitest";
import { logConfig } from "../../core/log/log-config.ts";
import type { PartitionLog } from "../../core/log/partition-log.ts";
import { append, emptyLog, end, from, hundredBytes, keyed } from "./log-under-test.ts";

const day = 86_400_000;

/** Offers a batch with sequences first to last: its base offset, `=offset` for a duplicate, or why
 *  it is refused. */
function offer(
  log: PartitionLog,
  first: number,
  last: number,
  { producerId = 1, producerEpoch = 0, isTransactional = false, nowMs = 0 } = {},
): string {
  const records = Array.from({ length: last - first + 1 }, () => hundredBytes(nowMs));
  const batch = from(producerId, first, { producerEpoch, isTransactional });
  const result = log.appendAsLeader({ records, batch, leaderEpoch: 0, nowMs });
  if (result.kind === "appended") return String(result.batch.baseOffset);
  return result.kind === "duplicate" ? `=${result.baseOffset}` : result.error;
}

test("six batches, then what comes again, early, late and from other epochs", () => {
  const log = emptyLog();
  const appended = [0, 1, 2, 3, 4, 5].map((sequence) => offer(log, sequence, sequence));
  expect(appended).toEqual(["0", "1", "2", "3", "4", "5"]);
  expect(offer(log, 1, 1)).toBe("=1");
  expect(offer(log, 0, 0)).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
  expect(offer(log, 7, 7)).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
  expect(offer(log, 6, 7)).toBe("6");
  expect(offer(log, 1, 1, { producerEpoch: 1 })).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
  expect(offer(log, 0, 0, { producerEpoch: 1 })).toBe("8");
  expect(offer(log, 8, 8)).toBe("INVALID_PRODUCER_EPOCH");
  // Nothing of what was refused takes an offset.
  expect(log.logEndOffset).toBe(9);
});

test("a batch is known by its first and last sequence together", () => {
  const log = emptyLog();
  offer(log, 0, 2);
  expect([offer(log, 0, 1), offer(log, 0, 2), offer(log, 1, 2)]).toEqual([
    "OUT_OF_ORDER_SEQUENCE_NUMBER",
    "=0",
    "OUT_OF_ORDER_SEQUENCE_NUMBER",
  ]);
});

test("sequences go on at 0 after 2147483647", () => {
  const log = emptyLog();
  expect(offer(log, 2_147_483_646, 2_147_483_646)).toBe("0");
  // 2147483647 and 0, in one batch.
  const records = [hundredBytes(0), hundredBytes(0)];
  const wrapped = log.appendAsLeader({
    records,
    batch: from(1, 2_147_483_647),
    leaderEpoch: 0,
    nowMs: 0,
  });
  expect(wrapped.kind).toBe("appended");
  expect([offer(log, 0, 0), offer(log, 1, 1)]).toEqual(["OUT_OF_ORDER_SEQUENCE_NUMBER", "3"]);
});

test("producers are known apart, and others are not asked for sequences", () => {
  const log = emptyLog();
  offer(log, 0, 0);
  expect(offer(log, 0, 0, { producerId: 2 })).toBe("1");
  append(log, [hundredBytes(0)]);
  expect(offer(log, 1, 1)).toBe("3");
  expect(log.producers(0).map(({ producerId }) => producerId)).toEqual([1, 2]);
});

describe("a producer that is not known may begin anywhere", () => {
  test("at first", () => {
    expect(offer(emptyLog(), 17, 17)).toBe("0");
  });

  test("after a day of silence, once idle producers were looked for", () => {
    const log = emptyLog();
    offer(log, 0, 0, { nowMs: 300_000 });
    // Looked for at multiples of ten minutes.
    expect(offer(log, 9, 9, { nowMs: day + 599_999 })).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
    expect(log.producers(day + 599_999)).toHaveLength(1);
    expect(log.producers(day + 600_000)).toHaveLength(0);
    expect(offer(log, 9, 9, { nowMs: day + 600_000 })).toBe("1");
  });

  test("but one that writes records of long ago is known until it is looked for", () => {
    const log = emptyLog();
    const first = { records: [hundredBytes(0)], batch: from(1, 0), leaderEpoch: 0 };
    expect(log.appendAsLeader({ ...first, nowMs: 3 * day + 1 }).kind).toBe("appended");
    expect(log.appendAsLeader({ ...first, nowMs: 3 * day + 599_999 }).kind).toBe("duplicate");
    expect(log.appendAsLeader({ ...first, nowMs: 3 * day + 600_000 }).kind).toBe("appended");
  });

  test("but not after its records were deleted", () => {
    const log = emptyLog();
    offer(log, 0, 0);
    log.raiseHighWatermark(1);
    log.deleteBefore(1);
    expect(offer(log, 9, 9)).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
  });
});

describe("transactions", () => {
  test("do not let their producer write beside them", () => {
    const log = emptyLog();
    offer(log, 0, 0, { isTransactional: true });
    expect(offer(log, 1, 1)).toBe("INVALID_TXN_STATE");
    end(log, 1, "COMMIT");
    expect(offer(log, 1, 1)).toBe("2");
  });

  test("are ended by markers of their epoch or a later one, of the latest coordinator", () => {
    const log = emptyLog();
    offer(log, 0, 0, { producerEpoch: 3, isTransactional: true });
    const marker = { producerId: 1, control: "ABORT", leaderEpoch: 0, nowMs: 0 } as const;
    const mark = (producerEpoch: number, coordinatorEpoch: number) => {
      const result = log.appendMarker({ ...marker, producerEpoch, coordinatorEpoch });
      return result.kind === "appended" ? result.batch.baseOffset : result.error;
    };
    expect(mark(2, 5)).toBe("INVALID_PRODUCER_EPOCH");
    expect(mark(4, 5)).toBe(1);
    expect(mark(4, 4)).toBe("TRANSACTION_COORDINATOR_FENCED");
    // The marker's epoch fences the producer, and sequences begin anew.
    expect(offer(log, 1, 1, { producerEpoch: 3 })).toBe("INVALID_PRODUCER_EPOCH");
    expect(offer(log, 1, 1, { producerEpoch: 4 })).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
    expect(offer(log, 0, 0, { producerEpoch: 4 })).toBe("2");
  });

  test("may be a coordinator's, whose records have no sequences", () => {
    const log = emptyLog({ cleanupPolicy: "compact" });
    const batch = { ...from(1, -1, { isTransactional: true }) };
    append(log, [keyed("a", "1")], { batch });
    append(log, [keyed("a", "1")], { batch });
    expect(log.openTransactions()).toEqual([{ producerId: 1, firstOffset: 0 }]);
  });
});

describe("a batch is refused", () => {
  const refusal = (
    records: Parameters<typeof append>[1],
    config: Parameters<typeof emptyLog>[0],
    nowMs = 0,
  ) => {
    const log = emptyLog(config);
    const result = log.appendAsLeader({ records, batch: null, leaderEpoch: 0, nowMs });
    expect(log.logEndOffset).toBe(result.kind === "appended" ? records.length : 0);
    return result.kind === "refused" ? result.error : null;
  };

  test("when it is larger than max.message.bytes, or than a segment", () => {
    const records = [hundredBytes(0)];
    expect(refusal(records, { maxMessageBytes: 99 })).toBe("MESSAGE_TOO_LARGE");
    expect(refusal(records, { maxMessageBytes: 100, segmentBytes: 99 })).toBe(
      "RECORD_LIST_TOO_LARGE",
    );
    expect(refusal(records, { maxMessageBytes: 100, segmentBytes: 100 })).toBeNull();
  });

  test("when it is empty, or lacks a key that compaction needs", () => {
    expect(refusal([], {})).toBe("INVALID_RECORD");
    const records = [keyed("a", "1"), keyed(null, "1")];
    expect(refusal(records, { cleanupPolicy: "compact" })).toBe("INVALID_RECORD");
    expect(refusal(records, { cleanupPolicy: "compact,delete" })).toBe("INVALID_RECORD");
    expect(refusal(records, {})).toBeNull();
  });

  test("when a time stamp is outside its window, which one without a time never is", () => {
    const config = { timestampBeforeMaxMs: 10, timestampAfterMaxMs: 5 };
    const at = (timestampMs: number) => refusal([hundredBytes(timestampMs)], config, 100);
    expect([89, 90, 105, 106, -1].map(at)).toEqual([
      "INVALID_TIMESTAMP",
      null,
      null,
      "INVALID_TIMESTAMP",
      null,
    ]);
  });
});

test("settings may change under way", () => {
  const log = emptyLog();
  append(log, [keyed(null, "1")]);
  log.changeConfig(logConfig({ cleanupPolicy: "compact" }));
  const input = { records: [keyed(null, "1")], batch: null, leaderEpoch: 0, nowMs: 0 };
  expect(log.appendAsLeader(input)).toEqual({ kind: "refused", error: "INVALID_RECORD" });
});
