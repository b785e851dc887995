// What a program of the vectors is given: the input Spark had, and a way to say what to look at.
import type { DStream, Partitioner, RDD, SparkContext, StreamingContext } from "streamscope";

export interface Given {
  readonly ssc: StreamingContext;
  /** The input of the vector. Its records were written from a stream of the type asked for. */
  input<T>(): DStream<T>;
  /** The records of each partition, in their order. */
  partitions<T>(stream: DStream<T>): void;
  /** Anything a function makes of each RDD. */
  value<T>(stream: DStream<T>, f: (rdd: RDD<T>, timeMs: number) => unknown): void;
}

export type VectorProgram = (given: Given) => void;

/** Programs by the name that spark/*.scala gives them. */
export type Programs = readonly (readonly [name: string, program: VectorProgram])[];

/** What a program without a stream gives is compared with what Spark's gave; or what it throws. */
export type RddPrograms = readonly (readonly [
  name: string,
  run: (sc: SparkContext, written: Written, jobs: Jobs) => unknown,
])[];

/** What a body gives, and the number of tasks in the last stage of each job it runs. */
export type Jobs = <T>(body: () => T) => [value: T, tasks: number[]];

/** The files of a directory by name, each with its text. */
export type Written = (directory: string) => readonly (readonly [name: string, text: string])[];

export const add = (a: number, b: number): number => a + b;
export const subtract = (a: number, b: number): number => a - b;

export function pairs<T>(stream: DStream<T>): DStream<readonly [T, number]> {
  return stream.map((key) => [key, 1] as const);
}

export function counts<T>(stream: DStream<T>): DStream<[T, number]> {
  return pairs(stream).reduceByKey(add);
}

/** By the length of the key; equal to itself alone. */
export function byLength(numPartitions: number): Partitioner {
  return { numPartitions, getPartition: (key) => String(key).length % numPartitions };
}

/** A running count per key. */
export function runningCount(ones: readonly number[], count: number | null): number {
  return (count ?? 0) + ones.reduce(add, 0);
}

/** Spark names the file after the operation, we at most a line: neither is compared; and the size
 *  of what is cached is the machine's. */
export function lineage(rdd: RDD<unknown>): string[] {
  const lines = rdd.toDebugString().split("\n");
  return lines.filter((line) => !line.includes("CachedPartitions:"));
}

/** Sizes are masked: ours are of records, Spark's of bytes. */
export function lineageWithCached(rdd: RDD<unknown>): string[] {
  return rdd
    .toDebugString()
    .split("\n")
    .map((line) => line.replaceAll(/Size: (?!0)[\d.]+ \w+/gu, "Size: some"))
    .map((line) => line.replaceAll(/Size: 0[\d.]* \w+/gu, "Size: none"));
}
