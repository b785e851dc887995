// Goal: the command line is read as it is documented, and a wrong one is told in one sentence.
import { expect, test } from "vitest";
import { parseRunOptions, runUsage } from "../../core/live/terminal/run-options.ts";

const parse = (line: string) => parseRunOptions(line.split(" ").filter((word) => word !== ""));

test("a pipeline alone leaves everything to its world", () => {
  expect(parse("lessons/01-word-count")).toEqual({
    pipeline: "lessons/01-word-count",
    world: null,
    inputs: [],
    partitions: null,
    rate: null,
    intervalMs: null,
    batches: null,
    untilMs: null,
    seed: null,
    faults: null,
    fault: [],
    broker: null,
    live: false,
    trace: null,
    json: false,
    stack: false,
  });
});

test("every option is read", () => {
  const line =
    "p.ts --world w.ts --input a=x=y.txt --input b=- --partitions 3 --rate 50 --interval 200 " +
    "--batches 4 --seed 0 --broker localhost:9092 --trace t.jsonl --json --stack";
  expect(parse(line)).toEqual({
    pipeline: "p.ts",
    world: "w.ts",
    inputs: [
      { topic: "a", file: "x=y.txt" },
      { topic: "b", file: "-" },
    ],
    partitions: 3,
    rate: 50,
    intervalMs: 200,
    batches: 4,
    untilMs: null,
    seed: 0,
    faults: null,
    fault: [],
    broker: "localhost:9092",
    live: false,
    trace: "t.jsonl",
    json: true,
    stack: true,
  });
  expect(parse("p.ts --until 5000")).toMatchObject({ untilMs: 5000 });
  expect(parse("p.ts --faults f.txt --fault a --fault b")).toMatchObject({
    faults: "f.txt",
    fault: ["a", "b"],
  });
  expect(parse("p.ts --live")).toMatchObject({ live: true, broker: null });
});

test("the usage names every option", () => {
  const named = [...runUsage.matchAll(/^ {2}(--[a-z]+)/gm)].map(([, name]) => name);
  const known =
    "world input partitions rate interval batches until seed faults fault live broker trace " +
    "json stack";
  expect(named).toEqual([...known.split(" ").map((name) => `--${name}`), "--help"]);
});

test.each([
  ["", "no pipeline is given; write: streamscope run <lesson folder or pipeline.ts>"],
  ["a.ts b.ts", 'one pipeline runs at a time, and "b.ts" is given besides "a.ts"'],
  ["a.ts --fast", "there is no option --fast; streamscope run --help lists them"],
  ["a.ts --live --fault x", "--fault is for simulated runs; leave it out with --live"],
  ["a.ts --seed", "--seed needs a value; see streamscope run --help"],
  ["a.ts --seed x", "--seed x is not a whole number of 0 or more"],
  ["a.ts --batches 0", "--batches 0 is not a whole number of 1 or more"],
  ["a.ts --interval 1.5", "--interval 1.5 is not a whole number of 1 or more"],
  ["a.ts --input a=b --partitions 20000", "--partitions 20000 is too much; the most is 10000"],
  ["a.ts --batches 1 --until 5", "--batches and --until cannot be given together; choose one end"],
  ["a.ts --live --broker b:1", "--live is a run without Kafka; leave it out with --broker"],
  ["a.ts --live --input a=b", "--live is a run without Kafka; leave it out with --input"],
  ["a.ts --input x", "--input x names no topic and file; write --input topic=file or topic=-"],
  ["a.ts --input =f", "--input =f names no topic and file; write --input topic=file or topic=-"],
  [
    "a.ts --input a/b=f",
    '--input a/b=f: "a/b" is no topic name; Kafka allows letters, digits, ".", "_" and "-"',
  ],
  ["a.ts --input a=f --input a=g", "--input gives topic a twice; join the files first"],
  [
    "a.ts --input a=- --input b=-",
    "standard input can feed one topic only; give the others a file",
  ],
  ["a.ts --rate 5", "--rate is about --input, which is missing"],
])("run %s", (line, message) => {
  expect(() => parse(line)).toThrow(message);
  expect(() => parse(line)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
});
