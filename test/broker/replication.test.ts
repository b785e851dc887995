// Leaders, followers, in-sync sets and high watermarks, as Partition and ReplicaManager have them.
import { describe, expect, test } from "vitest";
import { ClusterKit } from "./cluster-kit.ts";

describe("with three replicas", () => {
  test("a record is visible and acknowledged after two round trips of the followers", () => {
    const kit = new ClusterKit(3);
    kit.topic();
    kit.runTo(9);
    const all = kit.produce(["a"]);
    kit.runTo(11);
    expect(all.reply).toBeNull();
    expect(kit.eventsOf("records.appended").at(-1)).toMatchObject({ highWatermark: 0 });
    kit.runTo(13);
    expect(all.reply).toMatchObject({ error: null, baseOffset: 0 });
    expect(kit.eventsOf("highWatermark.advanced").at(-1)).toMatchObject({
      atMs: 12,
      highWatermark: 1,
    });
  });

  test("acks 1 is answered at once, and the record is not visible yet", () => {
    const kit = new ClusterKit(3);
    kit.topic();
    kit.cluster.holdLink("1", "2", { state: "slow", latencyMs: 50 });
    kit.runTo(9);
    const one = kit.produce(["a"], { acks: 1 });
    kit.runTo(11);
    expect(one.reply).toMatchObject({ error: null, baseOffset: 0 });
    const fetch = kit.fetch();
    kit.runTo(13);
    expect(fetch.reply).toMatchObject({ records: [], highWatermark: 0, nextOffset: 0 });
  });

  test("a leader that dies is fenced when its session ends, and another is elected", () => {
    const kit = new ClusterKit(3);
    kit.topic();
    kit.runTo(10_500);
    kit.produce(["a"]);
    kit.runTo(10_600);
    kit.cluster.crashBroker(1, "nothing");
    kit.runTo(18_999);
    expect(kit.eventsOf("broker.fenced")).toEqual([]);
    kit.runTo(19_000);
    expect(kit.lines("broker.fenced", "partition.changed").slice(1)).toEqual([
      "19000  broker.fenced  broker 1, broker epoch 1",
      "19000  partition.changed  t-0 leader failed: leader 2 epoch 1, in sync 2 3 of 1 2 3",
    ]);
    expect(kit.values()).toEqual(["a"]);
  });

  test("what acks 1 was told is lost with its leader; what all had stays", () => {
    const kit = new ClusterKit(3);
    kit.topic();
    kit.runTo(9);
    const safe = kit.produce(["safe"]);
    kit.runTo(1_000);
    const releases = ["2", "3"].map((to) => kit.cluster.holdLink("1", to, { state: "cut" }));
    const risky = kit.produce(["lost"], { acks: 1 });
    kit.runTo(1_010);
    expect([safe.reply?.error, risky.reply?.error]).toEqual([null, null]);
    kit.cluster.crashBroker(1, "nothing");
    kit.runTo(15_000);
    expect(kit.values()).toEqual(["safe"]);
    for (const release of releases) release();
    kit.refresh();
    kit.produce(["new"]);
    kit.runTo(16_000);
    kit.cluster.startBroker(1);
    kit.runTo(20_000);
    expect(kit.lines("log.truncated")).toEqual([
      "16004  log.truncated  t-0 diverged: broker 1 drops [1, 2)",
    ]);
    expect(kit.values()).toEqual(["safe", "new"]);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({ isr: [1, 2, 3], leader: 2 });
  });

  test("a follower cut off leaves the in-sync set after the lag time, and comes back", () => {
    const kit = new ClusterKit(3);
    kit.topic({ minInsyncReplicas: 2 });
    kit.runTo(20_000);
    const release = kit.cluster.holdLink("1", "3", { state: "cut" });
    kit.runTo(21_000);
    const waiting = kit.produce(["a"], { timeoutMs: 60_000 });
    kit.runTo(49_999);
    expect(waiting.reply).toBeNull();
    expect(kit.eventsOf("partition.changed")).toHaveLength(1);
    kit.runTo(60_010);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({
      reason: "isr shrank",
      isr: [1, 2],
    });
    release();
    kit.runTo(60_100);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({
      reason: "isr expanded",
      isr: [1, 2, 3],
    });
  });
});

describe("min.insync.replicas", () => {
  test("too few in sync: acks all is refused, acks 1 is taken and stays invisible", () => {
    const kit = new ClusterKit(3);
    kit.topic({ minInsyncReplicas: 2 });
    kit.runTo(9);
    kit.produce(["a"]);
    kit.runTo(100);
    kit.cluster.crashBroker(2, "nothing");
    kit.cluster.crashBroker(3, "nothing");
    kit.runTo(10_000);
    const refused = kit.produce(["b"]);
    const taken = kit.produce(["c"], { acks: 1 });
    kit.runTo(10_010);
    expect(refused.reply).toMatchObject({ error: "NOT_ENOUGH_REPLICAS", baseOffset: -1 });
    expect(taken.reply).toMatchObject({ error: null, baseOffset: 1 });
    const fetch = kit.fetch();
    kit.runTo(10_020);
    expect(fetch.reply).toMatchObject({ highWatermark: 1, nextOffset: 1 });
    kit.cluster.startBroker(2);
    kit.runTo(12_000);
    const again = kit.fetch();
    kit.runTo(12_010);
    expect(again.reply).toMatchObject({ highWatermark: 2, nextOffset: 2 });
  });

  test("the record is in the log, and the set shrank before all had it", () => {
    const kit = new ClusterKit(3);
    kit.topic({ minInsyncReplicas: 2 });
    kit.runTo(9);
    kit.cluster.holdLink("1", "2", { state: "cut" });
    kit.cluster.holdLink("1", "3", { state: "cut" });
    const waiting = kit.produce(["a"], { timeoutMs: 1_000 });
    kit.runTo(1_020);
    expect(waiting.reply).toMatchObject({ error: "REQUEST_TIMED_OUT" });
    expect(kit.values()).toEqual(["a"]);
  });
});

describe("elections", () => {
  test("the last of the in-sync set stays in it, and nobody leads while it is away", () => {
    const kit = new ClusterKit(3);
    kit.topic();
    kit.runTo(100);
    for (const broker of [2, 3, 1]) {
      kit.cluster.crashBroker(broker, "nothing");
      kit.runTo(kit.simulation.now() + 12_000);
    }
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({ leader: -1, isr: [1] });
    kit.cluster.startBroker(2);
    kit.runTo(50_000);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({ leader: -1 });
    kit.cluster.startBroker(1);
    kit.runTo(51_000);
    expect(kit.eventsOf("partition.changed").map(({ leader }) => leader)).toContain(1);
  });

  test("an unclean election brings a replica back that lacks records, and they are gone", () => {
    const kit = new ClusterKit(3);
    kit.topic({ uncleanLeaderElection: true });
    kit.runTo(10);
    kit.produce(["a"]);
    kit.runTo(100);
    kit.cluster.crashBroker(2, "nothing");
    kit.cluster.crashBroker(3, "nothing");
    kit.runTo(12_000);
    const acknowledged = kit.produce(["b"]);
    kit.runTo(12_010);
    expect(acknowledged.reply?.error).toBeNull();
    kit.cluster.crashBroker(1, "nothing");
    kit.cluster.startBroker(3);
    kit.runTo(30_000);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({
      reason: "unclean election",
      leader: 3,
      isr: [3],
    });
    expect(kit.values()).toEqual(["a"]);
    kit.refresh();
    const fetch = kit.fetch(2);
    kit.runTo(30_010);
    expect(fetch.reply).toMatchObject({ error: "OFFSET_OUT_OF_RANGE" });
  });

  test("a broker that stops hands its leadership over, and gets it back by preference", () => {
    const kit = new ClusterKit(3);
    kit.topic();
    kit.runTo(1_000);
    kit.cluster.stopBroker(1);
    kit.runTo(1_010);
    expect(kit.lines("partition.changed", "broker.stopped").slice(1)).toEqual([
      "1001  partition.changed  t-0 controlled shutdown: leader 2 epoch 1, in sync 2 3 of 1 2 3",
      "1002  broker.stopped  broker 1",
    ]);
    kit.runTo(5_000);
    kit.cluster.startBroker(1);
    kit.runTo(301_000);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({ leader: 2, isr: [1, 2, 3] });
    kit.runTo(301_001);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({
      reason: "preferred election",
      leader: 1,
      leaderEpoch: 2,
    });
  });
});

describe("the controller", () => {
  test("a leader it does not hear is replaced; what the old one still takes is lost", () => {
    const kit = new ClusterKit(3);
    kit.topic();
    kit.runTo(1_000);
    const release = kit.cluster.holdLink("1", "controller", { state: "cut" });
    kit.runTo(9_500);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({ leader: 2, leaderEpoch: 1 });
    const zombie = kit.produce(["zombie"], { acks: 1, client: "old" });
    kit.cluster.holdLink("2", "old", { state: "cut" });
    kit.runTo(9_600);
    release();
    kit.runTo(12_000);
    expect(zombie.reply?.error === null ? kit.values() : []).toEqual([]);
  });

  test("without a majority nobody is elected until there is one", () => {
    const kit = new ClusterKit(3);
    kit.topic();
    kit.runTo(1_000);
    const release = kit.cluster.loseQuorum();
    kit.cluster.crashBroker(1, "nothing");
    kit.runTo(30_000);
    expect(kit.eventsOf("partition.changed")).toHaveLength(1);
    release();
    kit.runTo(45_000);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({ leader: 2 });
  });
});

test("power loss takes what was not on disk; the in-sync copies bring it back", () => {
  const kit = new ClusterKit(3);
  kit.topic();
  kit.runTo(10);
  kit.produce(["a", "b"]);
  kit.runTo(1_000);
  kit.cluster.crashBroker(1, "unflushed");
  kit.runTo(11_000);
  kit.cluster.startBroker(1);
  kit.runTo(12_000);
  expect(kit.lines("log.truncated")).toEqual([
    "11000  log.truncated  t-0 unflushed: broker 1 drops [0, 2)",
  ]);
  expect(kit.values()).toEqual(["a", "b"]);
  expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({ isr: [1, 2, 3] });
});

test("a quiet cluster schedules nothing", () => {
  const kit = new ClusterKit(3);
  kit.topic({ retentionMs: -1 });
  kit.produce(["a"]);
  kit.runTo(60_000);
  expect(kit.simulation.nextAtMs).toBeNull();
});
