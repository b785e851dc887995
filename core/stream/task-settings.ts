/** The `spark.*` settings about tasks, with Spark's defaults. */

import type { TaskSettings } from "../scheduler/task-settings.ts";
import type { SparkConf } from "./spark-conf.ts";

/** Throws: ScenarioError BAD_WORLD for a value that is none of its kind. */
export function readTaskSettings(conf: SparkConf): TaskSettings {
  return {
    maxFailures: conf.count("spark.task.maxFailures", 4),
    stageAttemptsMax: conf.count("spark.stage.maxConsecutiveAttempts", 4),
    speculation: {
      enabled: conf.boolean("spark.speculation", false),
      intervalMs: conf.timeMs("spark.speculation.interval", "100ms"),
      multiplier: conf.double("spark.speculation.multiplier", 1.5),
      quantile: conf.double("spark.speculation.quantile", 0.75),
      minTaskRuntimeMs: conf.timeMs("spark.speculation.minTaskRuntime", "100ms"),
    },
  };
}
