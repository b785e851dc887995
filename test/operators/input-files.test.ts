/** Goal: streams of files take each file once, also over a crash, and outputs are whole files. */

import { expect, test } from "vitest";
import { blockSplitsOf } from "../../core/files/text-splits.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const files = Array.from({ length: 6 }, (_, n) => ({
  path: `incoming/${n}.txt`,
  atMs: 500 + n * 1000,
  text: `file ${n}\n`,
}));

function saving(crashMs: number | null) {
  return runWorld({
    program: (ssc) => {
      ssc.checkpoint("checkpoints");
      ssc.textFileStream("incoming").saveAsTextFiles("out/lines", "txt");
    },
    world: {
      files,
      faults: crashMs === null ? [] : [{ kind: "crashDriver", atMs: crashMs, downMs: 1500 }],
    },
  });
}

test("each batch becomes a directory of its own", () => {
  const { run } = saving(null);
  expect(run.ended).toBe("input consumed");
  expect(run.readFile("out/lines-1000.txt/part-00000")).toBe("file 0\n");
  expect(run.readFile("out/lines-1000.txt/_SUCCESS")).toBe("");
  expect(run.listFiles("out/lines-6000.txt").map(({ path }) => path)).toEqual([
    "out/lines-6000.txt/_SUCCESS",
    "out/lines-6000.txt/part-00000",
  ]);
});

test("after a crash every file is still taken by exactly one batch", () => {
  // The checkpoint's own batch runs again, and writes over its directory.
  const { run, events } = saving(2900);
  expect(eventsOf(events, "driver.started")).toHaveLength(2);
  const taken = eventsOf(events, "files.selected").flatMap(({ paths }) => paths);
  expect([...taken].sort((a, b) => (a < b ? -1 : 1))).toEqual(files.map(({ path }) => path));
  expect(run.readFile("out/lines-3000.txt/part-00000")).toBe("file 2\n");
});

test("outside of an output operation a directory that is there is refused", () => {
  const { run } = runWorld({
    program: (ssc) => {
      ssc.queueStream([[1]]).print();
      for (const rdd of [1, 2].map((n) => ssc.sparkContext.parallelize([n]))) {
        rdd.saveAsTextFile("out");
      }
    },
    world: {},
  });
  expect(run.failure?.message).toContain(
    "org.apache.hadoop.mapred.FileAlreadyExistsException: Output directory out already exists",
  );
});

test("a failed job writes nothing", () => {
  const { run } = runWorld({
    program: (ssc) =>
      ssc
        .queueStream([[1, 2, 3]])
        .map((n) => {
          if (n === 3) throw new Error("no");
          return n;
        })
        .saveAsTextFiles("out"),
    world: {},
  });
  expect(run.failure?.message).toContain("Error: no");
  expect(run.listFiles("out-1000")).toEqual([]);
});

test("a file of 100 MB has a partition for each block of 32 MB, the last a little longer", () => {
  const splits = blockSplitsOf([{ path: "big", sizeBytes: 100_000_000, modifiedMs: 0 }]);
  expect(splits.map(({ start, end }) => end - start)).toEqual([33_554_432, 33_554_432, 32_891_136]);
});
