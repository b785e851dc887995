/** Operations on RDDs of numbers. Like Spark: DoubleRDDFunctions. */

import { PairRDDFunctions } from "./pair-rdd.ts";
import type { RDD } from "./rdd.ts";

export abstract class DoubleRDDFunctions<T> extends PairRDDFunctions<T> {
  /** The records added up, 0 when there are none. */
  sum(this: RDD<number>): number {
    const partial = this.run("sum", (records) => records.reduce((sum, one) => sum + one, 0));
    return partial.reduce((sum, one) => sum + one, 0);
  }
}
