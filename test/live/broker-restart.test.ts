// Goal: a run outlives its broker: it waits, says so, goes on, and counts every record once.
// Method: a broker of this file's own, killed while the terminal writes to it and reads from it.
// A batch whose acknowledgement is lost is written twice (Kafka's at-least-once), so the totals are
// compared with what the log holds in the end.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kafkaAvailable, startKafka, type TestKafka } from "../kafka/kafka.ts";
import { startTerminal } from "../terminal/terminal.ts";

const lineCount = 3_000;

const pipeline = `
import { KafkaUtils, PreferConsistent, Subscribe, type StreamingContext } from "streamscope";

export default (ssc: StreamingContext) => {
  ssc.checkpoint("checkpoint");
  const strategy = Subscribe(["lines"], { "group.id": "g", "auto.offset.reset": "earliest" });
  KafkaUtils.createDirectStream(ssc, PreferConsistent, strategy)
    .map((record): [string, number] => [record.value.slice(0, 1), 1])
    .updateStateByKey((counts: readonly number[], total: number | null) =>
      counts.reduce((a, b) => a + b, total ?? 0),
    )
    .print();
};
`;

interface OutputLine {
  readonly records: readonly (readonly [string, number])[];
  readonly ranges: readonly { readonly fromOffset: number; readonly untilOffset: number }[];
}

describe.skipIf(!kafkaAvailable().ok)("a broker that dies under a run", () => {
  let kafka: TestKafka;
  let folder = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "streamscope-restart-"));
    writeFileSync(join(folder, "pipeline.ts"), pipeline);
    const lines = Array.from({ length: lineCount }, (_, index) => `line ${index}`);
    writeFileSync(join(folder, "lines.txt"), lines.join("\n"));
    kafka = await startKafka();
  });

  afterAll(async () => {
    await kafka.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test("the run waits for it, goes on, and counts each record of the log once", async () => {
    const options = "--input lines=lines.txt --rate 1000 --interval 250 --json";
    const command = `run pipeline.ts --broker ${kafka.bootstrap} ${options}`;
    const { child, ended } = startTerminal(command.split(" "), folder);
    const killed = new Promise<void>((resolve, reject) => {
      let seen = "";
      let isKilled = false;
      child.stdout.on("data", (text) => {
        seen += String(text);
        if (isKilled || !seen.includes('"records":[[')) return;
        isKilled = true;
        kafka
          .kill()
          .then(() => kafka.restart())
          .then(resolve, reject);
      });
    });
    await killed;
    const { code, out, err } = await ended;
    expect(code, err).toBe(0);
    expect(err).toMatch(/Kafka does not answer \w+ for topic lines \(\w+\); trying again/);
    const outputs = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as OutputLine)
      .filter((line) => "records" in line);
    const inLog = outputs
      .flatMap(({ ranges }) => ranges)
      .reduce((sum, { fromOffset, untilOffset }) => sum + untilOffset - fromOffset, 0);
    expect(inLog).toBeGreaterThanOrEqual(lineCount);
    expect(outputs.at(-1)?.records).toEqual([["l", inLog]]);
  }, 120_000);
});
