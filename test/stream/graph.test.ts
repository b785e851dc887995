/** Goal: what Spark refuses at start is refused in its words, all of it at once. */

import { describe, expect, it } from "vitest";
import { Milliseconds, Seconds, type StreamingContext } from "streamscope";
import { runWorld } from "../kit/run-world.ts";

function failureOf(program: (ssc: StreamingContext) => void): string | undefined {
  return runWorld({ program, world: { batches: 3 } }).run.failure?.message;
}

const count = (values: readonly number[], state: number | null): number =>
  values.length + (state ?? 0);

describe("start()", () => {
  it("refuses a graph without output operations", () => {
    expect(failureOf((ssc) => void ssc.queueStream([[1]]).map((n) => n))).toBe(
      "requirement failed: No output operations registered, so nothing to execute",
    );
  });

  it("refuses updateStateByKey without a checkpoint directory", () => {
    expect(
      failureOf((ssc) =>
        ssc
          .queueStream([[["a", 1] as const]])
          .updateStateByKey(count)
          .print(),
      ),
    ).toBe(
      "requirement failed: The checkpoint directory has not been set. " +
        "Please set it by StreamingContext.checkpoint().",
    );
  });

  it("lists every problem, a line each", () => {
    const text = failureOf((ssc) => {
      const pairs = ssc.queueStream([[["a", 1] as const]]);
      pairs.updateStateByKey(count).checkpoint(Milliseconds(1500)).print();
      pairs
        .map((pair) => pair)
        .checkpoint(Milliseconds(500))
        .print();
    });
    expect(text?.split("\n")).toEqual([
      "requirement failed: The checkpoint directory has not been set. " +
        "Please set it by StreamingContext.checkpoint().",
      "requirement failed: The checkpoint interval for StateDStream has been set to  1500 ms " +
        "which not a multiple of its slide time (1000 ms). " +
        "Please set it to a multiple of 1000 ms.",
      "requirement failed: The checkpoint directory has not been set. " +
        "Please set it by StreamingContext.checkpoint().",
      "requirement failed: The checkpoint interval for MappedDStream has been set to 500 ms " +
        "which is lower than its slide time (1000 ms). Please set it to at least 1000 ms.",
      "requirement failed: The checkpoint interval for MappedDStream has been set to  500 ms " +
        "which not a multiple of its slide time (1000 ms). " +
        "Please set it to a multiple of 1000 ms.",
    ]);
  });

  it("refuses new streams once it has run", () => {
    const text = failureOf((ssc) => {
      const stream = ssc.queueStream([[1]]);
      stream.foreachRDD(() => {
        stream.map((n) => n);
      });
    });
    expect(text).toContain(
      "Adding new inputs, transformations, and output operations after starting a context is " +
        "not supported",
    );
  });

  it("refuses remember() twice", () => {
    const text = failureOf((ssc) => {
      ssc.remember(Seconds(3));
      ssc.remember(Seconds(4));
    });
    expect(text).toContain("Remember duration already set as 3000 ms. Cannot set it again.");
  });
});
