// Goal: a receiver over Kafka commits what it has stored, and what that guarantees.
// Method: the same words through worlds whose driver dies, with and without the write-ahead log.
import { expect, test } from "vitest";
import { type FaultSpec, KafkaReceiver, linesWorkload, Run } from "streamscope";
import { compareStrings } from "../../core/base/order.ts";

const words = Array.from({ length: 120 }, (_, index) => `w${index}`);

function play(isLogged: boolean, faults: readonly FaultSpec[] = [], untilMs?: number) {
  const seen: string[] = [];
  const run = new Run({
    faults,
    world: {
      topics: { words: { partitions: 2 } },
      workload: [linesWorkload({ topic: "words", lines: words, ratePerSecond: 40 })],
      conf: { "spark.streaming.receiver.writeAheadLog.enable": String(isLogged) },
      ...(untilMs === undefined ? {} : { untilMs }),
    },
    program: (ssc) => {
      ssc.checkpoint("checkpoints");
      const receiver = new KafkaReceiver({
        topics: ["words"],
        group: "readers",
        autoOffsetReset: "earliest",
      });
      ssc.receiverStream(receiver).foreachRDD((rdd) => {
        seen.push(...rdd.map((record) => String(record.value)).collect());
      });
    },
  });
  const commits: number[] = [];
  const stored: number[] = [];
  run.trace.listen((event) => {
    if (event.kind === "offsets.committed") commits.push(event.atMs);
    if (event.kind === "receiver.blockStored") stored.push(event.atMs);
  });
  run.runToEnd();
  expect(run.failure).toBeNull();
  return { run, seen, commits, stored };
}

const crash = [{ kind: "crashDriver", atMs: 1950, downMs: 300 }] as const;

test("KafkaReceiver reads each record once where nothing breaks, and the run ends", () => {
  const { run, seen } = play(false);
  expect(run.ended).toBe("input consumed");
  expect([...seen].sort(compareStrings)).toEqual([...words].sort(compareStrings));
});

test("KafkaReceiver commits only after its block is stored", () => {
  const { commits, stored } = play(true);
  expect(commits.length).toBe(stored.length);
  expect(Number(commits[0])).toBeGreaterThan(Number(stored[0]));
});

test("with the write-ahead log every record is seen at least once over a crash", () => {
  const { seen } = play(true, crash, 8000);
  expect(words.filter((word) => !seen.includes(word))).toEqual([]);
});

test("without the log, what was committed and waited is lost in a crash", () => {
  const { seen } = play(false, crash, 8000);
  expect(words.filter((word) => !seen.includes(word)).length).toBeGreaterThan(0);
});
