// Goal: exact offsets out of the bytes of a Fetch reply, whatever batches are in them.
// Method: replies put together byte by byte, here, by the layout that Kafka documents.
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeBatches, decodeFetchReply } from "../../core/live/fetch-decoder.ts";

interface Item {
  readonly delta: number;
  readonly key?: string | null;
  readonly value: string | null;
  readonly timestampDelta?: number;
  readonly headers?: readonly (readonly [string, string | null])[];
}

interface Batch {
  readonly baseOffset: number;
  readonly lastOffsetDelta: number;
  readonly items: readonly Item[];
  readonly attributes?: number;
  readonly magic?: number;
  readonly producerId?: number;
  readonly baseTimestamp?: number;
  readonly maxTimestamp?: number;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value) >= 0n ? BigInt(value) * 2n : BigInt(value) * -2n - 1n;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function bytesOf(text: string | null): Buffer {
  if (text === null) return varint(-1);
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([varint(bytes.length), bytes]);
}

function int(bits: 8 | 16 | 32 | 64, value: number): Buffer {
  const bytes = Buffer.alloc(bits / 8);
  if (bits === 64) bytes.writeBigInt64BE(BigInt(value));
  else bytes.writeIntBE(value, 0, bits / 8);
  return bytes;
}

function batch(of: Batch): Buffer {
  const records = of.items.map((item) => {
    const body = Buffer.concat([
      int(8, 0),
      varint(item.timestampDelta ?? 0),
      varint(item.delta),
      bytesOf(item.key ?? null),
      bytesOf(item.value),
      varint(item.headers?.length ?? 0),
      ...(item.headers ?? []).flatMap(([key, value]) => [bytesOf(key), bytesOf(value)]),
    ]);
    return Buffer.concat([varint(body.length), body]);
  });
  const attributes = of.attributes ?? 0;
  const plain = Buffer.concat(records);
  const block = (attributes & 7) === 1 ? gzipSync(plain) : plain;
  const afterLength = Buffer.concat([
    int(32, 0), // leader epoch
    int(8, of.magic ?? 2),
    int(32, 0), // checksum
    int(16, attributes),
    int(32, of.lastOffsetDelta),
    int(64, of.baseTimestamp ?? 1_000),
    int(64, of.maxTimestamp ?? 1_000),
    int(64, of.producerId ?? -1),
    int(16, -1),
    int(32, -1),
    int(32, of.items.length),
    block,
  ]);
  return Buffer.concat([int(64, of.baseOffset), int(32, afterLength.length), afterLength]);
}

function read(batches: readonly Buffer[], from = 0, until = 1_000, maxRecords = 1_000) {
  const wanted = { topic: "t", partition: 3, fromOffset: from, untilOffset: until, maxRecords };
  const { records, nextOffset } = decodeBatches(Buffer.concat(batches), wanted);
  return { offsets: records.map(({ offset }) => offset), nextOffset, records };
}

const three: Batch = {
  baseOffset: 10,
  lastOffsetDelta: 2,
  items: [
    { delta: 0, value: "a" },
    { delta: 1, value: "b" },
    { delta: 2, value: "c" },
  ],
};

describe("decodeBatches", () => {
  test("gives key, value, time stamp and headers of each record", () => {
    const { records } = read([
      batch({
        baseOffset: 7,
        lastOffsetDelta: 1,
        baseTimestamp: 1_700_000_000_123,
        items: [
          {
            delta: 0,
            key: "schlüssel",
            value: "wört 漢字 🎈",
            timestampDelta: 5,
            headers: [
              ["trace", "1"],
              ["trace", null],
            ],
          },
          { delta: 1, value: null, timestampDelta: -7_000_000_000 },
        ],
      }),
    ]);
    expect(records).toEqual([
      {
        topic: "t",
        partition: 3,
        offset: 7,
        key: "schlüssel",
        value: "wört 漢字 🎈",
        timestampMs: 1_700_000_000_128,
        headers: [
          { key: "trace", value: "1" },
          { key: "trace", value: "" },
        ],
      },
      {
        topic: "t",
        partition: 3,
        offset: 8,
        key: null,
        value: null,
        timestampMs: 1_693_000_000_123,
        headers: [],
      },
    ]);
  });

  test("leaves out what lies before the range and at or after its end", () => {
    expect(read([batch(three)], 11, 12)).toMatchObject({ offsets: [11], nextOffset: 12 });
    expect(read([batch(three)], 13, 20)).toMatchObject({ offsets: [], nextOffset: 13 });
    expect(read([batch(three)], 10, 10)).toMatchObject({ offsets: [], nextOffset: 10 });
  });

  test("a batch without records moves on past it", () => {
    const empty = batch({ baseOffset: 0, lastOffsetDelta: 9, items: [] });
    expect(read([empty])).toMatchObject({ offsets: [], nextOffset: 10 });
    expect(read([empty, batch(three)])).toMatchObject({ offsets: [10, 11, 12], nextOffset: 13 });
    expect(read([empty], 0, 4)).toMatchObject({ offsets: [], nextOffset: 4 });
  });

  test("a compacted batch keeps its last offset", () => {
    const holes = batch({ ...three, lastOffsetDelta: 8, items: [{ delta: 1, value: "b" }] });
    expect(read([holes])).toMatchObject({ offsets: [11], nextOffset: 19 });
  });

  test("a control batch is passed over", () => {
    const marker = batch({
      baseOffset: 13,
      lastOffsetDelta: 0,
      attributes: 0x30,
      items: [{ delta: 0, key: "\0\0\0\u0001", value: "\0\0\0\0\0\0" }],
    });
    expect(read([batch(three), marker])).toMatchObject({ offsets: [10, 11, 12], nextOffset: 14 });
  });

  test("stops after as many records as wanted, and can go on from there", () => {
    expect(read([batch(three)], 10, 99, 2)).toMatchObject({ offsets: [10, 11], nextOffset: 12 });
    expect(read([batch(three)], 12, 99, 2)).toMatchObject({ offsets: [12], nextOffset: 13 });
    expect(read([batch(three)], 10, 99, 3)).toMatchObject({
      offsets: [10, 11, 12],
      nextOffset: 13,
    });
  });

  test("a batch that is cut short is left for the next fetch", () => {
    const bytes = Buffer.concat([batch(three), batch({ ...three, baseOffset: 13 })]);
    for (const cut of [1, 30, 70]) {
      const part = bytes.subarray(0, bytes.length - cut);
      expect(read([part])).toMatchObject({ offsets: [10, 11, 12], nextOffset: 13 });
    }
  });

  test("gzip is read, and the time of appending where the topic keeps that", () => {
    const { records, offsets } = read([
      batch({ ...three, attributes: 1 | 8, baseTimestamp: 5, maxTimestamp: 900 }),
    ]);
    expect(offsets).toEqual([10, 11, 12]);
    expect(records.map(({ timestampMs }) => timestampMs)).toEqual([900, 900, 900]);
  });

  test.each([
    [2, "snappy"],
    [3, "lz4"],
    [4, "zstd"],
  ])("codec %i is refused by name", (attributes, name) => {
    expect(() => read([batch({ ...three, attributes })])).toThrow(
      `partition 3 of topic t holds records compressed with ${name}, which cannot be read here; ` +
        "set compression.type=gzip on the topic or its producers, or none",
    );
  });

  test("a message format from before Kafka 0.11 is refused", () => {
    expect(() => read([batch({ ...three, magic: 1 })])).toThrow("message format v1");
  });

  test("a batch of 200 000 records is no special case", () => {
    const items = Array.from({ length: 200_000 }, (_, delta) => ({ delta, value: "x" }));
    const big = batch({ baseOffset: 0, lastOffsetDelta: 199_999, attributes: 1, items });
    const { offsets, nextOffset } = read([big], 0, 1_000_000, 1_000_000);
    expect(offsets).toHaveLength(200_000);
    expect(nextOffset).toBe(200_000);
  });
});

describe("records of aborted transactions", () => {
  const transactional = 0x10;
  const control = 0x30;
  const record = (baseOffset: number, producerId: number, attributes = transactional): Buffer => {
    const items = [{ delta: 0, value: `${baseOffset}` }];
    return batch({ baseOffset, lastOffsetDelta: 0, producerId, attributes, items });
  };
  const aborted = [
    { producerId: 2, firstOffset: 1 },
    { producerId: 1, firstOffset: 0 },
  ];
  const wanted = { topic: "t", partition: 0, fromOffset: 0, untilOffset: 99, maxRecords: 99 };

  test("are left out up to the marker of their producer, wherever the list names them", () => {
    const log = Buffer.concat([
      record(0, 1),
      record(1, 2),
      record(2, 9),
      record(3, 1),
      record(4, 2, control),
      record(5, 1, control),
      record(6, 1),
    ]);
    const { records, nextOffset } = decodeBatches(log, { ...wanted, aborted });
    expect(records.map(({ offset }) => offset)).toEqual([2, 6]);
    expect(nextOffset).toBe(7);
  });

  test("are read where uncommitted records are wanted", () => {
    const { records } = decodeBatches(Buffer.concat([record(0, 1), record(1, 2)]), wanted);
    expect(records).toHaveLength(2);
  });
});

test("decodeFetchReply gives every partition its own error and offsets", () => {
  const text = (value: string): Buffer =>
    Buffer.concat([int(16, Buffer.byteLength(value)), Buffer.from(value)]);
  const partition = (id: number, error: number, aborted: number | null, batches: Buffer | null) =>
    Buffer.concat([
      int(32, id),
      int(16, error),
      int(64, 40),
      int(64, 39),
      int(64, 4),
      int(32, aborted ?? -1),
      ...Array.from({ length: aborted ?? 0 }, (_, index) =>
        Buffer.concat([int(64, 7 + index), int(64, 30 + index)]),
      ),
      int(32, -1),
      int(32, batches?.length ?? -1),
      batches ?? Buffer.alloc(0),
    ]);
  const reply = Buffer.concat([
    int(32, 0),
    int(16, 0),
    int(32, 0),
    int(32, 2),
    text("ünï"),
    int(32, 2),
    partition(0, 0, null, batch(three)),
    partition(1, 1, 2, null),
    text("b"),
    int(32, 1),
    partition(7, 6, 0, Buffer.alloc(0)),
  ]);
  const { errorCode, partitions } = decodeFetchReply(reply);
  const ends = { highWatermark: 40, lastStableOffset: 39, logStartOffset: 4 };
  expect(errorCode).toBe(0);
  expect(partitions.map(({ batches, ...rest }) => ({ ...rest, bytes: batches.length }))).toEqual([
    {
      topic: "ünï",
      partition: 0,
      errorCode: 0,
      ...ends,
      aborted: [],
      bytes: batch(three).length,
    },
    {
      topic: "ünï",
      partition: 1,
      errorCode: 1,
      ...ends,
      aborted: [
        { producerId: 7, firstOffset: 30 },
        { producerId: 8, firstOffset: 31 },
      ],
      bytes: 0,
    },
    { topic: "b", partition: 7, errorCode: 6, ...ends, aborted: [], bytes: 0 },
  ]);
});
