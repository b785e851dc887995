/** The generator that seeds Spark's samplers, number for number.
 *  Like Java: java.util.Random. */

import { assert } from "../base/assert.ts";

const MULTIPLIER = 0x5deece66dn;
const INCREMENT = 0xbn;
const STATE_BITS = 48;

export class JavaRandom {
  #state: bigint;

  /** A number is taken as a Long: 64 bits. */
  constructor(seed: number | bigint) {
    this.#state = BigInt.asUintN(STATE_BITS, BigInt(seed) ^ MULTIPLIER);
  }

  #next(bits: number): number {
    this.#state = BigInt.asUintN(STATE_BITS, this.#state * MULTIPLIER + INCREMENT);
    return Number(BigInt.asIntN(32, this.#state >> BigInt(STATE_BITS - bits)));
  }

  /** Shape: any of the 32-bit integers; or [0, bound). */
  nextInt(bound?: number): number {
    if (bound === undefined) return this.#next(32);
    assert(bound > 0, "bound must be positive", { bound });
    let bits = this.#next(31);
    if ((bound & (bound - 1)) === 0) {
      return Number(BigInt.asIntN(32, (BigInt(bound) * BigInt(bits)) >> 31n));
    }
    let drawn = bits % bound;
    while (bits - drawn + (bound - 1) > 0x7fffffff) {
      bits = this.#next(31);
      drawn = bits % bound;
    }
    return drawn;
  }

  nextLong(): bigint {
    const high = BigInt(this.#next(32));
    return BigInt.asIntN(64, (high << 32n) + BigInt(this.#next(32)));
  }
}

/** Shuffles in place. Like Spark: Utils.randomizeInPlace. */
export function randomizeInPlace<T>(records: T[], random: JavaRandom): T[] {
  for (let last = records.length - 1; last > 0; last -= 1) {
    const other = random.nextInt(last + 1);
    const moved = records[other] as T;
    records[other] = records[last] as T;
    records[last] = moved;
  }
  return records;
}
