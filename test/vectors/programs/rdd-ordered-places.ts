// Keys with an order, placed and found by it: what RddOrdered.scala runs under the same names.
import { HashPartitioner, RangePartitioner } from "streamscope";
import { add, lineage, type RddPrograms } from "./given.ts";
import { mixed } from "./rdd-ordered.ts";
import { ByLength, Counting, linesOf, parts, right, words } from "./rdd-pairs.ts";

export const rddOrderedPlaces: RddPrograms = [
  [
    "rddOrdered/repartitionAndSortWithinPartitions",
    (sc) => {
      const sorted = words(sc).repartitionAndSortWithinPartitions(new HashPartitioner(3));
      const own = words(sc).repartitionAndSortWithinPartitions(new ByLength(2));
      return [...linesOf(sorted), ...linesOf(own)];
    },
  ],
  [
    "rddOrdered/repartitionAndSortWithinPartitions of what lies so already",
    (sc) => {
      const hashed = words(sc).partitionBy(new HashPartitioner(3));
      const sorted = hashed.repartitionAndSortWithinPartitions(new HashPartitioner(3));
      return [...linesOf(sorted), lineage(sorted.reduceByKey(add))];
    },
  ],
  [
    "rddOrdered/repartitionAndSortWithinPartitions by an order of one's own",
    (sc) => {
      const down = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0);
      return parts(words(sc).repartitionAndSortWithinPartitions(new HashPartitioner(2), down));
    },
  ],
  ["rddOrdered/filterByRange", (sc) => linesOf(words(sc).filterByRange("in", "question"))],
  [
    "rddOrdered/filterByRange of sorted keys leaves partitions out",
    (sc) => {
      const counting = new Counting();
      const sorted = counting.of(words(sc).sortByKey(true, 6));
      const some = sorted.filterByRange("in", "not");
      const down = counting.of(words(sc).sortByKey(false, 6)).filterByRange("in", "not");
      return [
        parts(some),
        counting.take(),
        lineage(some),
        parts(down),
        counting.take(),
        lineage(down),
      ];
    },
  ],
  [
    "rddOrdered/filterByRange of nothing, of one key and beyond the ends",
    (sc) => {
      const sorted = words(sc).sortByKey(true, 4);
      return [
        parts(sorted.filterByRange("z", "a")),
        parts(sorted.filterByRange("mind", "mind")),
        parts(sorted.filterByRange("x", "zz")),
        parts(sorted.filterByRange("", "z")),
        parts(words(sc).filterByRange("z", "a")),
      ];
    },
  ],
  [
    "rddOrdered/a range partitioner",
    (sc) => {
      const pairs = mixed(sc, 100, 4);
      const ranges = new RangePartitioner(4, pairs);
      const down = new RangePartitioner(4, pairs, false);
      const keys = [-5, 0, 24, 25, 26, 50, 51, 75, 99, 1000];
      return [
        ranges.numPartitions,
        keys.map((key) => ranges.getPartition(key)),
        keys.map((key) => down.getPartition(key)),
        ranges.equals(new RangePartitioner(4, pairs)),
        ranges.equals(down),
        ranges.equals(new RangePartitioner(3, pairs)),
        ranges.equals(new HashPartitioner(4)),
        new RangePartitioner(1, pairs).numPartitions,
      ];
    },
  ],
  [
    "rddOrdered/partitionBy a range partitioner",
    (sc) => {
      const pairs = words(sc);
      return linesOf(pairs.partitionBy(new RangePartitioner(3, pairs)));
    },
  ],
  [
    "rddOrdered/reduceByKey and join of sorted keys need no shuffle",
    (sc) => {
      const sorted = words(sc).sortByKey();
      const sums = sorted.reduceByKey(add);
      return [...linesOf(sums), parts(sums.join(sorted)), lineage(sums.join(sorted))];
    },
  ],
  [
    "rddOrdered/equal range partitioners need no shuffle between them",
    (sc) => {
      const pairs = words(sc);
      const alike = lineage(pairs.sortByKey().join(pairs.sortByKey()));
      return [...alike, ...lineage(pairs.sortByKey().join(pairs.sortByKey(false)))];
    },
  ],
  [
    "rddOrdered/lookup of a sorted key computes one partition",
    (sc) => {
      const counting = new Counting();
      const sorted = counting.of(words(sc).sortByKey(true, 5));
      return [sorted.lookup("the"), counting.take(), sorted.lookup("zero"), counting.take()];
    },
  ],
  [
    "rddOrdered/subtractByKey of sorted keys",
    (sc) => linesOf(words(sc).sortByKey().subtractByKey(right(sc))),
  ],
];
