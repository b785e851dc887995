/** Bytes of records as they lie in a log. Like Kafka: DefaultRecord.sizeInBytes. */

import { type Header, utf8Length } from "../record/record.ts";

interface SizedRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly timestampMs: number;
  readonly headers: readonly Header[];
}

/** A record in a batch: lengths and distances from the batch's first record are numbers of variable
 *  length. */
export function wireSizeBytes(
  record: SizedRecord,
  from: { readonly offsetDelta: number; readonly baseTimestampMs: number },
): number {
  const { key, value, headers } = record;
  // One byte for attributes.
  let size = 1 + varintBytes(record.timestampMs - from.baseTimestampMs);
  size += varintBytes(from.offsetDelta) + textBytes(key) + textBytes(value);
  size += varintBytes(headers.length);
  for (const header of headers) size += textBytes(header.key) + textBytes(header.value);
  return varintBytes(size) + size;
}

/** A text and its length, which is -1 for null. */
function textBytes(text: string | null): number {
  if (text === null) return 1;
  const length = utf8Length(text);
  return varintBytes(length) + length;
}

/** Seven bits a byte, of twice the number: the lowest bit is the sign. */
function varintBytes(value: number): number {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let bytes = 1;
  while (rest >= 128) {
    rest = Math.floor(rest / 128);
    bytes += 1;
  }
  return bytes;
}
