/** The settings of a producer, with Kafka's names in our spelling and its defaults, and which of
 *  them go together.
 *  Like Kafka: ProducerConfig. */

import { ScenarioError } from "../base/errors.ts";
import type { Acks } from "../broker/broker.ts";
import {
  configException,
  type Definitions,
  flag,
  int,
  long,
  type RefusedSetting,
  refusal,
  refusedSetting,
} from "../record/config-def.ts";

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
  /** `max.request.size`: the largest record it takes, and request it sends. */
  readonly maxRequestBytes: number;
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
  /** `partitioner.ignore.keys`: records with a key stick to a partition, as those without do. */
  readonly ignoreKeys: boolean;
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
  maxRequestBytes: 1_048_576,
  deliveryTimeoutMs: 120_000,
  requestTimeoutMs: 30_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  maxBlockMs: 60_000,
  metadataMaxAgeMs: 300_000,
  ignoreKeys: false,
};

/** Like Kafka: ProducerConfig's ConfigDef. */
export const producerDefinitions: Definitions<ProducerSettings> = {
  acks: { name: "acks", type: "STRING", choices: ["all", "-1", "0", "1"] },
  idempotence: flag("enable.idempotence"),
  transactionalId: { name: "transactional.id", type: "NAME" },
  transactionTimeoutMs: int("transaction.timeout.ms"),
  retries: int("retries", 0),
  maxInFlight: int("max.in.flight.requests.per.connection", 1),
  batchBytes: int("batch.size", 0),
  lingerMs: long("linger.ms", 0),
  bufferBytes: long("buffer.memory", 0),
  maxRequestBytes: int("max.request.size", 0),
  deliveryTimeoutMs: int("delivery.timeout.ms", 0),
  requestTimeoutMs: int("request.timeout.ms", 0),
  retryBackoffMs: long("retry.backoff.ms", 0),
  retryBackoffMaxMs: long("retry.backoff.max.ms", 0),
  maxBlockMs: long("max.block.ms", 0),
  metadataMaxAgeMs: long("metadata.max.age.ms", 0),
  ignoreKeys: flag("partitioner.ignore.keys"),
};

/** More than a broker remembers batches would break order. */
const IN_FLIGHT_WHEN_IDEMPOTENT = 5;
const INT_MAX = 2_147_483_647;

/** Settings a person gave, the others by default. What is at odds with idempotence switches it off
 *  where nobody asked for it, as in Kafka. `of` says whose they are.
 *  Throws: ScenarioError BAD_OPTION in Kafka's words. */
export function readProducerSettings(
  given: Partial<ProducerSettings>,
  of = "the producer",
): ProducerSettings {
  const refused = refusedProducer(given);
  if (refused !== null) throw new ScenarioError("BAD_OPTION", refused.describe(of));
  const all = { ...defaults, ...given };
  const deliveryTimeoutMs = Math.max(all.deliveryTimeoutMs, leastDeliveryMs(all));
  return { ...all, idempotence: all.idempotence && conflict(all) === null, deliveryTimeoutMs };
}

/** The first thing that Kafka refuses of a producer's settings; null for nothing. */
export function refusedProducer(given: Partial<ProducerSettings>): RefusedSetting | null {
  return (
    refusedSetting(producerDefinitions, given) ?? refusedAcks(given.acks) ?? refusedTogether(given)
  );
}

/** Kafka takes texts for it, too. */
function refusedAcks(acks: unknown): RefusedSetting | null {
  if (acks === undefined || typeof acks === "number") return null;
  const meant = acks === "all" ? "-1, which is all" : String(acks);
  const describe = (of: string): string =>
    `acks of ${of} is the text "${String(acks)}"; give the number ${meant}`;
  return { setting: "acks", words: null, describe };
}

function refusedTogether(given: Partial<ProducerSettings>): RefusedSetting | null {
  const all = { ...defaults, ...given };
  const found = conflict(all);
  if (all.idempotence && found !== null && given.idempotence !== undefined) return found;
  if (all.transactionalId !== null && (!all.idempotence || found !== null)) {
    const why = found === null ? "" : ` (${found.setting} switches it off)`;
    const words = configException(
      "Cannot set a transactional.id without also enabling idempotence.",
    );
    const setting = found?.setting ?? "idempotence";
    const describe = (of: string): string => `${words}${why}; correct ${setting} of ${of}`;
    return { setting, words, describe };
  }
  if (given.deliveryTimeoutMs === undefined) return null;
  const leastMs = leastDeliveryMs(all);
  if (all.deliveryTimeoutMs >= leastMs) return null;
  const words =
    "org.apache.kafka.common.KafkaException: Failed to construct kafka producer: " +
    configException(
      "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms",
    );
  const describe = (of: string): string =>
    `${words}; give deliveryTimeoutMs of ${of} at least ${leastMs}, or lower its lingerMs ` +
    `(${all.lingerMs}) or requestTimeoutMs (${all.requestTimeoutMs})`;
  return { setting: "deliveryTimeoutMs", words, describe };
}

/** Like Kafka: KafkaProducer.configureDeliveryTimeout. */
function leastDeliveryMs({ lingerMs, requestTimeoutMs }: ProducerSettings): number {
  return Math.min(Math.min(lingerMs, INT_MAX) + requestTimeoutMs, INT_MAX);
}

/** What keeps a producer from being idempotent; null for nothing.
 *  Like Kafka: ProducerConfig.postProcessAndValidateIdempotenceConfigs. */
function conflict({ retries, acks, maxInFlight }: ProducerSettings): RefusedSetting | null {
  if (retries === 0) {
    const message = "Must set retries to non-zero when using the idempotent producer.";
    return refusal("retries", configException(message));
  }
  if (acks !== -1) {
    const message =
      "Must set acks to all in order to use the idempotent producer. Otherwise we cannot " +
      "guarantee idempotence.";
    return refusal("acks", configException(message));
  }
  if (maxInFlight > IN_FLIGHT_WHEN_IDEMPOTENT) {
    const message =
      "Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer.";
    return refusal("maxInFlight", configException(message));
  }
  return null;
}
