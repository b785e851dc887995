/** Few records out of many: counts and reductions of a batch, and of a window of batches.
 *  Like Spark: DStream. */

import type { Duration } from "../base/time.ts";
import { transformStream } from "../operators/transform.ts";
import { parallelize } from "../rdd/in-memory.ts";
import { hashPartitioner } from "../rdd/partitioner.ts";
import { union } from "../rdd/union.ts";
import type { DStream } from "./dstream.ts";
import { DStreamBase, typed } from "./dstream-base.ts";
import { inverseWindowNode, partitionerOf, reduceByKeyNode } from "./keyed-nodes.ts";

export abstract class ReducedDStream<T> extends DStreamBase<T> {
  /** One record per batch; none for an empty one. */
  reduce(f: (a: T, b: T) => T): DStream<T> {
    return this.within("reduce", () => {
      const keyed = this.map((record): [null, T] => [null, record]);
      const reduced = reduceByKeyNode(keyed.node, f, hashPartitioner(1));
      return this.derive(reduced).map(([, value]) => value);
    });
  }

  /** One record per batch: how many there were; 0 for an empty batch. */
  count(): DStream<number> {
    return this.within("count", () => {
      const ones = this.map((): [null, number] => [null, 1]);
      const withZero = transformStream<[null, number]>({
        operator: "transform",
        parents: [ones.node],
        parameters: [],
        f: ([rdd]) => {
          const counted = typed<[null, number]>(rdd);
          const zero = parallelize<[null, number]>(counted.context, [[null, 0]], 1, "makeRDD");
          return union(counted.context, [counted, zero]);
        },
      });
      const summed = reduceByKeyNode(withZero, add, partitionerOf(this.node, undefined));
      return this.derive(summed).map(([, count]) => count);
    });
  }

  /** How often each value occurs in the batch. */
  countByValue(numPartitions?: number): DStream<[T, number]> {
    return this.within("countByValue", () => {
      const ones = this.map((record): [T, number] => [record, 1]);
      return this.derive(reduceByKeyNode(ones.node, add, partitionerOf(this.node, numPartitions)));
    });
  }

  /** One record per window. Without `inverse` all of the window is reduced each time. With it, what
   *  entered is added to the last result and what left is taken away, which needs a checkpoint
   *  directory. */
  reduceByWindow(
    f: (a: T, b: T) => T,
    windowDuration: Duration,
    slideDuration: Duration,
  ): DStream<T>;
  reduceByWindow(
    f: (a: T, b: T) => T,
    inverse: (a: T, b: T) => T,
    windowDuration: Duration,
    slideDuration: Duration,
  ): DStream<T>;
  reduceByWindow(
    f: (a: T, b: T) => T,
    ...rest:
      | readonly [windowDuration: Duration, slideDuration: Duration]
      | readonly [inverse: (a: T, b: T) => T, windowDuration: Duration, slideDuration: Duration]
  ): DStream<T> {
    return this.within("reduceByWindow", () => {
      if (rest.length === 2) return this.reduce(f).window(rest[0], rest[1]).reduce(f);
      const [inverse, windowDuration, slideDuration] = rest;
      const keyed = this.map((record): [number, T] => [1, record]);
      const reduced = inverseWindowNode(keyed.node, {
        reduce: f,
        inverse,
        windowMs: windowDuration,
        slideMs: slideDuration,
        partitioner: hashPartitioner(1),
        keep: null,
      });
      return this.derive(reduced).map(([, value]) => value);
    });
  }

  /** One record per window: how many records are in it. Needs a checkpoint directory. */
  countByWindow(windowDuration: Duration, slideDuration: Duration): DStream<number> {
    return this.within("countByWindow", () =>
      this.map((): number => 1).reduceByWindow(add, subtract, windowDuration, slideDuration),
    );
  }

  /** How often each value occurs in the window. Needs a checkpoint directory. */
  countByValueAndWindow(
    windowDuration: Duration,
    slideDuration: Duration,
    numPartitions?: number,
  ): DStream<[T, number]> {
    return this.within("countByValueAndWindow", () => {
      const ones = this.map((record): [T, number] => [record, 1]);
      const counted = inverseWindowNode(ones.node, {
        reduce: add,
        inverse: subtract,
        windowMs: windowDuration,
        slideMs: slideDuration,
        partitioner: partitionerOf(this.node, numPartitions),
        keep: ([, count]) => count !== 0,
      });
      return this.derive(counted);
    });
  }
}

function add(a: number, b: number): number {
  return a + b;
}

function subtract(a: number, b: number): number {
  return a - b;
}
