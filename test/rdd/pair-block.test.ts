/** Goal: pairs come out of a shuffle as they went in. Method: literal pairs through the buckets. */

import { describe, expect, it } from "vitest";
import { forEachPair, PairBuckets } from "../../core/rdd/pair-block.ts";
import { hashPartitioner, type Partitioner } from "../../core/rdd/partitioner.ts";

type Pairs = readonly (readonly [unknown, unknown])[];

function through(partitioner: Partitioner, pairs: Pairs): [unknown, unknown][][] {
  const buckets = new PairBuckets(partitioner);
  for (const [key, value] of pairs) buckets.add(key, value);
  return buckets.blocks().map((block) => {
    const read: [unknown, unknown][] = [];
    forEachPair(block, (key, value) => read.push([key, value]));
    return read;
  });
}

describe("PairBuckets", () => {
  it("keeps the order of pairs whose keys come in turn", () => {
    const pairs: Pairs = [
      ["a", 1],
      ["b", 2],
      ["a", 3],
      ["c", 4],
      ["b", 5],
    ];
    expect(through(hashPartitioner(1), pairs)).toEqual([pairs]);
    expect(through(hashPartitioner(2), pairs)).toEqual([
      [
        ["b", 2],
        ["b", 5],
      ],
      [
        ["a", 1],
        ["a", 3],
        ["c", 4],
      ],
    ]);
  });

  it("writes a key that comes again once", () => {
    const buckets = new PairBuckets(hashPartitioner(1));
    for (const key of ["a", 7, "a", 7, "a"]) buckets.add(key, null);
    const [block] = buckets.blocks();
    expect(block?.keys.map(({ key }) => key)).toEqual(["a", 7]);
    expect(block?.places).toEqual([0, 1, 0, 1, 0]);
  });

  it("hands on each object as it is, and tells -0 from 0", () => {
    const [first, second] = [
      ["k", 1],
      ["k", 1],
    ];
    const [read] = through(hashPartitioner(1), [
      [first, 1],
      [second, 2],
      [0, 3],
      [-0, 4],
    ]);
    expect(read?.[0]?.[0]).toBe(first);
    expect(read?.[1]?.[0]).toBe(second);
    expect(read?.slice(2).map(([key]) => Object.is(key, -0))).toEqual([false, true]);
  });

  it("takes keys without a hash code where the partitioner does", () => {
    const day = new Date(0);
    const partitioner = { numPartitions: 2, getPartition: () => 1 };
    expect(through(partitioner, [[day, 1]])).toEqual([[], [[day, 1]]]);
    expect(() => through(hashPartitioner(2), [[day, 1]])).toThrow("an instance of Date is not");
  });
});
