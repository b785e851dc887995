/** The generator that Spark's samplers draw from, number for number.
 *  Like Spark: XORShiftRandom and java.util.Random, which it extends; Scala: byteswap32. */

import { assert } from "../base/assert.ts";
import { murmurHash3 } from "../record/jvm-hash.ts";

/** MurmurHash3.arraySeed */
const ARRAY_SEED = 0x3c074a61;

export class XORShiftRandom {
  /** The 64 bits of the state. */
  #high = 0;
  #low = 0;

  constructor(seed: number | bigint) {
    this.setSeed(seed);
  }

  /** A number is taken as a Long: 64 bits. */
  setSeed(seed: number | bigint): void {
    const long = BigInt(seed);
    const words = [long >> 32n, long].map((word) => swapBytes(Number(BigInt.asIntN(32, word))));
    this.#low = murmurHash3(words, ARRAY_SEED);
    this.#high = murmurHash3(words, this.#low);
  }

  /** Shape: the low bits of the next state, signed only where all 32 are asked for. */
  next(bits: number): number {
    let high = this.#high ^ ((this.#high << 21) | (this.#low >>> 11));
    let low = this.#low ^ (this.#low << 21);
    low ^= high >>> 3;
    high ^= (high << 4) | (low >>> 28);
    low ^= low << 4;
    this.#high = high;
    this.#low = low;
    return bits === 32 ? low : low & ((1 << bits) - 1);
  }

  /** Shape: [0, 1), a multiple of 2 to the power of -53. */
  nextDouble(): number {
    const high = this.next(26);
    return (high * 134217728 + this.next(27)) / 9007199254740992;
  }

  /** Shape: [0, bound). */
  nextInt(bound: number): number {
    assert(bound > 0, "bound must be positive", { bound });
    let bits = this.next(31);
    if ((bound & (bound - 1)) === 0) {
      return Number(BigInt.asIntN(32, (BigInt(bound) * BigInt(bits)) >> 31n));
    }
    let drawn = bits % bound;
    while (bits - drawn + (bound - 1) > 0x7fffffff) {
      bits = this.next(31);
      drawn = bits % bound;
    }
    return drawn;
  }

  nextLong(): bigint {
    const high = BigInt(this.next(32));
    return BigInt.asIntN(64, (high << 32n) + BigInt(this.next(32)));
  }
}

/** A seed from a number that is not random enough. */
export function byteSwap32(value: number): number {
  return Math.imul(swapBytes(Math.imul(value, 0x9e3775cd)), 0x9e3775cd);
}

function swapBytes(word: number): number {
  const outer = (word << 24) | (word >>> 24);
  return outer | ((word << 8) & 0xff0000) | ((word >>> 8) & 0xff00);
}
