/** Bytes of records as they lie in a log. Like Kafka: DefaultRecord.sizeInBytes. */

import type { Header } from "../record/record.ts";
import { textBytes, varintBytes } from "../record/varint.ts";

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
