/** What the topics of a world must be before anything runs in it. */

import { nearestWord } from "../base/nearest-word.ts";
import { shown } from "../base/shown.ts";
import { refusedTopic } from "../broker/topic-settings.ts";
import { illegalName } from "../record/config-def.ts";
import type { TopicConfig } from "../record/topic-config.ts";
import {
  bad,
  checkGivenWhole,
  checkList,
  checkObject,
  checkWhole,
  isObject,
  quoted,
} from "./check-fields.ts";
import type { WorldSpec } from "./scenario.ts";

const THROWN = "org.apache.kafka.common.errors.";

/** Throws: ScenarioError BAD_WORLD for the first thing that cannot be, in Kafka's words where it
 *  has some. */
export function checkTopics(world: WorldSpec): void {
  checkObject("topics", world.topics);
  const brokers = world.brokers ?? 1;
  const entries = Object.entries(world.topics ?? {});
  checkTopicNames(entries.map(([topic]) => topic));
  for (const [topic, config] of entries) {
    const given: unknown = config;
    if (!isObject(given)) {
      bad(`topic ${topic} must be an object, such as { partitions: 2 }, not ${quoted(given)}`);
    }
    const refused = refusedTopic(config);
    if (refused !== null) bad(refused.describe(`topic ${topic}`));
    checkPartitions(topic, config.partitions);
    if (config.replicas === undefined) checkFactor(topic, config.replicationFactor ?? 1, brokers);
    else checkPlaces(topic, config, brokers);
  }
}

/** That a world has the topic somebody is about to use. */
export function checkKnown(who: string, topic: string, world: WorldSpec): void {
  const known = Object.keys(world.topics ?? {});
  if (known.includes(topic)) return;
  const nearest = nearestWord(topic, known);
  bad(
    `${who} "${topic}", which the world does not have; known topics: ` +
      (known.join(", ") || "none") +
      (nearest === null ? "" : `; did you mean ${nearest}?`),
  );
}

/** Like Kafka: Topic.validate, ReplicationControlManager.validateNewTopicNames. */
function checkTopicNames(topics: readonly string[]): void {
  const byMetric = new Map<string, string>();
  for (const topic of topics) {
    const why = illegalName("Topic name", topic);
    if (why !== null) bad(`${THROWN}InvalidTopicException: ${why}; rename topic "${topic}"`);
    const metric = topic.replaceAll(".", "_");
    const other = byMetric.get(metric);
    byMetric.set(metric, topic);
    if (other === undefined) continue;
    bad(
      `${THROWN}InvalidTopicException: Topic '${topic}' collides with existing topic: ${other}; ` +
        "rename one of them: names of metrics have _ for .",
    );
  }
}

function checkPartitions(topic: string, partitions: unknown): void {
  if (typeof partitions === "number" && Number.isSafeInteger(partitions) && partitions < 1) {
    bad(
      `${THROWN}InvalidPartitionsException: Number of partitions was set to an invalid ` +
        `non-positive value.; partitions of topic ${topic} must be at least 1, not ${partitions}`,
    );
  }
  checkGivenWhole(`partitions of topic ${topic}`, partitions, 1);
}

/** Like Kafka: StripedReplicaPlacer. */
function checkFactor(topic: string, factor: unknown, brokers: number): void {
  if (typeof factor === "number" && Number.isSafeInteger(factor) && factor < 1) {
    bad(
      `${THROWN}InvalidReplicationFactorException: Replication factor must be larger than 0, or ` +
        `-1 to use the default value.; replicationFactor of topic ${topic} is ${factor}, leave ` +
        "it out for the default",
    );
  }
  checkGivenWhole(`replicationFactor of topic ${topic}`, factor, 1);
  if (Number(factor) <= brokers) return;
  bad(
    `topic ${topic}: Unable to replicate the partition ${String(factor)} time(s): The target ` +
      `replication factor of ${String(factor)} cannot be reached because only ${brokers} ` +
      "broker(s) are registered. Give a smaller replicationFactor, or the world more brokers",
  );
}

/** Like Kafka: ReplicationControlManager.validateManualPartitionAssignment. */
function checkPlaces(topic: string, config: TopicConfig, brokers: number): void {
  const { partitions, replicas = [], replicationFactor } = config;
  const of = `replicas of topic ${topic}`;
  checkList(of, replicas);
  checkWhole(`replicationFactor of topic ${topic}`, replicationFactor, 1);
  if (replicas.length !== partitions) {
    bad(
      `${of} are for ${replicas.length} partitions, and it has ${partitions}; give one list each`,
    );
  }
  const factor = replicationFactor ?? replicas[0]?.length;
  for (const [partition, ids] of replicas.entries()) {
    const place = `${of}, partition ${partition}: The manual partition assignment includes`;
    checkList(`${of}, partition ${partition},`, ids);
    if (ids.length === 0) bad(`${place} an empty replica list; give at least one broker`);
    for (const id of ids) {
      const isBroker = Number.isSafeInteger(id) && id >= 1 && id <= brokers;
      if (isBroker) continue;
      bad(`${place} broker ${shown(id)}, but no such broker is registered; ${upTo(brokers)}`);
    }
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) {
      bad(`${place} the broker ${twice} more than once; name each broker once`);
    }
    if (ids.length === factor) continue;
    bad(
      `${place} a partition with ${ids.length} replica(s), but this is not consistent with ` +
        `previous partitions, which have ${factor} replica(s); give each partition as many`,
    );
  }
}

function upTo(brokers: number): string {
  return brokers === 1 ? "the world has only broker 1" : `the world has brokers 1 to ${brokers}`;
}
