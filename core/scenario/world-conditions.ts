/** What faults hold the parts of a world in that are not the cluster's. It outlives the drivers. */

import { StoreCondition } from "../checkpoint/simulated-store.ts";
import { ExecutorConditions } from "../scheduler/executor-conditions.ts";
import { SinkCondition } from "../scheduler/sink-condition.ts";

export class WorldConditions {
  readonly executors = new ExecutorConditions();
  /** What tasks write to. */
  readonly sink = new SinkCondition();
  /** Where checkpoints are. */
  readonly store = new StoreCondition();
}
