// Windows of every kind: what StreamWindows.scala runs under the same names.
import { type DStream, Seconds } from "streamscope";
import {
  add,
  byLength,
  type Given,
  lineage,
  pairs,
  type Programs,
  runningCount,
  subtract,
} from "./given.ts";

const ones = (given: Given): DStream<readonly [string, number]> => pairs(given.input<string>());

const groups: Programs = [
  [
    "streamWindows/groupByKeyAndWindow(3 s)",
    (given) =>
      given.partitions(
        given
          .input<string>()
          .map((word) => [word, `${word}!`] as const)
          .groupByKeyAndWindow(Seconds(3)),
      ),
  ],
  [
    "streamWindows/groupByKeyAndWindow(4 s, 2 s)",
    (given) => given.partitions(ones(given).groupByKeyAndWindow(Seconds(4), Seconds(2))),
  ],
  [
    "streamWindows/groupByKeyAndWindow(2 s, 2 s, 3)",
    (given) => given.partitions(ones(given).groupByKeyAndWindow(Seconds(2), Seconds(2), 3)),
  ],
  [
    "streamWindows/groupByKeyAndWindow with a partitioner, its lineage",
    (given) => {
      const grouped = ones(given).groupByKeyAndWindow(Seconds(2), Seconds(1), byLength(2));
      given.partitions(grouped);
      given.value(grouped, lineage);
    },
  ],
  [
    "streamWindows/groupByKeyAndWindow keeps the order of values",
    (given) =>
      given.partitions(
        given
          .input<number>()
          .map((n) => [n % 2, n] as const)
          .groupByKeyAndWindow(Seconds(4)),
      ),
  ],
];

const reductions: Programs = [
  [
    "streamWindows/countByWindow(2 s, 1 s)",
    (given) => given.partitions(given.input().countByWindow(Seconds(2), Seconds(1))),
  ],
  [
    "streamWindows/countByWindow(3 s, 2 s)",
    (given) => given.partitions(given.input().countByWindow(Seconds(3), Seconds(2))),
  ],
  [
    "streamWindows/countByWindow of nothing",
    (given) => {
      const counted = given.input().countByWindow(Seconds(2), Seconds(1));
      given.partitions(counted);
      counted.print();
    },
  ],
  [
    "streamWindows/countByValueAndWindow(2 s, 1 s)",
    (given) => given.partitions(given.input().countByValueAndWindow(Seconds(2), Seconds(1))),
  ],
  [
    "streamWindows/countByValueAndWindow(4 s, 2 s, 3)",
    (given) => given.partitions(given.input().countByValueAndWindow(Seconds(4), Seconds(2), 3)),
  ],
  [
    "streamWindows/reduceByWindow(f, 2 s, 1 s)",
    (given) =>
      given.partitions(
        given.input<string>().reduceByWindow((a, b) => a + b, Seconds(2), Seconds(1)),
      ),
  ],
  [
    "streamWindows/reduceByWindow(f, 4 s, 3 s)",
    (given) => given.partitions(given.input<number>().reduceByWindow(add, Seconds(4), Seconds(3))),
  ],
  [
    "streamWindows/reduceByWindow(f, inverse, 3 s, 1 s)",
    (given) =>
      given.partitions(given.input<number>().reduceByWindow(add, subtract, Seconds(3), Seconds(1))),
  ],
  [
    "streamWindows/reduceByWindow(f, inverse, 4 s, 2 s) over gaps",
    (given) =>
      given.partitions(given.input<number>().reduceByWindow(add, subtract, Seconds(4), Seconds(2))),
  ],
  [
    "streamWindows/lineages of counts and reductions",
    (given) => {
      const stream = given.input<string>();
      given.value(stream.countByWindow(Seconds(2), Seconds(1)), lineage);
      given.value(stream.countByValueAndWindow(Seconds(2), Seconds(1)), lineage);
      given.value(
        stream.reduceByWindow((a, b) => a + b, Seconds(2), Seconds(1)),
        lineage,
      );
    },
  ],
];

const inverses: Programs = [
  [
    "streamWindows/inverse(4 s, 2 s)",
    (given) =>
      given.partitions(ones(given).reduceByKeyAndWindow(add, subtract, Seconds(4), Seconds(2))),
  ],
  [
    "streamWindows/inverse(2 s, 3 s) slides past its window",
    (given) =>
      given.partitions(ones(given).reduceByKeyAndWindow(add, subtract, Seconds(2), Seconds(3))),
  ],
  [
    "streamWindows/inverse(1 s) is a batch",
    (given) => given.partitions(ones(given).reduceByKeyAndWindow(add, subtract, Seconds(1))),
  ],
  [
    "streamWindows/inverse keeps keys at 0 for ever",
    (given) => ones(given).reduceByKeyAndWindow(add, subtract, Seconds(2)).print(),
  ],
  [
    "streamWindows/inverse with a filter forgets keys and meets them anew",
    (given) =>
      given.partitions(
        ones(given).reduceByKeyAndWindow(
          add,
          subtract,
          Seconds(3),
          Seconds(1),
          2,
          ([, count]) => count > 0,
        ),
      ),
  ],
  [
    "streamWindows/inverse with a partitioner",
    (given) =>
      given.partitions(
        ones(given).reduceByKeyAndWindow(add, subtract, Seconds(2), Seconds(1), byLength(3), null),
      ),
  ],
  [
    "streamWindows/inverse of nothing at all",
    (given) => {
      const stream = ones(given);
      given.partitions(stream.reduceByKeyAndWindow(add, subtract, Seconds(2)));
      given.value(stream.reduceByKeyAndWindow(add, subtract, Seconds(2)), (rdd) => rdd.count());
    },
  ],
  [
    "streamWindows/inverse that does not undo",
    (given) =>
      given.partitions(
        given
          .input<number>()
          .map((n) => ["max", n] as const)
          .reduceByKeyAndWindow(
            (a, b) => Math.max(a, b),
            (a) => a,
            Seconds(2),
            Seconds(1),
          ),
      ),
  ],
  [
    "streamWindows/inverse(2 s) of 25 batches is checkpointed twice",
    (given) => {
      const counted = ones(given).reduceByKeyAndWindow(add, subtract, Seconds(2));
      given.partitions(counted);
      given.value(counted, (rdd) => lineage(rdd).length);
    },
  ],
  [
    "streamWindows/inverse with checkpoint(4 s)",
    (given) => {
      const counted = ones(given).reduceByKeyAndWindow(add, subtract, Seconds(2));
      counted.checkpoint(Seconds(4));
      given.value(counted, (rdd) => lineage(rdd).length);
      given.partitions(counted);
    },
  ],
  [
    "streamWindows/persist of an inverse window is for its batches too",
    (given) => {
      const counted = ones(given)
        .reduceByKeyAndWindow(add, subtract, Seconds(2))
        .persist("MEMORY_AND_DISK");
      given.value(counted, lineage);
      for (const reduced of counted.dependencies) given.value(reduced, lineage);
      given.value(counted, (rdd) => rdd.count());
    },
  ],
];

const others: Programs = [
  [
    "streamWindows/reduceByKeyAndWindow(f, 3 s, 1 s, 3)",
    (given) => given.partitions(ones(given).reduceByKeyAndWindow(add, Seconds(3), Seconds(1), 3)),
  ],
  [
    "streamWindows/reduceByKeyAndWindow(f, 2 s, 2 s, partitioner)",
    (given) => {
      const reduced = ones(given).reduceByKeyAndWindow(add, Seconds(2), Seconds(2), byLength(2));
      given.partitions(reduced);
      given.value(reduced, lineage);
    },
  ],
  [
    "streamWindows/reduceByKeyAndWindow of text keeps the order",
    (given) =>
      given.partitions(
        given
          .input<string>()
          .map((word) => [1, word] as const)
          .reduceByKeyAndWindow((a, b) => a + b, Seconds(4)),
      ),
  ],
  [
    "streamWindows/window(3 s, 3 s) of reduceByKeyAndWindow(2 s)",
    (given) =>
      given.partitions(
        given
          .input<number>()
          .map((n) => [n % 3, n] as const)
          .reduceByKeyAndWindow(add, Seconds(2))
          .window(Seconds(3), Seconds(3)),
      ),
  ],
  [
    "streamWindows/inverse(4 s) of window(2 s, 2 s)",
    (given) =>
      given.partitions(
        given
          .input<number>()
          .window(Seconds(2), Seconds(2))
          .map((n) => [n % 2, 1] as const)
          .reduceByKeyAndWindow(add, subtract, Seconds(4)),
      ),
  ],
  [
    "streamWindows/three windows of one stream",
    (given) => {
      const stream = given.input<number>();
      given.value(stream.window(Seconds(1)), (rdd) => rdd.collect());
      given.value(stream.window(Seconds(3)), (rdd) => rdd.collect());
      given.value(stream.window(Seconds(6), Seconds(3)), (rdd) => rdd.collect());
    },
  ],
  [
    "streamWindows/window of a union",
    (given) => {
      const stream = given.input<number>();
      given.partitions(stream.union(stream.map((n) => n * 100)).window(Seconds(2), Seconds(2)));
    },
  ],
  [
    "streamWindows/union of windows of one slide",
    (given) => {
      const stream = given.input<number>();
      given.partitions(
        stream.window(Seconds(1), Seconds(2)).union(stream.window(Seconds(3), Seconds(2))),
      );
    },
  ],
  [
    "streamWindows/window(4 s, 2 s).count() and countByValue()",
    (given) => {
      const windowed = given
        .input<number>()
        .map((n) => n % 3)
        .window(Seconds(4), Seconds(2));
      given.partitions(windowed.count());
      given.partitions(windowed.countByValue());
    },
  ],
  [
    "streamWindows/window longer than the run",
    (given) =>
      given.value(given.input().window(Seconds(60)), (rdd) => [
        rdd.getNumPartitions(),
        rdd.count(),
      ]),
  ],
  [
    "streamWindows/jobs of a slow slide",
    (given) => {
      const stream = given.input<number>();
      stream.window(Seconds(3), Seconds(3)).print(3);
      stream.count().print();
    },
  ],
  [
    "streamWindows/updateStateByKey of a window",
    (given) =>
      given.partitions(
        pairs(given.input<string>().window(Seconds(2))).updateStateByKey(runningCount),
      ),
  ],
  [
    "streamWindows/lineage of a window of a window",
    (given) =>
      given.value(
        given
          .input<number>()
          .map((n) => n + 1)
          .window(Seconds(2))
          .window(Seconds(4), Seconds(2)),
        lineage,
      ),
  ],
];

export const streamWindows: Programs = [groups, reductions, inverses, others].flat();
