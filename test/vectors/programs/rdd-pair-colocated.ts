// Keyed RDDs that meet where they lie: what RddPairJoin.scala runs under the same names.
import { HashPartitioner } from "streamscope";
import { add, lineage, type RddPrograms } from "./given.ts";
import { ByLength, everything, left, linesOf, pairsOf, right } from "./rdd-pairs.ts";

export const rddPairColocated: RddPrograms = [
  [
    "rddPairJoin/join of RDDs partitioned alike needs no shuffle of its own",
    (sc) => {
      const both = new HashPartitioner(3);
      return linesOf(left(sc).partitionBy(both).join(right(sc).partitionBy(both)));
    },
  ],
  [
    "rddPairJoin/join shuffles only the side that lies elsewhere",
    (sc) => {
      const joined = left(sc).reduceByKey(add, 3).join(right(sc));
      const swapped = right(sc).join(left(sc).reduceByKey(add, 3));
      return [...linesOf(joined), ...linesOf(swapped)];
    },
  ],
  [
    "rddPairJoin/join over another number of partitions shuffles both",
    (sc) => {
      const both = new HashPartitioner(3);
      return linesOf(left(sc).partitionBy(both).join(right(sc).partitionBy(both), 2));
    },
  ],
  [
    "rddPairJoin/join takes the partitioner of more partitions",
    (sc) => linesOf(left(sc).reduceByKey(add, 3).join(right(sc).groupByKey(5))),
  ],
  [
    "rddPairJoin/join leaves a partitioner of far fewer partitions",
    (sc) => {
      const many = pairsOf(sc, [["a", 1]], 25);
      return [3, 2, 1].map((n) => lineage(many.join(right(sc).groupByKey(n)))[0]);
    },
  ],
  [
    "rddPairJoin/join keeps a partitioner no worse than the parallelism",
    (sc) => {
      const many = pairsOf(sc, [["a", 1]], 50);
      return [4, 3, 2].map((n) => lineage(many.join(right(sc).groupByKey(n)))[0]);
    },
  ],
  [
    "rddPairJoin/join by equal and by unequal partitioners of one's own",
    (sc) => {
      const equal = left(sc)
        .partitionBy(new ByLength(2))
        .join(right(sc).partitionBy(new ByLength(2)));
      const unequal = left(sc)
        .partitionBy(everything(1, 2))
        .join(right(sc).partitionBy(everything(1, 2)));
      return [...linesOf(equal), ...linesOf(unequal)];
    },
  ],
  [
    "rddPairJoin/mapValues and filter keep the partitioner and map loses it",
    (sc) => {
      const placed = left(sc).partitionBy(new HashPartitioner(2));
      const kept = placed
        .mapValues((n) => n + 1)
        .flatMapValues((n) => [n, -n])
        .filter(([, n]) => n > 0);
      const joined = kept.join(placed);
      return [lineage(joined), lineage(placed.map((pair) => pair).join(placed))];
    },
  ],
];
