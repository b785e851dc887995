/** Total orders: every sort in core says which one it means. */

export function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By UTF-16 code units, as Java's String.compareTo; never by locale. */
export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The entries of a map by ascending numeric key. */
export function sortedByNumber<V>(map: ReadonlyMap<number, V>): [number, V][] {
  return [...map].sort((a, b) => compareNumbers(a[0], b[0]));
}

/** The entries of a map by ascending string key. */
export function sortedByString<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort((a, b) => compareStrings(a[0], b[0]));
}
