/** The records of several streams of one slide. Like Spark: UnionDStream. */

import { StreamscopeError } from "../base/errors.ts";
import { union } from "../rdd/union.ts";
import { requireSameSlide, StreamNode } from "../stream/node.ts";

/** Throws: PipelineError GRAPH_INVALID for streams of different slides. */
export function unionStream<T>(
  first: StreamNode<T>,
  others: readonly StreamNode<T>[],
): StreamNode<T> {
  const parents = [first, ...others];
  requireSameSlide(parents);
  return new StreamNode<T>(first.owner, {
    operator: "union",
    className: "UnionDStream",
    parents,
    slideMs: first.slideMs,
    compute: (timeMs, batch) => {
      const rdds = parents.map((parent) => {
        const rdd = batch.rddOf(parent, timeMs);
        if (rdd !== null) return rdd;
        throw new StreamscopeError(
          "GRAPH_INVALID",
          `Could not generate RDD from a parent for unifying at time ${timeMs} ms`,
        );
      });
      return union(batch.rdds, rdds);
    },
  });
}
