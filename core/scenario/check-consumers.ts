/** What the consumers of a world must be before anything runs in it. */

import { ScenarioError } from "../base/errors.ts";
import { type ConsumerSettings, defaultConsumerSettings } from "../client/consumer-settings.ts";
import { consumerNames, type ConsumerSpec } from "./consumer-spec.ts";
import type { WorldSpec } from "./scenario.ts";

const strategies = new Set(["range", "roundrobin", "sticky", "cooperative-sticky"]);

/** Throws: ScenarioError BAD_WORLD for the first thing that cannot be. */
export function checkConsumers(world: WorldSpec): void {
  const known = new Set<string>();
  const topics = Object.keys(world.topics ?? {});
  for (const spec of world.consumers ?? []) {
    const { group, names, count } = spec;
    if (group === "") bad("consumers without a group; give each a group, as group.id does");
    if (spec.topics.length === 0) bad(`the consumers of group ${group} subscribe to no topic`);
    for (const topic of spec.topics) {
      if (topics.includes(topic)) continue;
      bad(
        `the consumers of group ${group} read topic "${topic}", which the world does not have; ` +
          `known topics: ${topics.join(", ") || "none"}`,
      );
    }
    checkNumber(`count of the consumers of group ${group}`, count ?? 1, 1);
    if (names !== undefined && count !== undefined && names.length !== count) {
      bad(`group ${group} has ${count} consumers and ${names.length} names; give as many names`);
    }
    for (const name of consumerNames(spec)) {
      if (known.has(name)) bad(`two consumers are called ${name}; give them names of their own`);
      known.add(name);
    }
    checkInstances(spec);
    checkTimes(spec);
    checkSettings(group, { ...defaultConsumerSettings, ...spec.settings });
  }
}

function checkInstances(spec: ConsumerSpec): void {
  const { group, instanceIds } = spec;
  const { length } = consumerNames(spec);
  if (instanceIds === undefined || instanceIds.length === length) return;
  bad(
    `group ${group} has ${length} consumers and ${instanceIds.length} instanceIds; ` +
      "give one to each, or leave them out",
  );
}

function checkTimes({ group, startMs = 0, stopMs, processMs = 1 }: ConsumerSpec): void {
  checkNumber(`startMs of the consumers of group ${group}`, startMs, 0);
  checkNumber(`stopMs of the consumers of group ${group}`, stopMs ?? 0, 0);
  if (!(processMs >= 0 && processMs < Infinity)) {
    bad(`processMs of the consumers of group ${group} is ${processMs}; give 0 or more`);
  }
}

function checkSettings(group: string, settings: ConsumerSettings): void {
  const place = `of the consumers of group ${group}`;
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === "number") checkNumber(`${name} ${place}`, value, 0);
  }
  checkNumber(`maxPollRecords ${place}`, settings.maxPollRecords, 1);
  // Like Kafka: Heartbeat, and its words.
  if (settings.heartbeatIntervalMs >= settings.sessionTimeoutMs) {
    bad(
      "Heartbeat must be set lower than the session timeout: heartbeatIntervalMs " +
        `${settings.heartbeatIntervalMs} and sessionTimeoutMs ${settings.sessionTimeoutMs} ` +
        place,
    );
  }
  const { partitionAssignmentStrategy } = settings;
  const unknown = partitionAssignmentStrategy.find((name) => !strategies.has(name));
  if (unknown !== undefined || partitionAssignmentStrategy.length === 0) {
    bad(
      `partitionAssignmentStrategy ${place} is ${unknown ?? "empty"}; ` +
        `choose from ${[...strategies].join(", ")}`,
    );
  }
}

function checkNumber(name: string, value: number, min: number): void {
  if (Number.isSafeInteger(value) && value >= min) return;
  bad(`${name} is ${value}; give a whole number from ${min} on`);
}

function bad(message: string): never {
  throw new ScenarioError("BAD_WORLD", message);
}
