/** Fresh copies of values, where Spark would serialise them: a function that changes what it was
 *  given must not change what another task reads. Like Spark: shuffle blocks and blocks of the
 *  serialised storage levels. Unlike it: instances of classes are handed on as they are. */

import { Option } from "./option.ts";
import { bufferName, valueBuffer } from "./value-buffer.ts";

/** Primitives cost one comparison. */
export function copyValue<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  // A copy has the shape of its original.
  return copyObject(value) as T;
}

function copyObject(value: object): unknown {
  if (Array.isArray(value)) {
    const name = bufferName(value);
    const array: unknown[] = name === undefined ? [] : valueBuffer(name);
    for (let i = 0; i < value.length; i += 1) array.push(copyValue<unknown>(value[i]));
    return array;
  }
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, field]) => [copyValue(key), copyValue(field)]));
  }
  if (value instanceof Set) return new Set(Array.from(value, copyValue));
  if (value instanceof Option) return value.map(copyValue);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, copyValue(field)]));
}
