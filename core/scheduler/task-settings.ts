/** What the `spark.*` settings say about tasks. */

import type { SpeculationSettings } from "./task-set.ts";

export interface TaskSettings {
  /** `spark.task.maxFailures`. */
  readonly maxFailures: number;
  /** `spark.stage.maxConsecutiveAttempts`. */
  readonly stageAttemptsMax: number;
  readonly speculation: SpeculationSettings;
}
