/** The settings of receivers. */

import { PipelineError } from "../base/errors.ts";
import type { SparkConf } from "./spark-conf.ts";

/** `spark.streaming.*` of receivers. */
export interface ReceiverSettings {
  /** `spark.streaming.blockInterval`, in ms. */
  readonly blockIntervalMs: number;
  /** `spark.streaming.blockQueueSize`. */
  readonly blockQueueSize: number;
  /** `spark.streaming.receiver.maxRate`: records a second; null is no limit. */
  readonly maxRate: number | null;
  /** `spark.streaming.receiverRestartDelay`. */
  readonly restartDelayMs: number;
  /** `spark.streaming.receiver.writeAheadLog.enable`. */
  readonly isLogged: boolean;
}

export function readReceiver(conf: SparkConf): ReceiverSettings {
  const prefix = "spark.streaming.receiver";
  const maxRate = conf.long(`${prefix}.maxRate`, Number.MAX_SAFE_INTEGER);
  return {
    blockIntervalMs: conf.timeMs("spark.streaming.blockInterval", "200ms"),
    blockQueueSize: conf.count("spark.streaming.blockQueueSize", 10),
    maxRate: maxRate === Number.MAX_SAFE_INTEGER ? null : maxRate,
    restartDelayMs: conf.count("spark.streaming.receiverRestartDelay", 2000),
    isLogged: conf.boolean(`${prefix}.writeAheadLog.enable`, false),
  };
}

/** Throws: PipelineError GRAPH_INVALID, in the words of Spark's ReceiverSupervisorImpl. */
export function requireLogDirectory(
  settings: ReceiverSettings,
  checkpointDirectory: string | null,
): void {
  if (!settings.isLogged || checkpointDirectory !== null) return;
  throw new PipelineError(
    "GRAPH_INVALID",
    "Cannot enable receiver write-ahead log without checkpoint directory set. Please use " +
      "streamingContext.checkpoint() to set the checkpoint directory. See documentation for more " +
      "details.",
  );
}
