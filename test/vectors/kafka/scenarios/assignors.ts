// Groups whose partitions are shared out again and again, for each of Kafka's assignors: shapes
// chosen by hand, and shapes drawn from seeds.
import { randomStream } from "../../../../core/base/random.ts";
import type { AssignMember, AssignRound, AssignScenario } from "./scenario.ts";

const assignorNames = ["range", "roundrobin", "sticky", "cooperative-sticky"] as const;

const all = (topics: readonly string[], ...ids: readonly string[]): AssignMember[] =>
  ids.map((id) => ({ id, topics }));
const one = (id: string, ...topics: readonly string[]): AssignMember => ({ id, topics });
const fixed = (id: string, instance: string, ...topics: readonly string[]): AssignMember => ({
  id,
  instance,
  topics,
});
const holding = (
  id: string,
  generation: number,
  owned: readonly string[],
  ...topics: readonly string[]
): AssignMember => ({ id, topics, owned, generation });

type Case = readonly [title: string, ...rounds: AssignRound[]];

const t = ["t"];
const two = ["a", "b"];
const four = ["t0", "t1", "t2", "t3"];
const fourOfTwo = { t0: 2, t1: 2, t2: 2, t3: 2 };
const ladder = [one("C0", "t0"), one("C1", "t0", "t1"), one("C2", "t0", "t1", "t2")];

const fresh: readonly Case[] = [
  ["one member takes all", { topics: { a: 3, b: 2 }, members: all(two, "C0") }],
  ["two topics of three among two", { topics: { a: 3, b: 3 }, members: all(two, "C0", "C1") }],
  ["seven partitions among three", { topics: { t: 7 }, members: all(t, "C0", "C1", "C2") }],
  ["more members than partitions", { topics: { t: 2 }, members: all(t, "C0", "C1", "C2", "C3") }],
  ["four topics of two among three", { topics: fourOfTwo, members: all(four, "C0", "C1", "C2") }],
  ["each member subscribes to more", { topics: { t0: 1, t1: 2, t2: 3 }, members: ladder }],
  [
    "a topic nobody subscribes to",
    { topics: { a: 2, b: 4, c: 3 }, members: [one("C0", "a"), one("C1", "a", "c")] },
  ],
  ["a topic that does not exist", { topics: { a: 3 }, members: all(["a", "gone"], "C0", "C1") }],
  ["no topic exists", { members: all(t, "C0", "C1") }],
  [
    "a member that subscribes to nothing",
    { topics: { t: 4 }, members: [one("C0", "t"), one("C1")] },
  ],
  [
    "members in the order of their ids, whoever leads",
    { topics: { t: 5 }, members: all(t, "C10", "C9", "C1") },
  ],
  [
    "topics in the order of their names, however subscribed",
    { topics: { t10: 2, t9: 3, T: 1 }, members: all(["t9", "t10", "T"], "C0", "C1") },
  ],
  [
    "members with no topic in common",
    { topics: { a: 3, b: 3 }, members: [one("C0", "a"), one("C1", "b"), one("C2", "b")] },
  ],
  [
    "static members by instance, before the others",
    {
      topics: { t: 3 },
      members: [fixed("A", "i-9", "t"), fixed("B", "i-1", "t"), one("0-dynamic", "t")],
    },
  ],
  [
    "a mirror of subscriptions",
    {
      topics: { a: 2, b: 2, c: 2 },
      members: [one("C0", "a", "b"), one("C1", "b", "c"), one("C2", "a", "c")],
    },
  ],
  [
    "one topic large, many small",
    {
      topics: { big: 9, s1: 1, s2: 1, s3: 1 },
      members: all(["big", "s1", "s2", "s3"], "C0", "C1"),
    },
  ],
];

const moving: readonly Case[] = [
  [
    "a member joins",
    { topics: { t: 6 }, members: all(t, "C0", "C1") },
    { members: all(t, "C0", "C1", "C2") },
  ],
  [
    "a member leaves",
    { topics: fourOfTwo, members: all(four, "C0", "C1", "C2") },
    { members: all(four, "C0", "C2") },
  ],
  [
    "a member joins, another leaves, partitions grow",
    { topics: { t: 6 }, members: all(t, "C0", "C1") },
    { members: all(t, "C0", "C1", "C2") },
    { members: all(t, "C1", "C2") },
    { topics: { t: 8 }, members: all(t, "C1", "C2") },
    { members: all(t, "C0", "C1", "C2") },
  ],
  [
    "partitions grow",
    { topics: { t: 6 }, members: all(t, "C0", "C1", "C2") },
    { topics: { t: 8 }, members: all(t, "C0", "C1", "C2") },
    { topics: { t: 11 }, members: all(t, "C0", "C1", "C2") },
  ],
  [
    "nothing changes",
    { topics: { t: 5, u: 2 }, members: all(["t", "u"], "C0", "C1", "C2") },
    { members: all(["t", "u"], "C2", "C1", "C0") },
  ],
  [
    "a topic is deleted, then another appears",
    { topics: { a: 3, b: 3 }, members: all(["a", "b", "c"], "C0", "C1") },
    { topics: { b: 0 }, members: all(["a", "b", "c"], "C0", "C1") },
    { topics: { c: 4 }, members: all(["a", "b", "c"], "C0", "C1") },
  ],
  [
    "all members are replaced",
    { topics: { t: 5 }, members: all(t, "C0", "C1") },
    { members: all(t, "D0", "D1", "D2") },
  ],
  [
    "two members join at once, then two leave",
    { topics: { t: 10 }, members: all(t, "C2", "C3") },
    { members: all(t, "C0", "C1", "C2", "C3") },
    { members: all(t, "C0", "C3") },
  ],
  [
    "a member subscribes to one topic less",
    { topics: { a: 4, b: 4 }, members: all(two, "C0", "C1") },
    { members: [one("C0", "a", "b"), one("C1", "a")] },
    { members: all(two, "C0", "C1") },
  ],
  [
    "unequal subscriptions, and the one who has most leaves",
    { topics: { t0: 1, t1: 2, t2: 3 }, members: ladder },
    { members: ladder.slice(0, 2) },
    { members: ladder },
  ],
  [
    "unequal subscriptions, and a specialist joins",
    { topics: { a: 6, b: 3 }, members: all(two, "C0", "C1") },
    { members: [...all(two, "C0", "C1"), one("C2", "b")] },
    { members: [...all(two, "C0", "C1"), one("C2", "b"), one("C3", "a")] },
  ],
  [
    "static members come back with other ids",
    {
      topics: { t: 6 },
      members: [fixed("m1", "i-a", "t"), fixed("m2", "i-b", "t"), one("m3", "t")],
    },
    { members: [fixed("m9", "i-a", "t"), fixed("m2", "i-b", "t"), one("m3", "t")] },
  ],
  [
    "two claim the same, the later generation has it",
    {
      topics: { t: 4 },
      members: [
        holding("C0", 5, ["t-0", "t-1"], "t"),
        holding("C1", 6, ["t-1", "t-2"], "t"),
        one("C2", "t"),
      ],
    },
  ],
  [
    "two claim the same in the same generation",
    {
      topics: { t: 4 },
      members: [
        holding("C0", 5, ["t-0", "t-1"], "t"),
        holding("C1", 5, ["t-1", "t-2"], "t"),
        one("C2", "t"),
      ],
    },
  ],
  [
    "a claim of an older generation counts for nothing",
    {
      topics: { t: 4 },
      members: [holding("C0", 7, ["t-0"], "t"), holding("C1", 2, ["t-1", "t-2", "t-3"], "t")],
    },
  ],
  [
    "a skewed past is evened out",
    {
      topics: { t: 8 },
      members: [
        holding("C0", 3, ["t-0", "t-1", "t-2", "t-3", "t-4", "t-5"], "t"),
        holding("C1", 3, ["t-6", "t-7"], "t"),
        holding("C2", 3, [], "t"),
      ],
    },
  ],
  [
    "a skewed past with unequal subscriptions is evened out",
    {
      topics: { a: 4, b: 4 },
      members: [
        holding("C0", 3, ["a-0", "a-1", "a-2", "a-3", "b-0", "b-1", "b-2", "b-3"], "a", "b"),
        holding("C1", 3, [], "a"),
        holding("C2", 3, [], "b"),
      ],
    },
  ],
  [
    "a claim on what is not there any more",
    {
      topics: { t: 2 },
      members: [holding("C0", 3, ["t-0", "t-5", "gone-0"], "t"), holding("C1", 3, ["t-1"], "t")],
    },
  ],
];

/** Rounds of members who come, go and change their minds, over topics that grow. */
function draw(seed: number, subscribesEqually: boolean): AssignRound[] {
  const random = randomStream(seed, "assignors");
  const names = ["a", "b", "c", "d"].slice(0, 2 + random.below(3));
  const counts = new Map(names.map((name) => [name, 1 + random.below(6)]));
  const pool = ["C0", "C1", "C2", "C3", "C4", "C5"];
  const chosen = new Map<string, readonly string[]>();
  const rounds: AssignRound[] = [];
  for (let round = 0; round < 4; round += 1) {
    const changed = round === 0 ? names : names.filter(() => random.ratio(1, 4));
    for (const name of changed) counts.set(name, (counts.get(name) ?? 0) + (round && 1));
    const here = pool.filter(() => random.ratio(3, 5));
    for (const id of here) {
      if (chosen.has(id) && !random.ratio(1, 6)) continue;
      chosen.set(id, subscribesEqually ? names : names.filter(() => random.ratio(2, 3)));
    }
    const members = (here.length === 0 ? pool.slice(0, 1) : here).map((id) => ({
      id,
      topics: chosen.get(id) ?? names,
    }));
    const topics = Object.fromEntries(changed.map((name) => [name, counts.get(name) ?? 0]));
    rounds.push({ topics, members });
  }
  return rounds;
}

const drawn: readonly Case[] = Array.from({ length: 16 }, (_, index): Case => {
  const kind = index < 8 ? "equal" : "unequal";
  return [`drawn from seed ${index + 1}, ${kind} subscriptions`, ...draw(index + 1, index < 8)];
});

export const assignors: readonly AssignScenario[] = assignorNames.flatMap((assignor) =>
  [...fresh, ...moving, ...drawn].map(([title, ...rounds]) => ({
    name: `assignors/${assignor}: ${title}`,
    kind: "assign" as const,
    assignor,
    rounds,
  })),
);
