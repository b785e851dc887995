// Goal: one set of promises for every broker, so that what holds in the simulation holds on Kafka.
// Method: each request of the port, asked one at a time and many at once; the same cases for both.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReplyOf } from "../../core/broker/broker.ts";
import { type BrokerUnderTest, Client, numbered, offsetsOf, unlimited } from "./broker-client.ts";
import { fetchCases, listOffsetsCases, produceCases, recordCases } from "./log-cases.ts";

/** Declares the cases. */
export function brokerContract(name: string, setUp: () => Promise<BrokerUnderTest>): void {
  describe(name, () => {
    const client = new Client();

    beforeAll(async () => {
      client.world = await setUp();
    });

    afterAll(async () => {
      await client.world.stop();
      expect(client.answers.filter((count) => count !== 1)).toEqual([]);
    });

    describe("createTopic", () => topicCases(client));
    describe("createPartitions", () => partitionCases(client));
    describe("deleteRecords", () => deletionCases(client));
    describe("metadata", () => metadataCases(client));
    describe("produce", () => produceCases(client));
    describe("fetch", () => fetchCases(client));
    describe("what a record carries", () => recordCases(client));
    describe("listOffsets", () => listOffsetsCases(client));
    describe("committed offsets", () => committedCases(client));
    describe("replies", () => replyCases(client));
  });
}

function partitionCases(client: Client): void {
  const grow = (topic: string, partitions: number): Promise<ReplyOf<"createPartitions">> =>
    client.ask<"createPartitions">({ kind: "createPartitions", topic, partitions });

  test("adds empty partitions, and leaves the others as they were", async () => {
    const topic = await client.newTopic(2);
    await client.produce(topic, 1, numbered(3));
    expect((await grow(topic, 4)).error).toBeNull();
    const { topics } = await client.ask<"metadata">({ kind: "metadata", topics: [topic] });
    expect(topics[0]?.partitions.map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
    expect(await client.offset(topic, 1, "latest")).toBe(3);
    expect((await client.produce(topic, 3, numbered(1))).error).toBeNull();
    expect(await client.offset(topic, 3, "latest")).toBe(1);
  });

  test.each([2, 1, 0])("refuses %i partitions for a topic of two", async (partitions) => {
    expect((await grow(await client.newTopic(2), partitions)).error).toBe("INVALID_PARTITIONS");
  });

  test("refuses a topic there is not", async () => {
    const { error } = await grow(client.world.uniqueTopic(), 2);
    expect(error).toBe("UNKNOWN_TOPIC_OR_PARTITION");
  });
}

function deletionCases(client: Client): void {
  const remove = (
    topic: string,
    beforeOffset: number,
    partition = 0,
  ): Promise<ReplyOf<"deleteRecords">> =>
    client.ask<"deleteRecords">({ kind: "deleteRecords", topic, partition, beforeOffset });

  test("moves the log start; what lies before is out of range", async () => {
    const topic = await client.newTopic(1);
    await client.produce(topic, 0, numbered(6));
    expect(await remove(topic, 4)).toMatchObject({ error: null, logStartOffset: 4 });
    expect(await client.offset(topic, 0, "earliest")).toBe(4);
    expect(await client.offset(topic, 0, "latest")).toBe(6);
    expect(offsetsOf(await client.fetch(topic, 4))).toEqual([4, 5]);
    expect((await client.fetch(topic, 3)).error).toBe("OFFSET_OUT_OF_RANGE");
  });

  test("never moves it back, and to the high watermark for -1", async () => {
    const topic = await client.newTopic(1);
    await client.produce(topic, 0, numbered(6));
    await remove(topic, 4);
    expect(await remove(topic, 2)).toMatchObject({ error: null, logStartOffset: 4 });
    expect(await remove(topic, -1)).toMatchObject({ error: null, logStartOffset: 6 });
    await client.produce(topic, 0, numbered(1));
    expect(offsetsOf(await client.fetch(topic, 6))).toEqual([6]);
  });

  test("refuses an offset beyond the end, and a partition there is not", async () => {
    const topic = await client.newTopic(1);
    await client.produce(topic, 0, numbered(2));
    expect((await remove(topic, 3)).error).toBe("OFFSET_OUT_OF_RANGE");
    expect((await remove(topic, 0, 5)).error).toBe("UNKNOWN_TOPIC_OR_PARTITION");
  });
}

function topicCases(client: Client): void {
  test("makes a topic that is empty from offset 0", async () => {
    const topic = await client.newTopic(2);
    for (const partition of [0, 1]) {
      expect(await client.offset(topic, partition, "earliest")).toBe(0);
      expect(await client.offset(topic, partition, "latest")).toBe(0);
    }
  });

  test("refuses a topic that is there, and leaves it as it was", async () => {
    const topic = await client.newTopic(2);
    await client.produce(topic, 0, numbered(3));
    expect((await client.create(topic, { partitions: 5 })).error).toBe("TOPIC_ALREADY_EXISTS");
    const { topics } = await client.ask<"metadata">({ kind: "metadata", topics: [topic] });
    expect(topics[0]?.partitions.length).toBe(2);
    expect(await client.offset(topic, 0, "latest")).toBe(3);
  });

  test.each([".", "..", "a b", "a/b", "wört", "主题", "x".repeat(250)])(
    "refuses %j as a name",
    async (topic) => {
      expect((await client.create(topic, { partitions: 1 })).error).toBe("INVALID_TOPIC_EXCEPTION");
    },
  );

  test("refuses the empty name", async () => {
    expect((await client.create("", { partitions: 1 })).error).toBe("INVALID_TOPIC_EXCEPTION");
  });

  test("refuses a name that differs from another in '.' for '_' only", async () => {
    const base = client.world.uniqueTopic();
    expect((await client.create(`${base}.a_b`, { partitions: 1 })).error).toBeNull();
    expect((await client.create(`${base}_a.b`, { partitions: 1 })).error).toBe(
      "INVALID_TOPIC_EXCEPTION",
    );
  });

  test("takes letters, digits, '.', '_' and '-', up to 249 of them", async () => {
    const short = `${client.world.uniqueTopic()}.A-z_0`;
    const long = client.world.uniqueTopic().padEnd(249, "x");
    for (const topic of [short, long]) {
      expect((await client.create(topic, { partitions: 1 })).error).toBeNull();
    }
  });

  test.each([0, -2])("refuses %i partitions", async (partitions) => {
    const reply = await client.create(client.world.uniqueTopic(), { partitions });
    expect(reply.error).toBe("INVALID_PARTITIONS");
  });
}

function metadataCases(client: Client): void {
  test("of all topics when none is named", async () => {
    const [one, two] = [await client.newTopic(1), await client.newTopic(2)];
    const { topics } = await client.ask<"metadata">({ kind: "metadata", topics: null });
    const own = topics.filter(({ topic }) => topic === one || topic === two);
    expect(own.map(({ partitions }) => partitions.length).toSorted()).toEqual([1, 2]);
  });

  test("gives every partition of a topic with its leader", async () => {
    const topic = await client.newTopic(3);
    const reply = await client.ask<"metadata">({ kind: "metadata", topics: [topic] });
    expect(reply.error).toBeNull();
    expect(reply.topics.map((of) => [of.topic, of.error])).toEqual([[topic, null]]);
    const partitions = [...(reply.topics[0]?.partitions ?? [])];
    partitions.sort((a, b) => a.partition - b.partition);
    expect(partitions.map(({ partition }) => partition)).toEqual([0, 1, 2]);
    for (const { leader } of partitions) expect(leader).toBeGreaterThanOrEqual(0);
  });

  test("says of each topic whether it is known, and makes none by asking", async () => {
    const known = await client.newTopic(1);
    const unknown = client.world.uniqueTopic();
    for (let time = 1; time <= 2; time += 1) {
      const reply = await client.ask<"metadata">({ kind: "metadata", topics: [unknown, known] });
      const errors = new Map(reply.topics.map(({ topic, error }) => [topic, error]));
      expect(reply.error).toBeNull();
      expect(errors.get(known)).toBeNull();
      expect(errors.get(unknown)).toBe("UNKNOWN_TOPIC_OR_PARTITION");
    }
  });

  test("of no topics is no topics", async () => {
    const reply = await client.ask<"metadata">({ kind: "metadata", topics: [] });
    expect(reply).toEqual({ kind: "metadata", error: null, topics: [] });
  });
}

function committedCases(client: Client): void {
  const committed = async (group: string, topic: string, partitions: readonly number[]) => {
    const asked = partitions.map((partition) => ({ topic, partition }));
    const request = { kind: "fetchCommitted", group, partitions: asked } as const;
    const reply = await client.ask<"fetchCommitted">(request);
    expect(reply.error).toBeNull();
    expect(reply.offsets.map((of) => [of.topic, of.partition])).toEqual(
      partitions.map((partition) => [topic, partition]),
    );
    return reply.offsets.map(({ offset }) => offset);
  };
  const commit = async (
    group: string,
    offsets: readonly { topic: string; partition: number; offset: number }[],
  ) => (await client.ask<"commitOffsets">({ kind: "commitOffsets", group, offsets })).error;

  test("are null before the first commit", async () => {
    const topic = await client.newTopic(2);
    expect(await committed(client.world.uniqueTopic(), topic, [0, 1])).toEqual([null, null]);
  });

  test("are kept by group and partition, offset 0 among them", async () => {
    const topic = await client.newTopic(3);
    const [one, other] = [client.world.uniqueTopic(), client.world.uniqueTopic()];
    const offsets = [
      { topic, partition: 0, offset: 7 },
      { topic, partition: 2, offset: 0 },
    ];
    expect(await commit(one, offsets)).toBeNull();
    expect(await committed(one, topic, [0, 1, 2])).toEqual([7, null, 0]);
    expect(await committed(other, topic, [0, 1, 2])).toEqual([null, null, null]);
  });

  test("may move on and back, and past the log end: the broker does not compare", async () => {
    const topic = await client.newTopic(1);
    const group = client.world.uniqueTopic();
    for (const offset of [3, 9, 1]) {
      expect(await commit(group, [{ topic, partition: 0, offset }])).toBeNull();
      expect(await committed(group, topic, [0])).toEqual([offset]);
    }
  });

  test("of an unknown topic are refused, and those beside them kept", async () => {
    const topic = await client.newTopic(1);
    const unknown = client.world.uniqueTopic();
    const group = client.world.uniqueTopic();
    const offsets = [
      { topic: unknown, partition: 0, offset: 4 },
      { topic, partition: 0, offset: 5 },
      { topic, partition: 1, offset: 6 },
    ];
    expect(await commit(group, offsets)).toBe("UNKNOWN_TOPIC_OR_PARTITION");
    expect(await committed(group, topic, [0])).toEqual([5]);
    expect(await committed(group, unknown, [0])).toEqual([null]);
  });

  test("may be kept under the empty group name", async () => {
    const topic = await client.newTopic(1);
    expect(await commit("", [{ topic, partition: 0, offset: 2 }])).toBeNull();
    expect(await committed("", topic, [0])).toEqual([2]);
  });
}

function replyCases(client: Client): void {
  test("come once to each of many requests at once, each its own", async () => {
    const topic = await client.newTopic(1);
    await client.produce(topic, 0, numbered(50));
    const requests = Array.from({ length: 50 }, (_, fromOffset) => ({
      kind: "fetch" as const,
      topic,
      partition: 0,
      fromOffset,
      untilOffset: fromOffset + 1,
      ...unlimited,
    }));
    const replies = await client.askAll<"fetch">(requests);
    expect(replies.map(offsetsOf)).toEqual(requests.map(({ fromOffset }) => [fromOffset]));
  });

  test("are of the request's kind, also when it fails", async () => {
    const topic = client.world.uniqueTopic();
    const of = { topic, partition: 0 };
    const metadata = await client.ask<"metadata">({ kind: "metadata", topics: [topic] });
    const produce = await client.produce(topic, 0, numbered(1));
    const fetch = await client.fetch(topic, 0);
    const list = await client.ask<"listOffsets">({ kind: "listOffsets", ...of, at: "latest" });
    const group = topic;
    const commit = await client.ask<"commitOffsets">({
      kind: "commitOffsets",
      group,
      offsets: [{ ...of, offset: 1 }],
    });
    const committed = await client.ask<"fetchCommitted">({
      kind: "fetchCommitted",
      group,
      partitions: [of],
    });
    expect([metadata, produce, fetch, list, commit, committed].map(({ kind }) => kind)).toEqual([
      "metadata",
      "produce",
      "fetch",
      "listOffsets",
      "commitOffsets",
      "fetchCommitted",
    ]);
  });
}
