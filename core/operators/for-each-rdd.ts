/** Output operations: what makes a batch do something. Like Spark: ForEachDStream. */

import { type OutputAction, StreamNode } from "../stream/node.ts";

/** `parameters` are what the person gave: they are part of the graph's fingerprint. */
export function outputStream<T>(
  parent: StreamNode<T>,
  action: OutputAction,
  parameters: readonly unknown[],
): StreamNode<T> {
  return new StreamNode<T>(parent.owner, {
    operator: action.kind,
    className: "ForEachDStream",
    parents: [parent],
    slideMs: parent.slideMs,
    parameters,
    output: action,
    compute: (timeMs, batch) => batch.rddOf(parent, timeMs),
  });
}
