/** A function of the RDDs of one batch, run on the driver while the batch is generated.
 *  Like Spark: TransformedDStream. */

import { StreamscopeError } from "../base/errors.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { requireSameSlide, StreamNode } from "../stream/node.ts";

export interface TransformOptions<U> {
  readonly operator: string;
  readonly parents: readonly [StreamNode<unknown>, ...StreamNode<unknown>[]];
  readonly parameters: readonly unknown[];
  /** Shape: the parents' RDDs, in order. */
  readonly f: (rdds: readonly RDDNode<unknown>[], timeMs: number) => RDDNode<U> | null | undefined;
}

/** Throws: PipelineError GRAPH_INVALID for streams of different slides. */
export function transformStream<U>(options: TransformOptions<U>): StreamNode<U> {
  const { operator, parents, parameters, f } = options;
  const [first] = parents;
  requireSameSlide(parents);
  return new StreamNode<U>(first.owner, {
    operator,
    showsInnerCalls: true,
    className: "TransformedDStream",
    parents,
    slideMs: first.slideMs,
    parameters,
    compute: (timeMs, batch) => {
      const rdds = parents.map((parent) => {
        const rdd = batch.rddOf(parent, timeMs);
        if (rdd !== null) return rdd;
        throw new StreamscopeError(
          "GRAPH_INVALID",
          `Couldn't generate RDD from parent at time ${timeMs} ms`,
        );
      });
      const transformed = f(rdds, timeMs);
      if (transformed === null || transformed === undefined) {
        throw new StreamscopeError(
          "GRAPH_INVALID",
          "Transform function must not return null. Return SparkContext.emptyRDD() instead to " +
            "represent no element as the result of transformation.",
        );
      }
      return transformed;
    },
  });
}
