// Goal: at each moment the snapshot says who has which records, who leads, how far readers may
// see, and where groups and transactions stand.
// Method: the story made by hand, cut at its moments, compared with literal values.
import { expect, test } from "vitest";
import type { TraceFact } from "../../core/trace/event.ts";
import { applyEvent, emptySnapshot, type Snapshot } from "../../core/trace/replay.ts";
import { SNAPSHOT_LIMITS } from "../../core/trace/snapshot.ts";
import { clusterStory, type Moment } from "../kit/cluster-story.ts";

const story = clusterStory();

function at(moment: Moment): Snapshot {
  const last = story.moments.get(moment);
  if (last === undefined) throw new Error(`the story has no moment "${moment}"`);
  return story.events.slice(0, last + 1).reduce(applyEvent, emptySnapshot);
}

function after(snapshot: Snapshot, ...facts: readonly TraceFact[]): Snapshot {
  return facts.reduce(
    (now, fact) => applyEvent(now, { seq: now.seq + 1, atMs: now.atMs, cause: null, ...fact }),
    snapshot,
  );
}

function partition(snapshot: Snapshot, number: number) {
  const found = snapshot.topics[0]?.partitions[number];
  if (found === undefined) throw new Error(`no partition ${number}`);
  return found;
}

function ends(snapshot: Snapshot, number: number): Record<number, number> {
  const { replicas } = partition(snapshot, number);
  return Object.fromEntries(replicas.map(({ broker, logEndOffset }) => [broker, logEndOffset]));
}

test("each copy has its own end; the high watermark is what all in sync have", () => {
  const now = at("replicated");
  expect(ends(now, 0)).toEqual({ 1: 6, 2: 5, 3: 4 });
  expect(partition(now, 0)).toMatchObject({
    leader: 1,
    isr: [1, 2, 3],
    logEndOffset: 6,
    highWatermark: 4,
    lastStableOffset: 4,
  });
  expect(partition(now, 1).replicas.map(({ broker }) => broker)).toEqual([2, 3, 1]);
});

test("a crashed broker is down with what it lost, and fenced once the controller misses it", () => {
  expect(at("leader crashed").brokers[0]).toEqual({
    broker: 1,
    isUp: false,
    lost: "unflushed",
    isFenced: false,
    isRegistered: false,
  });
  expect(at("new leader").brokers[0]?.isFenced).toBe(true);
  expect(at("truncated").brokers[0]).toEqual({
    broker: 1,
    isUp: true,
    lost: null,
    isFenced: false,
    isRegistered: true,
  });
});

test("with a new leader the log is the new leader's, which may end earlier", () => {
  const crashed = at("leader crashed");
  const elected = after(crashed, {
    kind: "partition.changed",
    topic: "orders",
    partition: 0,
    leader: 3,
    leaderEpoch: 1,
    partitionEpoch: 1,
    replicas: [1, 2, 3],
    isr: [3],
    reason: "unclean election",
  });
  expect(partition(elected, 0)).toMatchObject({ logEndOffset: 4, highWatermark: 4 });
  expect(partition(elected, 0).appends).toEqual([{ atMs: 1000, baseOffset: 0, count: 4 }]);
  expect(partition(elected, 0).lastChange).toEqual({ reason: "unclean election", atMs: 2000 });
  expect(ends(elected, 0)).toEqual({ 1: 6, 2: 5, 3: 4 });
});

test("copies know where each leader's epoch begins; a fetch may span epochs", () => {
  const { leader, leaderEpoch, replicas } = partition(at("new leader"), 0);
  expect([leader, leaderEpoch]).toEqual([2, 1]);
  expect(replicas.map(({ epochs }) => epochs)).toEqual([
    [{ epoch: 0, startOffset: 0 }],
    [
      { epoch: 0, startOffset: 0 },
      { epoch: 1, startOffset: 5 },
    ],
    [
      { epoch: 0, startOffset: 0 },
      { epoch: 1, startOffset: 5 },
    ],
  ]);
});

test("a copy shows what it dropped until it is as long again", () => {
  const cut = partition(at("truncated"), 0).replicas[0];
  expect(cut).toMatchObject({
    logEndOffset: 4,
    truncated: { fromOffset: 6, toOffset: 4, reason: "diverged", atMs: 4000 },
  });
  expect(at("truncated").truncations).toHaveLength(1);
  const again = partition(at("in sync again"), 0);
  expect(again.replicas[0]).toMatchObject({ logEndOffset: 8, truncated: null });
  expect(again.isr).toEqual([2, 3, 1]);
  expect(at("in sync again").truncations).toHaveLength(1);
});

test("a leader that is not one any more changes no watermark", () => {
  const now = at("new leader");
  const late = after(now, {
    kind: "highWatermark.advanced",
    topic: "orders",
    partition: 0,
    broker: 1,
    highWatermark: 6,
    lastStableOffset: 6,
  });
  expect(partition(late, 0).highWatermark).toBe(8);
});

test("links that are not as usual are listed, whichever end is named first", () => {
  expect(at("replicated").links).toEqual([
    { between: ["1", "3"], state: "cut", latencyMs: 0, lossPercent: 0 },
  ]);
  expect(at("truncated").links).toEqual([]);
  expect(at("the end").links.map(({ state }) => state)).toEqual(["slow", "lossy"]);
});

test("the controller is unknown, then none, then another", () => {
  expect(at("created").controller).toBe(null);
  expect(at("truncated").controller).toEqual({ controller: 3001, epoch: 2, sinceMs: 4000 });
});

test("a group has its members with what each reads, and its offsets beside them", () => {
  const [billing, old] = at("joined").groups;
  expect(billing?.offsets.map(({ offset }) => offset)).toEqual([5, 2]);
  expect(billing?.membership).toMatchObject({
    state: "Stable",
    generation: 1,
    protocol: "range",
    leader: "billing-1-a",
    coordinator: 3,
    reason: "billing-2 joins",
    changedMs: 5000,
  });
  expect(billing?.membership?.members.map((one) => [one.clientId, one.instance])).toEqual([
    ["billing-1", null],
    ["billing-2", "static-b"],
  ]);
  expect(old).toEqual({ group: "old", offsets: [], membership: null });
});

test("a reader is where it was reset to, then after what it polled", () => {
  const position = { topic: "orders", partition: 0, offset: 6 };
  expect(at("joined").readers).toEqual([
    { client: "billing-1", records: 6, positions: [position] },
  ]);
});

test("an open transaction holds the last stable offset; its end lets it go", () => {
  const open = at("transaction open");
  expect(partition(open, 0)).toMatchObject({ highWatermark: 10, lastStableOffset: 8 });
  expect(open.transactions.find((one) => one.state === "Ongoing")).toMatchObject({
    transactionalId: "copier-1",
    groups: ["billing"],
    begunMs: 6100,
  });
  const decided = at("transaction decided");
  expect(partition(decided, 0)).toMatchObject({
    logEndOffset: 11,
    highWatermark: 11,
    lastStableOffset: 11,
  });
  const ended = { offset: 10, control: "COMMIT", producerId: 5000, producerEpoch: 3 };
  expect(partition(decided, 0).markers).toEqual([ended]);
  expect(decided.transactions.at(-1)).toMatchObject({
    state: "CompleteCommit",
    partitions: [{ topic: "orders", partition: 0 }],
    begunMs: 6100,
    committed: 1,
    aborted: 0,
  });
  expect(decided.transactions[0]).toMatchObject({ reason: "timed out", aborted: 1 });
});

test("producers count what they heard is written, and what was not written again", () => {
  expect(at("the end").producers).toEqual([
    {
      client: "shop",
      transactionalId: null,
      producerId: 4000,
      producerEpoch: 0,
      acknowledged: 4,
      duplicatesRefused: 1,
    },
    {
      client: "copier",
      transactionalId: "copier-1",
      producerId: 5000,
      producerEpoch: 3,
      acknowledged: 0,
      duplicatesRefused: 0,
    },
  ]);
});

test("a compacted copy says how far; a deleted topic is gone", () => {
  const end = at("the end");
  expect(partition(end, 0).replicas.map(({ compactedUntil }) => compactedUntil)).toEqual([
    null,
    4,
    null,
  ]);
  expect(after(end, { kind: "topic.deleted", topic: "orders" }).topics).toEqual([]);
});

test("the snapshot stays bounded however many epochs, groups and transactions there are", () => {
  const many = SNAPSHOT_LIMITS.groups * 2;
  let now = at("created");
  for (let index = 0; index < many; index += 1) {
    now = after(
      now,
      {
        kind: "records.appended",
        topic: "orders",
        partition: 0,
        baseOffset: index,
        count: 1,
        sizeBytes: 80,
        logEndOffset: index + 1,
        highWatermark: index,
        leaderEpoch: index,
        producerId: -1,
        producerEpoch: -1,
        baseSequence: -1,
      },
      { kind: "offsets.committed", group: `g${index}`, offsets: [] },
      {
        kind: "transaction.changed",
        transactionalId: `t${index}`,
        producerId: index,
        producerEpoch: 0,
        state: "Ongoing",
        partitions: [],
        groups: [],
        reason: null,
      },
      {
        kind: "position.reset",
        client: `c${index}`,
        topic: "orders",
        partition: 0,
        fromOffset: null,
        toOffset: 0,
        policy: "latest",
      },
    );
  }
  expect(partition(now, 0).replicas[0]?.epochs).toHaveLength(SNAPSHOT_LIMITS.epochs);
  expect(now.groups).toHaveLength(SNAPSHOT_LIMITS.groups);
  expect(now.groups.some(({ group }) => group === `g${many - 1}`)).toBe(true);
  expect(now.transactions).toHaveLength(SNAPSHOT_LIMITS.transactions);
  expect(now.readers).toHaveLength(SNAPSHOT_LIMITS.readers);
});
