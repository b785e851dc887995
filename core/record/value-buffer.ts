/** The values of one key, gathered by `groupByKey` or `cogroup`: an array, and beside it the name
 *  of the buffer that Spark would have used, for `print`. The name is kept apart because an engine
 *  runs `push`, `reduce` and the like several times slower on what extends Array. */

export type BufferName = "ArrayBuffer" | "CompactBuffer";

const names = new WeakMap<readonly unknown[], BufferName>();

/** An empty one. */
export function valueBuffer<V>(name: BufferName): V[] {
  const buffer: V[] = [];
  names.set(buffer, name);
  return buffer;
}

/** Undefined for an array that is no buffer. */
export function bufferName(values: readonly unknown[]): BufferName | undefined {
  return names.get(values);
}
