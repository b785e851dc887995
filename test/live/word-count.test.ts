// Goal: the same pipeline gives the same totals simulated and on a real Kafka, also when it is
// stopped in the middle and started again.
// Method: the terminal as a process, on one input file; totals kept in state over all batches, so
// that a record lost or counted twice shows at the end.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithKafka } from "../kafka/describe-with-kafka.ts";
import { type Ended, runTerminal, startTerminal } from "../terminal/terminal.ts";

const lineCount = 4_000;
const words = ["spark", "kafka", "stream", "batch", "offset"];
const run = `${process.pid}-${Date.now()}`;
let folder = "";

function line(index: number): string {
  return [index % 5, (index * 7) % 3, index % 2].map((word) => words[word]).join(" ");
}

const lines = Array.from({ length: lineCount }, (_, index) => line(index));

/** Counts by hand, as the engine must. */
function expectedTotals(): Map<string, number> {
  const totals = new Map<string, number>();
  for (const word of lines.join(" ").split(" ")) totals.set(word, (totals.get(word) ?? 0) + 1);
  return totals;
}

function pipeline(name: string, topic: string): string {
  const file = `${name}.ts`;
  writeFileSync(
    join(folder, file),
    `import { KafkaUtils, PreferConsistent, Subscribe, type StreamingContext } from "streamscope";

export default (ssc: StreamingContext) => {
  ssc.checkpoint("checkpoints/${name}");
  const strategy = Subscribe(["${topic}"], {
    "group.id": "${topic}",
    "auto.offset.reset": "earliest",
  });
  KafkaUtils.createDirectStream(ssc, PreferConsistent, strategy)
    .flatMap((record) => record.value.split(" "))
    .map((word): [string, number] => [word, 1])
    .updateStateByKey((counts: readonly number[], total: number | null) =>
      counts.reduce((a, b) => a + b, total ?? 0),
    )
    .print();
};
`,
  );
  return file;
}

interface OutputLine {
  readonly records: readonly (readonly [string, number])[];
}

function outputs(ended: Ended): OutputLine[] {
  const objects = ended.out
    .trimEnd()
    .split("\n")
    .filter((text) => text !== "")
    .map((text): unknown => JSON.parse(text));
  return objects.filter(
    (object): object is OutputLine =>
      typeof object === "object" && object !== null && "records" in object,
  );
}

function totals(ended: Ended): Map<string, number> {
  return new Map(outputs(ended).at(-1)?.records ?? []);
}

describeWithKafka("word count", (bootstrap) => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "streamscope-live-"));
    writeFileSync(join(folder, "lines.txt"), lines.join("\n"));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const args = (file: string, topic: string, rate: number): string[] => [
    "run",
    file,
    "--input",
    `${topic}=lines.txt`,
    "--rate",
    `${rate}`,
    "--interval",
    "250",
    "--json",
  ];

  test("live totals equal the simulated ones, and those counted by hand", async () => {
    const topic = `words-${run}`;
    const file = pipeline("plain", topic);
    const simulated = await runTerminal(args(file, topic, 4_000), folder);
    expect(simulated).toMatchObject({ code: 0, err: "" });
    expect(totals(simulated)).toEqual(expectedTotals());
    const live = await runTerminal([...args(file, topic, 4_000), "--broker", bootstrap], folder);
    expect(live).toMatchObject({ code: 0, err: `topic ${topic} was created with 2 partitions\n` });
    expect(totals(live)).toEqual(expectedTotals());
  });

  /** Runs until some batch has counted something, then ends it with a signal. */
  async function interrupted(command: readonly string[], signal: NodeJS.Signals): Promise<Ended> {
    const { child, ended } = startTerminal(command, folder);
    let seen = "";
    let isSent = false;
    child.stdout.on("data", (text) => {
      seen += String(text);
      // Three batches: in the middle of the input, and with state to lose.
      if (isSent || [...seen.matchAll(/"records":\[\[/g)].length < 3) return;
      isSent = true;
      child.kill(signal);
    });
    return ended;
  }

  test("SIGINT stops in good order, and the same command loses nothing", async () => {
    const topic = `interrupted-${run}`;
    const file = pipeline("interrupted", topic);
    const command = [...args(file, topic, 1_500), "--broker", bootstrap];
    const first = await interrupted(command, "SIGINT");
    expect(first.code).toBe(0);
    expect(first.err).toContain("stopping after the batch that is running");
    expect(first.err).toMatch(
      /the same command goes on from the checkpoint in checkpoints\/interr/,
    );
    const before = [...totals(first).values()].reduce((sum, count) => sum + count, 0);
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(3 * lineCount);
    const second = await runTerminal(command, folder);
    expect(second.code).toBe(0);
    expect(second.err).toContain("resuming from checkpoint checkpoints/interrupted/checkpoint-");
    expect(totals(second)).toEqual(expectedTotals());
  });

  test("SIGKILL in the middle, and the same command still loses nothing", async () => {
    const topic = `killed-${run}`;
    const file = pipeline("killed", topic);
    const command = [...args(file, topic, 1_500), "--broker", bootstrap];
    const first = await interrupted(command, "SIGKILL");
    expect(first.code).toBeNull();
    const second = await runTerminal(command, folder);
    expect(second.code).toBe(0);
    expect(totals(second)).toEqual(expectedTotals());
    const left = readdirSync(join(folder, "checkpoints/killed"));
    expect(left.filter((name) => name.startsWith("input-"))).toEqual([]);
  });

  test("a topic that was there keeps its partitions; its old records do not count", async () => {
    const topic = `twice-${run}`;
    const one = pipeline("once", topic);
    const two = pipeline("twice", topic);
    await runTerminal([...args(one, topic, 8_000), "--broker", bootstrap], folder);
    const command = [...args(two, topic, 8_000), "--partitions", "5", "--broker", bootstrap];
    const again = await runTerminal(command, folder);
    expect(again.err).toBe(`topic ${topic} exists with 2 partitions, not 5; it is used as it is\n`);
    expect(totals(again)).toEqual(expectedTotals());
  });

  test("standard input is taken line by line while it stays open", async () => {
    const topic = `arriving-${run}`;
    const file = pipeline("arriving", topic);
    const command = [...args(file, topic, 1_000), "--broker", bootstrap];
    const { child, ended } = startTerminal(
      command.map((arg) => (arg.endsWith("=lines.txt") ? `${topic}=-` : arg)),
      folder,
    );
    let seen = "";
    child.stdout.on("data", (text) => {
      seen += String(text);
      // The second line is written only after the first has been counted.
      if (seen.includes('["first",1]')) child.stdin.end("second\n");
    });
    child.stdin.write("first\n");
    const { code, out, err } = await ended;
    expect(code, err).toBe(0);
    expect(totals({ code, out, err })).toEqual(
      new Map([
        ["first", 1],
        ["second", 1],
      ]),
    );
  });
});
