/** The `spark.*` settings an application can be given, with Spark's defaults. A name that is not
 *  here is refused: a setting that does nothing would teach something false. */

import { ScenarioError } from "../base/errors.ts";

export interface Settings {
  /** `spark.task.maxFailures`. */
  readonly taskMaxFailures: number;
  /** `spark.streaming.kafka.consumer.poll.ms`; Spark's default is `spark.network.timeout`. */
  readonly kafkaPollMs: number;
  /** `spark.streaming.fileStream.minRememberDuration`, in ms. */
  readonly fileMinRememberMs: number;
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
  const conf = new Conf(given);
  const settings = {
    taskMaxFailures: conf.count("spark.task.maxFailures", 4),
    fileMinRememberMs: 1000 * conf.count("spark.streaming.fileStream.minRememberDuration", 60),
    kafkaPollMs: conf.count("spark.streaming.kafka.consumer.poll.ms", 120_000),
    kafka: readKafka(conf),
    backpressure: readBackpressure(conf),
  };
  conf.refuseOthers();
  return settings;
}

function readKafka(conf: Conf): KafkaSettings {
  // Consumers cost nothing here: the cache is known, and changes nothing that could be seen.
  conf.flag("spark.streaming.kafka.consumer.cache.enabled", true);
  conf.count("spark.streaming.kafka.consumer.cache.initialCapacity", 16);
  conf.count("spark.streaming.kafka.consumer.cache.maxCapacity", 64);
  conf.number("spark.streaming.kafka.consumer.cache.loadFactor", 0.75);
  return {
    maxRatePerPartition: conf.whole("spark.streaming.kafka.maxRatePerPartition", 0),
    minRatePerPartition: conf.whole("spark.streaming.kafka.minRatePerPartition", 1),
    allowNonConsecutiveOffsets: conf.flag(
      "spark.streaming.kafka.allowNonConsecutiveOffsets",
      false,
    ),
  };
}

function readBackpressure(conf: Conf): BackpressureSettings {
  const prefix = "spark.streaming.backpressure";
  const estimator = conf.text(`${prefix}.rateEstimator`, "pid");
  if (estimator !== "pid") {
    throw new ScenarioError("BAD_WORLD", `Unknown rate estimator: ${estimator}; use pid`);
  }
  return {
    enabled: conf.flag(`${prefix}.enabled`, false),
    initialRate: conf.whole(`${prefix}.initialRate`, 0),
    proportional: conf.number(`${prefix}.pid.proportional`, 1),
    integral: conf.number(`${prefix}.pid.integral`, 0.2),
    derived: conf.number(`${prefix}.pid.derived`, 0),
    minRate: conf.number(`${prefix}.pid.minRate`, 100),
  };
}

/** The settings given. Asking for one makes its name known. */
class Conf {
  readonly #given: Readonly<Record<string, string>>;
  readonly #known: string[] = [];

  constructor(given: Readonly<Record<string, string>>) {
    this.#given = given;
  }

  text(name: string, byDefault: string): string {
    this.#known.push(name);
    return this.#given[name] ?? byDefault;
  }

  /** A whole number of at least 1. */
  count(name: string, byDefault: number): number {
    return this.#parsed(name, byDefault, "a positive integer", (value) => value >= 1);
  }

  whole(name: string, byDefault: number): number {
    return this.#parsed(name, byDefault, "a whole number", () => true);
  }

  number(name: string, byDefault: number): number {
    const text = this.text(name, String(byDefault));
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value)) return value;
    throw badValue(name, "a number", text);
  }

  flag(name: string, byDefault: boolean): boolean {
    const text = this.text(name, String(byDefault)).toLowerCase();
    if (text === "true" || text === "false") return text === "true";
    throw badValue(name, "true or false", text);
  }

  #parsed(
    name: string,
    byDefault: number,
    kind: string,
    isRight: (value: number) => boolean,
  ): number {
    const text = this.text(name, String(byDefault));
    const value = Number(text);
    if (text.trim() !== "" && Number.isSafeInteger(value) && isRight(value)) return value;
    throw badValue(name, kind, text);
  }

  refuseOthers(): void {
    const unknown = Object.keys(this.#given).find((name) => !this.#known.includes(name));
    if (unknown === undefined) return;
    throw new ScenarioError(
      "BAD_WORLD",
      `setting ${unknown} is not modelled; known settings: ${this.#known.join(", ")}`,
    );
  }
}

function badValue(name: string, kind: string, text: string): ScenarioError {
  return new ScenarioError("BAD_WORLD", `setting ${name} must be ${kind}, not ${text}`);
}
