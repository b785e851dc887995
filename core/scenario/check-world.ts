/** What a world must be before anything runs in it. Worlds may be plain JavaScript, so that every
 *  field is looked at, whatever its type promises. */

import { type ClusterSettings, refusedCluster } from "../broker/cluster-settings.ts";
import { type CostModel, defaultCost } from "../scheduler/cost-model.ts";
import { readSettings } from "../stream/settings.ts";
import { checkConsumers } from "./check-consumers.ts";
import { checkFaults } from "./check-faults.ts";
import {
  bad,
  checkChoice,
  checkFields,
  checkFunction,
  checkGivenWhole,
  checkObject,
  checkObjects,
  checkRefused,
  checkText,
  checkWhole,
  type FieldsOf,
  isObject,
  quoted,
} from "./check-fields.ts";
import { checkKnown, checkTopics } from "./check-topics.ts";
import { checkWorkload } from "./check-workload.ts";
import { nameFaults, type NamedFault } from "./fault-script.ts";
import type { FaultScript } from "./faults.ts";
import type { ExecutorSpec, FileSpec, WorldSpec } from "./scenario.ts";
import type { SocketSpec } from "./sockets.ts";

const worldFields: FieldsOf<WorldSpec> = {
  seed: true,
  batchIntervalMs: true,
  defaultParallelism: true,
  brokers: true,
  executors: true,
  topics: true,
  workload: true,
  consumers: true,
  files: true,
  sockets: true,
  faults: true,
  cost: true,
  cluster: true,
  conf: true,
  readBack: true,
  settleMs: true,
  batches: true,
  untilMs: true,
};

const executorFields: FieldsOf<ExecutorSpec> = {
  cores: true,
  speedPercent: true,
  memoryRecords: true,
};
const fileFields: FieldsOf<FileSpec> = { path: true, atMs: true, text: true };
const socketFields: FieldsOf<SocketSpec> = { lines: true, listensFromMs: true };
const readBackFields: FieldsOf<NonNullable<WorldSpec["readBack"]>[number]> = {
  topic: true,
  isolation: true,
};

/** Shape: the faults of the world, and those given beside it.
 *  Throws: ScenarioError for the first thing that cannot be: BAD_WORLD, BAD_OPTION for settings of
 *  producers, FAULT_SCRIPT for a line of a script. */
export function checkWorld(world: WorldSpec, beside: FaultScript = []): readonly NamedFault[] {
  if (!isObject(world))
    bad(`a world must be an object such as { topics: {} }, not ${quoted(world)}`);
  checkFields("the world", world, worldFields);
  checkWhole("seed", world.seed, 0, Number.MAX_SAFE_INTEGER);
  checkWhole("batchIntervalMs", world.batchIntervalMs, 1);
  checkWhole("defaultParallelism", world.defaultParallelism, 1);
  checkWhole("brokers", world.brokers, 1);
  checkWhole("batches", world.batches, 1);
  checkWhole("untilMs", world.untilMs, 0);
  checkWhole("settleMs", world.settleMs, 0);
  checkConf(world.conf);
  checkCluster(world.cluster);
  checkExecutors(world.executors);
  checkCost(world.cost);
  checkTopics(world);
  checkWorkload(world);
  checkConsumers(world);
  checkFiles(world.files);
  checkSockets(world.sockets);
  checkReadBack(world);
  checkTimePasses(world);
  const faults = [world.faults ?? [], beside].flatMap((script) => {
    if (typeof script !== "string") checkObjects("faults", script);
    return nameFaults(script);
  });
  checkFaults(world, faults);
  return faults;
}

function checkConf(conf: WorldSpec["conf"] = {}): void {
  checkObject("conf", conf);
  for (const [name, value] of Object.entries(conf)) {
    const text: unknown = value;
    if (typeof text === "string") continue;
    const isPlain = typeof text === "number" || typeof text === "boolean";
    const remedy = isPlain ? `; give "${String(text)}"` : "";
    bad(`${name} of conf must be a text, as SparkConf takes it, not ${quoted(text)}${remedy}`);
  }
  readSettings(conf);
}

function checkCluster(given: Partial<ClusterSettings> = {}): void {
  checkObject("cluster", given);
  checkRefused("the cluster", refusedCluster(given));
}

function checkExecutors(executors: WorldSpec["executors"]): void {
  checkObjects("executors", executors);
  if (executors?.length === 0) bad("executors is empty; give at least one, or leave it out");
  for (const [index, spec] of (executors ?? []).entries()) {
    const of = `executors[${index}]`;
    checkFields(of, spec, executorFields);
    checkGivenWhole(`${of}.cores`, spec.cores, 1);
    checkWhole(`${of}.speedPercent`, spec.speedPercent, 1);
    checkWhole(`${of}.memoryRecords`, spec.memoryRecords, 0);
  }
}

function checkCost(cost: Partial<CostModel> = {}): void {
  checkObject("cost", cost);
  const names = Object.keys(defaultCost).map((name) => [name, true] as const);
  checkFields("cost", cost, Object.fromEntries(names));
  for (const [name, value] of Object.entries(cost)) checkGivenWhole(`cost.${name}`, value, 0);
}

function checkFiles(files: WorldSpec["files"]): void {
  checkObjects("files", files);
  for (const [index, file] of (files ?? []).entries()) {
    const of = `files[${index}]`;
    checkFields(of, file, fileFields);
    checkText(`${of}.path`, file.path);
    if (file.path === "") bad(`${of}.path is empty; give a path such as "in/words.txt"`);
    checkText(`${of}.text`, file.text);
    checkWhole(`${of}.atMs`, file.atMs, 0);
  }
}

const MOST_PORTS = 65_535;

function checkSockets(sockets: WorldSpec["sockets"] = {}): void {
  checkObject("sockets", sockets);
  for (const [name, spec] of Object.entries(sockets)) {
    const of = `socket "${name}" of the world`;
    const [, port] = /^[^:]+:(\d+)$/u.exec(name) ?? [];
    if (port === undefined) bad(`${of} has no port; name it as "localhost:9999"`);
    if (Number(port) > MOST_PORTS) bad(`${of} has port ${port}; give one up to ${MOST_PORTS}`);
    if (!isObject(spec))
      bad(`${of} must be an object, such as linesSocket makes, not ${quoted(spec)}`);
    checkFields(of, spec, socketFields);
    checkFunction(`lines of ${of}`, spec.lines, "that gives lines, such as linesSocket makes");
    checkWhole(`listensFromMs of ${of}`, spec.listensFromMs, 0);
  }
}

function checkReadBack(world: WorldSpec): void {
  checkObjects("readBack", world.readBack);
  for (const [index, one] of (world.readBack ?? []).entries()) {
    const of = `readBack[${index}]`;
    checkFields(of, one, readBackFields);
    checkText(`${of}.topic`, one.topic);
    checkKnown("readBack", one.topic, world);
    if (one.isolation === undefined) bad(`${of}.isolation is missing; give read_committed`);
    checkChoice(`${of}.isolation`, one.isolation, ["read_committed", "read_uncommitted"]);
  }
}

const askedAgain = ["heartbeatIntervalMs", "fetchMaxWaitMs", "metadataMaxAgeMs"];
const triedAgain = ["retryBackoffMs", "retryBackoffMaxMs"];

/** Requests that take no time and are sent again at once would be sent for ever at one moment. */
function checkTimePasses(world: WorldSpec): void {
  if (world.cost?.requestMs !== 0) return;
  checkPauses("the cluster", world.cluster, ["replicaFetchBackoffMs"]);
  for (const { topic, producer } of world.workload ?? []) {
    checkPauses(`the producer of topic ${topic}`, producer, triedAgain);
  }
  for (const { group, settings } of world.consumers ?? []) {
    checkPauses(`the consumers of group ${group}`, settings, [...askedAgain, ...triedAgain]);
  }
}

function checkPauses(of: string, settings: object = {}, names: readonly string[]): void {
  for (const [name, value] of Object.entries(settings)) {
    if (value !== 0 || !names.includes(name)) continue;
    bad(
      `${name} of ${of} is 0 and so is cost.requestMs, so that time would stand still; give one ` +
        "of them at least 1",
    );
  }
}
