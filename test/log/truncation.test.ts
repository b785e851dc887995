// Goal: replicas find out where they part, by epochs, and what a cut leaves is as if the rest had
// never been. Method: the worked example of a failover; logs cut at every batch, against logs that
// were written only so far.
import { describe, expect, test } from "vitest";
import type { PartitionLog } from "../../core/log/partition-log.ts";
import {
  append,
  emptyLog,
  end,
  everything,
  from,
  hundredBytes,
  logOf,
  offsetsIn,
} from "./log-under-test.ts";

/** A replica copies what another has from where its own log ends. */
function copy(replica: PartitionLog, leader: PartitionLog, untilOffset = Infinity): void {
  const batches = leader.readBatches(replica.logEndOffset, Infinity);
  replica.appendAsFollower(
    batches.filter(({ lastOffset }) => lastOffset < untilOffset),
    0,
  );
}

/** Where a follower's log and its leader's part, as the leader's reply to a fetch says it; null
 *  when they do not. */
function divergence(leader: PartitionLog, follower: PartitionLog) {
  const found = leader.endOffsetOf(follower.latestEpoch);
  const isDiverged = found.epoch < follower.latestEpoch || found.endOffset < follower.logEndOffset;
  return isDiverged ? found : null;
}

function cut(leader: PartitionLog, follower: PartitionLog): void {
  for (let found = divergence(leader, follower); found !== null;) {
    const own = follower.endOffsetOf(found.epoch).endOffset;
    follower.truncateTo(Math.min(own, found.endOffset));
    found = divergence(leader, follower);
  }
}

test("after a failover the old leader drops what only it has", () => {
  const [a, b, c] = [emptyLog(), emptyLog(), emptyLog()];
  a.beginEpoch(0);
  for (let offset = 0; offset < 12; offset += 1) append(a, [hundredBytes(offset)]);
  copy(b, a, 10);
  copy(c, a, 8);
  for (const log of [a, b, c]) log.setHighWatermark(8);
  expect([a.logEndOffset, b.logEndOffset, c.logEndOffset]).toEqual([12, 10, 8]);

  b.beginEpoch(1);
  append(b, [hundredBytes(99)], { leaderEpoch: 1 });
  expect([0, 1, 2, -1].map((epoch) => b.endOffsetOf(epoch))).toEqual([
    { epoch: 0, endOffset: 10 },
    { epoch: 1, endOffset: 11 },
    { epoch: -1, endOffset: -1 },
    { epoch: -1, endOffset: -1 },
  ]);
  expect(divergence(b, c)).toBeNull();
  copy(c, b);
  expect([c.logEndOffset, c.latestEpoch]).toEqual([11, 1]);

  expect(divergence(b, a)).toEqual({ epoch: 0, endOffset: 10 });
  cut(b, a);
  expect([a.logEndOffset, a.highWatermark]).toEqual([10, 8]);
  copy(a, b);
  expect(a.readBatches(0, Infinity)).toEqual(b.readBatches(0, Infinity));
});

describe("epochs", () => {
  test("of a leader that wrote nothing are forgotten when another writes there", () => {
    const log = emptyLog();
    append(log, [hundredBytes(0)]);
    log.beginEpoch(1);
    log.truncateTo(1);
    expect(log.latestEpoch).toBe(0);
    append(log, [hundredBytes(0)], { leaderEpoch: 2 });
    expect([0, 1, 2].map((epoch) => log.endOffsetOf(epoch))).toEqual([
      { epoch: 0, endOffset: 1 },
      { epoch: 0, endOffset: 1 },
      { epoch: 2, endOffset: 2 },
    ]);
  });

  test("that are gone with the start of the log end where the first known one begins", () => {
    const log = emptyLog({ segmentBytes: 100 });
    for (const epoch of [0, 1, 1, 4]) append(log, [hundredBytes(0)], { leaderEpoch: epoch });
    log.setHighWatermark(4);
    log.deleteBefore(2);
    const ends = () => [0, 1, 3, 4].map((epoch) => log.endOffsetOf(epoch));
    expect(ends()).toEqual([
      { epoch: 0, endOffset: 2 },
      { epoch: 1, endOffset: 3 },
      { epoch: 1, endOffset: 3 },
      { epoch: 4, endOffset: 4 },
    ]);
    log.deleteBefore(3);
    expect(ends()).toEqual([
      { epoch: 0, endOffset: 3 },
      { epoch: 1, endOffset: 3 },
      { epoch: 3, endOffset: 3 },
      { epoch: 4, endOffset: 4 },
    ]);
  });
});

test("truncateTo drops the segments above, lowers the watermark, and offsets come again", () => {
  const log = logOf({ segmentBytes: 300 }, [0, 1, 2, 3, 4, 5, 6]);
  log.truncateTo(9);
  expect(log.logEndOffset).toBe(7);
  log.truncateTo(3);
  expect([log.logEndOffset, log.highWatermark, log.sizeBytes]).toEqual([3, 3, 300]);
  append(log, [hundredBytes(50)]);
  log.raiseHighWatermark(4);
  expect(log.read(0, everything).records.map(({ timestampMs }) => timestampMs)).toEqual([
    0, 1, 2, 50,
  ]);
});

test("truncateTo the beginning of a segment leaves it there, empty", () => {
  const log = emptyLog({ segmentMs: 10, retentionMs: 100 });
  for (const time of [0, 20]) append(log, [hundredBytes(time)]);
  log.truncateTo(1);
  append(log, [hundredBytes(5)]);
  log.raiseHighWatermark(2);
  // [0] [5], not [0, 5].
  log.retain(101);
  expect(log.logStartOffset).toBe(1);
});

test("truncateTo below the log start begins anew there", () => {
  const log = logOf({ segmentBytes: 100 }, [0, 1, 2, 3]);
  log.deleteBefore(3);
  log.truncateTo(1);
  expect([log.logStartOffset, log.highWatermark, log.logEndOffset]).toEqual([1, 1, 1]);
  expect([log.sizeBytes, log.latestEpoch]).toEqual([0, -1]);
});

test("truncateFully begins anew at an offset, with no producers", () => {
  const log = emptyLog();
  append(log, [hundredBytes(0)], { batch: from(1, 5) });
  log.truncateFully(40);
  expect([log.logStartOffset, log.highWatermark, log.logEndOffset]).toEqual([40, 40, 40]);
  expect(log.producers(0)).toEqual([]);
  expect(append(log, [hundredBytes(0)], { batch: from(1, 77) }).baseOffset).toBe(40);
});

test("a follower whose leader's log starts inside a batch begins with the whole batch", () => {
  const leader = emptyLog();
  append(leader, [0, 1, 2, 3].map(hundredBytes));
  leader.setHighWatermark(4);
  leader.deleteBefore(2);
  const follower = emptyLog();
  follower.truncateFully(leader.logStartOffset);
  copy(follower, leader);
  follower.setHighWatermark(4);
  follower.deleteBefore(2);
  expect([follower.logStartOffset, follower.logEndOffset]).toEqual([2, 4]);
  expect(offsetsIn(follower)).toEqual([2, 3]);
});

test("a follower refuses what it has already", () => {
  const leader = logOf({}, [0, 1]);
  const follower = emptyLog();
  copy(follower, leader);
  expect(() => follower.appendAsFollower(leader.readBatches(1, Infinity), 0)).toThrow(
    "a follower must go on where its log ends",
  );
});

describe("a log that was cut knows of producers what one knows that was written so far", () => {
  const steps: ((log: PartitionLog) => void)[] = [
    (log) => void append(log, [hundredBytes(0)], { batch: from(1, 0) }),
    (log) => void append(log, [hundredBytes(1)], { batch: from(2, 0, { isTransactional: true }) }),
    (log) => void append(log, [hundredBytes(2)], { batch: from(3, 0, { isTransactional: true }) }),
    (log) => void append(log, [hundredBytes(3)], { batch: from(1, 1) }),
    (log) => end(log, 2, "ABORT"),
    (log) => void append(log, [hundredBytes(4)], { batch: from(2, 1, { isTransactional: true }) }),
    (log) => void append(log, [hundredBytes(5)], { batch: from(1, 2) }),
    (log) => end(log, 3, "COMMIT"),
    (log) => void append(log, [hundredBytes(6)], { batch: from(1, 0, { producerEpoch: 1 }) }),
    (log) => end(log, 2, "ABORT", { coordinatorEpoch: 3 }),
  ];
  const written = (count: number, segmentBytes: number) => {
    const log = emptyLog({ segmentBytes });
    for (const step of steps.slice(0, count)) step(log);
    return log;
  };
  const known = (log: PartitionLog) => ({
    // Snapshots keep the last batch of each producer alone.
    producers: log
      .producers(0)
      .map((entry) => Object.assign({}, entry, { batches: entry.batches.slice(-1) })),
    open: log.openTransactions(),
    aborted: log.abortedTransactions(0, Infinity),
    end: log.logEndOffset,
  });

  for (const segmentBytes of [150, 320, 10_000]) {
    test(`with segments of ${segmentBytes} bytes`, () => {
      for (let kept = 0; kept < steps.length; kept += 1) {
        const log = written(steps.length, segmentBytes);
        log.truncateTo(kept);
        expect(known(log)).toEqual(known(written(kept, segmentBytes)));
        // It can be written on, and cut again.
        for (const step of steps.slice(kept)) step(log);
        expect(known(log)).toEqual(known(written(steps.length, segmentBytes)));
      }
    });
  }

  test("and a follower what its leader knows", () => {
    const leader = written(steps.length, 320);
    const follower = emptyLog({ segmentBytes: 320 });
    copy(follower, leader);
    expect(known(follower)).toEqual(known(leader));
  });
});

describe("of a producer's last batches", () => {
  /** Whether sequences 0 to 5 are still known. */
  const knownSequences = (log: PartitionLog) =>
    [0, 1, 2, 3, 4, 5].filter((sequence) => {
      const input = { records: [hundredBytes(0)], leaderEpoch: 0, nowMs: 0 };
      return log.appendAsLeader({ ...input, batch: from(1, sequence) }).kind === "duplicate";
    });
  const written = (segmentBytes: number) => {
    const log = emptyLog({ segmentBytes });
    for (let sequence = 0; sequence < 6; sequence += 1) {
      append(log, [hundredBytes(0)], { batch: from(1, sequence) });
    }
    return log;
  };

  test("five are known to those who saw them", () => {
    expect(knownSequences(written(1_000))).toEqual([1, 2, 3, 4, 5]);
  });

  test("the last one is known after an orderly restart", () => {
    const log = written(1_000);
    log.reopen(true);
    expect(knownSequences(log)).toEqual([5]);
  });

  test("the last of a closed segment, and those of the active one, after a crash", () => {
    // [0 1 2] [3 4 5]
    const log = written(300);
    log.reopen(false);
    expect(knownSequences(log)).toEqual([2, 3, 4, 5]);
  });
});
