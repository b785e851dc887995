// How RDDs came to be, and what Spark says about programs that cannot run.
import { Milliseconds, Seconds } from "streamscope";
import { add, counts, lineage, pairs, type Programs, runningCount, subtract } from "./given.ts";

export const lineages: Programs = [
  [
    "lineage/reduceByKey",
    (given) => {
      const words = given
        .input<string>()
        .flatMap((line) => line.split(" "))
        .filter((word) => word !== "not");
      given.value(counts(words), lineage);
    },
  ],
  [
    "lineage/join",
    (given) => {
      const words = given.input<string>();
      given.value(pairs(words).join(counts(words)), lineage);
    },
  ],
  [
    "lineage/window",
    (given) =>
      given.value(pairs(given.input<string>()).window(Seconds(2)).reduceByKey(add), lineage),
  ],
  [
    "lineage/reduceByKeyAndWindow(f, 2 s)",
    (given) =>
      given.value(pairs(given.input<string>()).reduceByKeyAndWindow(add, Seconds(2)), lineage),
  ],
  [
    "lineage/reduceByKeyAndWindow(f, inverse, 2 s)",
    (given) =>
      given.value(
        pairs(given.input<string>()).reduceByKeyAndWindow(add, subtract, Seconds(2)),
        lineage,
      ),
  ],
  [
    "lineage/updateStateByKey",
    (given) => given.value(pairs(given.input<string>()).updateStateByKey(runningCount), lineage),
  ],
  [
    "lineage/count and countByValue",
    (given) => {
      const stream = given.input<number>();
      given.value(stream.count(), lineage);
      given.value(stream.countByValue(), lineage);
      given.value(stream.reduce(add), lineage);
    },
  ],
  [
    "lineage/operations inside transform",
    (given) => {
      const known = given.ssc.sparkContext.makeRDD([["to", 1] as const], 1);
      const joined = given.input<string>().transform((rdd) =>
        rdd
          .map((word) => [word, 1] as const)
          .join(known)
          .keys(),
      );
      given.value(joined, lineage);
    },
  ],
  [
    "lineage/kinds of union",
    (given) => {
      const stream = given.input<[string, number]>();
      const spark = given.ssc.sparkContext;
      const reduced = stream.reduceByKey(add);
      given.value(stream.union(stream), lineage);
      given.value(reduced.union(reduced.mapValues((n) => n + 1)), lineage);
      given.value(reduced.union(stream), lineage);
      given.value(reduced, (rdd) => lineage(rdd.union(spark.emptyRDD())));
      given.value(reduced, (rdd) => lineage(rdd.union(rdd.reduceByKey(add, 3))));
      given.value(stream, (rdd) => lineage(spark.union([rdd, rdd, rdd])));
    },
  ],
  [
    "lineage/operations of an RDD",
    (given) => {
      const stream = given.input<[string, number]>();
      given.value(stream, (rdd) => lineage(rdd.join(rdd.reduceByKey(add)).keys()));
      given.value(stream, (rdd) => lineage(rdd.cogroup(rdd.groupByKey(3)).values().glom()));
      given.value(stream, (rdd) =>
        lineage(
          rdd
            .mapPartitions((records) => records.slice(0, 1))
            .setName("firsts")
            .cache(),
        ),
      );
    },
  ],
];

export const messages: Programs = [
  ["messages/no output", (given) => void given.input()],
  [
    "messages/no checkpoint directory for updateStateByKey",
    (given) => pairs(given.input<number>()).updateStateByKey(runningCount).print(),
  ],
  [
    "messages/no checkpoint directory for an inverse window",
    (given) => pairs(given.input<number>()).reduceByKeyAndWindow(add, subtract, Seconds(2)).print(),
  ],
  ["messages/window no multiple", (given) => given.input().window(Milliseconds(2500)).print()],
  [
    "messages/slide no multiple",
    (given) => given.input().window(Seconds(2), Milliseconds(1500)).print(),
  ],
  [
    "messages/inverse window no multiple",
    (given) => pairs(given.input()).reduceByKeyAndWindow(add, subtract, Milliseconds(2500)).print(),
  ],
  [
    "messages/inverse slide no multiple",
    (given) =>
      pairs(given.input())
        .reduceByKeyAndWindow(add, subtract, Seconds(2), Milliseconds(500))
        .print(),
  ],
  [
    "messages/union of different slides",
    (given) => {
      const stream = given.input();
      stream.union(stream.window(Seconds(2), Seconds(2))).print();
    },
  ],
  [
    "messages/join of different slides",
    (given) => {
      const stream = given.input();
      pairs(stream)
        .join(pairs(stream.window(Seconds(2), Seconds(2))))
        .print();
    },
  ],
  [
    "messages/transform returns null",
    (given) => {
      // What plain JavaScript may do, and TypeScript would refuse.
      const nothing: unknown = null;
      given
        .input()
        .transform(() => nothing as never)
        .print();
    },
  ],
  [
    "messages/checkpoint interval below the slide",
    (given) => given.input().window(Seconds(2), Seconds(2)).checkpoint(Seconds(1)).print(),
  ],
  [
    "messages/checkpoint interval no multiple",
    (given) =>
      given
        .input<number>()
        .map((n) => n + 1)
        .checkpoint(Milliseconds(2500))
        .print(),
  ],
  [
    "messages/remember twice",
    (given) => {
      given.ssc.remember(Seconds(5));
      given.ssc.remember(Seconds(9));
    },
  ],
  [
    "messages/parallelize over no partition",
    (given) =>
      given
        .input()
        .transform(() => given.ssc.sparkContext.parallelize([1], 0))
        .print(),
  ],
  [
    "messages/storage level changed twice",
    (given) => given.input().foreachRDD((rdd) => void rdd.cache().persist("MEMORY_ONLY_SER")),
  ],
  [
    "messages/first of an empty RDD",
    (given) =>
      given
        .input()
        .filter(() => false)
        .foreachRDD((rdd) => void rdd.first()),
  ],
  [
    "messages/reduce of an empty RDD",
    (given) =>
      given
        .input<number>()
        .filter(() => false)
        .foreachRDD((rdd) => void rdd.reduce(add)),
  ],
  [
    "messages/new output after the start",
    (given) => {
      const stream = given.input();
      stream.foreachRDD(() => stream.print());
    },
  ],
];
