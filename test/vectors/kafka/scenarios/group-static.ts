// Members with a `group.instance.id`, which come back to what they had.
import {
  beat,
  commit,
  createTopic,
  describe,
  type GroupCase,
  join,
  joined,
  joinLater,
  lead,
  leave,
  sync,
  until,
} from "./group-steps.ts";
import type { Step } from "./step.ts";

const fixed = { instance: "i1" };
const stable: readonly Step[] = [
  createTopic,
  join("m1", fixed),
  sync("m1", { ...fixed, assignments: { m1: ["t-0"] } }),
];

export const groupStatic: readonly GroupCase[] = [
  ["a static member joins at once", ...stable, beat("m1", fixed), describe],
  [
    "a static member comes back without a rebalance, and its old self is fenced",
    ...stable,
    joinLater("m2"),
    until("PreparingRebalance", 2),
    join("m1", fixed),
    joined("m2"),
    sync("m1", { ...fixed, assignments: { m1: ["t-0", "t-1"], m2: ["t-2", "t-3"] } }),
    sync("m2"),
    join("m1b", fixed),
    describe,
    sync("m1b", fixed),
    beat("m2"),
    beat("m1", fixed),
    sync("m1", fixed),
    commit("m1", 3, fixed),
    join("m1", fixed),
    leave("m1", fixed),
    beat("m1"),
    commit("m1b", 3, fixed),
  ],
  [
    "a static leader comes back",
    ...stable,
    join("m1b", fixed),
    sync("m1b", fixed),
    beat("m1b", fixed),
    beat("m1", fixed),
  ],
  [
    "a static member comes back with other protocols",
    ...stable,
    join("m1b", { ...fixed, protocols: ["sticky", "range"] }),
    describe,
    lead("m1b", { m1b: ["t-0"] }),
  ],
  [
    "a static member leaves by its instance",
    ...stable,
    leave("nobody", fixed),
    describe,
    leave("nobody", fixed),
    leave("nobody", { instance: "i9" }),
  ],
  [
    "a static member whose id is another's",
    ...stable,
    beat("m1", { instance: "i9" }),
    commit("m1", 2, { instance: "i9" }),
    sync("m1", { instance: "i9" }),
    beat("m1", { ...fixed, id: "ghost" }),
  ],
  [
    "a static member that is silent for its session is out",
    createTopic,
    join("m1", { ...fixed, sessionTimeoutMs: 6_000 }),
    sync("m1", { ...fixed, assignments: { m1: ["t-0"] } }),
    until("Empty", 0),
    beat("m1", fixed),
    join("m2", fixed),
  ],
];
