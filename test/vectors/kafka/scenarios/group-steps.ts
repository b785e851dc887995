// The steps that scenarios of groups are made of: members `m1`, `m2`... of group `g`, a topic `t`.
import type { OfMember, Step } from "./step.ts";

type Join = Extract<Step, { op: "joinGroup" }>;
type Sync = Extract<Step, { op: "syncGroup" }>;

const of = (member: string): OfMember => ({ group: "g", member });

export const createTopic: Step = { op: "createTopic", topic: "t", partitions: 4 };
export const join = (member: string, more: Partial<Join> = {}): Join => ({
  op: "joinGroup",
  ...of(member),
  topics: ["t"],
  ...more,
});
/** Waits for the others; its answer is noted by `answer`. */
export const joinLater = (member: string, more: Partial<Join> = {}): Join =>
  join(member, { later: `${member} joins`, ...more });
export const joined = (member: string): Step => ({ op: "answer", of: `${member} joins` });
export const sync = (member: string, more: Partial<Sync> = {}): Sync => ({
  op: "syncGroup",
  ...of(member),
  ...more,
});
export const lead = (member: string, assignments: Readonly<Record<string, readonly string[]>>) =>
  sync(member, { assignments });
export const syncLater = (member: string): Step => sync(member, { later: `${member} syncs` });
export const synced = (member: string): Step => ({ op: "answer", of: `${member} syncs` });
export const beat = (member: string, more: Partial<OfMember> = {}): Step => ({
  op: "heartbeat",
  ...of(member),
  ...more,
});
export const leave = (member: string, more: Partial<OfMember> = {}): Step => ({
  op: "leaveGroup",
  ...of(member),
  ...more,
});
export const commit = (member: string, offset: number, more: Partial<OfMember> = {}): Step => ({
  op: "commitOffsets",
  ...of(member),
  offsets: { "t-0": offset },
  ...more,
});
/** By one who is no member. */
export const commitOutside = (offset: number): Step => ({
  op: "commitOffsets",
  group: "g",
  offsets: { "t-0": offset },
});
export const fetchCommitted: Step = { op: "fetchCommitted", group: "g", partitions: ["t-0"] };
export const describe: Step = { op: "describeGroup", group: "g" };
export const until = (state: string, members: number): Step => ({
  op: "awaitGroup",
  group: "g",
  state,
  members,
});

/** One member, stable in generation 1. */
export const one: readonly Step[] = [createTopic, join("m1"), lead("m1", { m1: ["t-0", "t-1"] })];
/** Two members, stable in generation 2; m1 leads. */
export const two: readonly Step[] = [
  ...one,
  joinLater("m2"),
  until("PreparingRebalance", 2),
  join("m1"),
  joined("m2"),
  lead("m1", { m1: ["t-0", "t-1"], m2: ["t-2", "t-3"] }),
  sync("m2"),
];

/** What it shows, and how. */
export type GroupCase = readonly [title: string, ...steps: readonly Step[]];
