/** What a world must be before anything runs in it. Worlds may be plain JavaScript, so that every
 *  number is looked at, whatever its type promises. */

import { ScenarioError } from "../base/errors.ts";
import type { FaultSpec } from "../faults/fault.ts";
import type { CostModel } from "../scheduler/cost-model.ts";
import type { WorldSpec } from "./scenario.ts";

/** Throws: ScenarioError BAD_WORLD for the first thing that cannot be. */
export function checkWorld(world: WorldSpec, faults: readonly FaultSpec[]): void {
  checkWhole("seed", world.seed, 0);
  checkWhole("batchIntervalMs", world.batchIntervalMs, 1);
  checkWhole("defaultParallelism", world.defaultParallelism, 1);
  checkWhole("brokers", world.brokers, 1);
  checkWhole("batches", world.batches, 1);
  checkWhole("untilMs", world.untilMs, 0);
  checkWhole("retentionCheckMs", world.retentionCheckMs, 1);
  checkExecutors(world);
  checkCost(world.cost ?? {});
  checkTopics(world);
  for (const [index, fault] of faults.entries()) checkFault(world, fault, index);
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

function checkGrowth(
  world: WorldSpec,
  { topic, partitions }: Extract<FaultSpec, { readonly kind: "addPartitions" }>,
  name: string,
): void {
  const config = world.topics?.[topic];
  if (config === undefined) bad(`${name} is about topic ${topic}, which the world does not have`);
  checkWhole(`partitions of ${name}`, partitions, config.partitions + 1);
}

function checkFault(world: WorldSpec, fault: FaultSpec, index: number): void {
  const name = `faults[${index}] (${fault.kind})`;
  if ("atMs" in fault) checkWhole(`atMs of ${name}`, fault.atMs, 0);
  else checkWhole(`afterSeq of ${name}`, fault.afterSeq, 0);
  switch (fault.kind) {
    case "stopBroker":
      checkWhole(`forMs of ${name}`, fault.forMs, 0);
      checkOneOf(`${name} stops broker`, fault.broker, world.brokers ?? 1);
      return;
    case "addPartitions":
      checkGrowth(world, fault, name);
      return;
    case "slowCheckpoints":
      checkWhole(`writeMs of ${name}`, fault.writeMs, 0);
      checkWhole(`forMs of ${name}`, fault.forMs, 0);
      return;
    case "fillCheckpoints":
      checkWhole(`forMs of ${name}`, fault.forMs, 0);
      return;
    case "tearCheckpoint":
      return;
    case "stopDriver":
    case "crashDriver":
      checkWhole(`downMs of ${name}`, fault.downMs, 0);
      return;
    case "loseExecutor":
      checkWhole(`backMs of ${name}`, fault.backMs, 0);
      checkOneOf(`${name} loses executor`, fault.executor, world.executors?.length ?? 2);
      return;
    case "slowExecutor":
      checkWhole(`forMs of ${name}`, fault.forMs, 0);
      checkWhole(`speedPercent of ${name}`, fault.speedPercent, 1);
      checkOneOf(`${name} slows executor`, fault.executor, world.executors?.length ?? 2);
      return;
    case "failTasks":
      checkWhole(`times of ${name}`, fault.times, 1);
      checkOneOf(`${name} is about executor`, fault.executor, world.executors?.length ?? 2);
      return;
    case "fillDisk":
      checkWhole(`forMs of ${name}`, fault.forMs, 0);
      checkOneOf(`${name} is about executor`, fault.executor, world.executors?.length ?? 2);
      return;
    case "loseMapOutput":
      checkWhole(`shuffle of ${name}`, fault.shuffle, 0);
      checkWhole(`partition of ${name}`, fault.partition, 0);
      return;
    default:
      bad(
        `faults[${index}] has no known kind; give stopBroker, addPartitions, crashDriver, ` +
          "stopDriver, slowCheckpoints, fillCheckpoints, tearCheckpoint, loseExecutor, " +
          "slowExecutor, failTasks, fillDisk or loseMapOutput",
      );
  }
}

function checkOneOf(what: string, id: number, count: number): void {
  if (Number.isSafeInteger(id) && id >= 1 && id <= count) return;
  bad(`${what} ${id}, and the world has ${count === 1 ? "only 1" : `1 to ${count}`}`);
}

function checkWhole(name: string, value: number | undefined, min: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= min)) return;
  bad(`${name} must be a whole number of at least ${min}, not ${value}`);
}

function bad(message: string): never {
  throw new ScenarioError("BAD_WORLD", message);
}
