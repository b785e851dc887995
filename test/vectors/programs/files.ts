// Text files read and written without a stream: what Files.scala runs under the same names.
import type { FileSpec } from "../../../core/scenario/scenario.ts";
import { lineage, type RddPrograms } from "./given.ts";

const text = "one\ntwo two\n\nfour\r\nfünf\nsechs sechs sechs\nlast without an end";
const small = ["a b\nc\nd\n", "x", "", "\n"];

function linesOf(name: string): string {
  return `line 1 of ${name}\nline 2 of ${name}\n`;
}

/** What the programs find. */
export const filesThere: readonly FileSpec[] = [
  { path: "/data/in.txt", text },
  ...small.map((of, index) => ({ path: `/data/small-${index}.txt`, text: of })),
  ...["b.txt", "a.txt", "_SUCCESS", ".hidden"].map((name) => ({
    path: `/data/lines/${name}`,
    text: linesOf(name),
  })),
  ...["b.txt", "a.txt"].map((name) => ({ path: `/data/whole/${name}`, text: `all of\n${name}` })),
];

const reading: RddPrograms = [1, 2, 3, 4, 5].map((count) => [
  `rddFiles/textFile in ${count} splits`,
  (sc) => sc.textFile("/data/in.txt", count).glom().collect(),
]);

export const rddFiles: RddPrograms = [
  ...reading,
  [
    "rddFiles/textFile by default, of one byte, of none",
    (sc) => small.map((_, index) => sc.textFile(`/data/small-${index}.txt`).glom().collect()),
  ],
  [
    "rddFiles/textFile of a directory leaves hidden files out",
    (sc) =>
      sc
        .textFile("/data/lines", 3)
        .collect()
        .sort((a, b) => (a < b ? -1 : 1)),
  ],
  [
    "rddFiles/wholeTextFiles",
    (sc) =>
      sc
        .wholeTextFiles("/data/whole")
        .collect()
        .map(([path, of]) => [path.slice(path.lastIndexOf("/") + 1), of]),
  ],
  [
    "rddFiles/saveAsTextFile writes a file a partition, and _SUCCESS",
    (sc, written) => {
      sc.parallelize(["a", "bb", "ccc"], 4)
        .map((word) => [word, word.length])
        .saveAsTextFile("out");
      return written("out");
    },
  ],
  [
    "rddFiles/saveAsTextFile of an RDD without partitions",
    (sc, written) => {
      sc.emptyRDD<number>().saveAsTextFile("out");
      return written("out");
    },
  ],
  [
    "rddFiles/saveAsObjectFile and objectFile",
    (sc) => {
      sc.parallelize(
        [["a", 1] as const, ["b", 2] as const, [null, 3] as const],
        2,
      ).saveAsObjectFile("out");
      return sc
        .objectFile<readonly [string | null, number]>("out")
        .collect()
        .sort((a, b) => a[1] - b[1]);
    },
  ],
  [
    "rddFiles/lineage",
    (sc) => lineage(sc.textFile("/data/in.txt")).map((of) => of.replace("/data/", "")),
  ],
];
