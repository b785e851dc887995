/** What the palette offers, read off the engine's own table of faults: groups, phrases with places
 *  for values, values that make sense in the world shown, and the line of the script they make. */

import {
  consumerNames,
  type FaultField,
  type FaultSpec,
  faults,
  type FaultTargetGroup,
  faultTargetGroups,
  milestones,
  parseFaults,
  printFault,
  producerName,
  type Snapshot,
  type WorldSpec,
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

/** What the world has that can be broken, and where the run stands. */
export interface Breakable {
  readonly brokers: number;
  readonly executors: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: number }[];
  readonly groups: readonly string[];
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
  /** Whatever sends requests, by `client.id`. */
  readonly clients: readonly string[];
  readonly transactionalIds: readonly string[];
  /** The number of the newest batch; 1 before the first. */
  readonly batch: number;
}

/** What is there from the start is known of the world; the run tells what has come since. */
export function breakableOf(world: WorldSpec, snapshot: Snapshot): Breakable {
  const { groups, readers, transactions } = snapshot;
  const { brokers = 1, executors, topics = {}, workload = [], consumers = [] } = world;
  const newestMs = snapshot.batches.at(-1)?.batchTimeMs ?? 0;
  const intervalMs = snapshot.run?.batchIntervalMs ?? 1000;
  const zeroMs = snapshot.driver?.zeroTimeMs ?? 0;
  const producerNames = distinct(workload.map(producerName));
  const names = distinct(consumers.flatMap(consumerNames));
  const ids = workload.flatMap(({ producer }) => producer?.transactionalId ?? []);
  return {
    brokers,
    executors: executors?.length ?? 2,
    topics: Object.entries(topics).map(([topic, { partitions }]) => {
      const grown = snapshot.topics.find((one) => one.topic === topic)?.partitions.length ?? 0;
      return { topic, partitions: Math.max(partitions, grown) };
    }),
    groups: distinct([...consumers, ...groups].map(({ group }) => group)),
    producers: producerNames,
    consumers: names,
    clients: distinct([...producerNames, ...names, ...readers.map(({ client }) => client)]),
    transactionalIds: distinct([...ids, ...transactions.map((one) => one.transactionalId)]),
    batch: Math.max(1, Math.round((newestMs - zeroMs) / intervalMs)),
  };
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** What the world would need for a fault to have something to strike; null when it has it. */
export function lackOf({ fields }: Phrased, world: Breakable): Lack | null {
  const { topics, producers, consumers } = world;
  const has = { topic: topics.length, producer: producers.length, consumer: consumers.length };
  for (const { type } of Object.values(fields)) {
    if ((type === "topic" || type === "producer" || type === "consumer") && has[type] === 0) {
      return type;
    }
  }
  return null;
}

export type Lack = "topic" | "producer" | "consumer";

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
  times: "3",
  everyMs: "1000",
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
      return world.producers[0] ?? "";
    case "consumer":
      return world.consumers[0] ?? "";
    case "name":
      return usual[name] ?? namesOf(name, {}, world)[0] ?? "";
    default:
      return "";
  }
}

/** What there is to choose from, in the words of the script; null for a field that is typed in. */
export function choicesOf(
  name: string,
  { fields }: Phrased,
  values: Values,
  world: Breakable,
): readonly (readonly [value: string, text: string])[] | null {
  const field = fields[name];
  const same = (all: readonly string[]) => all.map((one) => [one, one] as const);
  const upTo = (count: number) =>
    same(Array.from({ length: count }, (_, index) => String(index + 1)));
  switch (field?.type) {
    case "broker":
      return upTo(world.brokers);
    case "executor":
      return upTo(world.executors);
    case "topic":
      return same(world.topics.map(({ topic }) => topic));
    case "producer":
      return same(world.producers);
    case "consumer":
      return same(world.consumers);
    case "choice":
      return same(field.choices);
    case "flag":
      return [
        ["true", field.yes],
        ["false", field.no],
      ];
    case "node":
      return [...upTo(world.brokers), ...same(["controller", "clients", ...world.clients])];
    case "name": {
      const known = namesOf(name, values, world);
      return known.length === 0 ? null : same(known);
    }
    case "whole": {
      const topic = world.topics.find((one) => one.topic === values["topic"]);
      if (name !== "partition" || topic === undefined) return null;
      return same(Array.from({ length: topic.partitions }, (_, index) => String(index)));
    }
    default:
      return null;
  }
}

/** The values with those put right that are no choice any more, since another one has changed. */
export function settled(of: Phrased, values: Values, world: Breakable): Values {
  return Object.entries(of.fields).reduce<Values>((all, [name, field]) => {
    const value = all[name] ?? "";
    const choices = choicesOf(name, of, all, world);
    const isOpen = choices === null || (value === "" && field.optional === true);
    if (isOpen || choices.some(([one]) => one === value)) return all;
    return { ...all, [name]: choices[0]?.[0] ?? "" };
  }, values);
}

/** The names there are for a field; none for one that can be any, such as a key. */
function namesOf(field: string, values: Values, world: Breakable): readonly string[] {
  switch (field) {
    case "client":
      return world.clients;
    case "group":
      return world.groups;
    case "id":
      return world.transactionalIds;
    case "name":
      return values["of"] === "transaction" ? world.transactionalIds : world.groups;
    default:
      return [];
  }
}

/** A value that cannot be, and why. */
export interface Mistake {
  readonly name: string;
  readonly why:
    | { readonly kind: "empty" }
    | { readonly kind: "whole"; readonly min: number; readonly max: number | null }
    | { readonly kind: "settings" };
}

/** The first value that cannot be; null when all can. */
export function mistakeIn({ fields }: Phrased, values: Values): Mistake | null {
  for (const [name, field] of Object.entries(fields)) {
    const text = values[name]?.trim() ?? "";
    if (text === "" && field.optional === true) continue;
    if (text === "") return { name, why: { kind: "empty" } };
    if (
      field.type === "settings" &&
      !/^[A-Za-z][\w.]*=\S+(?:[\s,]+[A-Za-z][\w.]*=\S+)*$/u.test(text)
    ) {
      return { name, why: { kind: "settings" } };
    }
    if (field.type !== "whole") continue;
    const { min, max = null } = field;
    const isWhole = /^\d+$/u.test(text) && Number.isSafeInteger(Number(text));
    if (!isWhole || Number(text) < min || Number(text) > (max ?? Infinity)) {
      return { name, why: { kind: "whole", min, max } };
    }
  }
  return null;
}

/** Of the moments that are a number: a time, and an event. */
export const timeFields = {
  time: { atMs: { type: "whole", min: 0 } },
  event: { afterSeq: { type: "whole", min: 0 } },
} as const;

/** When a fault of the palette is to strike. */
export type When =
  | { readonly kind: "now"; readonly seq: number }
  | { readonly kind: "time"; readonly atMs: number }
  | { readonly kind: "event"; readonly seq: number }
  | { readonly kind: "moment"; readonly moment: PaletteMoment; readonly values: Values };

/** The line of a script, of values without a mistake. Throws: StreamscopeError for a line that
 *  could not be read back. */
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
      return text === "" ? [] : [[name, readValue(field, text)]];
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
