/** What a configuration's texts say, read as Spark reads them.
 *  Like Spark: ConfigBuilder's converters (ConfigHelpers) and JavaUtils.timeStringAs. */

import { ScenarioError } from "../base/errors.ts";
import { knownSettings } from "./known-settings.ts";

/** Microseconds of each suffix. */
const timeSuffixes = new Map([
  ["us", 1],
  ["ms", 1000],
  ["s", 1_000_000],
  ["m", 60_000_000],
  ["min", 60_000_000],
  ["h", 3_600_000_000],
  ["d", 86_400_000_000],
]);

/** `10s` -> 10 000; a number alone is of the unit given. Parts of a millisecond are dropped.
 *  Throws: ScenarioError BAD_WORLD in Spark's words. */
export function timeMs(text: string, unit: "ms" | "s" = "ms"): number {
  const match = /^(-?[0-9]+)([a-z]+)?$/u.exec(text.toLowerCase().trim());
  if (match === null) throw badTime(`Failed to parse time string: ${text}`);
  const suffix = match[2] ?? unit;
  const suffixUs = timeSuffixes.get(suffix);
  if (suffixUs === undefined) throw badTime(`Invalid suffix: "${suffix}"`);
  const ms = Math.trunc((Number(match[1]) * suffixUs) / 1000) + 0;
  if (!Number.isSafeInteger(ms)) throw badTime(`For input string: "${match[1]}"`);
  return ms;
}

function badTime(why: string): ScenarioError {
  return new ScenarioError(
    "BAD_WORLD",
    "Time must be specified as seconds (s), milliseconds (ms), microseconds (us), minutes (m or " +
      `min), hour (h), or day (d). E.g. 50s, 100ms, or 250us.\n${why}`,
  );
}

/** The settings given. Asking for one makes its name modelled. */
export class SparkConf {
  readonly #given: ReadonlyMap<string, string>;
  readonly #asked = new Set<string>();

  constructor(given: Readonly<Record<string, string>>) {
    this.#given = new Map(Object.entries(given));
  }

  text(name: string, byDefault: string): string {
    this.#asked.add(name);
    return this.#given.get(name) ?? byDefault;
  }

  /** Null where the setting is not given. */
  optionalTimeMs(name: string): number | null {
    this.#asked.add(name);
    const text = this.#given.get(name);
    return text === undefined ? null : timeMs(text);
  }

  timeMs(name: string, byDefault: string, unit: "ms" | "s" = "ms"): number {
    return timeMs(this.text(name, byDefault), unit);
  }

  /** An Int of the JVM. */
  int(name: string, byDefault: number): number {
    return this.#whole(name, byDefault, "int", 2_147_483_647);
  }

  /** An Int of at least 1. */
  count(name: string, byDefault: number): number {
    const value = this.int(name, byDefault);
    if (value >= 1) return value;
    throw new ScenarioError("BAD_WORLD", `setting ${name} must be at least 1, not ${value}`);
  }

  /** A Long of the JVM, as far as JavaScript's numbers are exact. */
  long(name: string, byDefault: number): number {
    return this.#whole(name, byDefault, "long", Number.MAX_SAFE_INTEGER);
  }

  #whole(name: string, byDefault: number, type: string, limit: number): number {
    const text = this.text(name, String(byDefault)).trim();
    const value = Number(text);
    const isWhole = /^[+-]?[0-9]+$/u.test(text) && Math.abs(value) <= limit;
    if (isWhole) return value;
    throw badValue(name, type, text);
  }

  double(name: string, byDefault: number): number {
    const text = this.text(name, String(byDefault)).trim();
    const value = Number(text);
    if (text !== "" && Number.isFinite(value)) return value;
    throw badValue(name, "double", text);
  }

  boolean(name: string, byDefault: boolean): boolean {
    const text = this.text(name, String(byDefault)).trim().toLowerCase();
    if (text === "true" || text === "false") return text === "true";
    throw badValue(name, "boolean", text);
  }

  /** Throws: ScenarioError BAD_WORLD for a setting that nobody asked for. */
  refuseOthers(): void {
    for (const name of this.#given.keys()) {
      if (this.#asked.has(name)) continue;
      const known = knownSettings.get(name);
      throw new ScenarioError(
        "BAD_WORLD",
        known === undefined
          ? `setting ${name} is not modelled; known settings: ${[...this.#asked].join(", ")}`
          : `setting ${name} is one of Spark's (default ${known}), and not modelled: it would ` +
              "change nothing here; leave it out",
      );
    }
  }
}

function badValue(name: string, type: string, text: string): ScenarioError {
  return new ScenarioError("BAD_WORLD", `${name} should be ${type}, but was ${text}`);
}
