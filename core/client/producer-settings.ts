/** The settings of a producer, with Kafka's names in our spelling and its defaults, and which of
 *  them go together.
 *  Like Kafka: ProducerConfig. */

import { ScenarioError } from "../base/errors.ts";
import { nearestWord } from "../base/nearest-word.ts";
import type { Acks } from "../broker/broker.ts";

export interface ProducerSettings {
  /** `acks`. */
  readonly acks: Acks;
  /** `enable.idempotence`. */
  readonly idempotence: boolean;
  /** `transactional.id`; null for none. */
  readonly transactionalId: string | null;
  /** `transaction.timeout.ms`. */
  readonly transactionTimeoutMs: number;
  /** `retries`. */
  readonly retries: number;
  /** `max.in.flight.requests.per.connection`. */
  readonly maxInFlight: number;
  /** `batch.size`. */
  readonly batchBytes: number;
  /** `linger.ms`. */
  readonly lingerMs: number;
  /** `buffer.memory`. */
  readonly bufferBytes: number;
  /** `delivery.timeout.ms`. */
  readonly deliveryTimeoutMs: number;
  /** `request.timeout.ms`. */
  readonly requestTimeoutMs: number;
  /** `retry.backoff.ms`, and `retry.backoff.max.ms` up to which it doubles. */
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  /** `max.block.ms`. */
  readonly maxBlockMs: number;
  /** `metadata.max.age.ms`. */
  readonly metadataMaxAgeMs: number;
}

const defaults: ProducerSettings = {
  acks: -1,
  idempotence: true,
  transactionalId: null,
  transactionTimeoutMs: 60_000,
  retries: 2_147_483_647,
  maxInFlight: 5,
  batchBytes: 16_384,
  lingerMs: 0,
  bufferBytes: 33_554_432,
  deliveryTimeoutMs: 120_000,
  requestTimeoutMs: 30_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  maxBlockMs: 60_000,
  metadataMaxAgeMs: 300_000,
};

/** The least that each setting may be, under Kafka's name.
 *  Like Kafka: ProducerConfig's ConfigDef. */
const least = new Map<string, readonly [name: string, min: number]>([
  ["retries", ["retries", 0]],
  ["maxInFlight", ["max.in.flight.requests.per.connection", 1]],
  ["batchBytes", ["batch.size", 0]],
  ["lingerMs", ["linger.ms", 0]],
  ["bufferBytes", ["buffer.memory", 0]],
  ["deliveryTimeoutMs", ["delivery.timeout.ms", 0]],
  ["requestTimeoutMs", ["request.timeout.ms", 0]],
  ["retryBackoffMs", ["retry.backoff.ms", 0]],
  ["retryBackoffMaxMs", ["retry.backoff.max.ms", 0]],
  ["maxBlockMs", ["max.block.ms", 0]],
  ["metadataMaxAgeMs", ["metadata.max.age.ms", 0]],
]);

/** More than a broker remembers batches would break order. */
const IN_FLIGHT_WHEN_IDEMPOTENT = 5;

/** Settings a person gave, the others by default. What is at odds with idempotence switches it off
 *  where nobody asked for it, as in Kafka.
 *  Throws: ScenarioError BAD_OPTION in Kafka's words. */
export function readProducerSettings(given: Partial<ProducerSettings>): ProducerSettings {
  checkEach(given);
  const all = { ...defaults, ...given };
  const idempotence = all.idempotence && conflict(all, given.idempotence !== undefined) === null;
  if (!idempotence && all.transactionalId !== null) {
    throw refusal("Cannot set a transactional.id without also enabling idempotence.");
  }
  const leastMs = all.lingerMs + all.requestTimeoutMs;
  if (given.deliveryTimeoutMs !== undefined && all.deliveryTimeoutMs < leastMs) {
    throw refusal(
      "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms",
    );
  }
  const deliveryTimeoutMs = Math.max(all.deliveryTimeoutMs, leastMs);
  return { ...all, idempotence, deliveryTimeoutMs };
}

/** Settings may come from plain JavaScript: every value is looked at. */
function checkEach(given: Partial<ProducerSettings>): void {
  const values = new Map<string, unknown>(Object.entries(given));
  for (const [setting, value] of values) {
    if (!(setting in defaults)) {
      const nearest = nearestWord(setting, Object.keys(defaults));
      const known = nearest ?? Object.keys(defaults).join(", ");
      throw refusal(`Unknown producer setting ${setting}; give ${known}`);
    }
    const [name = setting, min = -Infinity] = least.get(setting) ?? [];
    const isWhole = typeof value === "number" && Number.isInteger(value);
    const invalid = `Invalid value ${String(value)} for configuration ${name}`;
    if (least.has(setting) && !isWhole) throw refusal(`${invalid}: Not a number of type INT`);
    if (isWhole && value < min) throw refusal(`${invalid}: Value must be at least ${min}`);
  }
  const { acks = -1 } = given;
  if (![-1, 0, 1].includes(acks)) {
    const one = "String must be one of: all, -1, 0, 1";
    throw refusal(`Invalid value ${String(acks)} for configuration acks: ${one}`);
  }
}

/** What keeps a producer from being idempotent; null for nothing. */
function conflict(settings: ProducerSettings, isAskedFor: boolean): string | null {
  const { retries, acks, maxInFlight } = settings;
  const message =
    retries === 0
      ? "Must set retries to non-zero when using the idempotent producer."
      : acks !== -1
        ? "Must set acks to all in order to use the idempotent producer. Otherwise we cannot " +
          "guarantee idempotence."
        : maxInFlight > IN_FLIGHT_WHEN_IDEMPOTENT
          ? "Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent " +
            "producer."
          : null;
  if (message !== null && isAskedFor) throw refusal(message);
  return message;
}

function refusal(message: string): ScenarioError {
  return new ScenarioError(
    "BAD_OPTION",
    `org.apache.kafka.common.config.ConfigException: ${message}`,
  );
}
