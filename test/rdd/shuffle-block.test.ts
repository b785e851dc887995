/** Goal: what map tasks leave for reducers. Method: literal pairs through the buckets. */

import { describe, expect, it } from "vitest";
import { hashPartitioner } from "../../core/rdd/partitioner.ts";
import { freshBlock, GroupBuckets, PairBuckets, recordsIn } from "../../core/rdd/shuffle-block.ts";

const pairs = [
  ["a", 1],
  ["b", 2],
  ["a", 3],
  ["d", 4],
  ["b", 5],
] as const;

function filled<B extends PairBuckets | GroupBuckets>(buckets: B): B {
  for (const [key, value] of pairs) buckets.add(key, value);
  return buckets;
}

describe("PairBuckets", () => {
  it("keeps pairs as they came", () => {
    const [even, odd] = filled(new PairBuckets(hashPartitioner(2))).blocks();
    const left = [pairs[1], pairs[3], pairs[4]];
    expect(even).toEqual({ kind: "pairs", pairs: left });
    expect(odd).toEqual({ kind: "pairs", pairs: [pairs[0], pairs[2]] });
  });

  it("takes keys without a hash code where the partitioner does", () => {
    const day = new Date(0);
    const buckets = new PairBuckets({ numPartitions: 1, getPartition: () => 0 });
    buckets.add(day, 1);
    expect(buckets.blocks()).toEqual([{ kind: "pairs", pairs: [[day, 1]] }]);
    expect(() => new PairBuckets(hashPartitioner(1)).add(day, 1)).toThrow("an instance of Date");
  });

  it("tells -0 from 0", () => {
    const buckets = new PairBuckets(hashPartitioner(1));
    for (const key of [0, -0]) buckets.add(key, null);
    const [block] = buckets.blocks();
    const keys = block?.kind === "pairs" ? block.pairs.map(([key]) => key) : [];
    expect(keys.map((key) => Object.is(key, -0))).toEqual([false, true]);
  });
});

describe("GroupBuckets", () => {
  it("keeps the values of each key, keys in the order of their first", () => {
    const [block] = filled(new GroupBuckets(hashPartitioner(1))).blocks();
    const groups = block?.kind === "groups" ? block.groups : [];
    expect(groups.map(({ key, value }) => [key, value])).toEqual([
      ["a", [1, 3]],
      ["b", [2, 5]],
      ["d", [4]],
    ]);
  });

  it("counts pairs, not keys", () => {
    const blocks = filled(new GroupBuckets(hashPartitioner(2))).blocks();
    expect(blocks.map(recordsIn)).toEqual([3, 2]);
  });

  it("gives a reducer values that are its own", () => {
    const buckets = new GroupBuckets(hashPartitioner(1));
    const value = { count: 1 };
    buckets.add("a", value);
    const [block] = buckets.blocks().map(freshBlock);
    const [read] = block?.kind === "groups" ? (block.groups[0]?.value ?? []) : [];
    expect(read).toEqual(value);
    expect(read).not.toBe(value);
  });
});
