// How the RDDs of streams are kept: the rest of what StreamOperators.scala runs.
import { type DStream, Seconds } from "streamscope";
import { add, type Given, lineage, pairs, type Programs } from "./given.ts";

const plusOne = (given: Given): DStream<number> => given.input<number>().map((n) => n + 1);

export const streamKept: Programs = [
  [
    "streamOperators/persist keeps the RDDs of a batch for one batch",
    (given) => {
      const mapped = plusOne(given).persist();
      given.partitions(mapped);
      given.value(
        mapped.filter((n) => n > 3),
        lineage,
      );
    },
  ],
  [
    "streamOperators/persist(MEMORY_AND_DISK)",
    (given) => {
      const mapped = plusOne(given).persist("MEMORY_AND_DISK");
      given.value(mapped, lineage);
      given.value(mapped, (rdd) => rdd.count());
    },
  ],
  [
    "streamOperators/cache is MEMORY_ONLY_SER",
    (given) => given.value(plusOne(given).cache(), lineage),
  ],
  [
    "streamOperators/persisted streams are computed once",
    (given) => {
      const counted = pairs(given.input<number>()).reduceByKey(add).cache();
      given.partitions(counted);
      given.partitions(counted.map(([n, count]) => [count, n] as const));
    },
  ],
  [
    "streamOperators/remember keeps RDDs longer",
    (given) => {
      given.ssc.remember(Seconds(3));
      given.value(plusOne(given).cache(), (rdd) => rdd.count());
    },
  ],
  [
    "streamOperators/a window makes its parent persist",
    (given) => {
      const mapped = plusOne(given);
      given.value(mapped.window(Seconds(2)), lineage);
      given.value(mapped, lineage);
      given.value(mapped.window(Seconds(2)), (rdd) => rdd.count());
    },
  ],
  [
    "streamOperators/a window persists its parent anew",
    (given) => {
      const mapped = plusOne(given).persist("MEMORY_ONLY");
      given.value(mapped.window(Seconds(2)), (rdd) => rdd.count());
      given.value(mapped, lineage);
    },
  ],
  [
    "streamOperators/persist of a window is persist of its parent",
    (given) => {
      const mapped = plusOne(given);
      const windowed = mapped.window(Seconds(2)).persist("MEMORY_ONLY");
      given.value(windowed, lineage);
      given.value(mapped, lineage);
      given.value(windowed, (rdd) => rdd.count());
    },
  ],
  [
    "streamOperators/a window of a window persists the first parent",
    (given) => {
      const mapped = plusOne(given);
      const outer = mapped.window(Seconds(2)).window(Seconds(2));
      given.value(outer, lineage);
      given.value(mapped, lineage);
      given.value(outer, (rdd) => rdd.count());
    },
  ],
  [
    "streamOperators/checkpoint(2 s) cuts every second lineage",
    (given) => {
      const mapped = plusOne(given).checkpoint(Seconds(2));
      given.value(mapped, (rdd) => rdd.collect());
      given.value(
        mapped.filter((n) => n > 3),
        lineage,
      );
    },
  ],
  [
    "streamOperators/persist(level) and then checkpoint persists anew",
    (given) => {
      const mapped = plusOne(given).persist("MEMORY_AND_DISK").checkpoint(Seconds(2));
      given.value(mapped, lineage);
      given.value(mapped, (rdd) => rdd.count());
    },
  ],
  [
    "streamOperators/checkpoint and then persist(level)",
    (given) => {
      const mapped = plusOne(given).checkpoint(Seconds(2)).persist("MEMORY_AND_DISK");
      given.value(mapped, (rdd) => rdd.count());
      given.value(
        mapped.map((n) => n + 1),
        lineage,
      );
    },
  ],
];
