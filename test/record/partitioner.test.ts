// Goal: a key lands where every Java client puts it, and keyless records where the producer would.
// Method: hashes and partitions as Kafka's own Utils.murmur2 gave them, for 1 to 12 partitions.
import { describe, expect, test } from "vitest";
import { randomStream } from "../../core/base/random.ts";
import {
  defaultPartitioner,
  murmur2,
  partitionForKey,
  roundRobinPartitioner,
  utf8Bytes,
} from "../../core/record/partitioner.ts";
import { utf8Length } from "../../core/record/record.ts";

/** Key, murmur2, and the partition for 1, 2, 3 ... 12 partitions. */
const vectors: readonly (readonly [string, number, string])[] = [
  ["", 275_646_681, "0 1 0 1 1 3 2 1 0 1 2 9"],
  ["a", -1_563_381_124, "0 0 1 0 4 4 5 4 4 4 5 4"],
  ["ab", 316_155_434, "0 0 2 2 4 2 0 2 5 4 1 2"],
  ["abc", 479_470_107, "0 1 0 3 2 3 4 3 3 7 6 3"],
  ["abcd", -1_323_649_548, "0 0 2 0 0 2 5 4 2 0 1 8"],
  ["abcde", 461_995_741, "0 1 1 1 1 1 4 5 1 1 9 1"],
  ["foobar", -790_332_482, "0 0 0 2 1 0 0 6 0 6 8 6"],
  ["21", -973_932_308, "0 0 0 0 0 0 3 4 3 0 5 0"],
  ["kafka", -798_503_068, "0 0 1 0 0 4 3 4 1 0 2 4"],
  ["key-0", 29_210_041, "0 1 1 1 1 1 0 1 1 1 3 1"],
  ["key-1", 193_331_640, "0 0 0 0 0 0 5 0 3 0 7 0"],
  ["key-2", 852_269_702, "0 0 2 2 2 2 4 6 5 2 9 2"],
  ["key-3", -1_839_136_101, "0 1 2 3 2 5 4 3 5 7 2 11"],
  ["key-42", -187_086_521, "0 1 0 3 2 3 3 7 0 7 7 3"],
  ["user-1001", -1_052_335_918, "0 0 1 2 0 4 5 2 1 0 6 10"],
  ["order:2024-10-25", -1_441_518_431, "0 1 0 1 2 3 6 1 6 7 1 9"],
  ["0", 971_027_396, "0 0 2 0 1 2 3 4 8 6 9 8"],
  ["1", -1_993_445_489, "0 1 0 3 4 3 2 7 0 9 0 3"],
  ["12345678", 338_742_798, "0 0 0 2 3 0 2 6 6 8 9 6"],
  ["hello world", 1_221_641_059, "0 1 1 3 4 1 2 3 4 9 1 7"],
  ["The quick brown fox jumps over the lazy dog", 495_243_318, "0 0 0 2 3 0 3 6 3 8 9 6"],
  ["zażółć", 2_056_704, "0 0 0 0 4 0 6 0 6 4 1 0"],
  ["日本語", 1_431_860_170, "0 0 1 2 0 4 6 2 4 0 4 10"],
  ["😀", 131_881_617, "0 1 0 1 2 3 0 1 0 7 10 9"],
];

describe("the partition of a key", () => {
  test.each(vectors)("%j", (key, hash, partitions) => {
    expect(murmur2(utf8Bytes(key))).toBe(hash);
    const chosen = Array.from({ length: 12 }, (_, index) => partitionForKey(key, index + 1));
    expect(chosen.join(" ")).toBe(partitions);
  });

  test("is the default partitioner's choice, whatever went before", () => {
    const partitioner = defaultPartitioner(6, randomStream(1, "keys"));
    for (const [key, , partitions] of vectors) {
      partitioner.choose(null, 20_000);
      expect(partitioner.choose(key, 10)).toBe(Number(partitions.split(" ")[5]));
    }
  });
});

describe("UTF-8", () => {
  test.each(["", "a", "ß", "中", "😀", "a\u0000b", "\u07ff\u0800\uffff", "\ud800", "x\udc00y"])(
    "of %j is what a text encoder gives",
    (text) => {
      const encoded = [...new TextEncoder().encode(text)];
      expect(utf8Bytes(text)).toEqual(encoded);
      expect(utf8Length(text)).toBe(encoded.length);
    },
  );
});

describe("records without a key", () => {
  test("stick to a partition until 16 384 bytes went there, then to any, the same one too", () => {
    const partitioner = defaultPartitioner(4, randomStream(7, "sticky"));
    const runs: { partition: number; bytes: number }[] = [];
    for (let record = 0; record < 5_000; record += 1) {
      const partition = partitioner.choose(null, 100);
      const last = runs.at(-1);
      if (last?.partition === partition) last.bytes += 100;
      else runs.push({ partition, bytes: 100 });
    }
    runs.pop();
    // The first whole number of records that reaches the limit, as often as it is drawn in a row.
    const stays = runs.map(({ bytes }) => bytes / 16_400);
    expect(stays.every((stay) => Number.isInteger(stay))).toBe(true);
    expect(stays).toContain(1);
    expect(Math.max(...stays)).toBeGreaterThan(1);
    expect(new Set(runs.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2, 3]));
  });

  test("are not moved on by records with one", () => {
    const partitioner = defaultPartitioner(4, randomStream(7, "sticky"));
    const sticky = partitioner.choose(null, 100);
    for (let record = 0; record < 1_000; record += 1) partitioner.choose("a", 1_000);
    expect(partitioner.choose(null, 100)).toBe(sticky);
  });

  test("have one place to go where there is one partition", () => {
    const partitioner = defaultPartitioner(1, randomStream(7, "sticky"));
    for (let record = 0; record < 5; record += 1) {
      expect(partitioner.choose(null, 100_000)).toBe(0);
    }
  });
});

test("RoundRobinPartitioner deals records out one by one, keys or not", () => {
  const partitioner = roundRobinPartitioner(3);
  const keys = ["a", null, "a", "a", null, null, "b"];
  expect(keys.map((key) => partitioner.choose(key, 50_000))).toEqual([0, 1, 2, 0, 1, 2, 0]);
});
