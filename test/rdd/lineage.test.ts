/** Goal: toDebugString as Spark prints it, without call sites. */

import { expect, it } from "vitest";
import { Run, type StreamingContext } from "streamscope";

function debugString(make: (ssc: StreamingContext) => { toDebugString(): string }): string {
  let text = "";
  const run = new Run({
    program: (ssc) => {
      ssc.queueStream([[0]]).foreachRDD(() => {
        text = make(ssc).toDebugString();
      });
    },
    world: {},
  });
  run.runToEnd();
  expect(run.failure).toBeNull();
  return text.replaceAll(/\[\d+\]/gu, "[n]");
}

it("toDebugString() of a reduceByKey begins a block at its shuffle", () => {
  const text = debugString((ssc) =>
    ssc.sparkContext
      .parallelize(["a b"], 2)
      .flatMap((line) => line.split(" "))
      .map((word) => [word, 1] as const)
      .reduceByKey((a, b) => a + b),
  );
  expect(text.split("\n")).toEqual([
    "(2) ShuffledRDD[n] at reduceByKey []",
    " +-(2) MapPartitionsRDD[n] at map []",
    "    |  MapPartitionsRDD[n] at flatMap []",
    "    |  ParallelCollectionRDD[n] at parallelize []",
  ]);
});

it("toDebugString() says where a persisted RDD is kept", () => {
  const text = debugString((ssc) => ssc.sparkContext.parallelize([1], 1).cache());
  expect(text).toBe(
    "(1) ParallelCollectionRDD[n] at parallelize [Memory Deserialized 1x Replicated]",
  );
});
