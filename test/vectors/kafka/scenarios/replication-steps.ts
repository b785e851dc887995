// The steps that scenarios of replication are made of: a topic `t` whose one partition has copies
// on three brokers, in an order that is given.
import type { Step } from "./step.ts";

type Settings = Readonly<Record<string, string | number | boolean>>;

export const p = "t-0";
export const create = (config: Settings = {}, replicas: readonly number[] = [1, 2, 3]): Step => ({
  op: "createTopic",
  topic: "t",
  replicas: [replicas],
  config,
});
/** With acks of all. */
export const write = (...records: readonly string[]): Extract<Step, { op: "produce" }> => ({
  op: "produce",
  partition: p,
  records,
});
export const fetch: Step = { op: "fetch", partition: p };
export const read: Step = { op: "read", partition: p };
export const metadata: Step = { op: "metadata", topic: "t" };
export const dies = (broker: number): Step => ({ op: "crash", broker });
export const comesBack = (broker: number): readonly Step[] => [{ op: "start", broker }];
/** Until all brokers know the in-sync set. */
export const isr = (...brokers: readonly number[]): Step => ({
  op: "await",
  partition: p,
  isr: brokers,
});
export const leads = (leader: number, inSync: readonly number[]): Step => ({
  op: "await",
  partition: p,
  leader,
  isr: inSync,
});
/** A new leader learns anew how far the others are. */
export const seenTo = (highWatermark: number): Step => ({
  op: "await",
  partition: p,
  highWatermark,
});
export const preferred: Step = { op: "electLeader", partition: p, election: "preferred" };

/** What it shows, and how. */
export type ReplicationCase = readonly [title: string, ...steps: readonly Step[]];

/** Only broker 1 has the last record, and it is gone; broker 3 is back. */
export const leaderless: readonly Step[] = [
  create(),
  write("a"),
  dies(2),
  dies(3),
  isr(1),
  write("b"),
  dies(1),
  ...comesBack(3),
  leads(-1, [1]),
];
