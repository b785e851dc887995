// The steps that scenarios of transactions are made of: one topic of two partitions, producers by
// name, each with a transactional id of its own.
import type { Step } from "./step.ts";

export const p = "t-0";
export const create: Step = { op: "createTopic", topic: "t", partitions: 2 };
export const fetch: Step = { op: "fetch", partition: p };
export const fetchCommitted: Step = { op: "fetch", partition: p, isolation: "read_committed" };
export const read: Step = { op: "read", partition: p };
export const readCommitted: Step = { op: "read", partition: p, isolation: "read_committed" };
/** From an offset on. */
export const readCommittedFrom = (from: number): Step => ({ ...readCommitted, from }) as Step;
export const latest: Step = { op: "listOffsets", partition: p, at: "latest" };
export const latestStable: Step = {
  op: "listOffsets",
  partition: p,
  at: "latest",
  isolation: "read_committed",
};

export const init = (as: string, timeoutMs = 60_000): Step => ({
  op: "initProducerId",
  as,
  transactionalId: `tx-${as}`,
  timeoutMs,
});
export const again = (as: string, transactionalId: string): Step => ({
  op: "initProducerId",
  as,
  transactionalId,
});
export const add = (by: string, ...partitions: string[]): Step => ({
  op: "addPartitions",
  by,
  partitions,
});
export const write = (
  by: string,
  sequence: number,
  records: readonly string[],
  partition = p,
): Step => ({
  op: "produce",
  by,
  partition,
  records,
  sequence,
});
export const plain = (...records: string[]): Step => ({ op: "produce", partition: p, records });
export const end = (by: string, commits: boolean): Step => ({ op: "endTxn", by, commits });
export const stable = (lastStableOffset: number, partition = p): Step => ({
  op: "await",
  partition,
  lastStableOffset,
});
export const committed = (requireStable: boolean): Step => ({
  op: "fetchCommitted",
  group: "g",
  partitions: [p],
  requireStable,
});

export const settled: Step = { op: "awaitStable", group: "g", partitions: [p] };

/** What it shows, and how. */
export type Case = readonly [title: string, ...steps: readonly Step[]];
