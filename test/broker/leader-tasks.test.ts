// When the controller looks for leaders that are not preferred, and for partitions without one, as
// QuorumController schedules it: an interval after there was need, and again while there is.
import { describe, expect, test } from "vitest";
import { ClusterKit } from "./cluster-kit.ts";

/** Broker 1 alone has the last record, and is gone; nobody leads from `goneMs` on. */
function leaderless(settings: ConstructorParameters<typeof ClusterKit>[1] = {}): {
  kit: ClusterKit;
  goneMs: number;
} {
  const kit = new ClusterKit(3, settings);
  kit.topic();
  kit.runTo(100);
  kit.cluster.crashBroker(2, "nothing");
  kit.cluster.crashBroker(3, "nothing");
  kit.runTo(12_000);
  kit.cluster.crashBroker(1, "nothing");
  kit.cluster.startBroker(3);
  kit.runTo(25_000);
  const gone = kit.eventsOf("partition.changed").at(-1);
  expect(gone).toMatchObject({ leader: -1, isr: [1] });
  return { kit, goneMs: gone?.atMs ?? -1 };
}

const allow = (kit: ClusterKit): void =>
  kit.cluster.administer({
    kind: "alterTopic",
    topic: "t",
    config: { uncleanLeaderElection: true },
  });
const elections = (kit: ClusterKit): number[] =>
  kit
    .eventsOf("partition.changed")
    .filter(({ reason }) => reason === "unclean election")
    .map(({ atMs }) => atMs);

describe("unclean elections that come to be allowed", () => {
  test("happen at the next look, five minutes after the leader was gone", () => {
    const { kit, goneMs } = leaderless();
    allow(kit);
    kit.runTo(400_000);
    expect(elections(kit)).toEqual([goneMs + 300_000]);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({ leader: 3, isr: [3] });
  });

  test("happen at a later look, by the phase of the first", () => {
    const { kit, goneMs } = leaderless({ uncleanLeaderElectionCheckMs: 10_000 });
    kit.runTo(goneMs + 34_000);
    allow(kit);
    kit.runTo(400_000);
    expect(elections(kit)).toEqual([goneMs + 40_000]);
  });

  test("happen at once when an administrator asks for one", () => {
    const { kit } = leaderless();
    allow(kit);
    kit.ask<"electLeader">({ kind: "electLeader", topic: "t", partition: 0, election: "unclean" });
    kit.runTo(26_000);
    expect(elections(kit)[0]).toBeLessThan(25_010);
  });

  test("happen at once when the last in sync is fenced, and when a replica comes back", () => {
    const kit = new ClusterKit(3);
    kit.topic({ partitions: 1 });
    kit.runTo(100);
    for (const broker of [2, 3, 1]) {
      kit.cluster.crashBroker(broker, "nothing");
      kit.runTo(kit.simulation.now() + 12_000);
    }
    allow(kit);
    kit.runTo(100_000);
    expect(elections(kit)).toEqual([]);
    kit.cluster.startBroker(3);
    kit.runTo(101_000);
    expect(elections(kit)).toHaveLength(1);
  });

  test("are no preferred ones, nor come with them", () => {
    const { kit } = leaderless({ leaderImbalanceCheckMs: 20_000 });
    allow(kit);
    kit.cluster.electPreferredLeaders();
    kit.runTo(100_000);
    expect(elections(kit)).toEqual([]);
  });

  test("wait a whole interval again when there is a new controller", () => {
    const { kit, goneMs } = leaderless({ uncleanLeaderElectionCheckMs: 60_000 });
    allow(kit);
    kit.runTo(goneMs + 30_000);
    kit.cluster.crashController();
    kit.runTo(goneMs + 60_000 + 15_000);
    expect(elections(kit)).toEqual([]);
    kit.runTo(goneMs + 60_000 + 40_000);
    expect(elections(kit)).toHaveLength(1);
  });
});

test("leaders go home at the next look, by the phase of the first that found them away", () => {
  const kit = new ClusterKit(3, { leaderImbalanceCheckMs: 10_000 });
  kit.topic();
  kit.runTo(1_000);
  kit.cluster.stopBroker(1);
  kit.runTo(25_000);
  const away = kit.eventsOf("partition.changed").at(-1);
  expect(away).toMatchObject({ reason: "controlled shutdown", leader: 2 });
  kit.cluster.startBroker(1);
  kit.runTo(60_000);
  expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({
    reason: "preferred election",
    leader: 1,
    atMs: (away?.atMs ?? 0) + 30_000,
  });
});
