/** How many bytes numbers and texts of variable length take in a record.
 *  Like Kafka: ByteUtils.sizeOfVarint. */

import { utf8Length } from "./record.ts";

/** A text and its length, which is -1 for null. */
export function textBytes(text: string | null): number {
  if (text === null) return 1;
  const length = utf8Length(text);
  return varintBytes(length) + length;
}

/** Seven bits a byte, of twice the number: the lowest bit is the sign. */
export function varintBytes(value: number): number {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let bytes = 1;
  while (rest >= 128) {
    rest = Math.floor(rest / 128);
    bytes += 1;
  }
  return bytes;
}
