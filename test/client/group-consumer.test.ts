// Goal: consumers share topics, take over from each other, and lose or repeat what Kafka's would.
// Method: applications on the simulated cluster, with virtual time; what they were given and told.
import { expect, test } from "vitest";
import { ConsumerKit } from "./consumer-kit.ts";

const cooperative = { partitionAssignmentStrategy: ["cooperative-sticky"] } as const;

test("a consumer alone reads all partitions, and commits what it was given by itself", () => {
  const kit = new ConsumerKit(2);
  kit.fill(0, 3);
  kit.fill(1, 2);
  const only = kit.start("c1");
  kit.pass(10_000);
  expect(kit.given.get("c1")).toEqual(["t-0@0", "t-0@1", "t-0@2", "t-1@0", "t-1@1"]);
  expect(kit.eventsOf("position.reset")).toHaveLength(2);
  expect(kit.commits().map(({ offsets }) => offsets.map(({ offset }) => offset))).toEqual([[3, 2]]);
  only.close();
  kit.pass(100);
  const again = kit.start("c1");
  kit.fill(1, 1);
  kit.pass(10_000);
  expect(kit.given.get("c1")).toEqual(["t-1@2"]);
  expect(again.positions.map(({ offset }) => offset)).toEqual([3, 3]);
  expect(kit.eventsOf("position.reset"), "it went on where it had stopped").toHaveLength(2);
  expect(kit.failures()).toEqual([]);
});

test("eager: all give up everything before they join", () => {
  const kit = new ConsumerKit(4);
  kit.start("c1");
  kit.pass(5_000);
  kit.start("c2");
  kit.pass(10_000);
  expect(kit.callbacks).toEqual([
    "c1 assigned t-0 t-1 t-2 t-3",
    "c1 revoked t-0 t-1 t-2 t-3",
    "c1 assigned t-0 t-1",
    "c2 assigned t-2 t-3",
  ]);
  expect(kit.states().filter((state) => state.startsWith("Stable"))).toEqual([
    "Stable 1",
    "Stable 2",
  ]);
});

test("cooperative: only what moves is given up, and it takes two generations", () => {
  const kit = new ConsumerKit(6);
  kit.start("c1", cooperative);
  kit.start("c2", cooperative);
  kit.pass(8_000);
  kit.callbacks.length = 0;
  kit.start("c3", cooperative);
  kit.pass(15_000);
  expect(kit.callbacks.filter((line) => !line.endsWith("assigned"))).toEqual([
    expect.stringMatching(/^c\d revoked t-\d$/),
    expect.stringMatching(/^c\d revoked t-\d$/),
    expect.stringMatching(/^c3 assigned t-\d t-\d$/),
  ]);
  expect(kit.states().filter((state) => state.startsWith("Stable"))).toEqual([
    "Stable 1",
    "Stable 2",
    "Stable 3",
  ]);
  expect(kit.holds().map((line) => line.split(" ").length)).toEqual([3, 3, 3]);
});

test("a consumer that dies is replaced after its session, from what was committed last", () => {
  const kit = new ConsumerKit(1);
  const first = kit.start("c1", { enableAutoCommit: false }, { commits: "sync" });
  kit.pass(4_000);
  kit.fill(0, 2);
  kit.pass(2_000);
  kit.start("c2");
  kit.pass(10_000);
  // The one that holds the partition, and not yet the one that waits.
  expect(kit.given.get("c1")).toEqual(["t-0@0", "t-0@1"]);
  first.crash();
  kit.fill(0, 1);
  const crashedMs = kit.simulation.now();
  kit.pass(60_000);
  expect(kit.given.get("c2")).toEqual(["t-0@2"]);
  const [polled] = kit.eventsOf("records.polled").filter(({ client }) => client === "c2");
  expect((polled?.atMs ?? 0) - crashedMs).toBeGreaterThan(40_000);
  expect((polled?.atMs ?? 0) - crashedMs).toBeLessThan(55_000);
});

test("what was not committed when a consumer died is given to another again", () => {
  const kit = new ConsumerKit(1);
  const first = kit.start("c1");
  kit.pass(3_500);
  kit.fill(0, 2);
  kit.pass(1_000);
  expect(kit.given.get("c1")).toEqual(["t-0@0", "t-0@1"]);
  first.crash();
  kit.start("c2");
  kit.pass(60_000);
  expect(kit.given.get("c2")).toEqual(["t-0@0", "t-0@1"]);
});

test("a consumer stuck beyond max.poll.interval.ms leaves, and comes back when it polls", () => {
  const kit = new ConsumerKit(2);
  const settings = { maxPollIntervalMs: 20_000 };
  const slow = kit.start("c1", settings);
  kit.start("c2", settings);
  kit.pass(8_000);
  expect(kit.holds()).toEqual(
    ["c1: t-0", "c2: t-1"].map((line) => expect.stringContaining(line.slice(0, 3))),
  );
  slow.stall(30_000);
  kit.pass(19_000);
  expect(kit.states().at(-1)).toBe("Stable 1");
  kit.pass(6_000);
  expect(kit.holds()).toEqual(["c2: t-0 t-1"]);
  kit.pass(20_000);
  expect(kit.callbacks.filter((line) => line.startsWith("c1 lost"))).toHaveLength(1);
  expect(kit.holds()).toHaveLength(2);
});

test("heartbeats go on while the application is at work", () => {
  const kit = new ConsumerKit(1);
  kit.start("c1", { sessionTimeoutMs: 6_000 }, { processMs: 50_000 });
  kit.pass(4_000);
  kit.fill(0, 1);
  kit.pass(60_000);
  expect(kit.states().at(-1)).toBe("Stable 1");
});

test("a commit of who is not a member any more changes nothing", () => {
  const kit = new ConsumerKit(1);
  kit.start(
    "c1",
    { enableAutoCommit: false, maxPollIntervalMs: 10_000 },
    {
      commits: "sync",
      processMs: 30_000,
    },
  );
  kit.pass(3_500);
  kit.fill(0, 1);
  kit.pass(1_000);
  kit.start("c2", { enableAutoCommit: false }, { commits: "sync" });
  kit.pass(60_000);
  expect(kit.failures()).toContain("c1 commitOffsets UNKNOWN_MEMBER_ID");
  expect(kit.given.get("c2")).toContain("t-0@0");
});

test("a static member that restarts holds on to its partitions, and there is no rebalance", () => {
  const kit = new ConsumerKit(2);
  const first = kit.start("c1", {}, { instance: "i-1" });
  kit.start("c2", {}, { instance: "i-2" });
  kit.pass(8_000);
  const before = kit.holds();
  first.close();
  kit.pass(20_000);
  kit.start("c1", {}, { instance: "i-1" });
  kit.pass(20_000);
  expect(kit.holds()).toEqual(before);
  expect(kit.states().filter((state) => state === "CompletingRebalance 1")).toHaveLength(1);
  expect(kit.states().at(-1)).toBe("Stable 1");
});

test("two consumers of one instance: the older one is fenced, and ends", () => {
  const kit = new ConsumerKit(2);
  kit.start("c1", {}, { instance: "i" });
  kit.pass(5_000);
  kit.start("c2", {}, { instance: "i" });
  kit.pass(10_000);
  expect(kit.ends).toEqual([
    expect.stringContaining("c1: consumer c1 of group g has failed: FENCED"),
  ]);
  expect(kit.holds()).toEqual(["c1: t-0 t-1"]);
});

test("the leader sees partitions that are added when it looks at its topics again", () => {
  const kit = new ConsumerKit(2);
  kit.start("c1", { metadataMaxAgeMs: 30_000 });
  kit.start("c2", { metadataMaxAgeMs: 30_000 });
  kit.pass(6_000);
  kit.ask<"createPartitions">({ kind: "createPartitions", topic: "t", partitions: 4 });
  kit.pass(20_000);
  expect(kit.states().at(-1)).toBe("Stable 1");
  kit.pass(20_000);
  expect(kit.holds().map((line) => line.split(" ").length)).toEqual([3, 3]);
});

test("a consumer of a topic that is not there waits for it", () => {
  const kit = new ConsumerKit(1);
  kit.start("c1", {}, { topics: ["later"] });
  kit.pass(10_000);
  kit.topic({ partitions: 1, replicationFactor: 1 }, "later");
  kit.pass(10_000);
  expect(kit.callbacks.at(-1)).toBe("c1 assigned later-0");
});

test.each(["earliest", "latest"] as const)("auto.offset.reset %s", (autoOffsetReset) => {
  const kit = new ConsumerKit(1);
  kit.fill(0, 3);
  kit.start("c1", { autoOffsetReset });
  kit.pass(5_000);
  kit.fill(0, 1);
  kit.pass(2_000);
  const all = ["t-0@0", "t-0@1", "t-0@2", "t-0@3"];
  expect(kit.given.get("c1")).toEqual(autoOffsetReset === "earliest" ? all : ["t-0@3"]);
});

test("auto.offset.reset none ends the application where it has no position", () => {
  const kit = new ConsumerKit(2);
  kit.start("c1", { autoOffsetReset: "none" });
  kit.pass(5_000);
  expect(kit.ends).toEqual([
    "c1: consumer c1 of group g has failed: org.apache.kafka.clients.consumer." +
      "NoOffsetForPartitionException: Undefined offset with no reset policy for partitions: " +
      "[t-0, t-1]; autoOffsetReset is none, give earliest or latest, or commit offsets before",
  ]);
  // No broker was asked for anything that it refused.
  expect(kit.eventsOf("request.failed")).toEqual([]);
});

test("auto.offset.reset none ends the application whose position is out of range", () => {
  const kit = new ConsumerKit(1);
  kit.fill(0, 2);
  const only = kit.start("c1");
  kit.pass(5_000);
  only.close();
  kit.pass(1_000);
  const next = kit.start("c2", { autoOffsetReset: "none" });
  kit.pass(5_000);
  expect(kit.ends).toEqual(["c1: closed"]);
  next.seek({ topic: "t", partition: 0, offset: 9 });
  kit.pass(1_000);
  expect(kit.ends.at(-1)).toBe(
    "c2: consumer c2 of group g has failed: org.apache.kafka.clients.consumer." +
      "OffsetOutOfRangeException: Fetch position 9 is out of range for partition t-0; " +
      "autoOffsetReset is none, give earliest or latest to go on elsewhere",
  );
  expect(kit.eventsOf("request.failed")).toMatchObject([
    { client: "c2", request: "fetch", partition: 0, error: "OFFSET_OUT_OF_RANGE", retryInMs: null },
  ]);
});

test("a position the log does not have any more is reset, and the reset is told", () => {
  const kit = new ConsumerKit(1);
  kit.fill(0, 5);
  const only = kit.start("c1");
  kit.pass(5_000);
  only.pause({ topic: "t", partition: 0 });
  kit.fill(0, 5);
  kit.pass(1_000);
  kit.cluster.deleteRecords("t", 0, 8);
  only.seek({ topic: "t", partition: 0, offset: 6 });
  kit.pass(1_000);
  expect(kit.given.get("c1")).toHaveLength(5);
  only.resume({ topic: "t", partition: 0 });
  kit.pass(1_000);
  expect(kit.given.get("c1")?.slice(5)).toEqual(["t-0@8", "t-0@9"]);
  const [, reset] = kit.eventsOf("position.reset");
  expect(reset).toMatchObject({ client: "c1", fromOffset: 6, toOffset: 8, policy: "earliest" });
});

test("a fetch that finds nothing waits at the leader: what is appended comes at once", () => {
  const kit = new ConsumerKit(1, 3);
  kit.start("c1");
  kit.pass(8_300);
  const beforeMs = kit.simulation.now();
  kit.fill(0, 1);
  kit.pass(1_000);
  const [polled] = kit.eventsOf("records.polled");
  const [moved] = kit.eventsOf("highWatermark.advanced");
  expect(moved?.atMs).toBeGreaterThan(beforeMs);
  expect(polled?.atMs).toBe((moved?.atMs ?? 0) + 1);
});

test("a fetch that waits at a leader that resigns is answered, and goes on at the next one", () => {
  const kit = new ConsumerKit(1, 3);
  kit.start("c1");
  kit.pass(8_000);
  const leader = kit.eventsOf("topic.created")[0]?.leaders[0] ?? 1;
  kit.cluster.stopBroker(leader);
  kit.pass(5_000);
  kit.fill(0, 1);
  kit.pass(2_000);
  expect(kit.given.get("c1")).toEqual(["t-0@0"]);
});

test("max.poll.records limits what one poll gives", () => {
  const kit = new ConsumerKit(1);
  kit.fill(0, 7);
  kit.start("c1", { maxPollRecords: 3 });
  kit.pass(5_000);
  const polls = kit.eventsOf("records.polled");
  expect(polls.map(({ fromOffset, untilOffset }) => [fromOffset, untilOffset])).toEqual([
    [0, 3],
    [3, 6],
    [6, 7],
  ]);
  expect((polls[1]?.atMs ?? 0) - (polls[0]?.atMs ?? 0), "1 ms a record").toBe(3);
});

test("a coordinator that dies: members go on in the same generation with the next one", () => {
  const kit = new ConsumerKit(3, 3);
  const members = ["c1", "c2"].map((name) => kit.start(name));
  kit.pass(8_000);
  const last = kit.eventsOf("group.changed").at(-1);
  expect(last).toMatchObject({ state: "Stable", generation: 1 });
  kit.cluster.crashBroker(last?.coordinator ?? 1, "nothing");
  kit.pass(30_000);
  const now = kit.eventsOf("group.changed").at(-1);
  expect(now).toMatchObject({ state: "Stable", generation: 1, members: last?.members });
  expect(now?.coordinator).not.toBe(last?.coordinator);
  for (let partition = 0; partition < 3; partition += 1) kit.fill(partition, 1);
  kit.pass(10_000);
  expect([...(kit.given.get("c1") ?? []), ...(kit.given.get("c2") ?? [])]).toHaveLength(3);
  expect(members.map(({ isEnded }) => isEnded)).toEqual([false, false]);
});

test("members with no assignor in common: the later one fails, and says what to do", () => {
  const kit = new ConsumerKit(1);
  kit.start("c1", { partitionAssignmentStrategy: ["range"] });
  kit.pass(5_000);
  kit.start("c2", { partitionAssignmentStrategy: ["sticky"] });
  kit.pass(1_000);
  expect(kit.ends).toEqual([
    "c2: consumer c2 of group g has failed: INCONSISTENT_GROUP_PROTOCOL; give all members of a " +
      "group an assignor in common",
  ]);
});
