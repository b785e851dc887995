/** Goal: output operations run in order, once per batch, empty batches included. */

import { describe, expect, it } from "vitest";
import { type BatchOutput, Run, type StreamingContext } from "streamscope";

function outputsOf(program: (ssc: StreamingContext) => void): {
  outputs: BatchOutput[];
  run: Run;
} {
  const outputs: BatchOutput[] = [];
  const run = new Run({ program, world: {}, onOutput: (output) => outputs.push(output) });
  run.runToEnd();
  return { outputs, run };
}

describe("print(n)", () => {
  it("writes exactly what Spark writes", () => {
    const { outputs } = outputsOf((ssc) => {
      ssc.queueStream<unknown>([[["a", 1]], Array.from({ length: 11 }, (_, n) => n), []]).print();
    });
    const rule = "-------------------------------------------";
    expect(outputs.map((output) => output.lines)).toEqual([
      [rule, "Time: 1000 ms", rule, "(a,1)", ""],
      [rule, "Time: 2000 ms", rule, ...Array.from({ length: 10 }, (_, n) => `${n}`), "...", ""],
      [rule, "Time: 3000 ms", rule, ""],
    ]);
  });

  it("scans only as many partitions as it needs", () => {
    const { run } = outputsOf((ssc) => {
      const many = Array.from({ length: 40 }, (_, n) => n);
      ssc.queueStream([ssc.sparkContext.parallelize(many, 4)]).print(5);
    });
    expect(run.failure).toBeNull();
  });
});

describe("foreachRDD(f)", () => {
  it("runs for each batch, in the order the outputs were registered", () => {
    const calls: string[] = [];
    outputsOf((ssc) => {
      const stream = ssc.queueStream([[1, 2], []]);
      stream.foreachRDD((rdd, timeMs) => calls.push(`first ${timeMs} ${rdd.collect().join()}`));
      stream.foreachRDD((rdd, timeMs) => calls.push(`second ${timeMs} ${rdd.count()}`));
    });
    expect(calls).toEqual(["first 1000 1,2", "second 1000 2", "first 2000 ", "second 2000 0"]);
  });

  it("that throws fails its output operation and ends the run, saying which batch", () => {
    const { run } = outputsOf((ssc) => {
      ssc.queueStream([[1], [2]]).foreachRDD((rdd) => {
        if (rdd.first() === 2) throw new TypeError("sink is closed");
      });
    });
    expect(run.ended).toBe("driver failed");
    expect(run.failure?.message).toBe(
      "Error running job streaming job 2000 ms.0: TypeError: sink is closed",
    );
    expect(run.failure?.place).toMatchObject({ operator: "foreachRDD", batchTimeMs: 2000 });
  });
});
