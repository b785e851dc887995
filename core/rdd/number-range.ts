/** A leaf over whole numbers at equal distances: nothing is held in memory.
 *  Like Spark: SparkContext.range. */

import { PipelineError } from "../base/errors.ts";
import { parallelize } from "./in-memory.ts";
import { mapPartitions } from "./map-partitions.ts";
import type { RDDContext, RDDNode } from "./rdd.ts";
import { requirement } from "./requirement.ts";

export interface NumberRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly step: number;
  readonly numSlices: number;
}

/** Throws: PipelineError GRAPH_INVALID for a step of 0, or less than one slice. */
export function numberRange(context: RDDContext, range: NumberRange): RDDNode<number> {
  const { start, end, step, numSlices } = range;
  requirement(step !== 0, "step cannot be 0");
  for (const number of [start, end, step]) {
    if (Number.isSafeInteger(number)) continue;
    throw new PipelineError("OUT_OF_RANGE", `range takes whole numbers, and ${number} is none`);
  }
  const distance = end - start;
  const isExact = distance % step === 0 || distance > 0 !== step > 0;
  const count = Math.trunc(distance / step) + (isExact ? 0 : 1);
  const bound = (slice: number): number => Math.trunc((slice * count) / numSlices) * step + start;
  const operator = "range";
  const slices = Array.from({ length: Math.max(numSlices, 0) }, (_, slice) => slice);
  return mapPartitions(
    parallelize(context, slices, numSlices, operator),
    function* (_, slice) {
      const until = bound(slice + 1);
      for (let n = bound(slice); step > 0 ? n < until : n > until; n += step) yield n;
    },
    { operator },
  );
}
