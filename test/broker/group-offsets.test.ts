// Goal: what a group has committed outlives its coordinator, waits for transactions, and is
// forgotten as Kafka forgets it.
// Method: requests by hand, coordinators one after the other on one log.
import { expect, test } from "vitest";
import { GroupKit, KitMember, stableGroup } from "./group-kit.ts";

const PRODUCER = { producerId: 7, producerEpoch: 0, transactionalId: "x" };
const NOBODY = { member: "", generation: -1, instance: null };
const DAY_MS = 86_400_000;

function commitInTransaction(kit: GroupKit, offset: number): void {
  const offsets = [{ topic: "t", partition: 0, offset }];
  const request = { kind: "txnOffsetCommit", group: "g", from: NOBODY, offsets } as const;
  const box = kit.ask<"txnOffsetCommit">({ ...request, ...PRODUCER });
  kit.pass(1);
  expect(box.reply?.error).toBe(null);
}

test("members, generation and assignment survive a move; session timers start again", () => {
  const kit = new GroupKit();
  const [one, two] = [new KitMember(kit, "a"), new KitMember(kit, "b")];
  stableGroup(kit, [one, two]);
  kit.commit({ 0: 5 }, one.identity);
  kit.pass(9_000);
  kit.move(2);
  kit.pass(9_999);
  expect(one.heartbeat()).toBe(null);
  expect(kit.commit({ 0: 6 }, one.identity).reply).toBe(null);
  expect(kit.committed()).toBe(5);
  kit.pass(1);
  expect(kit.committed()).toBe(6);
  expect(kit.changes().at(-1)).toMatchObject({ coordinator: 2, state: "PreparingRebalance" });
  expect(kit.changes().at(-1)?.reason).toBe(`${two.id} is silent for 10000 ms`);
  expect(kit.changes().at(-2)).toMatchObject({ coordinator: 2, state: "Stable", generation: 1 });
  expect(
    kit
      .changes()
      .at(-2)
      ?.members.map(({ partitions }) => partitions.length),
  ).toEqual([1, 1]);
});

test("who waits when the coordinator moves is told so; nobody, when its process ended", () => {
  for (const processEnded of [false, true]) {
    const kit = new GroupKit();
    const [one, two] = [new KitMember(kit, "a"), new KitMember(kit, "b")];
    stableGroup(kit, [one]);
    two.join();
    kit.move(2, { processEnded });
    const error = two.joined.reply?.error;
    expect(error).toBe(processEnded ? undefined : "NOT_COORDINATOR");
    // The generation in which it was to be has not been written.
    expect(two.join().reply?.error).toBe("UNKNOWN_MEMBER_ID");
    expect(one.heartbeat()).toBe(null);
  }
});

test("a generation whose assignment was not written is not known to the next coordinator", () => {
  const kit = new GroupKit();
  const [one, two] = [new KitMember(kit, "a"), new KitMember(kit, "b")];
  stableGroup(kit, [one]);
  two.join();
  one.join();
  one.generation = one.joined.reply?.generation ?? -1;
  expect(one.generation).toBe(2);
  kit.move(2);
  expect(one.heartbeat()).toBe("ILLEGAL_GENERATION");
  expect(kit.changes().at(-1)).toMatchObject({ state: "Stable", generation: 1 });
});

test("commitOffsets of a partition that is not there keeps the others", () => {
  const kit = new GroupKit();
  const box = kit.commit({ 0: 3, 9: 4 });
  kit.pass(1);
  expect(box.reply?.error).toBe("UNKNOWN_TOPIC_OR_PARTITION");
  expect([kit.committed(0), kit.committed(9)]).toEqual([3, null]);
  expect(kit.events.filter(({ kind }) => kind === "offsets.committed")).toMatchObject([
    { group: "g", offsets: [{ topic: "t", partition: 0, offset: 3 }] },
  ]);
});

test("commitOffsets that is not written changes nothing, and says who to ask", () => {
  const kit = new GroupKit();
  kit.commit({ 0: 3 });
  kit.pass(1);
  for (const [error, seen] of [
    ["NOT_LEADER_OR_FOLLOWER", "NOT_COORDINATOR"],
    ["NOT_ENOUGH_REPLICAS", "COORDINATOR_NOT_AVAILABLE"],
    ["REQUEST_TIMED_OUT", "REQUEST_TIMED_OUT"],
  ] as const) {
    kit.appendError = error;
    const box = kit.commit({ 0: 9 });
    expect(kit.committed(0, true)).toBe("UNSTABLE_OFFSET_COMMIT");
    kit.pass(1);
    expect(box.reply?.error).toBe(seen);
    expect(kit.committed(0, true)).toBe(3);
  }
});

test("offsets of a transaction count from its COMMIT marker on, and never after ABORT", () => {
  const kit = new GroupKit();
  kit.commit({ 0: 1 });
  commitInTransaction(kit, 5);
  expect([kit.committed(), kit.committed(0, true)]).toEqual([1, "UNSTABLE_OFFSET_COMMIT"]);
  kit.mark(7, "ABORT");
  expect([kit.committed(), kit.committed(0, true)]).toEqual([1, 1]);
  commitInTransaction(kit, 6);
  kit.move(2);
  expect([kit.committed(), kit.committed(0, true)]).toEqual([1, "UNSTABLE_OFFSET_COMMIT"]);
  kit.mark(7, "COMMIT");
  expect(kit.committed(0, true)).toBe(6);
  kit.move(3);
  expect(kit.committed(0, true)).toBe(6);
});

test("a plain commit after one of a transaction stays when that commits", () => {
  const kit = new GroupKit();
  commitInTransaction(kit, 5);
  kit.commit({ 0: 9 });
  kit.pass(1);
  kit.mark(7, "COMMIT");
  expect(kit.committed()).toBe(9);
  kit.move(2);
  expect(kit.committed()).toBe(9);
});

test("offsets without members expire offsets.retention.minutes after they were committed", () => {
  const kit = new GroupKit();
  kit.pass(1_000);
  kit.commit({ 0: 1 });
  kit.pass(3 * DAY_MS);
  kit.commit({ 1: 1 });
  // The check comes every ten minutes, so that it finds the first one ten minutes late.
  kit.pass(4 * DAY_MS + 1_000);
  expect([kit.committed(0), kit.committed(1)]).toEqual([1, 1]);
  kit.pass(600_000);
  expect([kit.committed(0), kit.committed(1)]).toEqual([null, 1]);
  kit.pass(3 * DAY_MS);
  expect(kit.committed(1)).toBe(null);
  expect(kit.events.filter(({ kind }) => kind === "offsets.expired")).toHaveLength(2);
  expect(kit.simulation.nextAtMs, "nothing is left to do").toBe(null);
});

test("offsets of a group with members expire only after it is empty, or for other topics", () => {
  const kit = new GroupKit({ offsetsRetentionMs: 60_000, offsetsRetentionCheckMs: 10_000 });
  const only = new KitMember(kit, "a");
  only.sessionTimeoutMs = 1_800_000;
  stableGroup(kit, [only]);
  kit.commit({ 0: 1 }, only.identity);
  kit.commit({ 0: 1 }, only.identity, "u");
  kit.pass(70_000);
  expect([kit.committed(0), kit.committed(0, false, "u")]).toEqual([1, null]);
  kit.pass(600_000);
  expect(kit.committed()).toBe(1);
  only.leave();
  kit.pass(59_000);
  expect(kit.committed()).toBe(1);
  kit.pass(11_000);
  expect(kit.committed()).toBe(null);
  expect(kit.states.at(-1)).toBe("Dead 2");
  kit.move(2);
  expect(kit.changes().at(-1)?.state, "its tombstone was read").toBe("Dead");
});

test("the offsets of a topic go with it, also those of transactions", () => {
  const kit = new GroupKit();
  kit.commit({ 0: 1 });
  kit.commit({ 0: 1 }, undefined, "u");
  commitInTransaction(kit, 5);
  kit.topics = { u: 2 };
  kit.coordinator.topicDeleted("t");
  kit.mark(7, "COMMIT");
  expect([kit.committed(0, true), kit.committed(0, true, "u")]).toEqual([null, 1]);
});

test("the coordinator that comes next does not know the offsets of a topic that is gone", () => {
  const kit = new GroupKit();
  kit.commit({ 0: 1 });
  kit.commit({ 0: 1 }, undefined, "u");
  kit.pass(1);
  kit.topics = { u: 2 };
  kit.coordinator.topicDeleted("t");
  kit.move(2);
  expect([kit.committed(0), kit.committed(0, true, "u")]).toEqual([null, 1]);
});
