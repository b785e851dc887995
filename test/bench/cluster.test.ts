// Goal: what the bench of the cluster measures is done. Method: small runs of it.
import { expect, test } from "vitest";
import { appendToArrays, appendToCluster, makeBatches } from "./cluster.ts";

test("the bench of the cluster appends every record, however many copies there are", () => {
  const batches = makeBatches(2_700);
  expect(batches.map(({ length }) => length)).toEqual([500, 500, 500, 500, 500, 200]);
  expect(appendToArrays(batches)).toBe(2_700);
  expect([1, 3].map((brokers) => appendToCluster(brokers, batches))).toEqual([2_700, 2_700]);
});
