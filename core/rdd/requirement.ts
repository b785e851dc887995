/** Conditions on what a person gives an operation, refused in Spark's words.
 *  Like Scala: Predef.require. */

import { PipelineError } from "../base/errors.ts";

/** Throws: PipelineError GRAPH_INVALID. */
export function requirement(isMet: boolean, message: string): asserts isMet {
  if (isMet) return;
  throw new PipelineError(
    "GRAPH_INVALID",
    `java.lang.IllegalArgumentException: requirement failed: ${message}`,
  );
}

/** What actions on no records throw that need one. */
export function emptyCollection(): PipelineError {
  return new PipelineError(
    "OUT_OF_RANGE",
    "org.apache.spark.SparkUnsupportedOperationException: empty collection",
  );
}
