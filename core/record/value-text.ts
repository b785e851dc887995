/** Values as text that survives a driver: JSON, with marks for what JSON cannot say.
 *  Format: a JSON value; `{"$":"NaN"}`, `{"$":"undefined"}`, `{"$":"bigint","v":"12"}`,
 *  `{"$":"map","v":[[k,v]]}`, `{"$":"set","v":[...]}`,
 *  `{"$":"some","v":x}`, `{"$":"none"}`, `{"$":"buffer","n":"ArrayBuffer","v":[...]}`,
 *  and `{"$":"object","v":{...}}` for a plain object that itself has a `$`. */

import { PipelineError } from "../base/errors.ts";
import { None, Option, Some } from "./option.ts";
import { bufferName, valueBuffer } from "./value-buffer.ts";
import { Written } from "./written.ts";

/** Throws: PipelineError UNSUPPORTED_VALUE for functions, symbols and instances of classes. */
export function valueToText(value: unknown): string {
  return JSON.stringify(encode(value));
}

/** Throws: SyntaxError when the text is not JSON. */
export function textToValue(text: string): unknown {
  return decode(JSON.parse(text));
}

function encode(value: unknown): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Object.is(value, -0)) return { $: "-0" };
      return Number.isFinite(value) ? value : { $: String(value) };
    case "undefined":
      return { $: "undefined" };
    case "bigint":
      return { $: "bigint", v: String(value) };
    case "object":
      return value === null ? null : encodeObject(value);
    case "function":
    case "symbol":
      throw unsupported(`a ${typeof value}`);
  }
}

function encodeObject(value: object): unknown {
  if (value instanceof Written) return encode(value.write());
  if (Array.isArray(value)) {
    const name = bufferName(value);
    return name === undefined ? value.map(encode) : { $: "buffer", n: name, v: value.map(encode) };
  }
  if (value instanceof Map) {
    return { $: "map", v: Array.from(value, ([key, field]) => [encode(key), encode(field)]) };
  }
  if (value instanceof Set) return { $: "set", v: Array.from(value, encode) };
  if (value instanceof Option) {
    return value.isDefined ? { $: "some", v: encode(value.get) } : { $: "none" };
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw unsupported(`an instance of ${String(value.constructor?.name)}`);
  }
  const fields = Object.entries(value).map(([name, field]) => [name, encode(field)] as const);
  const plain = Object.fromEntries(fields);
  return Object.hasOwn(value, "$") ? { $: "object", v: plain } : plain;
}

function decode(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decode);
  const fields = new Map(Object.entries(value));
  if (!fields.has("$")) return decodeFields(value);
  const content: unknown = fields.get("v");
  const list: readonly unknown[] = Array.isArray(content) ? content : [];
  switch (fields.get("$")) {
    case "undefined":
      return undefined;
    case "bigint":
      return BigInt(String(content));
    case "map":
      return new Map(list.map((pair) => decodePair(pair)));
    case "set":
      return new Set(list.map(decode));
    case "some":
      return Some(decode(content));
    case "none":
      return None;
    case "buffer":
      return decodeBuffer(fields.get("n"), list);
    case "object":
      return decodeFields(typeof content === "object" && content !== null ? content : {});
    default:
      return Number(fields.get("$"));
  }
}

function decodeFields(value: object): unknown {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, decode(field)]));
}

function decodePair(pair: unknown): [unknown, unknown] {
  return Array.isArray(pair) ? [decode(pair[0]), decode(pair[1])] : [undefined, undefined];
}

function decodeBuffer(name: unknown, list: readonly unknown[]): unknown[] {
  const buffer = valueBuffer(name === "CompactBuffer" ? "CompactBuffer" : "ArrayBuffer");
  for (const element of list) buffer.push(decode(element));
  return buffer;
}

function unsupported(kind: string): PipelineError {
  return new PipelineError(
    "UNSUPPORTED_VALUE",
    `${kind} cannot be written to a checkpoint; ` +
      "keep state and cached records as plain values: strings, numbers, arrays, plain objects, " +
      "Maps and Sets",
  );
}
