// Goal: what a person sees of `streamscope run`: batches byte for byte, and one clear message for
// each thing that can go wrong.
// Method: real processes, with pipelines in a folder away from the checkout, as a person's may be.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runTerminal, startTerminal } from "./terminal.ts";

let folder = "";

const imports =
  'import { KafkaUtils, PreferConsistent, Subscribe, type StreamingContext } from "streamscope";\n';

/** A pipeline over one topic, read from its beginning. */
function pipeline(topic: string, operations: string): string {
  return `${imports}
export default (ssc: StreamingContext) => {
  const settings = { "group.id": "g", "auto.offset.reset": "earliest" };
  const strategy = Subscribe(["${topic}"], settings);
  const lines = KafkaUtils.createDirectStream(ssc, PreferConsistent, strategy);
  ${operations}
};
`;
}

const valuesPipeline = pipeline("lines", "lines.map((record) => record.value).print();");

const countPipeline = pipeline(
  "lines",
  `lines
    .flatMap((record) => record.value.split(" "))
    .map((word): [string, number] => [word, 1])
    .reduceByKey((a, b) => a + b)
    .print();`,
);

const files: Readonly<Record<string, string>> = {
  "values.ts": valuesPipeline,
  "count.ts": countPipeline,
  "three.txt": "a b a\nb c\r\na",
  "empty.txt": "",
  "endless.ts": `export const world = {
  topics: { lines: { partitions: 1 } },
  workload: [
    {
      topic: "lines",
      *records() {
        for (let i = 0; ; i += 1) yield { atMs: i * 400, value: \`line \${i}\` };
      },
    },
  ],
};
`,
  "syntax.ts": "export default () => {\n  const a = ;\n};\n",
  "types.ts": pipeline("lines", "lines.map((record) => record.valu).print();"),
  "no-default.ts": "export const pipeline = () => {};\n",
  "not-a-function.ts": "export default 42;\n",
  "throws-at-load.ts":
    "const a: number = 1;\nthrow new Error(`mine ${a}`);\nexport default () => {};\n",
  "throws.ts": pipeline(
    "lines",
    `lines
    .map((record) => {
      if (record.value === "bad") throw new RangeError("no bad lines, please");
      return record.value;
    })
    .print();`,
  ),
  "no-import.ts": 'import { nothing } from "./not-there.ts";\nexport default () => nothing;\n',
  "no-output.ts": pipeline("lines", "lines.map((record) => record.value);"),
  "other-topic.ts": pipeline("sentence", "lines.map((record) => record.value).print();"),
  "no-world.ts": "export const planet = {};\n",
  "bad.txt": "1\n2\n3\n4\n5\n6\nbad\n",
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "streamscope-terminal-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "binary.txt"), Buffer.from([0x61, 0x0a, 0x62, 0x00, 0x0a]));
  writeFileSync(join(folder, "latin1.txt"), Buffer.from([0x61, 0x0a, 0xe9, 0x0a]));
  writeFileSync(join(folder, "wide.txt"), `a\n${"x".repeat(1_048_576)}\n`);
  mkdirSync(join(folder, "empty-folder"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (line: string, input = "") => runTerminal(["run", ...line.split(" ")], folder, input);

function header(timeMs: number): string {
  const dashes = "-".repeat(43);
  return `${dashes}\nTime: ${timeMs} ms\n${dashes}\n`;
}

interface OutputLine {
  readonly batch: number;
  readonly timeMs: number;
  readonly records: readonly unknown[];
  readonly ranges: readonly { readonly partition: number; readonly untilOffset: number }[];
}

function jsonLines(out: string): { outputs: OutputLine[]; summary: Record<string, unknown> } {
  const lines = out
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  const summary = lines.pop() as { summary: Record<string, unknown> };
  return { outputs: lines as OutputLine[], summary: summary.summary };
}

describe("streamscope run prints", () => {
  test("each batch as Spark does, and ends when the input is consumed", async () => {
    expect(await run("values.ts --input lines=three.txt --partitions 1 --rate 2")).toEqual({
      code: 0,
      out: `${header(1000)}a b a\nb c\n\n${header(2000)}a\n\n`,
      err: "",
    });
  });

  test("ten records and three dots where there are more", async () => {
    const lines = Array.from({ length: 11 }, (_, index) => `line ${index}`);
    const { out } = await run("values.ts --input lines=- --partitions 1", lines.join("\n"));
    expect(out).toBe(`${header(1000)}${lines.slice(0, 10).join("\n")}\n...\n\n`);
  });

  test("an empty batch for an empty file", async () => {
    const ended = await run("values.ts --input lines=empty.txt");
    expect(ended).toEqual({ code: 0, out: `${header(1000)}\n`, err: "" });
  });

  test("tuples as Scala prints them, the same for a file and for standard input", async () => {
    const fromFile = await run("count.ts --input lines=three.txt");
    expect(fromFile.code).toBe(0);
    expect(fromFile.out.split("\n").slice(3, 6).toSorted()).toEqual(["(a,3)", "(b,2)", "(c,1)"]);
    expect(await run("count.ts --input lines=-", "a b a\nb c\r\na")).toEqual(fromFile);
  });

  test("JSON with all records, ranges and a summary; equal runs have equal hashes", async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `${index}`).join("\n");
    const options = "values.ts --input lines=- --partitions 3 --rate 20 --json";
    const first = await run(options, lines);
    const { outputs, summary } = jsonLines(first.out);
    expect(outputs.map(({ batch, timeMs }) => [batch, timeMs])).toEqual([
      [1, 1000],
      [2, 2000],
    ]);
    const values = outputs.flatMap(({ records }) => records).map(Number);
    expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(outputs.at(-1)?.ranges).toEqual(
      [0, 1, 2].map((partition) =>
        expect.objectContaining({ topic: "lines", partition, untilOffset: 10 }),
      ),
    );
    expect(summary).toEqual({
      records: 30,
      batches: 2,
      virtualMs: expect.any(Number),
      traceHash: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect((await run(options, lines)).out).toBe(first.out);
  });

  test("the trace, one event a line, from its first to its last", async () => {
    await run("values.ts --input lines=three.txt --trace trace.jsonl");
    const lines = readFileSync(join(folder, "trace.jsonl"), "utf8").trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line) as { seq: number; kind: string });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(events[0]).toMatchObject({ kind: "run.started", version: 1 });
    expect(events.at(-1)).toMatchObject({ kind: "run.ended", reason: "input consumed" });
  });

  test("a world's own workload, ended by --batches or --until", async () => {
    const three = await run("values.ts --world endless.ts --batches 2");
    expect(three.out).toContain(`${header(1000)}line 0\nline 1\nline 2\n\n`);
    expect(three.out.split("Time: ")).toHaveLength(3);
    const until = await run("values.ts --world endless.ts --until 3800 --interval 500");
    expect(until.out.split("Time: ")).toHaveLength(8);
  });

  test("--input takes the place of the topic's workload", async () => {
    const { out } = await run("values.ts --world endless.ts --input lines=three.txt --rate 9");
    expect(out).toBe(`${header(1000)}a b a\nb c\na\n\n`);
  });

  test("nothing more once nobody reads it", async () => {
    const { child, ended } = startTerminal(["run", "values.ts", "--world", "endless.ts"], folder);
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await ended).toMatchObject({ code: 0, err: "" });
  });

  const lesson = fileURLToPath(new URL("../../lessons/01-word-count", import.meta.url));
  test("a lesson's folder with its own world", async () => {
    const { code, out, err } = await runTerminal(["run", lesson], folder);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(header(1000));
    expect(out).toMatch(/^\(\w+,\d+\)$/m);
  });
});

describe("streamscope tells", () => {
  test("its usage, and how to ask for more", async () => {
    const help = await runTerminal(["--help"], folder);
    expect(help).toMatchObject({ code: 0, err: "" });
    expect(help.out).toContain("usage: streamscope <command>");
    const runHelp = await runTerminal(["run", "--help"], folder);
    expect(runHelp).toMatchObject({ code: 0, err: "" });
    expect(runHelp.out).toContain("--input topic=file");
    expect(await runTerminal([], folder)).toMatchObject({ code: 2, out: "" });
    expect(await runTerminal(["fly"], folder)).toEqual({
      code: 2,
      out: "",
      err: 'error: there is no command "fly"; known commands: run, sweep, simulate\n',
    });
  });

  test.each([
    [
      "values.ts --fast",
      2,
      "error: there is no option --fast; streamscope run --help lists them\n",
    ],
    ["nowhere.ts", 1, "error: the pipeline nowhere.ts does not exist; check the path\n"],
    [
      "empty-folder",
      1,
      "error: empty-folder has no pipeline.ts; give a lesson's folder or a pipeline's file\n",
    ],
    ["values.ts --world no.ts", 1, "error: the world no.ts does not exist; check the path\n"],
    [
      "values.ts --world no-world.ts",
      1,
      "error: no-world.ts exports no world; write: export const world: WorldSpec = { ... }\n",
    ],
    ["values.ts --input lines=no.txt", 1, "error: input no.txt: there is no such file\n"],
    [
      "values.ts --input lines=empty-folder",
      1,
      "error: input empty-folder: it is a folder, and --input needs a file\n",
    ],
    [
      "values.ts --input lines=binary.txt",
      1,
      "error: input binary.txt is not a text file: there is a NUL byte at byte offset 3, in line " +
        "2; give a file of UTF-8 lines\n",
    ],
    [
      "values.ts --input lines=latin1.txt",
      1,
      "error: input latin1.txt is not a text file: there is a byte that is no UTF-8 at byte " +
        "offset 2, in line 2; give a file of UTF-8 lines\n",
    ],
    [
      "values.ts --input lines=wide.txt",
      1,
      "error: line 2 of wide.txt has 1048576 bytes, and a record of this topic carries at most " +
        "1048516 bytes (max.message.bytes 1048588 of topic lines, less the record's own fields); " +
        "split the line or raise the limit\n",
    ],
    ["syntax.ts", 1, "error: syntax.ts:2:13: Expression expected.\n"],
    [
      "types.ts --input lines=three.txt",
      1,
      expect.stringMatching(/^error: types\.ts:7:\d+: Property 'valu' does not exist on type/),
    ],
    [
      "no-default.ts",
      1,
      "error: no-default.ts has no default export; write: export default (ssc: " +
        "StreamingContext) => { ... }\n",
    ],
    [
      "not-a-function.ts",
      1,
      "error: not-a-function.ts exports no function by default; write: export default (ssc: " +
        "StreamingContext) => { ... }\n",
    ],
    [
      "throws-at-load.ts",
      1,
      expect.stringMatching(
        /^error: throws-at-load\.ts threw while it was loaded: Error: mine 1\n {2}at .*:2:\d+\n$/,
      ),
    ],
    ["no-import.ts", 1, expect.stringMatching(/^error: no-import\.ts:1:25: Cannot find module/)],
    ["no-output.ts --input lines=three.txt", 1, expect.stringMatching(/^error: .*output/i)],
    [
      "other-topic.ts --input lines=three.txt",
      1,
      expect.stringMatching(/^error: .*"sentence".*topics of this run: lines\n$/),
    ],
    [
      "values.ts --broker nowhere",
      2,
      'error: "nowhere" does not name a broker; write host:port, as in localhost:9092\n',
    ],
    [
      "values.ts --broker 127.0.0.1:1",
      1,
      "error: no Kafka broker answers at 127.0.0.1:1: the connection was refused, so nothing " +
        "listens there; start it, or correct host:port\n",
    ],
  ])("run %s", async (line, code, err) => {
    expect(await run(line)).toEqual({ code, out: "", err });
  });

  test("a mistake is told in each run, at once in several, until it is mended", async () => {
    const line = "mended.ts --input lines=three.txt";
    const wrong = pipeline("lines", "lines.map((record) => record.valu).print();");
    const told = expect.stringMatching(/^error: mended\.ts:7:\d+: Property 'valu' does not exist/);
    writeFileSync(join(folder, "mended.ts"), wrong);
    const failure = { code: 1, out: "", err: told };
    expect(await Promise.all([run(line), run(line)])).toEqual([failure, failure]);
    expect(await run(line)).toEqual(failure);
    writeFileSync(join(folder, "mended.ts"), valuesPipeline);
    expect(await run(line)).toMatchObject({ code: 0, err: "" });
  });

  test("which function threw, where, in which batch and for which record", async () => {
    const { code, err } = await run("throws.ts --input lines=bad.txt --rate 4 --partitions 1");
    expect(code).toBe(1);
    expect(err).toContain("RangeError: no bad lines, please");
    expect(err).toMatch(/at map, throws\.ts:9:\d+, batch 2000 ms, partition 0, record .*"bad"/);
    expect(err).not.toMatch(/core\/(?:live|stream|scenario)/);
  });

  test("the stack, once it is asked for", async () => {
    const { err } = await run("throws.ts --input lines=bad.txt --stack");
    expect(err).toContain("RangeError: no bad lines, please");
    expect(err).toMatch(/\n +at .*throws\.ts:9:\d+/);
  });
});
