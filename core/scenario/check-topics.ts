/** What the topics of a world must be before anything runs in it. */

import { ScenarioError } from "../base/errors.ts";
import { nearestWord } from "../base/nearest-word.ts";
import { refusedSetting, topicSettingNames } from "../broker/topic-settings.ts";
import type { TopicConfig } from "../record/topic-config.ts";
import type { WorldSpec } from "./scenario.ts";

/** Throws: ScenarioError BAD_WORLD for the first thing that cannot be, in Kafka's words where it
 *  has some. */
export function checkTopics(world: WorldSpec): void {
  const brokers = world.brokers ?? 1;
  for (const [topic, config] of Object.entries(world.topics ?? {})) {
    checkWhole(`partitions of topic ${topic}`, config.partitions);
    checkSettings(topic, config);
    if (config.replicas === undefined) checkFactor(topic, config.replicationFactor ?? 1, brokers);
    else checkPlaces(topic, config, brokers);
  }
  for (const { topic } of world.readBack ?? []) checkKnown("readBack", topic, world);
}

/** That a world has the topic somebody is about to use. */
export function checkKnown(who: string, topic: string, world: WorldSpec): void {
  const known = Object.keys(world.topics ?? {});
  if (known.includes(topic)) return;
  bad(
    `${who} "${topic}", which the world does not have; known topics: ` +
      (known.join(", ") || "none"),
  );
}

function checkSettings(topic: string, config: TopicConfig): void {
  const refused = refusedSetting(config);
  if (refused === null) return;
  const { name, value, takes } = refused;
  if (takes !== null) bad(`${name} of topic ${topic} must be ${takes}, not ${String(value)}`);
  const nearest = nearestWord(name, topicSettingNames);
  bad(
    `topic ${topic} has no setting ${name}; ` +
      (nearest === null ? `give ${topicSettingNames.join(", ")}` : `did you mean ${nearest}?`),
  );
}

/** Like Kafka: StripedReplicaPlacer. */
function checkFactor(topic: string, factor: unknown, brokers: number): void {
  checkWhole(`replicationFactor of topic ${topic}`, factor);
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
  if (replicas.length !== partitions) {
    bad(
      `${of} are for ${replicas.length} partitions, and it has ${partitions}; give one list each`,
    );
  }
  const factor = replicationFactor ?? replicas[0]?.length;
  for (const [partition, ids] of replicas.entries()) {
    const place = `${of}, partition ${partition}: The manual partition assignment includes`;
    if (ids.length === 0) bad(`${place} an empty replica list; give at least one broker`);
    for (const id of ids) {
      const isBroker = Number.isSafeInteger(id) && id >= 1 && id <= brokers;
      if (!isBroker)
        bad(`${place} broker ${id}, but no such broker is registered; ${upTo(brokers)}`);
    }
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) {
      bad(`${place} the broker ${twice} more than once; name each broker once`);
    }
    if (ids.length !== factor) {
      bad(`${place} ${ids.length} replicas where ${factor} belong; give each partition as many`);
    }
  }
}

function upTo(brokers: number): string {
  return brokers === 1 ? "the world has only broker 1" : `the world has brokers 1 to ${brokers}`;
}

function checkWhole(name: string, value: unknown): void {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return;
  bad(`${name} must be a whole number of at least 1, not ${String(value)}`);
}

function bad(message: string): never {
  throw new ScenarioError("BAD_WORLD", message);
}
