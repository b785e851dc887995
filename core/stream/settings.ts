/** The `spark.*` settings an application can be given, with Spark's defaults. A name that is not
 *  here is refused: a setting that does nothing would teach something false. */

import { ScenarioError } from "../base/errors.ts";
import type { TaskSettings } from "../scheduler/task-settings.ts";
import { type ReceiverSettings, readReceiver } from "./receiver-settings.ts";
import { SparkConf } from "./spark-conf.ts";
import { readTaskSettings } from "./task-settings.ts";

export interface Settings {
  readonly tasks: TaskSettings;
  /** `spark.streaming.kafka.consumer.poll.ms`; Spark's default is `spark.network.timeout`. */
  readonly kafkaPollMs: number;
  /** `spark.streaming.fileStream.minRememberDuration`, in ms. */
  readonly fileMinRememberMs: number;
  /** `spark.streaming.concurrentJobs`. */
  readonly concurrentJobs: number;
  /** `spark.streaming.gracefulStopTimeout`; null for ten batch intervals. */
  readonly gracefulStopTimeoutMs: number | null;
  /** `spark.streaming.stopGracefullyOnShutdown`. */
  readonly stopGracefullyOnShutdown: boolean;
  readonly receiver: ReceiverSettings;
  readonly kafka: KafkaSettings;
  readonly backpressure: BackpressureSettings;
}

/** `spark.streaming.kafka.*`. */
export interface KafkaSettings {
  /** Records a second from each partition; 0 is no limit. */
  readonly maxRatePerPartition: number;
  /** Records a batch from each partition, where the rates give less. */
  readonly minRatePerPartition: number;
  readonly allowNonConsecutiveOffsets: boolean;
}

/** `spark.streaming.backpressure.*`. */
export interface BackpressureSettings {
  readonly enabled: boolean;
  /** Until there is an estimate; 0 is no limit. */
  readonly initialRate: number;
  readonly proportional: number;
  readonly integral: number;
  readonly derived: number;
  readonly minRate: number;
}

/** Throws: ScenarioError BAD_WORLD for an unknown setting, or a value that is none of its kind. */
export function readSettings(given: Readonly<Record<string, string>>): Settings {
  const conf = new SparkConf(given);
  const settings = {
    tasks: readTaskSettings(conf),
    fileMinRememberMs: conf.timeMs("spark.streaming.fileStream.minRememberDuration", "60s", "s"),
    kafkaPollMs: conf.count("spark.streaming.kafka.consumer.poll.ms", 120_000),
    concurrentJobs: conf.count("spark.streaming.concurrentJobs", 1),
    gracefulStopTimeoutMs: conf.optionalTimeMs("spark.streaming.gracefulStopTimeout"),
    stopGracefullyOnShutdown: conf.boolean("spark.streaming.stopGracefullyOnShutdown", false),
    receiver: readReceiver(conf),
    kafka: readKafka(conf),
    backpressure: readBackpressure(conf),
  };
  conf.refuseOthers();
  return settings;
}

function readKafka(conf: SparkConf): KafkaSettings {
  // Consumers cost nothing here: the cache is known, and changes nothing that could be seen.
  conf.boolean("spark.streaming.kafka.consumer.cache.enabled", true);
  conf.count("spark.streaming.kafka.consumer.cache.initialCapacity", 16);
  conf.count("spark.streaming.kafka.consumer.cache.maxCapacity", 64);
  conf.double("spark.streaming.kafka.consumer.cache.loadFactor", 0.75);
  return {
    maxRatePerPartition: conf.long("spark.streaming.kafka.maxRatePerPartition", 0),
    minRatePerPartition: conf.long("spark.streaming.kafka.minRatePerPartition", 1),
    allowNonConsecutiveOffsets: conf.boolean(
      "spark.streaming.kafka.allowNonConsecutiveOffsets",
      false,
    ),
  };
}

function readBackpressure(conf: SparkConf): BackpressureSettings {
  const prefix = "spark.streaming.backpressure";
  const estimator = conf.text(`${prefix}.rateEstimator`, "pid");
  if (estimator !== "pid") {
    throw new ScenarioError("BAD_WORLD", `Unknown rate estimator: ${estimator}; use pid`);
  }
  return {
    enabled: conf.boolean(`${prefix}.enabled`, false),
    initialRate: conf.long(`${prefix}.initialRate`, 0),
    proportional: conf.double(`${prefix}.pid.proportional`, 1),
    integral: conf.double(`${prefix}.pid.integral`, 0.2),
    derived: conf.double(`${prefix}.pid.derived`, 0),
    minRate: conf.double(`${prefix}.pid.minRate`, 100),
  };
}
