// Where replicas go, and who is in sync at first, as ReplicationControlManager and
// StripedReplicaPlacer have it.
import { describe, expect, test } from "vitest";
import { placeReplicas } from "../../core/broker/election.ts";
import { ClusterKit } from "./cluster-kit.ts";

/** `replicas/isr` of each partition. */
function places(kit: ClusterKit, topic = "t"): string[] {
  const asked = kit.ask<"metadata">({ kind: "metadata", topics: [topic] });
  kit.runTo(kit.simulation.now() + 2);
  const [known] = asked.reply?.topics ?? [];
  return (known?.partitions ?? []).map(
    ({ replicas, isr }) => `${replicas?.join("")}/${isr?.join("")}`,
  );
}

describe("while a broker is fenced", () => {
  function withoutBroker3(): ClusterKit {
    const kit = new ClusterKit(3);
    kit.topic({ partitions: 3 });
    kit.runTo(1_000);
    kit.cluster.crashBroker(3, "nothing");
    kit.runTo(20_000);
    return kit;
  }

  test("new partitions have a copy on it, last, and it is not in sync until it has it", () => {
    const kit = withoutBroker3();
    kit.ask<"createPartitions">({ kind: "createPartitions", topic: "t", partitions: 6 });
    kit.runTo(20_100);
    expect(places(kit).slice(3)).toEqual(["213/21", "123/12", "213/21"]);
    expect(kit.eventsOf("partitions.added").at(-1)).toMatchObject({ leaders: [2, 1, 2] });
    kit.cluster.startBroker(3);
    kit.runTo(40_000);
    expect(places(kit).map((place) => [...(place.split("/")[1] ?? "")].sort().join(""))).toEqual(
      Array.from({ length: 6 }, () => "123"),
    );
  });

  test("a new topic has one, too, which counts when it is asked for three copies", () => {
    const kit = withoutBroker3();
    const config = { partitions: 2, replicationFactor: 3 };
    const made = kit.ask<"createTopic">({ kind: "createTopic", topic: "u", config });
    const four = { partitions: 1, replicationFactor: 4 };
    const refused = kit.ask<"createTopic">({ kind: "createTopic", topic: "v", config: four });
    kit.runTo(20_100);
    expect([made.reply?.error, refused.reply?.error]).toEqual([null, "INVALID_REPLICATION_FACTOR"]);
    expect(places(kit, "u")).toEqual(["123/12", "213/21"]);
  });

  test("who is asked for by number may be fenced, as long as somebody is not", () => {
    const kit = withoutBroker3();
    const ask = (topic: string, replicas: readonly (readonly number[])[]) =>
      kit.ask<"createTopic">({
        kind: "createTopic",
        topic,
        config: { partitions: replicas.length, replicas },
      });
    const made = ask("u", [[3, 1]]);
    const refused = ask("v", [[1], [3]]);
    kit.runTo(20_100);
    expect([made.reply?.error, refused.reply?.error]).toEqual([null, "INVALID_REPLICA_ASSIGNMENT"]);
    expect(places(kit, "u")).toEqual(["31/1"]);
  });

  test("a partition that waits for its preferred leader gets it at the look for balance", () => {
    const kit = withoutBroker3();
    kit.ask<"createTopic">({
      kind: "createTopic",
      topic: "u",
      config: { partitions: 1, replicas: [[3, 1]] },
    });
    kit.runTo(20_100);
    kit.cluster.startBroker(3);
    kit.runTo(400_000);
    const changes = kit.eventsOf("partition.changed").filter(({ topic }) => topic === "u");
    expect(changes.map(({ reason, leader }) => `${reason}: ${leader}`)).toEqual([
      "created: 1",
      "isr expanded: 1",
      "preferred election: 3",
    ]);
  });
});

test("copies go to the unfenced first, and both are dealt round", () => {
  const brokers = { unfenced: [1, 4], fenced: [2, 3] };
  expect(placeReplicas(brokers, { from: 0, until: 4 }, 3)).toEqual([
    [1, 4, 2],
    [4, 1, 3],
    [1, 4, 2],
    [4, 1, 3],
  ]);
  expect(placeReplicas(brokers, { from: 1, until: 2 }, 1)).toEqual([[4]]);
});
