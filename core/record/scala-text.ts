/** Values as Scala's `toString` prints them, which is what `print` writes: `(a,1)` for a pair.
 *  An array of 2 to 22 elements is a tuple; a group made by `groupByKey` prints as the buffer Spark
 *  uses; any other array as a `List`; a plain object as a `Map`. */

import { Option } from "./option.ts";
import { bufferName } from "./value-buffer.ts";
import { Written } from "./written.ts";

export function scalaText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return numberText(value);
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? arrayText(value) : objectText(value);
    case "undefined":
      return "()";
    case "function":
      return "<function>";
    case "bigint":
    case "boolean":
    case "symbol":
      return String(value);
  }
}

function arrayText(values: readonly unknown[]): string {
  const name = bufferName(values);
  return name === undefined && values.length >= 2 && values.length <= 22
    ? `(${values.map(scalaText).join(",")})`
    : `${name ?? "List"}(${values.map(scalaText).join(", ")})`;
}

function objectText(value: object): string {
  if (value instanceof Option) return value.toString(scalaText);
  if (value instanceof Written) return value.toString();
  if (value instanceof Map) {
    const pairs = [...value].map(([key, field]) => `${scalaText(key)} -> ${scalaText(field)}`);
    return `Map(${pairs.join(", ")})`;
  }
  if (value instanceof Set) return `Set(${[...value].map(scalaText).join(", ")})`;
  const pairs = Object.entries(value).map(([key, field]) => `${key} -> ${scalaText(field)}`);
  return `Map(${pairs.join(", ")})`;
}

/** An integer as Int or Long print it, anything else as java.lang.Double.toString does. */
function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? "0" : String(value);
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  const mantissa = digits.includes(".") ? digits : `${digits}.0`;
  return `${mantissa}E${exponent.replace("+", "")}`;
}
