/** Seeded random streams: integers only, one stream per name, so that a new draw in one place does
 *  not shift the draws of another. */

import { assert } from "./assert.ts";

export interface RandomStream {
  /** A whole number in [0, bound). */
  below(bound: number): number;
  /** True in `numerator` of `denominator` draws. */
  ratio(numerator: number, denominator: number): boolean;
}

/** A stream of its own for a seed and a name. Algorithm: sfc32, seeded by a string hash. */
export function randomStream(seed: number, name: string): RandomStream {
  let a = hashText(`${seed}/${name}/a`);
  let b = hashText(`${seed}/${name}/b`);
  let c = hashText(`${seed}/${name}/c`);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp += 1) next();
  const below = (bound: number): number => {
    assert(
      Number.isSafeInteger(bound) && bound > 0 && bound <= 4294967296,
      "bound must fit 32 bits",
      {
        bound,
      },
    );
    const limit = 4294967296 - (4294967296 % bound);
    let draw = next();
    while (draw >= limit) draw = next();
    return draw % bound;
  };
  return { below, ratio: (numerator, denominator) => below(denominator) < numerator };
}

/** FNV-1a over UTF-16 units, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
