/** What a field of a world must be. Worlds may be plain JavaScript, so that everything is looked
 *  at, whatever its type promises. Each throws ScenarioError BAD_WORLD. */

import { ScenarioError } from "../base/errors.ts";
import { nearestWord } from "../base/nearest-word.ts";
import { shown } from "../base/shown.ts";
import type { RefusedSetting } from "../record/config-def.ts";

/** Every field of something, so that the compiler misses the one that is left out. */
export type FieldsOf<Spec> = Readonly<Record<keyof Spec, true>>;

/** Fields that nobody knows are misspelt. `what` has them. */
export function checkFields(what: string, given: object, fields: Readonly<Record<string, true>>) {
  const known = Object.keys(fields);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const nearest = nearestWord(name, known);
    const remedy = nearest === null ? `it has ${known.join(", ")}` : `did you mean ${nearest}?`;
    bad(`${name} is no field of ${what}; ${remedy}`);
  }
}

/** An object, if it is given. */
export function checkObject(what: string, value: unknown): void {
  if (value === undefined || isObject(value)) return;
  bad(`${what} must be an object, such as { name: value }, not ${quoted(value)}`);
}

/** A list of objects, if it is given. */
export function checkObjects(what: string, value: unknown): void {
  checkList(what, value);
  if (!Array.isArray(value)) return;
  for (const [index, one] of value.entries()) {
    if (!isObject(one)) bad(`${what}[${index}] must be an object, not ${quoted(one)}`);
  }
}

/** A list, if it is given. */
export function checkList(what: string, value: unknown): void {
  if (value === undefined || Array.isArray(value)) return;
  bad(`${what} must be a list, such as [...], not ${quoted(value)}`);
}

/** A list of texts, if it is given. */
export function checkTexts(what: string, value: unknown): void {
  checkList(what, value);
  if (!Array.isArray(value)) return;
  for (const [index, one] of value.entries()) checkText(`${what}[${index}]`, one);
}

/** A text. */
export function checkText(what: string, value: unknown): void {
  if (typeof value === "string") return;
  bad(
    value === undefined
      ? `${what} is missing; give a text`
      : `${what} must be a text, not ${quoted(value)}`,
  );
}

/** Times are added up, and have to stay exact. */
const MOST = 1_000_000_000_000_000;

/** A whole number in a range, if it is given. */
export function checkWhole(what: string, value: unknown, min: number, max = MOST): void {
  if (value === undefined) return;
  const isWhole = typeof value === "number" && Number.isSafeInteger(value);
  if (isWhole && value >= min && value <= max) return;
  const most = isWhole && value > max ? ` and at most ${max}` : "";
  bad(`${what} must be a whole number of at least ${min}${most}, not ${quoted(value)}`);
}

/** A whole number in a range. */
export function checkGivenWhole(what: string, value: unknown, min: number): void {
  if (value === undefined) bad(`${what} is missing; give a whole number of at least ${min}`);
  checkWhole(what, value, min);
}

/** True or false, if it is given. */
export function checkFlag(what: string, value: unknown): void {
  if (value === undefined || typeof value === "boolean") return;
  bad(`${what} must be true or false, not ${quoted(value)}`);
}

/** One of a few words, if it is given. */
export function checkChoice(what: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.some((choice) => choice === value)) return;
  const nearest = typeof value === "string" ? nearestWord(value, choices) : null;
  const hint = nearest === null ? "" : `; did you mean ${nearest}?`;
  bad(`${what} must be ${choices.join(" or ")}, not ${quoted(value)}${hint}`);
}

/** A function, if it is given. */
export function checkFunction(what: string, value: unknown, remedy: string): void {
  if (typeof value !== "function") bad(`${what} must be a function ${remedy}`);
}

/** What brokers, the controller, and clients that every world has go by. */
const TAKEN = /^(?:\d+|controller|clients|client|driver|admin|intruder)$/u;

/** What a client is called: not as somebody else. */
export function checkClientName(what: string, name: unknown): void {
  checkText(what, name);
  if (name === "") bad(`${what} is empty; give a text, or leave it out`);
  if (!TAKEN.test(String(name))) return;
  bad(`${what} is ${String(name)}, which is taken: others of the world go by it; give another`);
}

/** Settings of something of Kafka's. */
export function checkRefused(of: string, refused: RefusedSetting | null): void {
  if (refused !== null) bad(refused.describe(of));
}

/** What is there of something, if there is any. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Texts in quotes, so that "5" is not taken for 5. */
export function quoted(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : shown(value);
}

/** Throws: ScenarioError BAD_WORLD. */
export function bad(message: string): never {
  throw new ScenarioError("BAD_WORLD", message);
}
