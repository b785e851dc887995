// Two streams of pairs side by side: what StreamJoins.scala runs under the same names.
import { type DStream, type Partitioner, Seconds } from "streamscope";
import { add, byLength, type Given, lineage, type Programs } from "./given.ts";

type Side = DStream<readonly [string, number]>;

/** Values below four. */
const left = (stream: Side): Side => stream.filter(([, value]) => value < 4);

/** Values from two on, as text. */
const right = (stream: Side): DStream<[string, string]> =>
  stream.filter(([, value]) => value > 1).mapValues((value) => `v${value}`);

const both = (given: Given): readonly [Side, DStream<[string, string]>] => {
  const stream = given.input<readonly [string, number]>();
  return [left(stream), right(stream)];
};

const three = 3;
const byTwo: Partitioner = byLength(2);

export const streamJoins: Programs = [
  [
    "streamJoins/cogroup",
    (given) => {
      const [ours, theirs] = both(given);
      given.partitions(ours.cogroup(theirs));
    },
  ],
  [
    "streamJoins/cogroup over 3 partitions",
    (given) => {
      const [ours, theirs] = both(given);
      given.partitions(ours.cogroup(theirs, three));
    },
  ],
  [
    "streamJoins/cogroup with a partitioner",
    (given) => {
      const [ours, theirs] = both(given);
      given.partitions(ours.cogroup(theirs, byTwo));
    },
  ],
  [
    "streamJoins/join over 3 partitions",
    (given) => {
      const [ours, theirs] = both(given);
      given.partitions(ours.join(theirs, three));
    },
  ],
  [
    "streamJoins/join with a partitioner",
    (given) => {
      const [ours, theirs] = both(given);
      given.partitions(ours.join(theirs, byTwo));
    },
  ],
  [
    "streamJoins/join of many with many",
    (given) => {
      const stream = given.input<[string, number]>();
      given.partitions(stream.join(stream.mapValues((n) => n * 10)));
    },
  ],
  [
    "streamJoins/leftOuterJoin",
    (given) => {
      const stream = given.input<[string, number]>();
      given.partitions(left(stream).leftOuterJoin(right(stream)));
      given.partitions(left(stream).leftOuterJoin(right(stream), three));
    },
  ],
  [
    "streamJoins/rightOuterJoin",
    (given) => {
      const stream = given.input<[string, number]>();
      given.partitions(left(stream).rightOuterJoin(right(stream)));
      given.partitions(left(stream).rightOuterJoin(right(stream), three));
    },
  ],
  [
    "streamJoins/fullOuterJoin",
    (given) => {
      const stream = given.input<[string, number]>();
      given.partitions(left(stream).fullOuterJoin(right(stream)));
      given.partitions(left(stream).fullOuterJoin(right(stream), byLength(3)));
    },
  ],
  [
    "streamJoins/outer joins as print writes them",
    (given) => {
      const stream = given.input<[string, number]>();
      left(stream).leftOuterJoin(right(stream)).print();
      left(stream).rightOuterJoin(right(stream)).print();
      left(stream).fullOuterJoin(right(stream)).print();
      left(stream).cogroup(right(stream)).print();
    },
  ],
  [
    "streamJoins/outer joins told apart",
    (given) => {
      const [ours, theirs] = both(given);
      given.partitions(
        ours
          .fullOuterJoin(theirs)
          .map(
            ([key, [here, there]]) =>
              [key, here.isDefined, there.map((text) => text.length).getOrElse(-1)] as const,
          ),
      );
    },
  ],
  [
    "streamJoins/lineages",
    (given) => {
      const stream = given.input<[string, number]>();
      given.value(left(stream).cogroup(right(stream)), lineage);
      given.value(left(stream).leftOuterJoin(right(stream)), lineage);
      given.value(left(stream).rightOuterJoin(right(stream)), lineage);
      given.value(left(stream).fullOuterJoin(right(stream)), lineage);
    },
  ],
  [
    "streamJoins/join of sides partitioned alike shuffles nothing",
    (given) => {
      const [ours, theirs] = both(given);
      const joined = ours.reduceByKey(add).join(theirs.reduceByKey((a, b) => a + b));
      given.partitions(joined);
      given.value(joined, lineage);
    },
  ],
  [
    "streamJoins/join of windows of different lengths",
    (given) => {
      const [ours, theirs] = both(given);
      given.partitions(ours.window(Seconds(1)).join(theirs.window(Seconds(3))));
    },
  ],
  [
    "streamJoins/join of windows of different lengths and one slide",
    (given) => {
      const [ours, theirs] = both(given);
      given.partitions(
        ours.window(Seconds(2), Seconds(2)).join(theirs.window(Seconds(4), Seconds(2))),
      );
    },
  ],
  [
    "streamJoins/leftOuterJoin of a batch with a window",
    (given) => {
      const [ours, theirs] = both(given);
      ours.leftOuterJoin(theirs.window(Seconds(3))).print();
    },
  ],
  [
    "streamJoins/join of a stream with its own state",
    (given) => {
      const stream = given.input<[string, number]>();
      const total = stream.updateStateByKey<number>((values, state) =>
        values.reduce(add, state ?? 0),
      );
      given.partitions(stream.join(total));
    },
  ],
  [
    "streamJoins/leftOuterJoin with a static RDD",
    (given) => {
      const stream = given.input<[string, number]>();
      const names = given.ssc.sparkContext.makeRDD<readonly [string, string]>(
        [
          ["a", "ant"],
          ["b", "bee"],
        ],
        2,
      );
      given.partitions(stream.transform((rdd) => rdd.leftOuterJoin(names)));
    },
  ],
  [
    "streamJoins/cogroup of three by cogroup of two",
    (given) => {
      const stream = given.input<[string, number]>();
      given.partitions(left(stream).cogroup(right(stream)).cogroup(stream));
    },
  ],
];
