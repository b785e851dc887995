// Estimates of how many values there are: what RddDistinctCounts.scala runs under the same names.
import type { RddPrograms } from "./given.ts";
import { ten, to } from "./rdd-elements.ts";

const sizes = [1, 10, 100, 300, 1000, 3000, 20000];

const programs: RddPrograms = [
  [
    "numbers, by how many there are",
    (sc) => sizes.map((count) => sc.parallelize(to(1, count), 3).countApproxDistinct()),
  ],
  [
    "strings, by how many there are",
    (sc) =>
      sizes.map((count) => {
        const words = to(1, count).map((n) => `word number ${n} \u00e9`);
        return sc.parallelize(words, 3).countApproxDistinct();
      }),
  ],
  [
    "a thousand numbers, by precision",
    (sc) => to(4, 20).map((p) => sc.parallelize(to(1, 1000), 2).countApproxDistinct(p, 0)),
  ],
  [
    "five thousand numbers, by precision",
    (sc) => to(4, 20).map((p) => sc.parallelize(to(1, 5000), 2).countApproxDistinct(p, 0)),
  ],
  [
    "by relative standard deviation",
    (sc) =>
      [0.9, 0.3, 0.1, 0.05, 0.01, 0.001].map((sd) =>
        sc.parallelize(to(1, 2000), 2).countApproxDistinct(sd),
      ),
  ],
  [
    "with a sparse precision",
    (sc) =>
      sizes.flatMap((count) =>
        [9, 16, 25].map((sp) => sc.parallelize(to(1, count), 3).countApproxDistinct(9, sp)),
      ),
  ],
  [
    "repeated values",
    (sc, _, jobs) => {
      const repeated = sc.parallelize(
        to(1, 5000).map((n) => n % 37),
        4,
      );
      return jobs(() => repeated.countApproxDistinct());
    },
  ],
  [
    "null, booleans, fractions and tuples",
    (sc) => {
      const pairs: [string, number][] = [
        ["a", 1],
        ["b", 2],
        ["a", 1],
      ];
      return [
        sc.parallelize(["a", null, "b", null], 2).countApproxDistinct(),
        sc.parallelize([true, false, true], 2).countApproxDistinct(),
        sc.parallelize([0.5, 1.25, 0.5], 2).countApproxDistinct(),
        sc.parallelize(pairs, 2).countApproxDistinct(),
      ];
    },
  ],
  [
    "no records",
    (sc) => [
      sc.parallelize([], 2).countApproxDistinct(),
      sc.emptyRDD().countApproxDistinct(),
      sc.emptyRDD().countApproxDistinct(8, 12),
    ],
  ],
  ["a deviation of 0", (sc) => ten(sc).countApproxDistinct(0)],
  ["a precision below 4", (sc) => ten(sc).countApproxDistinct(3, 0)],
  ["a sparse precision below the other", (sc) => ten(sc).countApproxDistinct(9, 8)],
  ["a sparse precision above 32", (sc) => ten(sc).countApproxDistinct(9, 33)],
];

export const rddDistinctCounts: RddPrograms = programs.map(
  ([name, program]) => [`rddDistinctCounts/${name}`, program] as const,
);
