// The part of the contract that is about the log of a partition.
import { beforeAll, expect, test } from "vitest";
import type { ProduceRecord } from "../../core/broker/broker.ts";
import { type Client, numbered, offsetsOf, text } from "./broker-client.ts";

/** Declares the cases of writing. */
export function produceCases(client: Client): void {
  test("gives the offset of the first record, each partition counting for itself", async () => {
    const topic = await client.newTopic(2);
    const bases: number[] = [];
    for (const [partition, count] of [
      [0, 3],
      [0, 1],
      [1, 2],
      [0, 2],
      [1, 1],
    ] as const) {
      const reply = await client.produce(topic, partition, numbered(count));
      expect(reply.error).toBeNull();
      bases.push(reply.baseOffset);
    }
    expect(bases).toEqual([0, 3, 0, 4, 2]);
    expect(await client.offset(topic, 0, "latest")).toBe(6);
    expect(await client.offset(topic, 1, "latest")).toBe(3);
  });

  test("keeps the order of a batch", async () => {
    const topic = await client.newTopic(1);
    await client.produce(topic, 0, numbered(500));
    const { records } = await client.fetch(topic, 0);
    expect(records.map(({ offset, value }) => [offset, value])).toEqual(
      Array.from({ length: 500 }, (_, index) => [index, `${index}`]),
    );
  });

  test("at once: each batch stays whole, and no offset is given twice", async () => {
    const topic = await client.newTopic(1);
    const requests = Array.from({ length: 20 }, (_, index) => ({
      kind: "produce" as const,
      topic,
      partition: 0,
      records: numbered(3, index * 3),
    }));
    const replies = await client.askAll<"produce">(requests);
    const bases = replies.map(({ baseOffset }) => baseOffset);
    expect([...bases].sort((a, b) => a - b)).toEqual(requests.map((_, index) => index * 3));
    const { records } = await client.fetch(topic, 0);
    replies.forEach(({ baseOffset }, index) => {
      const values = records.slice(baseOffset, baseOffset + 3).map(({ value }) => value);
      expect(values).toEqual(numbered(3, index * 3).map(({ value }) => value));
    });
  });

  test("to an unknown topic or partition fails and uses up no offset", async () => {
    const topic = await client.newTopic(1);
    const failed = { kind: "produce", error: "UNKNOWN_TOPIC_OR_PARTITION", baseOffset: -1 };
    expect(await client.produce(topic, 1, numbered(1))).toMatchObject(failed);
    const elsewhere = await client.produce(client.world.uniqueTopic(), 0, numbered(1));
    expect(elsewhere).toMatchObject(failed);
    expect((await client.produce(topic, 0, numbered(1))).baseOffset).toBe(0);
  });

  test("takes a value of 900 kB and gives it back", async () => {
    const topic = await client.newTopic(1);
    const value = "0123456789".repeat(90_000);
    expect((await client.produce(topic, 0, [text(value)])).error).toBeNull();
    const { records } = await client.fetch(topic, 0);
    expect(records.length).toBe(1);
    expect(records[0]?.value === value, "the same 900 kB").toBe(true);
  });

  test("refuses a record too large, which uses up no offset", async () => {
    const topic = await client.newTopic(1);
    const tooLarge = await client.produce(topic, 0, [text("x".repeat(1_100_000))]);
    expect(tooLarge).toMatchObject({ kind: "produce", error: "MESSAGE_TOO_LARGE", baseOffset: -1 });
    expect((await client.produce(topic, 0, numbered(1))).baseOffset).toBe(0);
  });

  test("measures a record in UTF-8 bytes against the topic's own max.message.bytes", async () => {
    const topic = client.world.uniqueTopic();
    await client.create(topic, { partitions: 1, maxMessageBytes: 1_000 });
    expect((await client.produce(topic, 0, [text("x".repeat(600))])).error).toBeNull();
    const threeBytesEach = await client.produce(topic, 0, [text("中".repeat(600))]);
    expect(threeBytesEach.error).toBe("MESSAGE_TOO_LARGE");
  });
}

/** Declares the cases of reading. */
export function fetchCases(client: Client): void {
  const full = { value: "" };

  beforeAll(async () => {
    full.value = await client.newTopic(1);
    await client.produce(full.value, 0, numbered(4));
    await client.produce(full.value, 0, numbered(6, 4));
  });

  test.each([
    { from: 0, until: 10, max: 100, want: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
    { from: 2, until: 7, max: 100, want: [2, 3, 4, 5, 6] },
    { from: 0, until: 10, max: 3, want: [0, 1, 2] },
    { from: 3, until: 5, max: 3, want: [3, 4] },
    { from: 9, until: 10, max: 1, want: [9] },
    { from: 8, until: 99, max: 100, want: [8, 9] },
  ])("[$from, $until) with at most $max records is $want", async ({ from, until, max, want }) => {
    const offsets: number[] = [];
    let at = from;
    // A broker may give less than it could; asking on gives exactly the range.
    while (at < Math.min(until, 10) && offsets.length < max) {
      const limits = { untilOffset: until, maxRecords: max - offsets.length };
      const reply = await client.fetch(full.value, at, limits);
      expect(reply).toMatchObject({ error: null, highWatermark: 10, logStartOffset: 0 });
      expect(reply.records.length).toBeGreaterThan(0);
      offsets.push(...offsetsOf(reply));
      at = reply.nextOffset;
      expect(at).toBe((offsets.at(-1) ?? -1) + 1);
    }
    expect(offsets).toEqual(want);
  });

  test("gives one record at least, however few bytes are asked for", async () => {
    const reply = await client.fetch(full.value, 5, { maxBytes: 1 });
    expect(reply.records[0]).toMatchObject({ offset: 5, value: "5" });
    expect(reply.nextOffset).toBe((offsetsOf(reply).at(-1) ?? -1) + 1);
  });

  test("of an empty range, or of no records, is nothing", async () => {
    for (const limits of [{ untilOffset: 4 }, { untilOffset: 2 }, { maxRecords: 0 }]) {
      const reply = await client.fetch(full.value, 4, limits);
      expect(reply).toMatchObject({ error: null, records: [], nextOffset: 4 });
    }
  });

  test("at the log end is nothing, and no error", async () => {
    expect(await client.fetch(full.value, 10)).toMatchObject({
      kind: "fetch",
      error: null,
      records: [],
      nextOffset: 10,
      highWatermark: 10,
      logStartOffset: 0,
    });
  });

  test.each([11, 1_000_000, -1])("at offset %i of ten is OFFSET_OUT_OF_RANGE", async (from) => {
    expect(await client.fetch(full.value, from)).toMatchObject({
      kind: "fetch",
      error: "OFFSET_OUT_OF_RANGE",
      records: [],
      nextOffset: from,
      highWatermark: -1,
      logStartOffset: -1,
    });
  });

  test("of an unknown topic or partition fails", async () => {
    const failed = { error: "UNKNOWN_TOPIC_OR_PARTITION", records: [], nextOffset: 0 };
    expect(await client.fetch(client.world.uniqueTopic(), 0)).toMatchObject(failed);
    expect(await client.fetch(full.value, 0, { partition: 1 })).toMatchObject(failed);
  });

  test("reads the same again: a log is not used up", async () => {
    const once = await client.fetch(full.value, 1, { untilOffset: 4 });
    expect(await client.fetch(full.value, 1, { untilOffset: 4 })).toEqual(once);
  });
}

/** Declares what a record keeps on its way. */
export function recordCases(client: Client): void {
  const carried: readonly [string, Partial<ProduceRecord>][] = [
    ["a key", { key: "user-1" }],
    ["an empty key, which is not no key", { key: "" }],
    ["a tombstone", { key: "user-1", value: null }],
    ["neither key nor value", { key: null, value: null }],
    ["an empty value, which is not a tombstone", { value: "" }],
    ["Chinese", { key: "键", value: "流处理：一次一批" }],
    ["emoji, of which some are several characters", { key: "🎈", value: "👩‍🚀 🇨🇳 😀" }],
    ["accents, one and two characters each", { value: "é e\u0301 ß" }],
    ["what looks like an escape or an end", { value: 'a\u0000b\n\r\t"\\\\u0041\u2028' }],
    ["time stamp 0", { timestampMs: 0 }],
    ["a time stamp of today's size", { timestampMs: 1_760_000_000_123 }],
    [
      "headers, in order, also twice under one key and empty",
      {
        headers: [
          { key: "trace", value: "1" },
          { key: "trace", value: "2" },
          { key: "sprache", value: "中文 🎈" },
          { key: "empty", value: "" },
        ],
      },
    ],
  ];

  test.each(carried)("%s", async (_what, fields) => {
    const topic = await client.newTopic(1);
    const record = { ...text("value"), ...fields };
    expect((await client.produce(topic, 0, [record])).error).toBeNull();
    const { records } = await client.fetch(topic, 0);
    expect(records).toEqual([{ topic, partition: 0, offset: 0, ...record }]);
  });

  test("all of it side by side in one batch", async () => {
    const topic = await client.newTopic(1);
    const records = carried.map(([, fields]) => ({ ...text("value"), ...fields }));
    await client.produce(topic, 0, records);
    expect((await client.fetch(topic, 0)).records).toEqual(
      records.map((record, offset) => ({ topic, partition: 0, offset, ...record })),
    );
  });
}

/** Declares the cases of looking for an offset. */
export function listOffsetsCases(client: Client): void {
  const timed = { value: "" };

  beforeAll(async () => {
    timed.value = await client.newTopic(2);
    await client.produce(timed.value, 0, [text("a", 100), text("b", 300), text("c", 200)]);
    await client.produce(timed.value, 0, [text("d", 50), text("e", 1_000)]);
  });

  test("earliest is the log start, latest one past the last record", async () => {
    expect(await client.offset(timed.value, 0, "earliest")).toBe(0);
    expect(await client.offset(timed.value, 0, "latest")).toBe(5);
    expect(await client.offset(timed.value, 1, "latest")).toBe(0);
  });

  test.each([
    [0, 0],
    [100, 0],
    [101, 1],
    [200, 1],
    [300, 1],
    [301, 4],
    [1_000, 4],
    [1_001, -1],
  ])("time %i is at offset %i: the first record as late", async (timestampMs, offset) => {
    expect(await client.offset(timed.value, 0, { timestampMs })).toBe(offset);
  });

  test("any time is at no offset of an empty partition", async () => {
    expect(await client.offset(timed.value, 1, { timestampMs: 0 })).toBe(-1);
  });

  test("of an unknown topic or partition fails", async () => {
    for (const [topic, partition] of [
      [client.world.uniqueTopic(), 0],
      [timed.value, 2],
    ] as const) {
      const at = "latest";
      const reply = await client.ask<"listOffsets">({ kind: "listOffsets", topic, partition, at });
      const error = "UNKNOWN_TOPIC_OR_PARTITION";
      expect(reply).toEqual({ kind: "listOffsets", error, offset: -1 });
    }
  });
}
