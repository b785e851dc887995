/** What the consumers of a world must be before anything runs in it. */

import { defaultClusterSettings } from "../broker/cluster-settings.ts";
import {
  type ConsumerSettings,
  defaultConsumerSettings,
  refusedConsumer,
  refusedInstance,
} from "../client/consumer-settings.ts";
import {
  bad,
  checkChoice,
  checkClientName,
  checkFields,
  checkObject,
  checkObjects,
  checkRefused,
  checkText,
  checkTexts,
  checkWhole,
  type FieldsOf,
  quoted,
} from "./check-fields.ts";
import { checkKnown } from "./check-topics.ts";
import { consumerNames, type ConsumerSpec } from "./consumer-spec.ts";
import type { WorldSpec } from "./scenario.ts";

const consumerFields: FieldsOf<ConsumerSpec> = {
  group: true,
  topics: true,
  count: true,
  names: true,
  instanceIds: true,
  settings: true,
  processMs: true,
  commits: true,
  startMs: true,
  stopMs: true,
};

/** Throws: ScenarioError BAD_WORLD for the first thing that cannot be, in Kafka's words where it
 *  has some. */
export function checkConsumers(world: WorldSpec): void {
  checkObjects("consumers", world.consumers);
  const known = new Set<string>();
  for (const [index, spec] of (world.consumers ?? []).entries()) {
    const { group, settings = {} } = spec;
    checkText(`group of consumers[${index}]`, group);
    if (group === "") bad("consumers without a group; give each a group, as group.id does");
    const of = `the consumers of group ${group}`;
    checkFields(of, spec, consumerFields);
    checkSubscription(of, spec, world);
    checkNames(of, spec, known);
    checkInstances(of, spec);
    checkTimes(of, spec);
    checkObject(`settings of ${of}`, settings);
    checkRefused(of, refusedConsumer(settings));
    checkSession(of, { ...defaultConsumerSettings, ...settings }, world);
  }
}

function checkSubscription(of: string, { topics }: ConsumerSpec, world: WorldSpec): void {
  if (topics === undefined) bad(`topics of ${of} is missing; give at least one`);
  checkTexts(`topics of ${of}`, topics);
  if (topics.length === 0) bad(`${of} subscribe to no topic`);
  for (const topic of topics) checkKnown(`${of} read topic`, topic, world);
}

function checkNames(of: string, spec: ConsumerSpec, known: Set<string>): void {
  const { names, count, group } = spec;
  checkWhole(`count of ${of}`, count, 1);
  checkTexts(`names of ${of}`, names);
  if (names?.length === 0) bad(`names of ${of} is empty; give as many as there are, or none`);
  if (names !== undefined && count !== undefined && names.length !== count) {
    bad(`group ${group} has ${count} consumers and ${names.length} names; give as many names`);
  }
  for (const name of consumerNames(spec)) {
    if (names !== undefined) checkClientName(`a name of ${of}`, name);
    if (known.has(name)) bad(`two consumers are called ${name}; give them names of their own`);
    known.add(name);
  }
}

function checkInstances(of: string, spec: ConsumerSpec): void {
  const { group, instanceIds } = spec;
  if (instanceIds === undefined) return;
  checkTexts(`instanceIds of ${of}`, instanceIds);
  const { length } = consumerNames(spec);
  if (instanceIds.length !== length) {
    bad(
      `group ${group} has ${length} consumers and ${instanceIds.length} instanceIds; ` +
        "give one to each, or leave them out",
    );
  }
  for (const id of instanceIds) {
    const refused = refusedInstance(id);
    if (refused !== null) bad(`${refused}; correct instanceIds of ${of}`);
  }
}

function checkTimes(of: string, spec: ConsumerSpec): void {
  const { startMs, stopMs, commits } = spec;
  checkWhole(`startMs of ${of}`, startMs, 0);
  checkWhole(`stopMs of ${of}`, stopMs, 0);
  checkChoice(`commits of ${of}`, commits, ["never", "async", "sync"]);
  const processMs: unknown = spec.processMs ?? 1;
  if (typeof processMs === "number" && processMs >= 0 && processMs < Infinity) return;
  bad(`processMs of ${of} is ${quoted(processMs)}; give 0 or more`);
}

/** Like Kafka: GroupMetadataManager.classicGroupJoin, which looks at it first of all. */
function checkSession(
  of: string,
  { sessionTimeoutMs }: ConsumerSettings,
  { cluster = {} }: WorldSpec,
): void {
  const { groupMinSessionTimeoutMs: min, groupMaxSessionTimeoutMs: max } = {
    ...defaultClusterSettings,
    ...cluster,
  };
  if (sessionTimeoutMs >= min && sessionTimeoutMs <= max) return;
  bad(
    "org.apache.kafka.common.errors.InvalidSessionTimeoutException: The session timeout is not " +
      "within the range allowed by the broker (as configured by group.min.session.timeout.ms and " +
      `group.max.session.timeout.ms).; sessionTimeoutMs of ${of} is ${sessionTimeoutMs}, ` +
      `give ${min} to ${max}, or change groupMinSessionTimeoutMs or groupMaxSessionTimeoutMs of ` +
      "the cluster",
  );
}
