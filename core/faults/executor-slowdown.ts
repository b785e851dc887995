/** An executor works slower than the others: its tasks are stragglers. */

import { defineFault, forMs } from "./fault.ts";

export const executorSlowdown = defineFault({
  kind: "slowExecutor",
  target: "executor",
  phrase: "slow executor {executor} to {speedPercent}%",
  fields: { executor: { type: "executor" }, speedPercent: { type: "whole", min: 1 }, forMs },
  isCondition: true,
  shows:
    "a stage waits for its slowest task; with spark.speculation a copy runs on another executor, " +
    "and the first of the two to finish counts",
  inject: ({ executor, speedPercent }, { slowExecutor }) => slowExecutor(executor, speedPercent),
});
