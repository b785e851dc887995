/** What a world must be before anything runs in it. Worlds may be plain JavaScript, so that every
 *  number is looked at, whatever its type promises. */

import { ScenarioError } from "../base/errors.ts";
import { nearestWord } from "../base/nearest-word.ts";
import { type ClusterSettings, defaultClusterSettings } from "../broker/cluster-settings.ts";
import type { CostModel } from "../scheduler/cost-model.ts";
import { checkConsumers } from "./check-consumers.ts";
import { checkFaults } from "./check-faults.ts";
import { checkTopics } from "./check-topics.ts";
import { checkWorkload } from "./check-workload.ts";
import type { NamedFault } from "./fault-script.ts";
import type { WorldSpec } from "./scenario.ts";

/** Throws: ScenarioError for the first thing that cannot be. */
export function checkWorld(world: WorldSpec, faults: readonly NamedFault[]): void {
  checkWhole("seed", world.seed, 0);
  checkWhole("batchIntervalMs", world.batchIntervalMs, 1);
  checkWhole("defaultParallelism", world.defaultParallelism, 1);
  checkWhole("brokers", world.brokers, 1);
  checkWhole("batches", world.batches, 1);
  checkWhole("untilMs", world.untilMs, 0);
  checkWhole("settleMs", world.settleMs, 0);
  checkCluster(world.cluster ?? {});
  checkExecutors(world);
  checkCost(world.cost ?? {});
  checkTopics(world);
  checkWorkload(world);
  checkConsumers(world);
  checkFaults(world, faults);
}

function checkCluster(given: Partial<ClusterSettings>): void {
  const defaults = new Map<string, unknown>(Object.entries(defaultClusterSettings));
  const values = new Map<string, unknown>(Object.entries(given));
  for (const [name, value] of values) {
    if (value === undefined) continue;
    const type = typeof defaults.get(name);
    if (type === "undefined") {
      const nearest = nearestWord(name, [...defaults.keys()]);
      const known = nearest === null ? [...defaults.keys()].join(", ") : `did you mean ${nearest}?`;
      bad(`cluster has no setting ${name}; ${nearest === null ? `give ${known}` : known}`);
    }
    if (type === "boolean" && typeof value !== "boolean") {
      bad(`cluster.${name} must be true or false, not ${String(value)}`);
    }
    if (type === "number") checkWhole(`cluster.${name}`, value, 0);
  }
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

function checkWhole(name: string, value: unknown, min: number): void {
  if (value === undefined) return;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= min) return;
  bad(`${name} must be a whole number of at least ${min}, not ${String(value)}`);
}

function bad(message: string): never {
  throw new ScenarioError("BAD_WORLD", message);
}
