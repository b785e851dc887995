/** The generator behind Spark's Poisson draws, number for number.
 *  Like Commons Math: org.apache.commons.math3.random.Well19937c. */

import { at } from "../base/assert.ts";

const WORDS = 624;
const M1 = 70;
const M2 = 179;
const M3 = 449;

export class Well19937c {
  readonly #words: number[];
  #index = 0;

  /** A number is taken as a Long: 64 bits. */
  constructor(seed: number | bigint) {
    const long = BigInt(seed);
    const words = [Number(BigInt.asIntN(32, long >> 32n)), Number(BigInt.asIntN(32, long))];
    for (let i = words.length; i < WORDS; i += 1) {
      const before = at(words, i - 2);
      words.push((Math.imul(1812433253, before ^ (before >> 30)) + i) | 0);
    }
    this.#words = words;
  }

  /** Shape: [0, 2 to the power of `bits`), of 1 to 31 bits. */
  #next(bits: number): number {
    const words = this.#words;
    const index = this.#index;
    const before = (index + WORDS - 1) % WORDS;
    const beforeThat = (index + WORDS - 2) % WORDS;
    const v0 = at(words, index);
    const v1 = at(words, (index + M1) % WORDS);
    const v2 = at(words, (index + M2) % WORDS);
    const v3 = at(words, (index + M3) % WORDS);
    const z0 = (0x80000000 & at(words, before)) ^ (0x7fffffff & at(words, beforeThat));
    const z1 = v0 ^ (v0 << 25) ^ (v1 ^ (v1 >>> 27));
    const z2 = (v2 >>> 9) ^ (v3 ^ (v3 >>> 1));
    const z3 = z1 ^ z2;
    let z4 = z0 ^ (z1 ^ (z1 << 9)) ^ (z2 ^ (z2 << 21)) ^ (z3 ^ (z3 >>> 21));
    words[index] = z3;
    words[before] = z4;
    words[beforeThat] = at(words, beforeThat) & 0x80000000;
    this.#index = before;
    z4 ^= (z4 << 7) & 0xe46e1700;
    z4 ^= (z4 << 15) & 0x9b868000;
    return z4 >>> (32 - bits);
  }

  /** Shape: [0, 1), a multiple of 2 to the power of -52. */
  nextDouble(): number {
    const high = this.#next(26);
    return (high * 67108864 + this.#next(26)) / 4503599627370496;
  }
}
