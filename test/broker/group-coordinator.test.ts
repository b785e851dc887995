// Goal: a coordinator answers members in each state of their group as Kafka's classic one does.
// Method: requests by hand, one coordinator and a log of its own.
import { expect, test } from "vitest";
import { GroupKit, KitMember, stableGroup } from "./group-kit.ts";

function kitWith(count: number): { kit: GroupKit; members: KitMember[] } {
  const kit = new GroupKit();
  const members = Array.from({ length: count }, (_, index) => new KitMember(kit, `c${index}`));
  return { kit, members };
}

const [STRANGER, NOBODY] = [
  { member: "x", generation: 1, instance: null },
  { member: "", generation: -1, instance: null },
];

test("joinGroup gives a new member its id, and an id that is not used is forgotten", () => {
  const { kit, members } = kitWith(1);
  const [only] = members as [KitMember];
  const first = kit.ask<"joinGroup">({
    kind: "joinGroup",
    group: "g",
    member: "",
    instance: null,
    clientId: "app",
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    protocols: ["range"],
    subscription: { topics: ["t"], ownedPartitions: [], generation: -1, lastAssignment: null },
  });
  expect(first.reply?.error).toBe("MEMBER_ID_REQUIRED");
  expect(first.reply?.member).toMatch(/^app-[0-9a-f]{8}$/);
  kit.pass(10_000);
  only.id = first.reply?.member ?? "";
  expect(only.join().reply?.error).toBe("UNKNOWN_MEMBER_ID");
});

test("the first join waits group.initial.rebalance.delay.ms, longer while more come", () => {
  const { kit, members } = kitWith(2);
  const [one, two] = members as [KitMember, KitMember];
  one.join();
  kit.pass(2_999);
  two.join();
  kit.pass(3_000);
  expect(one.joined.reply).toBe(null);
  kit.pass(1);
  expect(one.joined.reply).toMatchObject({ error: null, generation: 1, leader: one.id });
  expect(one.joined.reply?.members.map(({ member }) => member)).toEqual([one.id, two.id].sort());
  expect(two.joined.reply?.members).toEqual([]);
  expect(kit.changes().map(({ state, reason }) => `${state}: ${reason}`)).toEqual([
    `PreparingRebalance: ${one.id} joins`,
    `PreparingRebalance: ${two.id} joins`,
    "CompletingRebalance: 2 joined",
  ]);
});

test("syncGroup answers all once the leader's assignment is written", () => {
  const { kit, members } = kitWith(2);
  const [one, two] = members as [KitMember, KitMember];
  for (const member of members) member.join();
  kit.pass(6_000);
  two.sync();
  one.sync();
  expect([one.synced.reply, two.synced.reply]).toEqual([null, null]);
  kit.pass(1);
  expect(one.synced.reply?.partitions).toHaveLength(1);
  expect(two.synced.reply?.partitions).toHaveLength(1);
  expect(kit.states.at(-1)).toBe("Stable 1");
  expect(
    kit
      .changes()
      .at(-1)
      ?.members.map(({ partitions }) => partitions.length),
  ).toEqual([1, 1]);
});

test("a third member: heartbeats tell of the rebalance; who does not join in time is out", () => {
  const { kit, members } = kitWith(3);
  const [one, two, three] = members as [KitMember, KitMember, KitMember];
  stableGroup(kit, [one, two]);
  three.join();
  expect([one.heartbeat(), two.heartbeat()]).toEqual([
    "REBALANCE_IN_PROGRESS",
    "REBALANCE_IN_PROGRESS",
  ]);
  expect(one.sync().reply?.error).toBe("REBALANCE_IN_PROGRESS");
  one.join();
  // Heard of, so that not its session but the rebalance runs out.
  for (let n = 0; n < 12; n += 1) {
    kit.pass(5_000);
    expect(two.heartbeat()).toBe(n < 11 ? "REBALANCE_IN_PROGRESS" : "UNKNOWN_MEMBER_ID");
  }
  expect(one.joined.reply).toMatchObject({ error: null, generation: 2 });
  expect(kit.commit({ 0: 7 }, two.identity).reply?.error).toBe("UNKNOWN_MEMBER_ID");
  expect(kit.changes().at(-1)?.reason).toBe(`2 joined, without ${two.id}`);
});

test("a member that is silent for its session time-out is removed, and only then", () => {
  const { kit, members } = kitWith(2);
  const [one, two] = members as [KitMember, KitMember];
  stableGroup(kit, [one, two]);
  kit.pass(9_000);
  expect(one.heartbeat()).toBe(null);
  kit.pass(999);
  expect(one.heartbeat()).toBe(null);
  kit.pass(1);
  expect(one.heartbeat()).toBe("REBALANCE_IN_PROGRESS");
  expect(kit.changes().at(-1)?.reason).toBe(`${two.id} is silent for 10000 ms`);
  one.join();
  expect(one.joined.reply).toMatchObject({ error: null, generation: 2 });
});

test("heartbeats and commits in each state", () => {
  const { kit, members } = kitWith(1);
  const [only] = members as [KitMember];
  expect(only.heartbeat()).toBe("UNKNOWN_MEMBER_ID");
  expect(kit.commit({ 0: 1 }, STRANGER).reply?.error).toBe("ILLEGAL_GENERATION");
  only.join();
  kit.pass(3_000);
  only.generation = 1;
  expect(only.heartbeat()).toBe(null);
  expect(kit.commit({ 0: 1 }, only.identity).reply?.error).toBe("REBALANCE_IN_PROGRESS");
  only.sync();
  kit.pass(1);
  const commit = kit.commit({ 0: 1 }, only.identity);
  expect(commit.reply, "not before it is written").toBe(null);
  kit.pass(1);
  expect(commit.reply?.error).toBe(null);
  expect(kit.committed()).toBe(1);
  expect(kit.commit({ 0: 2 }, NOBODY).reply?.error).toBe("UNKNOWN_MEMBER_ID");
  expect(kit.commit({ 0: 2 }, STRANGER).reply?.error).toBe("UNKNOWN_MEMBER_ID");
  only.generation = 0;
  expect(only.heartbeat()).toBe("ILLEGAL_GENERATION");
  expect(kit.commit({ 0: 2 }, only.identity).reply?.error).toBe("ILLEGAL_GENERATION");
  only.joined = { reply: null };
  expect(only.sync().reply?.error).toBe("ILLEGAL_GENERATION");
  expect(only.leave()).toBe(null);
  expect(only.heartbeat()).toBe("UNKNOWN_MEMBER_ID");
  expect(kit.states.at(-1)).toBe("Empty 2");
  kit.commit({ 0: 2 });
  kit.pass(1);
  expect(kit.committed()).toBe(2);
});

test("leaveGroup of the last member but one starts a rebalance at once", () => {
  const { kit, members } = kitWith(2);
  const [one, two] = members as [KitMember, KitMember];
  stableGroup(kit, [one, two]);
  expect(two.leave()).toBe(null);
  expect(two.leave()).toBe("UNKNOWN_MEMBER_ID");
  one.join();
  expect(one.joined.reply?.generation).toBe(2);
});

test("a follower that joins again with nothing new stays; a leader starts a rebalance", () => {
  const { kit, members } = kitWith(2);
  const [one, two] = members as [KitMember, KitMember];
  stableGroup(kit, [one, two]);
  expect(two.join().reply).toMatchObject({ error: null, generation: 1 });
  expect(kit.states.at(-1)).toBe("Stable 1");
  expect(one.join().reply).toBe(null);
  expect(kit.states.at(-1)).toBe("PreparingRebalance 1");
  two.topics = ["t", "u"];
  two.join();
  expect(two.joined.reply?.generation).toBe(2);
});

test("protocols: the one with most votes among those all have; who has none is refused", () => {
  const { kit, members } = kitWith(4);
  const [one, two, three, four] = members as [KitMember, KitMember, KitMember, KitMember];
  one.protocols = ["sticky", "range", "roundrobin"];
  two.protocols = ["roundrobin", "range"];
  three.protocols = ["range", "roundrobin"];
  four.protocols = ["sticky"];
  for (const member of [one, two, three]) member.join();
  kit.pass(9_000);
  expect(one.joined.reply?.protocol).toBe("range");
  expect(four.join().reply?.error).toBe("INCONSISTENT_GROUP_PROTOCOL");
});

test("protocols: of two with as many votes Scala's map decides", () => {
  const { kit, members } = kitWith(2);
  const [one, two] = members as [KitMember, KitMember];
  one.protocols = ["range", "roundrobin"];
  two.protocols = ["roundrobin", "range"];
  for (const member of members) member.join();
  kit.pass(6_000);
  expect(one.joined.reply?.protocol).toBe("roundrobin");
});

test("joinGroup refuses session time-outs out of range, too many members, and no group id", () => {
  const kit = new GroupKit({ groupMaxSize: 1 });
  const short = new KitMember(kit, "short");
  short.sessionTimeoutMs = 5_999;
  expect(short.join().reply?.error).toBe("INVALID_SESSION_TIMEOUT");
  short.sessionTimeoutMs = 1_800_001;
  expect(short.join().reply?.error).toBe("INVALID_SESSION_TIMEOUT");
  const one = new KitMember(kit, "one");
  stableGroup(kit, [one]);
  expect(new KitMember(kit, "two").join().reply?.error).toBe("GROUP_MAX_SIZE_REACHED");
  const request = { kind: "leaveGroup", group: "", member: "m", instance: null } as const;
  expect(kit.ask<"leaveGroup">(request).reply?.error).toBe("INVALID_GROUP_ID");
});

test("who does not ask for its assignment within the rebalance time-out is removed", () => {
  const { kit, members } = kitWith(2);
  const [one, two] = members as [KitMember, KitMember];
  for (const member of members) member.sessionTimeoutMs = 100_000;
  for (const member of members) member.join();
  kit.pass(6_000);
  one.sync();
  kit.pass(59_999);
  expect(kit.states.at(-1)).toBe("Stable 1");
  kit.pass(1);
  expect(kit.states.at(-1)).toBe("PreparingRebalance 1");
  two.generation = 1;
  expect(two.heartbeat()).toBe("UNKNOWN_MEMBER_ID");
});

test("a static member comes back with a new id and its assignment; the old one is fenced", () => {
  const kit = new GroupKit();
  const [one, two] = [new KitMember(kit, "a", "i-1"), new KitMember(kit, "b", "i-2")];
  stableGroup(kit, [one, two]);
  const before = two.synced.reply?.partitions;
  const again = new KitMember(kit, "b", "i-2");
  again.join();
  kit.pass(1);
  expect(again.joined.reply).toMatchObject({ error: null, generation: 1, leader: one.id });
  expect(again.sync().reply?.partitions).toEqual(before);
  expect(again.id).not.toBe(two.id);
  expect(two.heartbeat()).toBe("FENCED_INSTANCE_ID");
  expect(kit.commit({ 0: 1 }, two.identity).reply?.error).toBe("FENCED_INSTANCE_ID");
  expect(two.join().reply?.error).toBe("FENCED_INSTANCE_ID");
  expect(kit.states.at(-1)).toBe("Stable 1");
  const leader = new KitMember(kit, "a", "i-1");
  leader.join();
  kit.pass(1);
  expect(leader.joined.reply).toMatchObject({ leader: leader.joined.reply?.member });
  expect(leader.joined.reply?.skipsAssignment).toBe(true);
});

test("a static member that is silent is removed by its session time-out alone", () => {
  const kit = new GroupKit();
  const [one, two] = [new KitMember(kit, "a", "i-1"), new KitMember(kit, "b", "i-2")];
  two.sessionTimeoutMs = 30_000;
  stableGroup(kit, [one, two]);
  kit.pass(20_000);
  expect(two.heartbeat()).toBe("REBALANCE_IN_PROGRESS");
  two.join();
  expect(two.joined.reply?.members).toHaveLength(1);
});

test("an assignment that cannot be written is an error for all, and a new rebalance", () => {
  const { kit, members } = kitWith(1);
  const [only] = members as [KitMember];
  only.join();
  kit.pass(3_000);
  kit.appendError = "NOT_ENOUGH_REPLICAS";
  only.sync();
  kit.pass(1);
  expect(only.synced.reply?.error).toBe("COORDINATOR_NOT_AVAILABLE");
  expect(kit.states.at(-1)).toBe("PreparingRebalance 1");
});
