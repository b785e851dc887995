// What gives values to the driver: what RddActions.scala runs under the same names.
import type { SparkContext } from "streamscope";
import { add, type RddPrograms } from "./given.ts";
import { ten, to } from "./rdd-elements.ts";

const gaps = [7, 7, 1, 1, 1, 9, 3];

const byLength = (a: string, b: string): number => a.length - b.length;
const farFrom83 = (n: number): number => Math.abs(10 * n - 83);
const isAfter = (limit: number) => (n: number) => n > limit;

/** The first few, and no more is asked for. */
function firsts<T>(items: Iterable<T>, count: number): T[] {
  const found: T[] = [];
  for (const item of items) {
    found.push(item);
    if (found.length === count) break;
  }
  return found;
}

const taken: RddPrograms = [
  ["collect", (sc, _, jobs) => jobs(() => ten(sc).collect())],
  ["collect of an empty RDD", (sc, _, jobs) => jobs(() => sc.emptyRDD().collect())],
  [
    "toLocalIterator runs a job per partition, when it comes to it",
    (sc, _, jobs) => jobs(() => firsts(ten(sc, 4).toLocalIterator(), 4)),
  ],
  ["toLocalIterator to its end", (sc, _, jobs) => jobs(() => [...ten(sc, 3).toLocalIterator()])],
  ["take from one partition", (sc, _, jobs) => jobs(() => ten(sc, 5).take(2))],
  ["take from several", (sc, _, jobs) => jobs(() => ten(sc, 5).take(5))],
  [
    "take across empty partitions",
    (sc, _, jobs) =>
      jobs(() => {
        const late = sc.parallelize(to(1, 100), 30).filter(isAfter(60));
        return late.take(3);
      }),
  ],
  ["take of more than there is", (sc, _, jobs) => jobs(() => ten(sc, 20).take(50))],
  ["take none", (sc, _, jobs) => jobs(() => ten(sc).take(0))],
  ["take less than none", (sc, _, jobs) => jobs(() => ten(sc).take(-1))],
  ["take of an empty RDD", (sc, _, jobs) => jobs(() => sc.emptyRDD().take(2))],
  [
    "first",
    (sc, _, jobs) =>
      jobs(() => {
        const late = sc.parallelize(to(1, 10), 5).filter(isAfter(4));
        return late.first();
      }),
  ],
  ["first of empty partitions", (sc) => sc.parallelize([], 3).first()],
  ["isEmpty of an empty RDD", (sc, _, jobs) => jobs(() => sc.emptyRDD().isEmpty())],
  ["isEmpty of empty partitions", (sc, _, jobs) => jobs(() => sc.parallelize([], 7).isEmpty())],
  ["isEmpty of records", (sc, _, jobs) => jobs(() => ten(sc).isEmpty())],
  ["takeOrdered", (sc, _, jobs) => jobs(() => sc.parallelize(gaps, 3).takeOrdered(4))],
  [
    "takeOrdered by an order of one's own",
    (sc) => sc.parallelize(gaps, 3).takeOrdered(2, (a, b) => farFrom83(a) - farFrom83(b)),
  ],
  [
    "takeOrdered of strings",
    (sc) => sc.parallelize(["b", "B", "a", "ab", "\u00e9"], 2).takeOrdered(4),
  ],
  [
    "takeOrdered of tuples",
    (sc) => {
      const pairs: [string, number][] = [
        ["b", 1],
        ["a", 2],
        ["a", 1],
      ];
      return sc.parallelize(pairs, 2).takeOrdered(2);
    },
  ],
  ["takeOrdered of booleans", (sc) => sc.parallelize([true, false, true], 2).takeOrdered(3)],
  ["takeOrdered of none runs no job", (sc, _, jobs) => jobs(() => ten(sc).takeOrdered(0))],
  ["takeOrdered of more than there is", (sc) => ten(sc).takeOrdered(20)],
  ["takeOrdered of an empty RDD", (sc, _, jobs) => jobs(() => sc.emptyRDD().takeOrdered(2))],
  [
    "takeOrdered of empty partitions",
    (sc, _, jobs) => jobs(() => sc.parallelize([], 2).takeOrdered(2)),
  ],
  ["top", (sc, _, jobs) => jobs(() => sc.parallelize(gaps, 3).top(3))],
  [
    "top by an order of one's own",
    (sc) => sc.parallelize(["pear", "fig", "banana"], 2).top(2, byLength),
  ],
  ["max and min", (sc) => [sc.parallelize(gaps, 3).max(), sc.parallelize(gaps, 3).min()]],
  [
    "max by an order takes the first of equals",
    (sc) => sc.parallelize(["aa", "b", "cc"], 1).max(byLength),
  ],
  [
    "min by an order takes the first of equals",
    (sc) => sc.parallelize(["aa", "b", "c"], 1).min(byLength),
  ],
  ["max of an empty RDD", (sc) => sc.emptyRDD<number>().max()],
  ["min of empty partitions", (sc) => sc.parallelize<number>([], 2).min()],
];

const hundred = (sc: SparkContext, slices: number) => sc.parallelize(to(1, 100), slices);
const none = (sc: SparkContext, slices: number) => sc.parallelize<number>([], slices);

const folded: RddPrograms = [
  ["reduce", (sc, _, jobs) => jobs(() => ten(sc).reduce(add))],
  ["reduce left to right", (sc) => sc.parallelize(["a", "b", "c", "d"], 1).reduce((a, b) => a + b)],
  ["reduce of one record", (sc) => sc.parallelize([5], 3).reduce(add)],
  ["reduce of no records", (sc) => none(sc, 2).reduce(add)],
  ["reduce of no partitions", (sc) => sc.emptyRDD<number>().reduce(add)],
  [
    "fold takes the zero value once per partition and once more",
    (sc, _, jobs) => jobs(() => ten(sc, 4).fold(100, add)),
  ],
  ["fold of no records", (sc) => none(sc, 3).fold(1, add)],
  ["fold of no partitions", (sc, _, jobs) => jobs(() => sc.emptyRDD<number>().fold(7, add))],
  [
    "aggregate",
    (sc, _, jobs) =>
      jobs(() =>
        ten(sc).aggregate<[number, number]>(
          [0, 0],
          ([sum, count], n) => [sum + n, count + 1],
          (a, b) => [a[0] + b[0], a[1] + b[1]],
        ),
      ),
  ],
  [
    "aggregate into a list that is changed",
    (sc) => {
      const append = (list: number[], ...more: number[]): number[] => {
        list.push(...more);
        return list;
      };
      return ten(sc, 1).aggregate<number[]>([], append, (a, b) => append(a, ...b));
    },
  ],
  [
    "aggregate takes the zero value once more",
    (sc) => sc.parallelize([1, 2, 3, 4], 2).aggregate(10, add, add),
  ],
  [
    "treeAggregate of few partitions",
    (sc, _, jobs) => jobs(() => ten(sc, 3).treeAggregate(0, add, add)),
  ],
  [
    "treeAggregate of 20 partitions",
    (sc, _, jobs) => jobs(() => hundred(sc, 20).treeAggregate(0, add, add)),
  ],
  [
    "treeAggregate of 40 partitions, 3 deep",
    (sc, _, jobs) => jobs(() => hundred(sc, 40).treeAggregate(0, add, add, 3)),
  ],
  [
    "treeAggregate 1 deep",
    (sc, _, jobs) => jobs(() => hundred(sc, 40).treeAggregate(0, add, add, 1)),
  ],
  [
    "treeAggregate ends on an executor",
    (sc, _, jobs) => jobs(() => ten(sc, 5).treeAggregate(0, add, add, 2, true)),
  ],
  [
    "treeAggregate with a zero value that counts",
    (sc) => hundred(sc, 20).treeAggregate(1, add, add),
  ],
  [
    "treeAggregate of no partitions",
    (sc, _, jobs) => jobs(() => sc.emptyRDD<number>().treeAggregate(3, add, add)),
  ],
  ["treeAggregate 0 deep", (sc) => ten(sc).treeAggregate(0, add, add, 0)],
  ["treeReduce of 20 partitions", (sc, _, jobs) => jobs(() => hundred(sc, 20).treeReduce(add))],
  [
    "treeReduce with empty partitions",
    (sc) => sc.parallelize([1, 2, 3], 12).treeReduce((a, b) => Math.max(a, b)),
  ],
  ["treeReduce of no records", (sc) => none(sc, 2).treeReduce(add)],
  ["treeReduce 0 deep", (sc) => ten(sc).treeReduce(add, 0)],
];

const counted: RddPrograms = [
  ["count", (sc, _, jobs) => jobs(() => ten(sc).count())],
  ["count of no partitions", (sc, _, jobs) => jobs(() => sc.emptyRDD().count())],
  ["countByValue", (sc, _, jobs) => jobs(() => sc.parallelize(gaps, 3).countByValue())],
  ["countByValue of strings and null", (sc) => sc.parallelize(["a", null, "a"], 2).countByValue()],
  ["countByValue of no records", (sc) => none(sc, 2).countByValue()],
  [
    "countApprox",
    (sc) => {
      const bounds = ten(sc).countApprox(100000).getFinalValue();
      return [bounds.mean, bounds.confidence, bounds.low, bounds.high, String(bounds)];
    },
  ],
  ["countApprox with a confidence above 1", (sc) => ten(sc).countApprox(1000, 1.5)],
  [
    "countByValueApprox",
    (sc) => {
      const counts = sc.parallelize(gaps, 3).countByValueApprox(100000).getFinalValue();
      return new Map([...counts].map(([n, bounds]) => [n, bounds.mean]));
    },
  ],
  ["countByValueApprox with a confidence below 0", (sc) => ten(sc).countByValueApprox(1000, -0.5)],
  [
    "foreach and foreachPartition run on every partition",
    (sc, _, jobs) =>
      jobs(() => {
        ten(sc).foreach(() => {});
        ten(sc, 4).foreachPartition(() => {});
      })[1],
  ],
  [
    "runJob of the context",
    (sc, _, jobs) => jobs(() => sc.runJob(ten(sc, 4), (ns) => ns.reduce(add))),
  ],
  [
    "runJob over some partitions",
    (sc, _, jobs) => jobs(() => sc.runJob(ten(sc, 4), (ns) => ns.reduce(add), [3, 1])),
  ],
];

export const rddActions: RddPrograms = [...taken, ...folded, ...counted].map(
  ([name, program]) => [`rddActions/${name}`, program] as const,
);
