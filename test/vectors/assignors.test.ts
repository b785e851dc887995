// Goal: our assignors deal out as Kafka's own classes do, rebalance after rebalance.
// Method: the vectors of test/vectors/kafka/assignors.json, whose group is played here as it was
// there: members remember what they were given, and join again while they have to let go.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Assignor, AssignorMember } from "../../core/client/assignors/assignor.ts";
import { cooperativeSticky } from "../../core/client/assignors/cooperative-sticky.ts";
import { range } from "../../core/client/assignors/range.ts";
import { roundRobin } from "../../core/client/assignors/round-robin.ts";
import { sticky } from "../../core/client/assignors/sticky.ts";
import { compareNumbers, compareStrings } from "../../core/base/order.ts";
import { type TopicPartition, topicPartitionName } from "../../core/record/topic-partition.ts";

type ByTopic = Readonly<Record<string, readonly number[]>>;

interface Round {
  readonly topics?: Readonly<Record<string, number>>;
  readonly members: readonly {
    readonly id: string;
    readonly topics: readonly string[];
    readonly instance?: string | null;
    readonly owned?: readonly string[];
    readonly generation?: number;
  }[];
  readonly saw: readonly Readonly<Record<string, ByTopic>>[];
}

interface Vector {
  readonly name: string;
  readonly assignor: string;
  readonly rounds: readonly Round[];
}

const vectors = JSON.parse(
  readFileSync(new URL("kafka/assignors.json", import.meta.url), "utf8"),
) as readonly Vector[];
const assignors = new Map([range, roundRobin, sticky, cooperativeSticky].map((a) => [a.name, a]));

interface Held {
  readonly partitions: readonly TopicPartition[];
  readonly generation: number;
}

class Group {
  readonly #assignor: Assignor;
  readonly #topics = new Map<string, number>();
  readonly #held = new Map<string, Held>();
  #generation = 0;

  constructor(assignor: Assignor) {
    this.#assignor = assignor;
  }

  /** One assignment for each generation that the round takes. */
  rebalance(round: Round): readonly Readonly<Record<string, ByTopic>>[] {
    for (const [topic, count] of Object.entries(round.topics ?? {})) this.#topics.set(topic, count);
    const present = new Set(round.members.map(({ id }) => id));
    for (const id of this.#held.keys()) if (!present.has(id)) this.#held.delete(id);
    for (const { id, owned, generation = -1 } of round.members) {
      if (owned !== undefined) this.#held.set(id, { partitions: owned.map(called), generation });
    }
    const results: Readonly<Record<string, ByTopic>>[] = [];
    for (let hasRevoked = true; hasRevoked;) {
      this.#generation += 1;
      const members = round.members.map((one) => this.#subscribe(one));
      const given = this.#assignor.assign(this.#topics, members);
      const ids = [...given.keys()].sort(compareStrings);
      hasRevoked =
        this.#assignor.isCooperative &&
        members.some(({ member, subscription }) => {
          const names = new Set((given.get(member) ?? []).map(topicPartitionName));
          return subscription.ownedPartitions.some((one) => !names.has(topicPartitionName(one)));
        });
      for (const id of ids) {
        this.#held.set(id, { partitions: given.get(id) ?? [], generation: this.#generation });
      }
      results.push(Object.fromEntries(ids.map((id) => [id, byTopic(given.get(id) ?? [])])));
      expect(results.length, "a rebalance must end").toBeLessThanOrEqual(10);
    }
    return results;
  }

  #subscribe({ id, topics, instance = null }: Round["members"][number]): AssignorMember {
    const held = this.#held.get(id) ?? null;
    const keeps = this.#assignor.isCooperative ? (held?.partitions ?? []) : [];
    return {
      member: id,
      instance,
      subscription: {
        topics,
        ownedPartitions: keeps.filter(({ topic }) => topics.includes(topic)),
        generation: held?.generation ?? -1,
        lastAssignment: held,
      },
    };
  }
}

function called(name: string): TopicPartition {
  const dash = name.lastIndexOf("-");
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
}

function byTopic(partitions: readonly TopicPartition[]): ByTopic {
  const topics = [...new Set(partitions.map(({ topic }) => topic))].sort(compareStrings);
  return Object.fromEntries(
    topics.map((topic) => [
      topic,
      partitions
        .filter((one) => one.topic === topic)
        .map(({ partition }) => partition)
        .sort(compareNumbers),
    ]),
  );
}

describe.each([...assignors.values()])("assign of $name deals out as Kafka's", (assignor) => {
  const own = vectors.filter((vector) => vector.assignor === assignor.name);
  test.each(own)("$name", ({ rounds }) => {
    const group = new Group(assignor);
    for (const round of rounds) expect(group.rebalance(round)).toEqual(round.saw);
  });
});

test("every vector of assignors is about one of ours", () => {
  expect(vectors.filter(({ assignor }) => !assignors.has(assignor))).toEqual([]);
  expect(vectors.length).toBeGreaterThan(100);
});
