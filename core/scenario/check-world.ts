/** What a world must be before anything runs in it. Worlds may be plain JavaScript, so that every
 *  number is looked at, whatever its type promises. */

import { ScenarioError } from "../base/errors.ts";
import type { CostModel } from "../scheduler/cost-model.ts";
import { checkConsumers } from "./check-consumers.ts";
import { checkFaults } from "./check-faults.ts";
import type { FaultSpec } from "./faults.ts";
import type { WorldSpec } from "./scenario.ts";

/** Throws: ScenarioError BAD_WORLD for the first thing that cannot be. */
export function checkWorld(world: WorldSpec, faults: readonly FaultSpec[]): void {
  checkWhole("seed", world.seed, 0);
  checkWhole("batchIntervalMs", world.batchIntervalMs, 1);
  checkWhole("defaultParallelism", world.defaultParallelism, 1);
  checkWhole("brokers", world.brokers, 1);
  checkWhole("batches", world.batches, 1);
  checkWhole("untilMs", world.untilMs, 0);
  checkWhole("settleMs", world.settleMs, 0);
  for (const [name, value] of Object.entries(world.cluster ?? {})) {
    if (typeof value === "number") checkWhole(`cluster.${name}`, value, 0);
  }
  checkExecutors(world);
  checkCost(world.cost ?? {});
  checkTopics(world);
  checkConsumers(world);
  checkFaults(world, faults);
}

function checkExecutors(world: WorldSpec): void {
  if (world.executors?.length === 0) bad("executors is empty; give at least one, or leave it out");
  for (const [index, spec] of (world.executors ?? []).entries()) {
    const { cores, speedPercent, memoryRecords } = spec;
    checkWhole(`executors[${index}].memoryRecords`, memoryRecords, 0);
    checkWhole(`executors[${index}].cores`, cores, 1);
    checkWhole(`executors[${index}].speedPercent`, speedPercent, 1);
  }
}

function checkCost(cost: Partial<CostModel>): void {
  for (const [name, value] of Object.entries(cost)) checkWhole(`cost.${name}`, value, 0);
}

function checkTopics(world: WorldSpec): void {
  const topics = new Map(Object.entries(world.topics ?? {}));
  for (const [topic, config] of topics) {
    checkWhole(`partitions of topic ${topic}`, config.partitions, 1);
    checkWhole(`retentionMs of topic ${topic}`, config.retentionMs, -1);
    checkWhole(`retentionBytes of topic ${topic}`, config.retentionBytes, -1);
    checkWhole(`segmentBytes of topic ${topic}`, config.segmentBytes, 14);
    checkWhole(`maxMessageBytes of topic ${topic}`, config.maxMessageBytes, 0);
  }
  for (const { topic, lingerMs } of world.workload ?? []) {
    checkWhole(`lingerMs of the workload of topic ${topic}`, lingerMs, 0);
    if (topics.has(topic)) continue;
    bad(
      `workload writes to topic "${topic}", which the world does not have; known topics: ` +
        ([...topics.keys()].join(", ") || "none"),
    );
  }
}

function checkWhole(name: string, value: number | undefined, min: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= min)) return;
  bad(`${name} must be a whole number of at least ${min}, not ${value}`);
}

function bad(message: string): never {
  throw new ScenarioError("BAD_WORLD", message);
}
