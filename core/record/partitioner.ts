/** Which partition a producer gives a record to.
 *  Like Kafka: BuiltInPartitioner and RoundRobinPartitioner (clients/.../producer). */

import { assert } from "../base/assert.ts";
import type { RandomStream } from "../base/random.ts";

/** Chooses for one topic, record by record. */
export interface ProducerPartitioner {
  /** Shape: a partition in [0, count). `sizeBytes` is what the record takes in its batch. */
  choose(key: string | null, sizeBytes: number): number;
}

/** `batch.size`: bytes after which records without a key move on to another partition. */
const STICKY_BYTES = 16_384;

/** Hashes keys with murmur2; records without one stick to a partition until 16 384 bytes went
 *  there, then to another chosen at random. Unlike Kafka: the choice is not weighted by
 *  queue lengths. */
export function defaultPartitioner(count: number, random: RandomStream): ProducerPartitioner {
  let sticky = random.below(count);
  let producedBytes = 0;
  return {
    choose: (key, sizeBytes) => {
      if (key !== null) return partitionForKey(key, count);
      if (producedBytes >= STICKY_BYTES && count > 1) {
        // It may be the same again, as in Kafka.
        sticky = random.below(count);
        producedBytes = 0;
      }
      producedBytes += sizeBytes;
      return sticky;
    },
  };
}

/** One partition after the other, whatever the key. */
export function roundRobinPartitioner(count: number): ProducerPartitioner {
  let next = 0;
  return {
    choose: () => {
      const chosen = next;
      next = (next + 1) % count;
      return chosen;
    },
  };
}

/** Kafka's partition of a key: `murmur2(key) & 0x7fffffff` modulo the count. */
export function partitionForKey(key: string, count: number): number {
  return (murmur2(utf8Bytes(key)) & 0x7fffffff) % count;
}

/** Kafka's 32-bit murmur2 (org.apache.kafka.common.utils.Utils.murmur2). Shape: signed. */
export function murmur2(bytes: readonly number[]): number {
  const factor = 0x5bd1e995;
  const length = bytes.length;
  let hash = 0x9747b28c ^ length;
  const byte = (index: number): number => bytes[index] ?? 0;
  const whole = length & ~3;
  for (let at = 0; at < whole; at += 4) {
    let word = byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
    word = Math.imul(word, factor);
    word ^= word >>> 24;
    hash = Math.imul(hash, factor) ^ Math.imul(word, factor);
  }
  const tail = length - whole;
  if (tail >= 3) hash ^= byte(whole + 2) << 16;
  if (tail >= 2) hash ^= byte(whole + 1) << 8;
  if (tail >= 1) hash = Math.imul(hash ^ byte(whole), factor);
  hash = Math.imul(hash ^ (hash >>> 13), factor);
  return hash ^ (hash >>> 15);
}

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD, as every encoder does. */
export function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0);
    assert(point !== undefined, "a character must have a code point");
    pushUtf8(bytes, point >= 0xd800 && point <= 0xdfff ? 0xfffd : point);
  }
  return bytes;
}

function pushUtf8(bytes: number[], point: number): void {
  if (point < 0x80) bytes.push(point);
  else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
  else if (point < 0x10000) {
    bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
  } else {
    bytes.push(
      0xf0 | (point >> 18),
      0x80 | ((point >> 12) & 0x3f),
      0x80 | ((point >> 6) & 0x3f),
      0x80 | (point & 0x3f),
    );
  }
}
