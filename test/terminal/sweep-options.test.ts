/** Goal: the command line of a sweep is read as it is documented, its table says what it found.
 *  Method: lines as a person types them; a table of a sweep made by hand. */

import { expect, test } from "vitest";
import { describeSweep } from "../../core/live/terminal/sweep.ts";
import { parseSweepOptions, sweepUsage } from "../../core/live/terminal/sweep-options.ts";

const parse = (line: string) => parseSweepOptions(line.split(" ").filter((word) => word !== ""));

test("a pipeline alone crashes the driver in batch 3", () => {
  expect(parse("lessons/01-word-count")).toEqual({
    pipeline: "lessons/01-word-count",
    world: null,
    crash: "driver",
    id: 1,
    batches: { from: 3, to: 3 },
    faults: null,
    json: false,
  });
});

test("every option is read", () => {
  const line = "p.ts --crash executor:2 --batches 3-5 --world w.ts --faults f.txt --json";
  expect(parse(line)).toEqual({
    pipeline: "p.ts",
    world: "w.ts",
    crash: "executor",
    id: 2,
    batches: { from: 3, to: 5 },
    faults: "f.txt",
    json: true,
  });
  const named = [...sweepUsage.matchAll(/^ {2}(--[a-z]+)/gm)].map(([, name]) => name);
  expect(named).toEqual(
    ["crash", "batches", "world", "faults", "json", "stack", "help"].map((name) => `--${name}`),
  );
});

test.each([
  ["", "no pipeline is given; write: streamscope sweep"],
  ["a.ts b.ts", 'one pipeline is swept at a time, and "b.ts" is given besides "a.ts"'],
  [
    "a.ts --crash moon",
    "--crash moon is nothing that can crash; give driver, executor, broker, sink",
  ],
  ["a.ts --batches 5-3", "--batches 5-3 is no window; write --batches 3 or --batches 3-5"],
  ["a.ts --fast", "streamscope sweep --help lists the options"],
])("a wrong line is told in one sentence: %j", (line, message) => {
  expect(() => parse(line)).toThrow(message);
});

test("the table has counts, and a run of each verdict to open", () => {
  const none = { count: 0, example: null };
  const moment = { atMs: 3002, event: "batch.planned", reordered: none, lost: none, failure: null };
  const runs = [
    {
      ...moment,
      afterSeq: 7,
      verdict: "duplicated",
      duplicated: { count: 3, example: "t-0@4 is 2 times in output 0" },
      script: "after event 7 crash driver",
    },
    {
      ...moment,
      afterSeq: 9,
      verdict: "right",
      duplicated: none,
      script: "after event 9 crash driver",
    },
  ] as const;
  const counts = { right: 1, duplicated: 1, reordered: 0, lost: 0, "not exercised": 0 };
  const command = parse("lessons/02-clickstream --batches 3-5");
  expect(describeSweep({ runs, counts, events: 4 }, command, "02-clickstream")).toEqual([
    "02-clickstream: driver crashes in batches 3 to 5",
    "4 events, 2 moments between them",
    "",
    "verdict       runs",
    "not exercised    0",
    "right            1",
    "reordered        0",
    "duplicated       1",
    "lost             0",
    "",
    "right: first right after event 9 (batch.planned, 3002 ms)",
    '  streamscope run lessons/02-clickstream --fault "after event 9 crash driver"',
    "  #/learn/02-clickstream?at=9&faults=after+event+9+crash+driver",
    "",
    "duplicated: first right after event 7 (batch.planned, 3002 ms)",
    "  t-0@4 is 2 times in output 0, and 2 more",
    '  streamscope run lessons/02-clickstream --fault "after event 7 crash driver"',
    "  #/learn/02-clickstream?at=7&faults=after+event+7+crash+driver",
  ]);
});
