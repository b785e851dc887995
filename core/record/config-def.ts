/** What Kafka takes for a setting, and its words for what it does not take.
 *  Like Kafka: ConfigDef, whose types and validators these are. */

import { nearestWord } from "../base/nearest-word.ts";
import { shown } from "../base/shown.ts";

/** A setting by Kafka's name. */
export type Definition = WholeDefinition | OtherDefinition;

/** A whole number. */
export interface WholeDefinition {
  readonly name: string;
  readonly type: "INT" | "LONG";
  readonly min?: number;
  /** What it must be here, where Kafka takes less and a simulation could not go on. */
  readonly least?: number;
  /** What it may be at most here, where Kafka takes more: times are added up, and stay exact. */
  readonly most?: number;
  /** How much of ours is one of Kafka's: 1000 for its seconds, which are milliseconds here. */
  readonly unit?: number;
}

type OtherDefinition = { readonly name: string } & (
  | { readonly type: "BOOLEAN" }
  /** From 0 to 1; in hundredths here. */
  | { readonly type: "RATIO" }
  | { readonly type: "STRING"; readonly choices: readonly string[] }
  /** Some text, or null for none. */
  | { readonly type: "NAME" }
  /** A few words in one text, between commas. */
  | { readonly type: "WORDS"; readonly choices: readonly string[] }
  /** Looked at elsewhere. */
  | { readonly type: "OTHER" }
);

/** The settings of something, by our names. */
export type Definitions<Settings> = Readonly<Record<keyof Settings, Definition>>;

/** A whole number of Java's type int. */
export function int(name: string, min?: number): WholeDefinition {
  return { name, type: "INT", ...(min === undefined ? {} : { min }) };
}

/** A whole number of Java's type long. */
export function long(name: string, min?: number): WholeDefinition {
  return { name, type: "LONG", ...(min === undefined ? {} : { min }) };
}

/** True or false. */
export function flag(name: string): Definition {
  return { name, type: "BOOLEAN" };
}

/** What is wrong with a setting: all but where it was given. */
export interface RefusedSetting {
  readonly setting: string;
  /** Kafka's words; null where they are ours. */
  readonly words: string | null;
  /** Our problem and remedy, as `of` completes it. */
  readonly describe: (of: string) => string;
}

const EXCEPTION = "org.apache.kafka.common.config.ConfigException";
const INT_MAX = 2_147_483_647;
/** Where nothing else is said; 30,000 years. */
const MOST = 1_000_000_000_000_000;

/** A refusal in Kafka's words. */
export function refusal(setting: string, words: string): RefusedSetting {
  return { setting, words, describe: (of) => `${words}; correct ${setting} of ${of}` };
}

/** A ConfigException of Kafka's that says so much. */
export function configException(message: string): string {
  return `${EXCEPTION}: ${message}`;
}

/** The first setting that is unknown or has a value it cannot have; null where all can be. Worlds
 *  may be plain JavaScript: every value is looked at, whatever its type promises. */
export function refusedSetting(
  definitions: Readonly<Record<string, Definition>>,
  given: object,
): RefusedSetting | null {
  const known = new Map(Object.entries(definitions));
  for (const [setting, value] of Object.entries(given)) {
    const definition = known.get(setting);
    if (definition === undefined) return unknownSetting(setting, known);
    const refused = refusedValue(setting, value, definition);
    if (refused !== null) return refused;
  }
  return null;
}

function unknownSetting(setting: string, known: ReadonlyMap<string, Definition>): RefusedSetting {
  const plain = letters(setting);
  const called = [...known].find(([, { name }]) => letters(name) === plain)?.[0];
  const nearest = nearestWord(setting, [...known.keys()]);
  const remedy =
    called !== undefined && letters(called) !== plain
      ? `it is called ${called} here`
      : (called ?? nearest) !== null
        ? `did you mean ${called ?? nearest}?`
        : `give ${[...known.keys()].join(", ")}`;
  return {
    setting,
    words: null,
    describe: (of) => `${setting} is no setting of ${of}; ${remedy}`,
  };
}

function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/gu, "");
}

function refusedValue(
  setting: string,
  value: unknown,
  definition: Definition,
): RefusedSetting | null {
  const why = whyRefused(value, definition);
  if (why !== null) {
    const shown = shownValue(value, definition);
    const invalid = `Invalid value ${shown} for configuration ${definition.name}: ${why}`;
    return refusal(setting, configException(invalid));
  }
  const remedy = otherType(value, definition);
  if (remedy === null) return null;
  const problem = typeof value === "string" ? `is the text "${value}"` : `is ${shown(value)}`;
  return {
    setting,
    words: null,
    describe: (of) => `${setting} of ${of} ${problem}; ${remedy}`,
  };
}

/** Kafka's reason for refusing a value; null for what it takes, be it as a text. */
export function whyRefused(value: unknown, definition: Definition): string | null {
  if (value === undefined) return null;
  const given = shown(value);
  const text = given.trim();
  switch (definition.type) {
    case "INT":
    case "LONG":
      return whyNotWhole(text, definition);
    case "RATIO": {
      if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/u.test(text)) return "Not a number of type DOUBLE";
      if (Number(text) < 0) return "Value must be at least 0";
      return Number(text) > 100 ? "Value must be no more than 1" : null;
    }
    case "BOOLEAN":
      return /^(?:true|false)$/iu.test(text) ? null : "Expected value to be either true or false";
    case "STRING":
      return definition.choices.includes(given) ? null : oneOf(definition.choices);
    case "NAME":
      return value === "" ? "String must be non-empty" : null;
    case "WORDS": {
      const isKnown = wordsOf(text).every((word) => definition.choices.includes(word));
      return isKnown ? null : oneOf(definition.choices);
    }
    case "OTHER":
      return null;
  }
}

function oneOf(choices: readonly string[]): string {
  return `String must be one of: ${choices.join(", ")}`;
}

function whyNotWhole(text: string, { type, min, unit = 1 }: WholeDefinition): string | null {
  const number = Number(text);
  const most = type === "INT" ? INT_MAX * unit : Infinity;
  const isOfType = /^[+-]?\d+$/u.test(text) && number <= most && number >= -most - unit;
  if (!isOfType) return `Not a number of type ${type}`;
  return min !== undefined && Math.ceil(number / unit) < min
    ? `Value must be at least ${min}`
    : null;
}

/** What Kafka takes and we do not: each value has one form here. Shape: the remedy. */
function otherType(value: unknown, definition: Definition): string | null {
  if (value === undefined) return "give a value, or leave it out";
  const { type } = definition;
  if (type === "INT" || type === "LONG" || type === "RATIO") {
    if (typeof value !== "number") return `give the number ${Number(value)}`;
    if (!Number.isInteger(value)) return "give a whole number";
    if (type === "RATIO") return null;
    const { least = -MOST, most = MOST } = definition;
    if (value > most) return `give at most ${most}`;
    return value < least ? `give at least ${least}` : null;
  }
  if (type === "BOOLEAN") {
    return typeof value === "boolean" ? null : `give ${shown(value).toLowerCase()} itself`;
  }
  if (type === "NAME") {
    return value === null || typeof value === "string" ? null : "give a text, or null for none";
  }
  if (type !== "WORDS") return null;
  const words = [...new Set(wordsOf(shown(value)))];
  if (words.length === 0) return `give ${definition.choices.join(" or ")}`;
  return words.join(",") === value ? null : `give "${words.join(",")}"`;
}

/** As Kafka would be given it. */
function shownValue(value: unknown, definition: Definition): string {
  if (definition.type === "WORDS") {
    const words = wordsOf(shown(value));
    return words.find((word) => !definition.choices.includes(word)) ?? shown(value);
  }
  if (typeof value !== "number") return shown(value);
  if (definition.type === "RATIO") return String(value / 100);
  const unit = "unit" in definition ? (definition.unit ?? 1) : 1;
  return String(unit === 1 ? value : Math.ceil(value / unit));
}

function wordsOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(",").map((word) => word.trim());
}

const LEGAL = /^[a-zA-Z0-9._-]+$/u;
const MOST_LETTERS = 249;

/** What keeps a name from being one, in Kafka's words; null for nothing. `what` is "Topic name".
 *  Like Kafka: Topic.validate. */
export function illegalName(what: string, name: string): string | null {
  if (name === "") return `${what} is invalid: the empty string is not allowed`;
  if (name === "." || name === "..") return `${what} is invalid: '${name}' is not allowed`;
  if (name.length > MOST_LETTERS) {
    return (
      `${what} is invalid: the length of '${name}' is longer than the max allowed length ` +
      `${MOST_LETTERS}`
    );
  }
  if (LEGAL.test(name)) return null;
  return (
    `${what} is invalid: '${name}' contains one or more characters other than ASCII ` +
    "alphanumerics, '.', '_' and '-'"
  );
}
