/** Goal: a direct stream reads each record once, by offset range. */

import { describe, expect, it } from "vitest";
import {
  type BatchOutput,
  KafkaUtils,
  PreferConsistent,
  Run,
  Subscribe,
  type TraceEvent,
  type WorldSpec,
} from "streamscope";

const world: WorldSpec = {
  topics: { t: { partitions: 2 } },
  workload: [
    {
      topic: "t",
      records: function* () {
        for (let n = 0; n < 20; n += 1) yield { atMs: n * 150, value: `v${n}`, partition: n % 2 };
      },
    },
  ],
};

function runDirect(
  reset: "earliest" | "latest" | "none",
  topics = ["t"],
): { run: Run; outputs: BatchOutput[]; events: TraceEvent[] } {
  const outputs: BatchOutput[] = [];
  const events: TraceEvent[] = [];
  const run = new Run({
    program: (ssc) => {
      const params = { "group.id": "g", "auto.offset.reset": reset };
      KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(topics, params))
        .map((record) => `${record.partition}@${record.offset}=${record.value}`)
        .print();
    },
    world,
    collectOutputs: true,
    onOutput: (output) => outputs.push(output),
  });
  run.trace.listen((event) => events.push(event));
  run.runToEnd();
  return { run, outputs, events };
}

describe("createDirectStream", () => {
  it("reads every record once, in offset order, in contiguous half-open ranges", () => {
    const { run, outputs } = runDirect("earliest");
    expect(run.ended).toBe("input consumed");
    const records = outputs.flatMap((output) => output.records ?? []);
    expect(new Set(records).size).toBe(20);
    expect(records.length).toBe(20);
    for (const partition of [0, 1]) {
      const ranges = outputs.flatMap(({ ranges: all }) =>
        all.filter((range) => range.partition === partition),
      );
      expect(ranges[0]?.fromOffset).toBe(0);
      for (const [index, range] of ranges.entries()) {
        expect(range.fromOffset).toBe(ranges[index - 1]?.untilOffset ?? 0);
      }
      expect(ranges.at(-1)?.untilOffset).toBe(10);
    }
  });

  it("plans empty ranges too: a batch without records still has its partitions", () => {
    const { events } = runDirect("earliest");
    for (const event of events) {
      if (event.kind === "batch.planned") expect(event.ranges.length).toBe(2);
    }
  });

  it("with an unknown topic says which topics, once", () => {
    const { run } = runDirect("earliest", ["typo"]);
    expect(run.ended).toBe("driver failed");
    expect(run.failure).toMatchObject({ code: "UNKNOWN_TOPIC" });
    expect(run.failure?.message).toContain('the brokers do not know every topic of "typo"');
  });

  it("with auto.offset.reset none and nothing committed fails as Kafka's consumer does", () => {
    expect(runDirect("none").run.failure?.message).toContain(
      "NoOffsetForPartitionException: Undefined offset with no reset policy for partitions: " +
        "[t-1, t-0]",
    );
  });
});
