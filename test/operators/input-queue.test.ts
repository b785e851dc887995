/** Goal: given batches come one by one, then empty ones. */

import { expect, it } from "vitest";
import { type BatchOutput, Run } from "streamscope";
import { runOperator } from "../kit/run-operator.ts";

it("queueStream(queue) takes one item per batch, then gives empty batches", () => {
  const { batches } = runOperator([[1], [2, 3]], (stream) => stream.map((n) => n), { batches: 4 });
  expect(batches).toEqual([[1], [2, 3], [], []]);
});

it("queueStream(queue) takes RDDs with their own partitions", () => {
  const outputs: BatchOutput[] = [];
  const run = new Run({
    program: (ssc) => {
      const rdd = ssc.sparkContext.parallelize([1, 2, 3], 3);
      ssc.queueStream<number>([rdd, [4]]).foreachRDD((batch) => {
        outputs.push({ partitions: batch.getNumPartitions() } as unknown as BatchOutput);
      });
    },
    world: {},
  });
  run.runToEnd();
  expect(run.ended).toBe("input consumed");
  expect(outputs).toEqual([{ partitions: 3 }, { partitions: 2 }]);
});

it("queueStream(queue, false) takes all there is, and then what was pushed meanwhile", () => {
  const seen: number[][] = [];
  const run = new Run({
    program: (ssc) => {
      const queue = [[1], [2, 3]];
      ssc.queueStream(queue, false).foreachRDD((rdd, timeMs) => {
        seen.push(rdd.collect());
        if (timeMs === 2000) queue.push([4]);
      });
    },
    world: { batches: 4 },
  });
  run.runToEnd();
  expect(run.failure).toBeNull();
  expect(seen).toEqual([[1, 2, 3], [], [4], []]);
});
