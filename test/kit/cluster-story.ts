// A trace made by hand, in the order and with the fields of core/trace/cluster-fact.ts: three
// brokers, a topic of two partitions, a leader that crashes and comes back, a cut link, a group of
// two, and a transaction that is committed after another was aborted. For tests and pictures that
// must not depend on what the engine does.
import type { TraceEvent, TraceFact } from "../../core/trace/event.ts";

/** Names of the moments a test may cut the story at. */
export type Moment =
  | "created"
  | "replicated"
  | "leader crashed"
  | "new leader"
  | "truncated"
  | "in sync again"
  | "joined"
  | "transaction open"
  | "transaction decided"
  | "the end";

export interface ClusterStory {
  readonly events: readonly TraceEvent[];
  /** The number of the last event of each moment. */
  readonly moments: ReadonlyMap<Moment, number>;
}

const topic = "orders";
const p0 = { topic, partition: 0 } as const;
const p1 = { topic, partition: 1 } as const;
const replicas = { replicas: [1, 2, 3] } as const;

export function clusterStory(): ClusterStory {
  const events: TraceEvent[] = [];
  const moments = new Map<Moment, number>();
  const tell = (atMs: number, ...facts: readonly TraceFact[]): void => {
    for (const fact of facts) {
      const seq = events.length;
      events.push({ seq, atMs, cause: seq === 0 ? null : seq - 1, ...fact });
    }
  };
  const mark = (moment: Moment): void => void moments.set(moment, events.length - 1);
  beginning(tell);
  mark("created");
  replication(tell);
  mark("replicated");
  tell(2000, {
    kind: "fault.injected",
    fault: "crash broker 1 losing unflushed",
    script: "at 2000 crash broker 1 losing unflushed",
  });
  tell(2000, { kind: "broker.crashed", broker: 1, loses: "unflushed" });
  mark("leader crashed");
  failOver(tell);
  mark("new leader");
  comeBack(tell);
  mark("truncated");
  catchUp(tell);
  mark("in sync again");
  group(tell);
  mark("joined");
  transactions(tell);
  mark("transaction open");
  commit(tell);
  mark("transaction decided");
  tell(9000, { kind: "run.ended", reason: "until" });
  mark("the end");
  return { events, moments };
}

type Tell = (atMs: number, ...facts: readonly TraceFact[]) => void;

function beginning(tell: Tell): void {
  tell(
    0,
    {
      kind: "run.started",
      version: 1,
      seed: 7,
      batchIntervalMs: 1000,
      defaultParallelism: 2,
      brokers: 3,
    },
    { kind: "topic.created", topic, leaders: [1, 2] },
    { kind: "partition.changed", ...p0, ...replicas, ...led(1, 0, [1, 2, 3]), reason: "created" },
    {
      kind: "partition.changed",
      ...p1,
      replicas: [2, 3, 1],
      ...led(2, 0, [2, 3, 1]),
      reason: "created",
    },
    {
      kind: "producer.initialised",
      client: "shop",
      transactionalId: null,
      producerId: 4000,
      producerEpoch: 0,
    },
  );
}

function led(leader: number, leaderEpoch: number, isr: readonly number[], partitionEpoch = 0) {
  return { leader, leaderEpoch, isr, partitionEpoch };
}

function appended(of: typeof p0 | typeof p1, baseOffset: number, count: number, epoch = 0) {
  return {
    kind: "records.appended",
    ...of,
    baseOffset,
    count,
    sizeBytes: 61 + 20 * count,
    logEndOffset: baseOffset + count,
    highWatermark: baseOffset,
    leaderEpoch: epoch,
    producerId: 4000,
    producerEpoch: 0,
    baseSequence: baseOffset,
  } as const;
}

function copied(of: typeof p0 | typeof p1, broker: number, from: number, to: number, epoch = 0) {
  const extent = { baseOffset: from, logEndOffset: to, leaderEpoch: epoch };
  return { kind: "replica.appended", ...of, broker, ...extent } as const;
}

function watermark(of: typeof p0 | typeof p1, broker: number, to: number, stable = to) {
  const marks = { highWatermark: to, lastStableOffset: stable };
  return { kind: "highWatermark.advanced", ...of, broker, ...marks } as const;
}

function replication(tell: Tell): void {
  tell(1000, appended(p0, 0, 4), appended(p1, 0, 3));
  tell(1004, copied(p0, 2, 0, 4), copied(p0, 3, 0, 4), watermark(p0, 1, 4));
  tell(1004, copied(p1, 3, 0, 3), copied(p1, 1, 0, 3), watermark(p1, 2, 3));
  tell(
    1006,
    {
      kind: "produce.acknowledged",
      client: "shop",
      ...p0,
      acks: -1,
      baseOffset: 0,
      count: 4,
      leaderEpoch: 0,
    },
    {
      kind: "duplicate.refused",
      ...p0,
      producerId: 4000,
      producerEpoch: 0,
      baseSequence: 0,
      baseOffset: 0,
    },
    { kind: "client.throttled", client: "shop", broker: 1, throttleMs: 40 },
  );
  // Broker 3 lags behind, and broker 1 takes two records that nobody copies.
  tell(1500, appended(p0, 4, 2), copied(p0, 2, 4, 5));
  tell(1900, { kind: "link.changed", between: ["1", "3"], ...cut });
}

const cut = { state: "cut", latencyMs: 0, lossPercent: 0 } as const;
const usual = { state: "up", latencyMs: 0, lossPercent: 0 } as const;

function failOver(tell: Tell): void {
  tell(
    2400,
    { kind: "broker.fenced", broker: 1, brokerEpoch: 11 },
    {
      kind: "partition.changed",
      ...p0,
      ...replicas,
      ...led(2, 1, [2, 3], 1),
      reason: "leader failed",
    },
    {
      kind: "partition.changed",
      ...p1,
      replicas: [2, 3, 1],
      ...led(2, 0, [2, 3], 1),
      reason: "isr shrank",
    },
  );
  tell(2600, appended(p0, 5, 3, 1), copied(p0, 3, 4, 8, 1), watermark(p0, 2, 8));
}

function comeBack(tell: Tell): void {
  tell(
    4000,
    { kind: "link.changed", between: ["3", "1"], ...usual },
    { kind: "broker.started", broker: 1 },
    { kind: "controller.changed", controller: null, epoch: 1 },
    { kind: "controller.changed", controller: 3001, epoch: 2 },
    { kind: "broker.unfenced", broker: 1, brokerEpoch: 42 },
    {
      kind: "log.truncated",
      ...p0,
      broker: 1,
      fromOffset: 6,
      toOffset: 4,
      reason: "diverged",
    },
  );
}

function catchUp(tell: Tell): void {
  tell(4010, copied(p0, 1, 4, 8, 1));
  tell(
    4020,
    {
      kind: "partition.changed",
      ...p0,
      ...replicas,
      ...led(2, 1, [2, 3, 1], 2),
      reason: "isr expanded",
    },
    {
      kind: "partition.changed",
      ...p1,
      replicas: [2, 3, 1],
      ...led(2, 0, [2, 3, 1], 2),
      reason: "isr expanded",
    },
  );
}

function group(tell: Tell): void {
  const of = { group: "billing", coordinator: 3, protocol: "range" } as const;
  const [a, b] = ["billing-1-a", "billing-2-b"] as const;
  const first = { member: a, instance: null, clientId: "billing-1" } as const;
  const second = { member: b, instance: "static-b", clientId: "billing-2" } as const;
  tell(
    5000,
    {
      kind: "group.changed",
      ...of,
      protocol: null,
      state: "PreparingRebalance",
      generation: 0,
      leader: null,
      members: [{ ...first, partitions: [] }],
      reason: "billing-1 joins",
    },
    {
      kind: "group.changed",
      ...of,
      state: "Stable",
      generation: 1,
      leader: a,
      members: [
        { ...first, partitions: [p0] },
        { ...second, partitions: [p1] },
      ],
      reason: "billing-2 joins",
    },
    {
      kind: "position.reset",
      client: "billing-1",
      ...p0,
      fromOffset: null,
      toOffset: 0,
      policy: "earliest",
    },
    { kind: "records.polled", client: "billing-1", ...p0, fromOffset: 0, untilOffset: 6, count: 6 },
    {
      kind: "offsets.committed",
      group: "billing",
      offsets: [
        { ...p0, offset: 5 },
        { ...p1, offset: 2 },
      ],
    },
    { kind: "offsets.committed", group: "old", offsets: [{ ...p0, offset: 1 }] },
    { kind: "offsets.expired", group: "old", partitions: [p0] },
  );
}

function transactions(tell: Tell): void {
  const copier = { transactionalId: "copier-1", producerId: 5000 } as const;
  const other = { transactionalId: "copier-2", producerId: 5001, producerEpoch: 0 } as const;
  tell(6000, { kind: "producer.initialised", client: "copier", ...copier, producerEpoch: 3 });
  tell(
    6100,
    state({ ...copier, producerEpoch: 3 }, "Ongoing", [p0], ["billing"]),
    appended(p0, 8, 2, 1),
    copied(p0, 1, 8, 10, 1),
    copied(p0, 3, 8, 10, 1),
    watermark(p0, 2, 10, 8),
    state(other, "Ongoing", [p1], []),
    { ...state(other, "PrepareAbort", [p1], []), reason: "timed out" },
    {
      kind: "marker.written",
      ...p1,
      producerId: 5001,
      producerEpoch: 0,
      control: "ABORT",
      offset: 3,
      leaderEpoch: 0,
    },
    watermark(p1, 2, 4),
    { ...state(other, "CompleteAbort", [], []), reason: "timed out" },
  );
}

function commit(tell: Tell): void {
  const copier = { transactionalId: "copier-1", producerId: 5000, producerEpoch: 3 } as const;
  tell(
    7000,
    state(copier, "PrepareCommit", [p0], ["billing"]),
    {
      kind: "marker.written",
      ...p0,
      producerId: 5000,
      producerEpoch: 3,
      control: "COMMIT",
      offset: 10,
      leaderEpoch: 1,
    },
    copied(p0, 1, 10, 11, 1),
    copied(p0, 3, 10, 11, 1),
    watermark(p0, 2, 11),
    state(copier, "CompleteCommit", [], []),
    { kind: "log.compacted", ...p0, broker: 2, recordsRemoved: 2, untilOffset: 4 },
    { kind: "topic.altered", topic, changed: "retentionMs 60000" },
    {
      kind: "contents.read",
      topic,
      isolation: "read_committed",
      records: [{ partition: 0, offset: 0, key: null, value: "tea" }],
    },
    {
      kind: "link.changed",
      between: ["2", "controller"],
      state: "slow",
      latencyMs: 40,
      lossPercent: 0,
    },
    {
      kind: "link.changed",
      between: ["clients", "3"],
      state: "lossy",
      latencyMs: 0,
      lossPercent: 20,
    },
    { kind: "broker.stopped", broker: 3 },
    { kind: "broker.fenced", broker: 3, brokerEpoch: 13 },
  );
}

type Id = { transactionalId: string; producerId: number; producerEpoch: number };

function state(
  id: Id,
  to: Extract<TraceFact, { kind: "transaction.changed" }>["state"],
  partitions: readonly (typeof p0 | typeof p1)[],
  groups: readonly string[],
) {
  const of = { ...id, state: to, partitions, groups, reason: null };
  return { kind: "transaction.changed", ...of } as const;
}
