/** Goal: only records that pass. */

import { expect, it } from "vitest";
import { runOperator } from "../kit/run-operator.ts";

it("filter(keep) keeps order and partitions", () => {
  const { batches } = runOperator([[1, 2, 3, 4], [1]], (stream) =>
    stream.filter((n) => n % 2 === 0),
  );
  expect(batches).toEqual([[2, 4], []]);
});
