/** What tasks write to fails, for a while or from now on. */

import { defineFault, forMs } from "./fault.ts";

export const sinkFailure = defineFault({
  kind: "breakSink",
  target: "sink",
  phrase: "break sink[ {when} writing]",
  fields: {
    // Before it has taken anything when left out; after writing, it has taken everything.
    when: { type: "choice", choices: ["before", "after"], optional: true },
    forMs,
  },
  isCondition: true,
  shows:
    "tasks of foreachPartition and foreach fail and are tried again; what they had written " +
    "before they failed is written twice; after spark.task.maxFailures the batch fails",
  inject: ({ when = "before" }, { breakSink }) => breakSink(when),
});
