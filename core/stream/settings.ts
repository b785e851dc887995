/** The `spark.*` settings an application can be given, with Spark's defaults. A name that is not
 *  here is refused: a setting that does nothing would teach something false. */

import { ScenarioError } from "../base/errors.ts";

export interface Settings {
  /** `spark.task.maxFailures`. */
  readonly taskMaxFailures: number;
  /** `spark.streaming.kafka.consumer.poll.ms`. */
  readonly kafkaPollMs: number;
}

const names = new Map<string, keyof Settings>([
  ["spark.task.maxFailures", "taskMaxFailures"],
  ["spark.streaming.kafka.consumer.poll.ms", "kafkaPollMs"],
]);

/** Throws: ScenarioError BAD_WORLD for an unknown setting, or no positive integer. */
export function readSettings(conf: Readonly<Record<string, string>>): Settings {
  const settings = { taskMaxFailures: 4, kafkaPollMs: 120_000 };
  for (const [name, text] of Object.entries(conf)) {
    const field = names.get(name);
    if (field === undefined) {
      throw new ScenarioError(
        "BAD_WORLD",
        `setting ${name} is not modelled; known settings: ${[...names.keys()].join(", ")}`,
      );
    }
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new ScenarioError(
        "BAD_WORLD",
        `setting ${name} must be a positive integer, not ${text}`,
      );
    }
    settings[field] = value;
  }
  return settings;
}
