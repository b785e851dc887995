/** Fault scripts: what goes wrong in a run, one fault a line, as a person reads and writes it.
 *
 *    # the second broker dies, and later the driver
 *    at 3200 crash broker 2
 *    from 4000 to 6000 drop link 1-3
 *    after output of batch 7 crash driver, back after 500
 *
 *  Blank lines and what follows a `#` are nothing. Printing what was read gives the same lines, in
 *  their canonical form: without comments, one blank between words. */

import { assert } from "../base/assert.ts";
import { ScenarioError } from "../base/errors.ts";
import { nearestWord } from "../base/nearest-word.ts";
import { compareStrings } from "../base/order.ts";
import { type Fields, forMs } from "../faults/fault.ts";
import { type AnyFault, faultNamed, faults, type FaultScript, type FaultSpec } from "./faults.ts";
import { type AnyMilestone, milestones } from "./milestones.ts";
import { type FieldValue, LineReader, type Phrase, phraseOf, printPhrase } from "./phrase.ts";

type Values = Map<string, FieldValue>;

const whole = { type: "whole", min: 0 } as const;
const lasting = "[ for {forMs}]";

const atTime = phraseOf(`at {atMs}${lasting}`, { atMs: whole, forMs });
const between = phraseOf("from {fromMs} to {toMs}", { fromMs: whole, toMs: whole });
const afterEvent = phraseOf(`after event {afterSeq}${lasting}`, { afterSeq: whole, forMs });

const afterMilestones: readonly (readonly [AnyMilestone, Phrase])[] = milestones.map((of) => {
  const fields: Fields = { ...of.fields, forMs };
  return [of, phraseOf(`after ${of.phrase}${lasting}`, fields)];
});

const actions: readonly (readonly [AnyFault, Phrase])[] = faults.map((fault) => [
  fault,
  phraseOf(fault.phrase, fault.fields),
]);

/** A fault, what messages call it, and its line where it comes from a script. */
export interface NamedFault {
  readonly spec: FaultSpec;
  readonly name: string;
  readonly line: number | null;
}

/** The faults of a run as data, whichever way they are given.
 *  Throws: ScenarioError FAULT_SCRIPT for a line that is none. */
export function readFaults(script: FaultScript): readonly FaultSpec[] {
  return nameFaults(script).map(({ spec }) => spec);
}

/** The faults of a run, with what tells a person which is meant.
 *  Throws: ScenarioError FAULT_SCRIPT for a line that is none. */
export function nameFaults(script: FaultScript): readonly NamedFault[] {
  if (typeof script === "string") {
    return readLines(script).map(({ spec, line }) => {
      return { spec, line, name: `"${printAction(spec)}" (fault script, line ${line})` };
    });
  }
  return script.map((spec, index) => {
    return { spec, line: null, name: `faults[${index}] (${spec.kind})` };
  });
}

/** Reads a fault script. Throws: ScenarioError FAULT_SCRIPT, with line and column. */
export function parseFaults(text: string): readonly FaultSpec[] {
  return readLines(text).map(({ spec }) => spec);
}

function readLines(text: string): readonly { readonly spec: FaultSpec; readonly line: number }[] {
  return text.split(/\r?\n/u).flatMap((line, index) => {
    const reader = new LineReader(line);
    return reader.isEnd(0) ? [] : [{ spec: parseLine(reader, index + 1), line: index + 1 }];
  });
}

/** When a fault strikes, as far as it has been read. */
interface ReadTime {
  readonly end: number;
  readonly time: Readonly<Record<string, unknown>>;
  readonly lasts: FieldValue | undefined;
}

function parseLine(reader: LineReader, line: number): FaultSpec {
  const time = parseTime(reader, line);
  if (time === null) throw unknownWords(reader, line);
  for (const [fault, phrase] of actions) {
    const values: Values = new Map();
    const end = reader.read(phrase, time.end, values);
    if (end === null) continue;
    if (!reader.isEnd(end)) {
      reader.expect(reader.skip(end), "the end of the line", "field");
      continue;
    }
    if (time.lasts !== undefined && !("forMs" in fault.fields)) {
      throw wrong(
        `${phraseName(fault)} happens at one moment; leave its duration out`,
        line,
        reader.skip(0),
      );
    }
    const lasts = time.lasts === undefined ? {} : { forMs: time.lasts };
    // Every field was read by its description, which the type is made of.
    return {
      kind: fault.kind,
      ...Object.fromEntries(values),
      ...lasts,
      ...time.time,
    } as unknown as FaultSpec;
  }
  throw unknownWords(reader, line);
}

function parseTime(reader: LineReader, line: number): ReadTime | null {
  const values: Values = new Map();
  const at = reader.read(atTime, 0, values);
  if (at !== null) return readTime(at, values, { atMs: values.get("atMs") });
  const from = reader.read(between, 0, values);
  if (from !== null) {
    const [fromMs, toMs] = [Number(values.get("fromMs")), Number(values.get("toMs"))];
    if (toMs < fromMs) {
      throw wrong(`it ends at ${toMs}, before it begins at ${fromMs}`, line, reader.skip(0));
    }
    return { end: from, time: { atMs: fromMs }, lasts: toMs - fromMs };
  }
  const event = reader.read(afterEvent, 0, values);
  if (event !== null) return readTime(event, values, { afterSeq: values.get("afterSeq") });
  for (const [{ milestone, fields }, phrase] of afterMilestones) {
    const found: Values = new Map();
    const end = reader.read(phrase, 0, found);
    if (end === null) continue;
    const own = Object.fromEntries([...found].filter(([name]) => name in fields));
    return readTime(end, found, { after: { milestone, ...own } });
  }
  return null;
}

function readTime(end: number, values: Values, time: ReadTime["time"]): ReadTime {
  return { end, time, lasts: values.get("forMs") };
}

/** The phrase with its fields named, for messages: `crash driver`. */
function phraseName(fault: AnyFault): string {
  return fault.phrase.replaceAll(/\[[^\]]*\]/gu, "").replaceAll(/[{}]/gu, "");
}

function unknownWords(reader: LineReader, line: number): ScenarioError {
  const place = reader.furthest;
  const words = [...reader.expected("word")].sort(compareStrings);
  const fields = reader.expected("field");
  const [found] = /^(?:[\w.-]+|\S)/u.exec(reader.line.slice(place)) ?? [];
  const what = found === undefined ? "the line ends here" : `"${found}" is not known here`;
  const nearest = found === undefined ? null : nearestWord(found, words);
  const remedy = nearest === null ? "" : `; did you mean "${nearest}"?`;
  const known = [...words.map((word) => `"${word}"`), ...fields].join(", ");
  return wrong(`${what}${remedy === "" ? "; " : `${remedy} Otherwise `}give ${known}`, line, place);
}

function wrong(message: string, line: number, index: number): ScenarioError {
  const column = index + 1;
  return new ScenarioError(
    "FAULT_SCRIPT",
    `fault script, line ${line}, column ${column}: ${message}`,
    { place: { line, column } },
  );
}

/** The script that reads as these faults. */
export function printFaults(specs: readonly FaultSpec[]): string {
  return specs.map((spec) => `${printFault(spec)}\n`).join("");
}

/** One fault as a line of a script. */
export function printFault(spec: FaultSpec): string {
  return `${printTime(spec)} ${printAction(spec)}`;
}

/** What a fault does, without when: `crash broker 2`. */
export function printAction(spec: FaultSpec): string {
  const found = actions.find(([{ kind }]) => kind === spec.kind);
  assert(found !== undefined, "a fault was checked", { kind: spec.kind });
  return printPhrase(found[1], valuesOf(spec));
}

function valuesOf(values: object): Values {
  // Its fields were checked; what is no field of the phrase is not looked at.
  return new Map(Object.entries(values)) as Values;
}

function printTime(spec: FaultSpec): string {
  const values = valuesOf(spec);
  if ("atMs" in spec) {
    const lasts = values.get("forMs");
    if (lasts === undefined || faultNamed(spec.kind)?.isCondition !== true) {
      return printPhrase(atTime, values);
    }
    const fromMs = spec.atMs;
    return printPhrase(between, valuesOf({ fromMs, toMs: fromMs + Number(lasts) }));
  }
  if ("afterSeq" in spec) return printPhrase(afterEvent, values);
  const { milestone } = spec.after;
  const found = afterMilestones.find(([of]) => of.milestone === milestone);
  assert(found !== undefined, "a milestone was checked", { milestone });
  const lasts = values.get("forMs");
  return printPhrase(
    found[1],
    valuesOf({ ...spec.after, ...(lasts === undefined ? {} : { forMs: lasts }) }),
  );
}
