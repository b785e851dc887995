/** The application's way to make RDDs. Like Spark: org.apache.spark.SparkContext. */

import { emptyRDD, parallelize } from "../rdd/in-memory.ts";
import type { RDDContext } from "../rdd/rdd.ts";
import { union } from "../rdd/union.ts";
import { RDD } from "./rdd.ts";

export class SparkContext {
  readonly #rdds: RDDContext;

  constructor(rdds: RDDContext) {
    this.#rdds = rdds;
  }

  /** `spark.default.parallelism`. */
  get defaultParallelism(): number {
    return this.#rdds.defaultParallelism;
  }

  /** Deals records over partitions in order.
   *  Throws: PipelineError GRAPH_INVALID for less than one slice. */
  parallelize<T>(records: readonly T[], slices: number = this.defaultParallelism): RDD<T> {
    return new RDD(parallelize(this.#rdds, [...records], slices));
  }

  makeRDD<T>(records: readonly T[], slices: number = this.defaultParallelism): RDD<T> {
    return new RDD(parallelize(this.#rdds, [...records], slices, "makeRDD"));
  }

  /** No partitions, no records. */
  emptyRDD<T>(): RDD<T> {
    return new RDD(emptyRDD<T>(this.#rdds));
  }

  union<T>(rdds: readonly RDD<T>[]): RDD<T> {
    return new RDD(
      union(
        this.#rdds,
        rdds.map((rdd) => rdd.node),
      ),
    );
  }
}
