/** What the palette offers, read off the engine's own table of faults: groups, phrases with places
 *  for values, values that make sense in the world shown, and the line of the script they make. */

import {
  type FaultField,
  type FaultSpec,
  faults,
  type FaultTargetGroup,
  faultTargetGroups,
  milestones,
  parseFaults,
  printFault,
  type Snapshot,
  StreamscopeError,
} from "streamscope";

/** A fault, or a moment, as the palette shows it. */
export interface Phrased {
  readonly phrase: string;
  readonly fields: Readonly<Record<string, FaultField>>;
}

export interface PaletteFault extends Phrased {
  readonly kind: string;
  readonly target: FaultTargetGroup;
  readonly shows: string;
}

export interface PaletteMoment extends Phrased {
  readonly milestone: string;
}

export const moments: readonly PaletteMoment[] = milestones;

/** Groups in the engine's order, without those that have no fault. */
export const paletteGroups: readonly {
  readonly target: FaultTargetGroup;
  readonly faults: readonly PaletteFault[];
}[] = faultTargetGroups
  .map((target) => {
    const all: readonly PaletteFault[] = faults;
    return { target, faults: all.filter((fault) => fault.target === target) };
  })
  .filter((group) => group.faults.length > 0);

/** A word of a phrase as it is, or a place for a value. */
export type PhrasePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "field"; readonly name: string; readonly field: FaultField };

/** Shape: the phrase from left to right; what may be left out is among it. */
export function partsOf({ phrase, fields }: Phrased): readonly PhrasePart[] {
  return [...phrase.matchAll(/\{(\w+)\}|([^{[\]]+)/gu)].flatMap(([, name, text]): PhrasePart[] => {
    if (text !== undefined) return text.trim() === "" ? [] : [{ kind: "text", text: text.trim() }];
    const field = name === undefined ? undefined : fields[name];
    return name === undefined || field === undefined ? [] : [{ kind: "field", name, field }];
  });
}

/** What the world offers to be broken, as far as the run has told of it. */
export interface Breakable {
  readonly brokers: number;
  readonly executors: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: number }[];
  readonly groups: readonly string[];
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
  readonly transactionalIds: readonly string[];
  /** The number of the newest batch; 1 before the first. */
  readonly batch: number;
}

export function breakableOf(snapshot: Snapshot): Breakable {
  const { brokers, executors, topics, groups, producers, readers, transactions } = snapshot;
  const members = groups.flatMap(({ membership }) =>
    (membership?.members ?? []).map(({ clientId }) => clientId),
  );
  const newestMs = snapshot.batches.at(-1)?.batchTimeMs ?? 0;
  const intervalMs = snapshot.run?.batchIntervalMs ?? 1000;
  const zeroMs = snapshot.driver?.zeroTimeMs ?? 0;
  return {
    brokers: Math.max(1, brokers.length),
    executors: Math.max(1, executors.length),
    topics: topics.map(({ topic, partitions }) => ({ topic, partitions: partitions.length })),
    groups: groups.map(({ group }) => group),
    producers: producers.map(({ client }) => client),
    consumers: [...new Set([...members, ...readers.map(({ client }) => client)])],
    transactionalIds: transactions.map(({ transactionalId }) => transactionalId),
    batch: Math.max(1, Math.round((newestMs - zeroMs) / intervalMs)),
  };
}

/** What stands in the fields, as text; empty where it is left out. */
export type Values = Readonly<Record<string, string>>;

/** Values that show something, by the name of their field; other numbers are the least there may
 *  be. */
const usual: Readonly<Record<string, string>> = {
  forMs: "2000",
  downMs: "500",
  latencyMs: "200",
  lossPercent: "30",
  speedPercent: "25",
  writeMs: "800",
  byMs: "300",
  count: "1",
  percent: "80",
  key: "hot",
  beforeOffset: "1",
  minInsyncReplicas: "2",
  retentionMs: "2000",
  sizeBytes: "2000000",
};

export function defaultsOf({ fields }: Phrased, world: Breakable): Values {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.optional === true && name !== "forMs" ? "" : defaultOf(name, field, world),
    ]),
  );
}

function defaultOf(name: string, field: FaultField, world: Breakable): string {
  switch (field.type) {
    case "whole": {
      const topic = world.topics[0];
      if (name === "partitions" && topic !== undefined) return String(topic.partitions + 1);
      if (name === "batch") return String(world.batch);
      return usual[name] ?? String(field.min);
    }
    case "broker":
    case "executor":
      return "1";
    case "topic":
      return world.topics[0]?.topic ?? "";
    // The two ends of a link are not the same.
    case "node":
      return name === "a" ? "1" : world.brokers > 1 ? "2" : "clients";
    case "choice":
      return field.choices[0] ?? "";
    case "flag":
      return "true";
    case "producer":
      return world.producers[0] ?? "producer";
    case "consumer":
      return world.consumers[0] ?? "";
    case "name":
      return usual[name] ?? nameOf(name, world);
    default:
      return "";
  }
}

function nameOf(field: string, world: Breakable): string {
  if (/transaction|^id$/iu.test(field)) return world.transactionalIds[0] ?? "";
  if (/client/iu.test(field)) return world.producers[0] ?? world.consumers[0] ?? "";
  return world.groups[0] ?? world.transactionalIds[0] ?? "";
}

/** When a fault of the palette is to strike. */
export type When =
  | { readonly kind: "now"; readonly seq: number }
  | { readonly kind: "time"; readonly atMs: number }
  | { readonly kind: "event"; readonly seq: number }
  | { readonly kind: "moment"; readonly moment: PaletteMoment; readonly values: Values };

/** The line of a script. Throws: StreamscopeError where a value is missing or none. */
export function scriptLine(fault: PaletteFault, values: Values, when: When): string {
  // Its fields were made by their descriptions; reading the line back checks every one.
  const spec = { kind: fault.kind, ...readValues(fault, values), ...timeOf(when) } as FaultSpec;
  const line = printFault(spec);
  parseFaults(line);
  return line;
}

function timeOf(when: When): object {
  switch (when.kind) {
    case "now":
      return when.seq < 0 ? { atMs: 0 } : { afterSeq: when.seq };
    case "event":
      return { afterSeq: when.seq };
    case "time":
      return { atMs: when.atMs };
    case "moment":
      return {
        after: { milestone: when.moment.milestone, ...readValues(when.moment, when.values) },
      };
  }
}

function readValues({ fields }: Phrased, values: Values): object {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const text = values[name]?.trim() ?? "";
      if (text === "" && field.optional === true) return [];
      if (text === "") {
        throw new StreamscopeError("FAULT_SCRIPT", `${name} is empty; choose or write one`);
      }
      return [[name, readValue(field, text)]];
    }),
  );
}

function readValue(field: FaultField, text: string): unknown {
  switch (field.type) {
    case "whole":
    case "broker":
    case "executor":
      return Number(text);
    case "flag":
      return text === "true";
    case "settings":
      return Object.fromEntries(
        text.split(/[\s,]+/u).map((setting) => {
          const [name = "", ...value] = setting.split("=");
          return [name, value.join("=")];
        }),
      );
    default:
      return text;
  }
}
