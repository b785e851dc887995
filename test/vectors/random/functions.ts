// The functions that random programs are made of, by name: total over every value, and said once
// more in Functions.scala. Whole numbers are Ints and wrap as Ints do.
import type { State } from "streamscope";
import { Option } from "../../../core/record/option.ts";

export type Value = unknown;
export type Pair = readonly [Value, Value];

/** A number for any value: sizes, sums, whole parts. */
export function measure(value: Value): number {
  switch (typeof value) {
    case "number":
      return Math.floor(value) | 0;
    case "string":
      return value.length;
    case "boolean":
      return value ? 1 : 0;
    default:
      if (value instanceof Option) return measure(value.orNull);
      return Array.isArray(value)
        ? value.reduce((sum: number, one) => (sum + measure(one)) | 0, 0)
        : 0;
  }
}

/** A text for any value, tuples and sequences alike. */
export function show(value: Value): string {
  if (value instanceof Option) return show(value.orNull);
  if (Array.isArray(value)) return `(${value.map(show).join(" ")})`;
  return value === null || value === undefined ? "-" : String(value);
}

export function modulo(value: Value, by: number): number {
  const rest = measure(value) % by;
  return rest < 0 ? rest + by : rest;
}

/** By measure, then by text. */
export function compare(a: Value, b: Value): number {
  const [ours, theirs] = [measure(a), measure(b)];
  if (ours !== theirs) return ours < theirs ? -1 : 1;
  const [text, other] = [show(a), show(b)];
  if (text === other) return 0;
  return text < other ? -1 : 1;
}

function negate(value: Value): Value {
  if (typeof value === "number" && Number.isInteger(value)) return -value | 0;
  return typeof value === "string" ? [...value].reverse().join("") : value;
}

/** The sides of a pair. Only streams of pairs are given to what asks for them. */
export function sides(value: Value): Pair {
  return value as Pair;
}

export const unary = new Map<string, (value: Value) => Value>([
  ["same", (value) => value],
  ["measure", measure],
  ["text", (value) => show(value).slice(-8)],
  ["one", () => 1],
  ["half", (value) => modulo(value, 7) + 0.5],
  ["mod3", (value) => modulo(value, 3)],
  ["isEven", (value) => modulo(value, 2) === 0],
  ["negate", negate],
  ["nullOdd", (value) => (modulo(value, 2) === 1 ? null : value)],
  ["withOne", (value) => [value, 1]],
  ["byMod5", (value) => [modulo(value, 5), value]],
  ["byText", (value) => [show(value).slice(0, 3), value]],
  ["byHalf", (value) => [modulo(value, 3) + 0.5, value]],
  ["byParity", (value) => [modulo(value, 2) === 0, value]],
  ["byNullable", (value) => [modulo(value, 3) === 0 ? null : modulo(value, 4), value]],
  ["byPair", (value) => [[modulo(value, 2), show(value).slice(0, 1)], value]],
  ["twin", (value) => [value, value]],
  ["swap", (value) => [sides(value)[1], sides(value)[0]]],
  ["first", (value) => sides(value)[0]],
  ["second", (value) => sides(value)[1]],
]);

export const predicates = new Map<string, (value: Value) => boolean>([
  ["even", (value) => modulo(value, 2) === 0],
  ["small", (value) => measure(value) < 4],
  ["some", (value) => modulo(value, 5) !== 0],
  ["notNull", (value) => value !== null],
  ["none", () => false],
  ["positive", (value) => measure(sides(value)[1]) > 0],
]);

export const expanding = new Map<string, (value: Value) => readonly Value[]>([
  ["repeat", (value) => Array.from({ length: modulo(value, 3) }, () => value)],
  ["letters", (value) => Array.from(show(value).slice(0, 3))],
  ["upTo", (value) => Array.from({ length: modulo(value, 4) }, (_, n) => n)],
]);

export const binary = new Map<string, (a: Value, b: Value) => Value>([
  ["add", (a, b) => (measure(a) + measure(b)) | 0],
  ["subtract", (a, b) => (measure(a) - measure(b)) | 0],
  ["max", (a, b) => (compare(a, b) >= 0 ? a : b)],
  ["min", (a, b) => (compare(a, b) <= 0 ? a : b)],
  ["left", (a) => a],
  ["right", (_, b) => b],
  ["concat", (a, b) => (show(a) + show(b)).slice(-10)],
  ["both", (a, b) => [measure(a), measure(b)]],
]);

export const ofPartition = new Map<string, (records: readonly Value[]) => readonly Value[]>([
  ["size", (records) => [records.length]],
  ["backwards", (records) => [...records].reverse()],
  ["firstOnly", (records) => records.slice(0, 1)],
  ["total", (records) => [measure(records)]],
]);

/** Null in front, as in a first batch, is no state; null as a result forgets the key. */
export const updates = new Map<
  string,
  (values: readonly Value[], state: Value | null) => Value | null
>([
  ["running", (values, state) => (measure(state) + measure(values)) | 0],
  ["current", (values) => (values.length === 0 ? null : values.length)],
  ["history", (values, state) => `${state === null ? "" : show(state)}${show(values)}`.slice(-12)],
  [
    "fading",
    (values, state) => {
      const left = (measure(state) + values.length - 1) | 0;
      return left < 0 ? null : left;
    },
  ],
]);

/** What `mapWithState` is given. */
export const mappings = new Map<
  string,
  (key: Value, value: Option<Value>, state: State<number>) => Value
>([
  [
    "sum",
    (key, value, state) => {
      const sum = ((state.exists() ? state.get() : 0) + measure(value)) | 0;
      if (!state.isTimingOut()) state.update(sum);
      return [key, state.isTimingOut() ? null : sum];
    },
  ],
  [
    "uneven",
    (key, value, state) => {
      const known = state.exists() ? state.get() : -1;
      if (state.isTimingOut()) return [key, known];
      // A state is removed by every fourth record, and only looked at by every third.
      if (known >= 0 && modulo(value, 4) === 0) state.remove();
      else if (modulo(value, 3) !== 0) state.update(modulo(known + 1, 9));
      return [key, known];
    },
  ],
]);

/** The function of that name; a name that is not there is a mistake of the generator. */
export function named<F>(functions: ReadonlyMap<string, F>, name: string | undefined): F {
  const found = functions.get(name ?? "");
  if (found === undefined) throw new Error(`no function is named ${name}`);
  return found;
}
