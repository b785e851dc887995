// Operations of an RDD without a stream: what RddBasics.scala runs under the same names.
import type { RddPrograms } from "./given.ts";

export const rddBasics: RddPrograms = [
  [
    "rddBasics/take and first",
    (sc) => {
      const rdd = sc.parallelize([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3);
      return [rdd.take(4), rdd.first(), rdd.count()];
    },
  ],
  ["rddBasics/first of an empty RDD", (sc) => sc.emptyRDD<number>().first()],
];
