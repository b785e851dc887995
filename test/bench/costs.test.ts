// Goal: what grows with a window or a state, and what does not, is as Spark's operators have it.
// Method: the counts that `npm run bench` prints, of one batch, from the trace: for sizes that
// differ tenfold they are equal where the cost is that of the change, and grow tenfold where
// everything is touched.
import { expect, test } from "vitest";
import { mapWithStateCost, updateStateCost, windowCost } from "./costs.ts";

const keys = 4;
const active = 3;

test("an inverse window touches what enters and what leaves, however long it is", () => {
  const short = windowCost(10, "inverse");
  expect(short.shuffled).toBe(keys);
  expect(windowCost(100, "inverse")).toEqual(short);
});

test("a plain window touches every batch in it", () => {
  const [short, long] = [windowCost(10, "plain"), windowCost(100, "plain")];
  // Each batch of the window is read from the cache, and passes through the union.
  expect(long.records - short.records).toBe(2 * 90 * keys);
  // Only the newest batch is shuffled: the others are partitioned by key already.
  expect([short.shuffled, long.shuffled]).toEqual([keys, keys]);
});

test("updateStateByKey calls its function for every known key", () => {
  expect([10, 100, 1000].map((known) => updateStateCost(known).calls)).toEqual([10, 100, 1000]);
});

test("mapWithState calls its function for keys with records only", () => {
  const costs = [10, 100, 1000].map((known) => mapWithStateCost(known));
  expect(costs[0]?.calls).toBe(active);
  expect(costs[1]).toEqual(costs[0]);
  expect(costs[2]).toEqual(costs[0]);
});

test("mapWithState looks for keys to time out when it checkpoints, and calls for each", () => {
  const calls = [10, 100, 1000].map((known) => mapWithStateCost(known, true).calls);
  expect(calls).toEqual([10, 100, 1000]);
});
