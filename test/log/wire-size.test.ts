// Goal: bytes of records as Kafka's format has them. Method: at the edges of numbers of variable
// length, where one byte more is needed.
import { expect, test } from "vitest";
import { wireSizeBytes } from "../../core/log/wire-size.ts";

const plain = { key: null, value: "", timestampMs: 0, headers: [] };
const first = { offsetDelta: 0, baseTimestampMs: 0 };

/** Bytes above those of a record without anything. */
function more(record: Partial<Parameters<typeof wireSizeBytes>[0]>, from = first): number {
  return wireSizeBytes({ ...plain, ...record }, from) - wireSizeBytes(plain, first);
}

test("a record without anything takes seven bytes", () => {
  expect(wireSizeBytes(plain, first)).toBe(7);
});

test("a text takes its UTF-8, and more for its length from 64 and from 8192 on", () => {
  const value = (length: number) => more({ value: "x".repeat(length) }) - length;
  // The record's own length takes a byte more from 64 on, too: at 58 and six bytes besides.
  expect([57, 58, 63, 64, 8_184, 8_185].map(value)).toEqual([0, 1, 1, 2, 2, 3]);
  expect(more({ key: "é", value: null })).toBe(2);
});

test("distances in time and offset take more from 64 on, backwards in time from 65 on", () => {
  const time = (timestampMs: number) => more({ timestampMs });
  expect([63, 64, -64, -65, 8_192].map(time)).toEqual([0, 1, 0, 1, 2]);
  const offset = (offsetDelta: number) => more({}, { ...first, offsetDelta });
  expect([63, 64].map(offset)).toEqual([0, 1]);
  expect(more({ timestampMs: 1_700_000_000_000 })).toBe(5);
});

test("a header takes its texts and their lengths", () => {
  expect(more({ headers: [{ key: "trace", value: "1" }] })).toBe(8);
});
