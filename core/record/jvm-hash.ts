/** Hash codes as the JVM and Scala 2.12 compute them, so that a key lands in the partition where
 *  Spark puts it. A JS number with an integer value stands for Int (or Long beyond 32 bits), any
 *  other number for Double; an array for a tuple; a plain object for a case class.
 *  Like Spark: HashPartitioner (core/src/main/scala/org/apache/spark/Partitioner.scala);
 *  scala.util.hashing.MurmurHash3.productHash; scala.runtime.Statics. */

import { PipelineError } from "../base/errors.ts";
import { Option } from "./option.ts";

/** The `hashCode` of a key; 0 for null and undefined. Shape: signed 32-bit.
 *  Throws: PipelineError KEY_NOT_COMPARABLE for a key without value equality. */
export function jvmHash(key: unknown): number {
  switch (typeof key) {
    case "string":
      return stringHash(key);
    case "number":
      return numberHash(key);
    case "boolean":
      return key ? 1231 : 1237;
    case "bigint":
      return longHash(BigInt.asIntN(64, key));
    case "undefined":
      return 0;
    case "object":
      if (key === null) return 0;
      if (key instanceof Option) return optionHash(key);
      return productHash(Array.isArray(key) ? key : plainObjectValues(key));
    case "function":
    case "symbol":
      throw keyNotComparable(key);
  }
}

/** java.lang.String.hashCode over UTF-16 units. */
export function stringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

const doubleBits = new DataView(new ArrayBuffer(8));

function numberHash(value: number): number {
  if (Number.isInteger(value)) {
    const small = value | 0;
    if (small === value || value === 0) return small;
    // Its high word and its low one, as `longHash` takes them, without a bigint.
    if (Number.isSafeInteger(value)) return Math.floor(value / 4_294_967_296) ^ value;
  }
  return doubleHash(value);
}

/** java.lang.Double.hashCode. */
function doubleHash(value: number): number {
  doubleBits.setFloat64(0, Number.isNaN(value) ? Number.NaN : value);
  return doubleBits.getInt32(0) ^ doubleBits.getInt32(4);
}

/** java.lang.Long.hashCode. */
function longHash(value: bigint): number {
  return Number(BigInt.asIntN(32, value ^ BigInt.asIntN(32, value >> 32n)));
}

/** The `##` of an element: equal numbers hash alike whatever their type. */
function elementHash(value: unknown): number {
  if (typeof value === "number" && !Number.isInteger(value)) {
    const single = Math.fround(value);
    if (single === value) {
      doubleBits.setFloat32(0, value);
      return doubleBits.getInt32(0);
    }
  }
  return jvmHash(value);
}

/** The hash of `(partition, key)`, the key under which a map task combines; `hash` is that of the
 *  key. Like Spark: PartitionedAppendOnlyMap. */
export function partitionedKeyHash(partition: number, key: unknown, hash: number): number {
  const element = typeof key === "number" ? elementHash(key) : hash;
  return finalizeHash(mix(mix(0xcafebabe | 0, partition), element), 2);
}

function productHash(elements: readonly unknown[]): number {
  if (elements.length === 0) return 0;
  let hash = 0xcafebabe | 0;
  for (const element of elements) hash = mix(hash, elementHash(element));
  return finalizeHash(hash, elements.length);
}

/** Some is a case class of one field; the object None hashes by its name. */
function optionHash(option: Option<unknown>): number {
  return option.isDefined ? productHash([option.get]) : stringHash("None");
}

/** MurmurHash3 of 32-bit words. Like Scala: MurmurHash3.bytesHash of four bytes each. */
export function murmurHash3(words: readonly number[], seed: number): number {
  return finalizeHash(words.reduce(mix, seed), 4 * words.length);
}

function mix(hash: number, data: number): number {
  const mixed = hash ^ scramble(data);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function scramble(data: number): number {
  const scaled = Math.imul(data, 0xcc9e2d51);
  return Math.imul((scaled << 15) | (scaled >>> 17), 0x1b873593);
}

function finalizeHash(hash: number, length: number): number {
  let mixed = hash ^ length;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Guava's murmur3_32 of one int, seed 0: where an AppendOnlyMap starts to probe. */
export function rehash(hash: number): number {
  const mixed = scramble(hash);
  return finalizeHash((Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0, 4);
}

/** The values of a plain object by the order of its sorted field names.
 *  Throws: PipelineError KEY_NOT_COMPARABLE for an instance of a class. */
export function plainObjectValues(key: object): unknown[] {
  return plainObjectEntries(key).map(([, value]) => value);
}

/** The fields of a plain object, sorted by name: two objects are equal whatever the order. */
export function plainObjectEntries(key: object): [string, unknown][] {
  const prototype: unknown = Object.getPrototypeOf(key);
  if (prototype !== Object.prototype && prototype !== null) throw keyNotComparable(key);
  return Object.entries(key).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function keyNotComparable(key: unknown): PipelineError {
  const kind =
    typeof key === "object" && key !== null
      ? `an instance of ${className(key)}`
      : `a ${typeof key}`;
  return new PipelineError(
    "KEY_NOT_COMPARABLE",
    `a key must be comparable by value, and ${kind} is not; ` +
      "use a string, number, boolean, bigint or null, or an array or plain object of these",
  );
}

function className(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? name : "a class";
}
