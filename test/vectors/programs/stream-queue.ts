// Streams over a queue of RDDs: what StreamQueue.scala runs under the same names.
import { type RDD, Seconds, type SparkContext } from "streamscope";
import { lineage, type Programs } from "./given.ts";

const three = (spark: SparkContext): RDD<number>[] => [
  spark.makeRDD([1, 2], 1),
  spark.makeRDD([3], 3),
  spark.makeRDD([4, 5, 6, 7, 8], 2),
];

export const streamQueue: Programs = [
  [
    "streamQueue/one RDD a batch, then empty ones",
    (given) => {
      const stream = given.ssc.queueStream(three(given.ssc.sparkContext));
      given.partitions(stream);
      given.value(stream, lineage);
    },
  ],
  [
    "streamQueue/all RDDs at once",
    (given) => {
      const stream = given.ssc.queueStream(three(given.ssc.sparkContext), false);
      given.partitions(stream);
      given.value(stream, lineage);
    },
  ],
  [
    "streamQueue/a default RDD for the batches after the last",
    (given) => {
      const spark = given.ssc.sparkContext;
      given.partitions(given.ssc.queueStream(three(spark), true, spark.makeRDD([-1, -2], 2)));
    },
  ],
  [
    "streamQueue/a default RDD with all at once",
    (given) => {
      const spark = given.ssc.sparkContext;
      given.partitions(given.ssc.queueStream(three(spark), false, spark.makeRDD([-1], 1)));
    },
  ],
  [
    "streamQueue/no default RDD: one without partitions after the last",
    (given) => {
      const stream = given.ssc.queueStream(three(given.ssc.sparkContext), true, null);
      given.partitions(stream);
      given.value(stream, lineage);
      stream.map((n) => n + 1).print();
    },
  ],
  [
    "streamQueue/no default RDD: a window holds what there was",
    (given) => {
      const stream = given.ssc.queueStream(three(given.ssc.sparkContext), true, null);
      given.partitions(stream.window(Seconds(2)));
      given.partitions(stream.map((n) => [n % 2, n] as const).groupByKeyAndWindow(Seconds(3)));
    },
  ],
  [
    "streamQueue/no default RDD: a union and a count",
    (given) => {
      const stream = given.ssc.queueStream(three(given.ssc.sparkContext), true, null);
      given.partitions(stream.union(stream));
      stream.count().print();
    },
  ],
  [
    "streamQueue/RDDs pushed while the streams run",
    (given) => {
      const spark = given.ssc.sparkContext;
      const queue = [spark.makeRDD([1], 1)];
      given.value(given.ssc.queueStream(queue), (rdd, timeMs) => {
        const records = rdd.collect();
        if (timeMs % 3000 === 0) queue.push(spark.makeRDD([timeMs], 1));
        return records;
      });
    },
  ],
  [
    "streamQueue/RDDs pushed, all at once",
    (given) => {
      const spark = given.ssc.sparkContext;
      const queue = [spark.makeRDD([1], 1)];
      given.value(given.ssc.queueStream(queue, false), (rdd, timeMs) => {
        const records = rdd.collect();
        if (timeMs % 3000 === 0) queue.push(spark.makeRDD([timeMs], 1), spark.makeRDD([0], 1));
        return records;
      });
    },
  ],
  [
    "streamQueue/an empty queue",
    (given) => {
      const stream = given.ssc.queueStream<number>([]);
      given.partitions(stream);
      stream.count().print();
    },
  ],
  [
    "streamQueue/the same RDD again and again is cached once",
    (given) => {
      const rdd = given.ssc.sparkContext.makeRDD([1, 2, 3], 2);
      const stream = given.ssc.queueStream([rdd, rdd, rdd]);
      given.value(stream.cache(), lineage);
      given.value(stream, (one) => one.count());
    },
  ],
  [
    "streamQueue/two queues side by side",
    (given) => {
      const spark = given.ssc.sparkContext;
      const both = given.ssc
        .queueStream(three(spark))
        .union(given.ssc.queueStream(three(spark), false));
      given.partitions(both);
      given.value(both, lineage);
    },
  ],
];
