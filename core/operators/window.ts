/** The RDDs of the last batches side by side. Like Spark: WindowedDStream. */

import { PipelineError } from "../base/errors.ts";
import { isMultipleOf } from "../base/time.ts";
import { union } from "../rdd/union.ts";
import { StreamNode, timesBetween } from "../stream/node.ts";

/** Shape: at zero time + n slides the parent's batches in (t - window, t], oldest first; the first
 *  windows are partial.
 *  Throws: PipelineError GRAPH_INVALID when a duration is no multiple of the parent's slide. */
export function windowStream<T>(
  parent: StreamNode<T>,
  windowMs: number,
  slideMs: number,
): StreamNode<T> {
  requireWindow("window", windowMs, parent.slideMs);
  requireWindow("slide", slideMs, parent.slideMs);
  const windowed = new StreamNode<T>(parent.owner, {
    operator: "window",
    className: "WindowedDStream",
    parents: [parent],
    slideMs,
    windowMs,
    persists: "parents",
    parameters: [windowMs, slideMs],
    compute: (timeMs, batch, self) => {
      const fromMs = timeMs - windowMs + parent.slideMs;
      const batchesMs = timesBetween(parent, batch.zeroTimeMs, fromMs, timeMs);
      const rdds = batchesMs.flatMap((at) => batch.rddOf(parent, at) ?? []);
      const none: number[] = [];
      batch.windowComputed({
        node: self.id,
        batchTimeMs: timeMs,
        batchesMs,
        leavingMs: none,
        enteringMs: none,
      });
      return union(batch.rdds, rdds);
    },
  });
  // Each batch is read by several windows.
  parent.persist("MEMORY_ONLY_SER");
  return windowed;
}

function requireWindow(what: "window" | "slide", durationMs: number, slideMs: number): void {
  if (durationMs > 0 && isMultipleOf(durationMs, slideMs)) return;
  throw new PipelineError(
    "GRAPH_INVALID",
    `The ${what} duration of windowed DStream (${durationMs} ms) must be a multiple of the slide ` +
      `duration of parent DStream (${slideMs} ms)`,
  );
}
