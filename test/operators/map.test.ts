/** Goal: one record out per record in, in order. */

import { expect, it } from "vitest";
import { runOperator } from "../kit/run-operator.ts";

it("map(f) applies f to each record, partition by partition", () => {
  const { batches } = runOperator([[1, 2, 3], [], [4]], (stream) => stream.map((n) => n * 10));
  expect(batches).toEqual([[10, 20, 30], [], [40]]);
});

it("map(f) that throws names the operator, the batch, the partition and the record", () => {
  const run = (): unknown =>
    runOperator<unknown>([[1], ["poison"]], (stream) =>
      stream.map((record) => {
        if (record === "poison") throw new Error("cannot digest");
        return record;
      }),
    );
  expect(run).toThrow(
    expect.objectContaining({
      code: "USER_FUNCTION",
      message: expect.stringContaining("Error: cannot digest"),
      place: expect.objectContaining({ operator: "map", batchTimeMs: 2000, record: "poison" }),
    }),
  );
});
