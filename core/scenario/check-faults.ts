/** What a fault must be before anything runs, whichever way it was written: every field by its
 *  description, and by the world it is to strike. */

import { ScenarioError } from "../base/errors.ts";
import { nearestWord } from "../base/nearest-word.ts";
import type { Field, Fields } from "../faults/fault.ts";
import type { NamedFault } from "./fault-script.ts";
import { faultNamed, faults } from "./faults.ts";
import { milestoneNamed, milestones } from "./milestones.ts";
import { consumerNames } from "./consumer-spec.ts";
import { describeField } from "./phrase.ts";
import { checkEnd, checkKnown, checkLink, clientsOf, writersOf } from "./check-fault-names.ts";
import { producerName } from "./producers.ts";
import type { WorldSpec } from "./scenario.ts";

type Values = Readonly<Record<string, unknown>>;

/** Throws: ScenarioError for the first thing that cannot be: FAULT_SCRIPT with its line for a line
 *  of a script, BAD_WORLD for a fault that is data. */
export function checkFaults(world: WorldSpec, given: readonly NamedFault[]): void {
  for (const fault of given) {
    try {
      checkFault(world, { ...fault.spec }, fault.name);
      checkGrowth(world, fault);
      checkDeletion(world, fault, given);
    } catch (thrown) {
      if (!(thrown instanceof ScenarioError) || fault.line === null) throw thrown;
      const place = { line: fault.line, column: 1 };
      throw new ScenarioError("FAULT_SCRIPT", thrown.message, { place });
    }
  }
}

function checkFault(world: WorldSpec, spec: Values, name: string): void {
  const kind = String(spec["kind"]);
  const fault = faultNamed(kind);
  if (fault === null) {
    const kinds = faults.map((one) => one.kind);
    const nearest = nearestWord(kind, kinds);
    const remedy = nearest === null ? `give ${kinds.join(", ")}` : `did you mean ${nearest}?`;
    bad(`${name} has no known kind; ${remedy}`);
  }
  const { kind: _, atMs, afterSeq, after, ...values } = spec;
  const times = [atMs, afterSeq, after].filter((time) => time !== undefined);
  if (times.length !== 1) bad(`${name} needs one of atMs, afterSeq and after`);
  checkValue(world, { name: "atMs", value: atMs, of: name }, { ...whole, optional: true });
  checkValue(world, { name: "afterSeq", value: afterSeq, of: name }, { ...whole, optional: true });
  checkMilestone(world, after, name);
  checkValues(world, fault.fields, values, name);
  if (fault.target === "link") checkLink(name, String(values["a"]), String(values["b"]));
}

const whole = { type: "whole", min: 0 } as const;

function checkMilestone(world: WorldSpec, after: unknown, fault: string): void {
  if (after === undefined) return;
  const values: Values = typeof after === "object" ? { ...after } : {};
  const milestone = milestoneNamed(String(values["milestone"]));
  if (milestone === null) {
    const known = milestones.map((one) => one.milestone).join(", ");
    bad(`after of ${fault} has no known milestone; give ${known}`);
  }
  const { milestone: _, ...own } = values;
  checkValues(world, milestone.fields, own, `after of ${fault}`);
}

function checkValues(world: WorldSpec, fields: Fields, values: Values, of: string): void {
  for (const name of Object.keys(values)) {
    if (name in fields) continue;
    const nearest = nearestWord(name, Object.keys(fields));
    const known = Object.keys(fields).join(", ") || "none";
    bad(
      `${name} is no field of ${of}; ` +
        (nearest === null ? `it has ${known}` : `did you mean ${nearest}?`),
    );
  }
  for (const [name, field] of Object.entries(fields)) {
    checkValue(world, { name, value: values[name], of }, field);
  }
}

interface Given {
  readonly name: string;
  readonly value: unknown;
  readonly of: string;
}

function checkValue(world: WorldSpec, { name, value, of }: Given, field: Field): void {
  if (value === undefined) {
    if (field.optional !== true) bad(`${name} of ${of} is missing; give ${describeField(field)}`);
    return;
  }
  const what = `${name} of ${of}`;
  switch (field.type) {
    case "whole":
      checkWhole(what, value, field);
      return;
    case "broker":
      checkOneOf(what, value, world.brokers ?? 1);
      return;
    case "executor":
      checkOneOf(what, value, world.executors?.length ?? 2);
      return;
    case "topic":
      checkName(what, value, "topics", Object.keys(world.topics ?? {}));
      return;
    case "producer":
      checkName(what, value, "producers", (world.workload ?? []).map(producerName));
      return;
    case "consumer":
      checkName(what, value, "consumers", (world.consumers ?? []).flatMap(consumerNames));
      return;
    case "node":
      checkNode(what, value, world);
      return;
    case "name":
      checkText(what, value);
      if (field.of === "client") checkName(what, value, "clients", clientsOf(world));
      if (field.of === "writer") checkName(what, value, "clients that write", writersOf(world));
      return;
    case "choice":
      if (!field.choices.some((choice) => choice === value)) {
        bad(`${what} must be ${field.choices.join(", ")}, not ${String(value)}`);
      }
      return;
    case "flag":
      if (typeof value !== "boolean") bad(`${what} must be true or false, not ${String(value)}`);
      return;
    case "settings":
      checkSettings(what, value);
      return;
    default:
      checkText(what, value);
  }
}

/** Times and sizes are added up and multiplied, and have to stay exact: thirty years, in ms. */
const MOST = 1_000_000_000_000;

function checkWhole(
  what: string,
  value: unknown,
  { min: least, max = MOST }: { readonly min: number; readonly max?: number },
): void {
  const min = Math.max(least, -MOST);
  const isWhole = typeof value === "number" && Number.isSafeInteger(value);
  if (isWhole && value >= min && value <= max) return;
  const most = isWhole && value > max ? ` and at most ${max}` : "";
  bad(`${what} must be a whole number of at least ${min}${most}, not ${String(value)}`);
}

function checkOneOf(what: string, id: unknown, count: number): void {
  if (typeof id === "number" && Number.isSafeInteger(id) && id >= 1 && id <= count) return;
  bad(`${what} is ${String(id)}, and the world has ${count === 1 ? "only 1" : `1 to ${count}`}`);
}

function checkText(what: string, value: unknown): void {
  if (typeof value !== "string") bad(`${what} must be a text, not ${String(value)}`);
}

function checkName(what: string, value: unknown, kind: string, names: readonly string[]): void {
  checkText(what, value);
  checkKnown(what, value, { kind, names });
}

function checkNode(what: string, value: unknown, world: WorldSpec): void {
  checkText(what, value);
  if (/^\d+$/u.test(String(value))) checkOneOf(what, Number(value), world.brokers ?? 1);
  else checkEnd(what, value, world);
}

function checkSettings(what: string, value: unknown): void {
  const settings: Values = typeof value === "object" && value !== null ? { ...value } : {};
  const names = Object.keys(settings);
  if (names.length === 0) bad(`${what} is empty; give settings by name, or leave it out`);
  for (const name of names) {
    if (!/^[A-Za-z][A-Za-z0-9_.]*$/u.test(name)) bad(`"${name}" in ${what} is no name`);
    checkText(`${name} in ${what}`, settings[name]);
  }
}

/** A topic only ever grows. */
function checkGrowth(world: WorldSpec, { spec, name }: NamedFault): void {
  if (spec.kind !== "addPartitions") return;
  const least = (world.topics?.[spec.topic]?.partitions ?? 0) + 1;
  checkWhole(`partitions of ${name}`, spec.partitions, { min: least });
}

/** Of a partition that the topic has, or that a fault may give it. */
function checkDeletion(
  world: WorldSpec,
  { spec, name }: NamedFault,
  given: readonly NamedFault[],
): void {
  if (spec.kind !== "deleteRecords") return;
  const { topic, partition } = spec;
  const grown = given.flatMap(({ spec: one }) =>
    one.kind === "addPartitions" && one.topic === topic ? [one.partitions] : [],
  );
  const most = Math.max(world.topics?.[topic]?.partitions ?? 0, ...grown);
  if (partition < most) return;
  bad(
    `partition of ${name} is ${partition}, and ${topic} has ${most}; give ` +
      (most === 1 ? "0" : `0 to ${most - 1}`),
  );
}

function bad(message: string): never {
  throw new ScenarioError("BAD_WORLD", message);
}
