/** A lesson's check on a run of a program, as the page asks it. */

import type { RunOptions } from "streamscope";
import type { Check, Verdict } from "streamscope/lesson";
import { runWorld } from "../kit/run-world.ts";

export function judge(check: Check, options: RunOptions): Verdict {
  const { events, outputs } = runWorld({ ...options, collectOutputs: true });
  return check.judge({
    events,
    outputs: outputs.map(({ timeMs, output, operator, records }) => {
      return { timeMs, output, operator, records: records ?? [] };
    }),
  });
}
