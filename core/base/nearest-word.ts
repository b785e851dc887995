/** What a person may have meant by a word nobody knows. */

/** The word that takes the fewest changes, if they are few enough to be a slip. */
export function nearestWord(word: string, words: readonly string[]): string | null {
  let nearest: { readonly word: string; readonly changes: number } | null = null;
  for (const one of words) {
    const changes = changesBetween(word.toLowerCase(), one.toLowerCase());
    if (changes * 3 > Math.max(word.length, 3)) continue;
    if (nearest === null || changes < nearest.changes) nearest = { word: one, changes };
  }
  return nearest?.word ?? null;
}

/** Letters put in, left out or changed, and neighbours swapped. */
function changesBetween(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (isSame ? 0 : 1),
          swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
