// Goal: a stream of files takes the files that Spark takes, in the same batches.
// Method: Spark ran the stream of spark/FileProgram.scala over files with given modification times;
// the same files appear at those times here. Spark lists a directory in no order, so that the lines
// of a batch are compared sorted.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { compareStrings } from "../../core/base/order.ts";
import { runWorld } from "../kit/run-world.ts";

interface Vector {
  readonly name: string;
  readonly batches: number;
  readonly files: readonly (readonly [atMs: number, name: string])[];
  readonly values?: readonly (readonly [partitions: number, lines: readonly string[]])[];
  readonly failure?: string;
}

const file = fileURLToPath(new URL("spark/files.json", import.meta.url));
// The generator's own output, in the shape above.
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vector[];

for (const vector of vectors) {
  test(vector.name, () => {
    const values: unknown[] = [];
    const { run } = runWorld({
      program: (ssc) =>
        ssc.textFileStream("incoming").foreachRDD((rdd) => {
          values.push([rdd.getNumPartitions(), rdd.collect().sort(compareStrings)]);
        }),
      world: {
        batches: vector.batches,
        files: vector.files.map(([atMs, name]) => ({
          path: `incoming/${name}`,
          atMs,
          text: `${name}\n`,
        })),
      },
    });
    if (vector.failure === undefined) expect(values).toEqual(vector.values);
    // Spark names the file by its whole path.
    else expect(run.failure?.message.replace("incoming/", "")).toContain(vector.failure);
  });
}
