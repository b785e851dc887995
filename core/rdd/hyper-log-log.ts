/** An estimate of how many distinct values there are, from little memory: the longest run of zero
 *  bits that hashes begin with, in 2^p registers. With a sparse precision `sp` a small count is
 *  kept apart, more exactly.
 *  Like stream-lib: HyperLogLogPlus, which Spark uses; number for number. */

import { at } from "../base/assert.ts";
import { compareNumbers } from "../base/order.ts";
import { utf8Bytes } from "../record/partitioner.ts";
import { scalaText } from "../record/scala-text.ts";
import { measured } from "./hyper-log-log-measured.ts";
import { requirement } from "./requirement.ts";
import { doubleText } from "./samplers.ts";
import { strictLog } from "./strict-math.ts";

const HASH_BITS = 64;
const RELATIVE_SD_MIN = 0.000017;
const PRECISION_MIN = 4;
/** Above it nothing was measured, and nothing is corrected. */
const PRECISION_MAX_MEASURED = 18;
const NEIGHBOURS = 6;
/** Registers have five bits, and lie six to a word. */
const RUN_END = 32;
const REGISTERS_PER_WORD = 6;

/** By precision from 4 on: below it, counting empty registers is better. */
const LINEAR_COUNTING_MAX = [
  10, 20, 40, 80, 220, 400, 900, 1800, 3100, 6500, 11500, 20000, 50000, 120000, 350000,
];

export class HyperLogLogPlus {
  readonly #p: number;
  readonly #sp: number;
  /** The longest run of each register; 0 where there was no value. */
  readonly #runs: Uint8Array;
  /** What the hashes begin with, to the sparse precision; null once there are too many. */
  #sparse: Set<number> | null;

  /** Throws: PipelineError GRAPH_INVALID for precisions that cannot be. */
  constructor(p: number, sp: number) {
    requirement(p >= PRECISION_MIN, `p (${p}) must be >= 4`);
    requirement(sp <= 32, `sp (${sp}) must be <= 32`);
    requirement(sp === 0 || p <= sp, `p (${p}) cannot be greater than sp (${sp})`);
    this.#p = p;
    this.#sp = sp;
    this.#runs = new Uint8Array(1 << p);
    this.#sparse = sp === 0 ? null : new Set();
  }

  offer(value: unknown): void {
    const hash = value === null ? 0n : murmurHash64(utf8Bytes(scalaText(value)));
    const unsigned = BigInt.asUintN(HASH_BITS, hash);
    const register = Number(unsigned >> BigInt(HASH_BITS - this.#p));
    const rest = BigInt.asUintN(HASH_BITS, unsigned << BigInt(this.#p));
    const run = leadingZeros(rest | (1n << BigInt(this.#p - 1))) + 1;
    this.#raise(register, run);
    if (this.#sparse === null) return;
    this.#sparse.add(Number(unsigned >> BigInt(HASH_BITS - this.#sp)));
    this.#dropSparse();
  }

  /** Takes in what another of the same precisions has seen. */
  addAll(other: HyperLogLogPlus): void {
    for (const [register, run] of other.#runs.entries()) this.#raise(register, run);
    if (other.#sparse === null) this.#sparse = null;
    for (const start of other.#sparse ?? []) this.#sparse?.add(start);
    this.#dropSparse();
  }

  #raise(register: number, run: number): void {
    if (run <= at(this.#runs, register)) return;
    this.#runs[register] = run % RUN_END;
    // A run too long for its five bits, as that of null, reaches into the register after it.
    const isLastOfWord = register % REGISTERS_PER_WORD === REGISTERS_PER_WORD - 1;
    if (run >= RUN_END && !isLastOfWord)
      this.#runs[register + 1] = at(this.#runs, register + 1) | 1;
  }

  #dropSparse(): void {
    const most = Math.trunc(this.#runs.length * 0.75);
    if (this.#sparse !== null && this.#sparse.size > most) this.#sparse = null;
  }

  cardinality(): number {
    if (this.#sparse !== null) {
      const places = powerOfTwo(this.#sp);
      return Math.round(linearCounting(places, places - this.#sparse.size));
    }
    const registers = this.#runs.length;
    let sum = 0;
    let empty = 0;
    for (const run of this.#runs) {
      sum += 1 / powerOfTwo(run);
      if (run === 0) empty += 1;
    }
    const estimate = alpha(this.#p, registers) * registers * registers * (1 / sum);
    const isSmall = estimate <= 5 * registers;
    const corrected = isSmall ? estimate - biasOf(estimate, this.#p) : estimate;
    const counted = empty > 0 ? linearCounting(registers, empty) : corrected;
    const isCounted =
      this.#p <= PRECISION_MAX_MEASURED
        ? counted < at(LINEAR_COUNTING_MAX, this.#p - PRECISION_MIN)
        : isSmall;
    return Math.round(isCounted ? counted : corrected);
  }
}

/** The precision for a relative standard deviation.
 *  Throws: PipelineError GRAPH_INVALID for one that is too small.
 *  Like Spark: RDD.countApproxDistinct. */
export function precisionFor(relativeSD: number): number {
  requirement(
    relativeSD > RELATIVE_SD_MIN,
    `accuracy (${doubleText(relativeSD)}) must be greater than 0.000017`,
  );
  const precision = Math.ceil((2 * strictLog(1.054 / relativeSD)) / strictLog(2));
  return Math.max(precision, PRECISION_MIN);
}

function linearCounting(places: number, empty: number): number {
  return places * strictLog(places / empty);
}

function alpha(p: number, registers: number): number {
  switch (p) {
    case 4:
      return 0.673;
    case 5:
      return 0.697;
    case 6:
      return 0.709;
    default:
      return 0.7213 / (1 + 1.079 / registers);
  }
}

/** The mean of what the nearest measured estimates were too high by. */
function biasOf(estimate: number, p: number): number {
  if (p > PRECISION_MAX_MEASURED) return 0;
  const { estimates, step, steps } = at(measured, p - PRECISION_MIN);
  let scaled = 0;
  let count = 1;
  const points = estimates.split(" ").map((added, index) => {
    scaled += Number.parseInt(added, 36);
    if (index > 0) count += step + Number(steps[index - 1]);
    const distance = estimate - scaled / 10000;
    return { distance: distance * distance, bias: (scaled - count * 10000) / 10000 };
  });
  points.sort((a, b) => compareNumbers(a.distance, b.distance));
  const nearest = points.slice(0, NEIGHBOURS);
  return nearest.reduce((sum, { bias }) => sum + bias, 0) / nearest.length;
}

function powerOfTwo(exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent; i += 1) power *= 2;
  return power;
}

function leadingZeros(word: bigint): number {
  const high = Number(word >> 32n);
  return high !== 0 ? Math.clz32(high) : 32 + Math.clz32(Number(word & 0xffffffffn));
}

/** Like stream-lib: MurmurHash.hash64. */
function murmurHash64(bytes: readonly number[]): bigint {
  const multiplier = 0xc6a4a7935bd1e995n;
  const shift = 47n;
  const wrap = (value: bigint): bigint => BigInt.asUintN(HASH_BITS, value);
  const whole = bytes.length - (bytes.length % 8);
  let hash = wrap(0xe17a1465n ^ (BigInt(bytes.length) * multiplier));
  for (let i = 0; i < whole; i += 8) {
    let word = wrap(littleEndian(bytes.slice(i, i + 8)) * multiplier);
    word = wrap((word ^ (word >> shift)) * multiplier);
    hash = wrap((hash ^ word) * multiplier);
  }
  if (whole < bytes.length) hash = wrap((hash ^ littleEndian(bytes.slice(whole))) * multiplier);
  hash = wrap((hash ^ (hash >> shift)) * multiplier);
  return hash ^ (hash >> shift);
}

function littleEndian(bytes: readonly number[]): bigint {
  return bytes.reduceRight((word, byte) => (word << 8n) | BigInt(byte), 0n);
}
