// What the programs of keyed RDDs share: RddPairs.scala says it for Spark.
import { type Partitioner, type RDD, scalaText, type SparkContext } from "streamscope";
import { lineage } from "./given.ts";

export const hamlet =
  "to be or not to be that is the question whether tis nobler in the mind to suffer".split(" ");

/** Each word with its place: the order of values shows the order they came in. */
export function words(sc: SparkContext, slices = 3): RDD<[string, number]> {
  return sc.parallelize(
    hamlet.map((word, place): [string, number] => [word, place]),
    slices,
  );
}

/** Pairs of a type said once. */
export function pairsOf<K, V>(
  sc: SparkContext,
  pairs: readonly (readonly [K, V])[],
  slices: number,
): RDD<readonly [K, V]> {
  return sc.parallelize(pairs, slices);
}

export function left(sc: SparkContext): RDD<readonly [string, number]> {
  return pairsOf<string, number>(
    sc,
    [
      ["a", 1],
      ["b", 2],
      ["a", 3],
      ["c", 4],
    ],
    2,
  );
}

export function right(sc: SparkContext): RDD<readonly [string, string]> {
  return pairsOf<string, string>(
    sc,
    [
      ["a", "x"],
      ["d", "y"],
      ["a", "z"],
      ["b", "w"],
    ],
    3,
  );
}

/** The records of each partition, as Scala prints them. */
export function parts<T>(rdd: RDD<T>): string[][] {
  return rdd
    .glom()
    .collect()
    .map((records) => records.map(scalaText));
}

/** From `start` to below `end`. */
export function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

/** Counts the partitions computed of an RDD: a task sees the driver's variables. */
export class Counting {
  #computed = 0;

  of<T>(rdd: RDD<T>): RDD<T> {
    return rdd.mapPartitions((records) => {
      this.#computed += 1;
      return records;
    }, true);
  }

  take(): number {
    const computed = this.#computed;
    this.#computed = 0;
    return computed;
  }
}

/** What goes wrong in a task, without the words around it. */
export function causeOf(job: () => unknown): string {
  try {
    job();
    return "nothing";
  } catch (thrown) {
    let cause: unknown = thrown;
    while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** By the length of a text. */
export class ByLength implements Partitioner {
  readonly numPartitions: number;

  constructor(numPartitions: number) {
    this.numPartitions = numPartitions;
  }

  getPartition(key: unknown): number {
    return String(key).length % this.numPartitions;
  }

  equals(other: unknown): boolean {
    return other instanceof ByLength && other.numPartitions === this.numPartitions;
  }
}

/** All keys to one partition; equal to itself alone. */
export function everything(to: number, numPartitions: number): Partitioner {
  return { numPartitions, getPartition: () => to };
}

/** What an RDD holds, and how it came to be. */
export function linesOf<T>(rdd: RDD<T>): readonly [string[][], string[]] {
  return [parts(rdd), lineage(rdd)];
}

/** The same without its records. */
export function nothing<T>(rdd: RDD<T>): RDD<T> {
  return rdd.filter(() => false);
}
