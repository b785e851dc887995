// Goal: read_committed sees what committed transactions and plain producers wrote, in order, and
// nothing behind what is not decided. Method: scenarios whose answers are Kafka's, and random
// interleavings against what a reader of the whole history would say.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PartitionLog } from "../../core/log/partition-log.ts";
import {
  append,
  emptyLog,
  end,
  everything,
  from,
  hundredBytes,
  offsetsIn,
} from "./log-under-test.ts";

const inTransaction = { isTransactional: true };

/** One record of a transaction. */
function write(log: PartitionLog, producerId: number, sequence: number): void {
  append(log, [hundredBytes(0)], { batch: from(producerId, sequence, inTransaction) });
}

test("of two aborted transactions nothing is seen; they are told by their markers", () => {
  const log = emptyLog();
  write(log, 1, 0);
  write(log, 2, 0);
  write(log, 2, 1);
  write(log, 1, 1);
  end(log, 2, "ABORT");
  end(log, 1, "ABORT");
  log.raiseHighWatermark(6);
  expect(log.lastStableOffset).toBe(6);
  const aborted = log.abortedTransactions(0, 6);
  expect(aborted.map(({ producerId, firstOffset }) => [producerId, firstOffset])).toEqual([
    [2, 1],
    [1, 0],
  ]);
  const committed = { ...everything, isolation: "read_committed" } as const;
  expect(log.read(0, committed)).toEqual({ records: [], nextOffset: 6 });
  expect(offsetsIn(log)).toEqual([0, 1, 2, 3]);
});

test("an open transaction hides what is behind it, until its marker is replicated", () => {
  const log = emptyLog();
  for (let offset = 0; offset < 5; offset += 1) append(log, [hundredBytes(0)]);
  write(log, 1, 0);
  for (let offset = 6; offset < 10; offset += 1) append(log, [hundredBytes(0)]);
  log.raiseHighWatermark(10);
  expect([log.highWatermark, log.lastStableOffset]).toEqual([10, 5]);
  expect(log.openTransactions()).toEqual([{ producerId: 1, firstOffset: 5 }]);
  expect(offsetsIn(log, "read_committed")).toEqual([0, 1, 2, 3, 4]);
  expect(offsetsIn(log)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);

  end(log, 1, "COMMIT");
  // Decided, and not replicated: the watermark is at the marker, not past it.
  log.setHighWatermark(10);
  expect([log.openTransactions().length, log.lastStableOffset]).toEqual([0, 5]);
  log.raiseHighWatermark(11);
  expect(log.lastStableOffset).toBe(11);
  expect(log.read(0, { ...everything, isolation: "read_committed" }).nextOffset).toBe(11);
  expect(offsetsIn(log, "read_committed")).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("a range is cleared of a transaction whose marker comes after that of a later one", () => {
  const log = emptyLog();
  write(log, 1, 0);
  write(log, 2, 0);
  end(log, 2, "ABORT");
  end(log, 1, "ABORT");
  log.raiseHighWatermark(4);
  const limits = { ...everything, untilOffset: 1, isolation: "read_committed" } as const;
  expect(log.read(0, limits)).toEqual({ records: [], nextOffset: 1 });
});

test("aborted transactions are forgotten with the segments of their markers", () => {
  const log = emptyLog({ segmentBytes: 150, retentionMs: 10 });
  write(log, 1, 0);
  end(log, 1, "ABORT");
  write(log, 1, 1);
  end(log, 1, "ABORT", { nowMs: 100 });
  log.raiseHighWatermark(4);
  log.retain(50);
  expect([log.logStartOffset, log.abortedTransactions(0, Infinity).length]).toEqual([3, 1]);
});

test("a producer's next transaction counts, though its last one was aborted", () => {
  const log = emptyLog();
  write(log, 1, 0);
  end(log, 1, "ABORT");
  write(log, 1, 1);
  end(log, 1, "COMMIT");
  log.raiseHighWatermark(4);
  expect(offsetsIn(log, "read_committed")).toEqual([2]);
  const fromMarker = log.read(1, { ...everything, isolation: "read_committed" });
  expect(fromMarker.records.map(({ offset }) => offset)).toEqual([2]);
});

test("a marker without a transaction is only a marker", () => {
  const log = emptyLog();
  end(log, 1, "ABORT");
  log.raiseHighWatermark(1);
  expect([log.lastStableOffset, log.abortedTransactions(0, 1).length]).toEqual([1, 0]);
});

test("deleting records deletes them under an open transaction, too", () => {
  const log = emptyLog();
  write(log, 1, 0);
  append(log, [hundredBytes(0)]);
  log.raiseHighWatermark(2);
  log.deleteBefore(2);
  expect([log.lastStableOffset, log.openTransactions()]).toEqual([
    2,
    [{ producerId: 1, firstOffset: 0 }],
  ]);
});

/** What happens next: a plain record, a producer's record, or the end of its transaction. */
const step = fc.oneof(
  fc.constant({ kind: "plain" as const }),
  fc.record({ kind: fc.constant("write" as const), producerId: fc.nat({ max: 3 }) }),
  fc.record({
    kind: fc.constantFrom("COMMIT" as const, "ABORT" as const),
    producerId: fc.nat({ max: 3 }),
  }),
);
const script = fc.array(step, { maxLength: 60 });

describe("whatever comes", () => {
  test("read_committed is the committed part of the history before the first undecided", () => {
    fc.assert(
      fc.property(
        script,
        fc.constantFrom(150, 400, 10_000),
        fc.nat({ max: 60 }),
        (steps, segmentBytes, lag) => {
          const log = emptyLog({ segmentBytes });
          const fate: ("plain" | "open" | "COMMIT" | "ABORT" | "marker")[] = [];
          const open = new Map<number, number[]>();
          const sequences = new Map<number, number>();
          for (const { kind, ...rest } of steps) {
            const producerId = "producerId" in rest ? rest.producerId : -1;
            if (kind === "plain") append(log, [hundredBytes(0)]);
            else if (kind === "write") {
              const sequence = sequences.get(producerId) ?? 0;
              write(log, producerId, sequence);
              sequences.set(producerId, sequence + 1);
              open.set(producerId, [...(open.get(producerId) ?? []), fate.length]);
            } else {
              for (const offset of open.get(producerId) ?? []) fate[offset] = kind;
              open.delete(producerId);
              end(log, producerId, kind);
            }
            fate.push(kind === "plain" ? "plain" : kind === "write" ? "open" : "marker");
          }
          log.raiseHighWatermark(fate.length);
          const firstOpen = fate.indexOf("open");
          const stable = firstOpen === -1 ? fate.length : firstOpen;
          expect(log.lastStableOffset).toBe(stable);
          const seen = fate.flatMap((what, offset) =>
            offset < stable && (what === "plain" || what === "COMMIT") ? [offset] : [],
          );
          expect(offsetsIn(log, "read_committed")).toEqual(seen);
          // From anywhere, as consumers go on; one record at a time, too.
          const start = Math.min(lag, stable);
          const stepwise: number[] = [];
          for (let at = start; at < stable;) {
            const limits = { ...everything, maxRecords: 1, isolation: "read_committed" } as const;
            const { records, nextOffset } = log.read(at, limits);
            stepwise.push(...records.map(({ offset }) => offset));
            expect(nextOffset).toBeGreaterThan(at);
            at = nextOffset;
          }
          expect(stepwise).toEqual(seen.filter((offset) => offset >= start));
        },
      ),
    );
  });
});
