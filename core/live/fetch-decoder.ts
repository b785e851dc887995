/** Reads the bytes of a Fetch reply, version 11: partitions with an error code each, and record
 *  batches with their headers, so that a batch without a record to give (compacted away, or a
 *  transaction's marker) still moves the reader on.
 *
 *    throttle i32 | error i16 | session i32 | [topic | [partition i32 | error i16 |
 *      highWatermark i64 | lastStableOffset i64 | logStartOffset i64 |
 *      [producerId i64, firstOffset i64]? | preferredReadReplica i32 | records bytes?]]
 *
 *  Checksums are not verified: TCP has, and the broker does when it appends. */

import { gunzipSync } from "node:zlib";
import { assert } from "../base/assert.ts";
import { LiveError } from "../base/errors.ts";
import type { ConsumerRecord, Header } from "../record/record.ts";
import type { TopicPartition } from "../record/topic-partition.ts";

export interface FetchedPartition extends TopicPartition {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  readonly logStartOffset: number;
  /** Record batches, the last one perhaps cut short. */
  readonly batches: Buffer;
}

export interface FetchReply {
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

/** What is asked of the batches of one partition. */
export interface BatchesWanted extends TopicPartition {
  readonly fromOffset: number;
  readonly untilOffset: number;
  readonly maxRecords: number;
  /** Transactions whose records are left out; none when uncommitted records are read, too. */
  readonly aborted?: readonly AbortedTransaction[];
}

/** A producer's records from an offset on, up to its next marker, were aborted. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

export function decodeFetchReply(body: Buffer): FetchReply {
  const bytes = new ByteReader(body);
  bytes.int32(); // throttle time
  const errorCode = bytes.int16();
  bytes.int32(); // session
  const partitions: FetchedPartition[] = [];
  const topicCount = bytes.int32();
  for (let i = 0; i < topicCount; i += 1) {
    const topic = bytes.text(bytes.int16());
    const partitionCount = bytes.int32();
    for (let j = 0; j < partitionCount; j += 1) partitions.push(decodePartition(bytes, topic));
  }
  return { errorCode, partitions };
}

function decodePartition(bytes: ByteReader, topic: string): FetchedPartition {
  const partition = bytes.int32();
  const errorCode = bytes.int16();
  const highWatermark = bytes.int64();
  const lastStableOffset = bytes.int64();
  const logStartOffset = bytes.int64();
  const abortedCount = bytes.int32(); // -1 where there is no list
  const aborted: AbortedTransaction[] = [];
  for (let i = 0; i < abortedCount; i += 1) {
    aborted.push({ producerId: bytes.int64(), firstOffset: bytes.int64() });
  }
  bytes.int32(); // preferred read replica
  const size = bytes.int32();
  const batches = bytes.take(Math.max(0, size));
  const ends = { highWatermark, lastStableOffset, logStartOffset };
  return { topic, partition, errorCode, ...ends, aborted, batches };
}

const batchHeaderBytes = 61;
const lengthFieldEnd = 12;
const transactionalBit = 0x10;
const controlBit = 0x20;
const logAppendTimeBit = 0x08;

/** The wanted records of record batches v2, and where to read on.
 *  Shape: offsets ascending, [fromOffset, untilOffset); `nextOffset` passes empty batches.
 *  Throws: LiveError UNSUPPORTED_VALUE for a codec other than gzip, and for formats before v2. */
export function decodeBatches(
  batches: Buffer,
  wanted: BatchesWanted,
): { readonly records: ConsumerRecord[]; readonly nextOffset: number } {
  const records: ConsumerRecord[] = [];
  let nextOffset = wanted.fromOffset;
  let start = 0;
  if (wanted.maxRecords <= 0) return { records, nextOffset };
  const filter = new AbortedFilter(wanted.aborted ?? []);
  while (start + batchHeaderBytes <= batches.length && nextOffset < wanted.untilOffset) {
    const end = start + lengthFieldEnd + batches.readInt32BE(start + 8);
    if (end > batches.length) break;
    const batch = batches.subarray(start, end);
    const isFull = !filter.leavesOut(batch) && decodeBatch(batch, wanted, records);
    const last = records.at(-1);
    if (isFull && last !== undefined) return { records, nextOffset: last.offset + 1 };
    const lastOffset = readOffset(batches, start) + batches.readInt32BE(start + 23);
    nextOffset = Math.min(Math.max(nextOffset, lastOffset + 1), wanted.untilOffset);
    start = end;
  }
  return { records, nextOffset };
}

/** Follows the batches of a log in order. Like Kafka: CompletedFetch.nextFetchedRecord. */
class AbortedFilter {
  /** Transactions that begin further on, the nearest first. */
  readonly #coming: AbortedTransaction[];
  readonly #producers = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#coming = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  /** True for records of an aborted transaction. */
  leavesOut(batch: Buffer): boolean {
    if (this.#coming.length === 0 && this.#producers.size === 0) return false;
    const lastOffset = readOffset(batch, 0) + batch.readInt32BE(23);
    for (let next = this.#coming[0]; next !== undefined; next = this.#coming[0]) {
      if (next.firstOffset > lastOffset) break;
      this.#producers.add(next.producerId);
      this.#coming.shift();
    }
    const attributes = batch.readInt16BE(21);
    const producerId = readInt64(batch, 43);
    if ((attributes & controlBit) !== 0) this.#producers.delete(producerId);
    return (attributes & transactionalBit) !== 0 && this.#producers.has(producerId);
  }
}

/** Adds the wanted records of one batch; true once there are as many as wanted. */
function decodeBatch(batch: Buffer, wanted: BatchesWanted, into: ConsumerRecord[]): boolean {
  const magic = batch.readInt8(16);
  if (magic !== 2) {
    throw refused(
      wanted,
      `holds records of message format v${magic}, from before Kafka 0.11; copy them to a new topic`,
    );
  }
  const attributes = batch.readInt16BE(21);
  if ((attributes & controlBit) !== 0) return false;
  const baseOffset = readOffset(batch, 0);
  const baseTimestampMs = readInt64(batch, 27);
  const appendTimeMs = (attributes & logAppendTimeBit) === 0 ? null : readInt64(batch, 35);
  const recordCount = batch.readInt32BE(57);
  const lastOffset = baseOffset + batch.readInt32BE(23);
  if (recordCount === 0 || lastOffset < wanted.fromOffset) return false;
  const bytes = new ByteReader(inflate(batch.subarray(batchHeaderBytes), attributes & 7, wanted));
  for (let i = 0; i < recordCount; i += 1) {
    if (into.length >= wanted.maxRecords) return true;
    const end = bytes.varint() + bytes.position;
    bytes.skip(1); // attributes, of which there are none yet
    const timestampMs = appendTimeMs ?? baseTimestampMs + bytes.varlong();
    if (appendTimeMs !== null) bytes.varlong();
    const offset = baseOffset + bytes.varint();
    if (offset >= wanted.untilOffset) return false;
    if (offset >= wanted.fromOffset) {
      const { topic, partition } = wanted;
      const key = bytes.nullableText();
      const value = bytes.nullableText();
      const headers = readHeaders(bytes);
      into.push({ topic, partition, offset, key, value, timestampMs, headers });
    }
    bytes.position = end;
  }
  return into.length >= wanted.maxRecords;
}

const noHeaders: readonly Header[] = [];

function readHeaders(bytes: ByteReader): readonly Header[] {
  const count = bytes.varint();
  if (count === 0) return noHeaders;
  const headers: Header[] = [];
  for (let i = 0; i < count; i += 1) {
    const key = bytes.text(bytes.varint());
    headers.push({ key, value: bytes.nullableText() ?? "" });
  }
  return headers;
}

const codecs = ["none", "gzip", "snappy", "lz4", "zstd"];

function inflate(block: Buffer, codec: number, of: TopicPartition): Buffer {
  if (codec === 0) return block;
  if (codec === 1) return gunzipSync(block);
  const name = codecs[codec] ?? `codec ${codec}`;
  throw refused(
    of,
    `holds records compressed with ${name}, which cannot be read here; ` +
      `set compression.type=gzip on the topic or its producers, or none`,
  );
}

function refused({ topic, partition }: TopicPartition, problem: string): LiveError {
  const message = `partition ${partition} of topic ${topic} ${problem}`;
  return new LiveError("UNSUPPORTED_VALUE", message, { place: { topic, partition } });
}

function readOffset(buffer: Buffer, at: number): number {
  const offset = readInt64(buffer, at);
  assert(Number.isSafeInteger(offset), "an offset must be a safe integer", { offset });
  return offset;
}

function readInt64(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * 4_294_967_296 + buffer.readUInt32BE(at + 4);
}

/** Kafka's primitive types, one after the other. */
class ByteReader {
  position = 0;
  readonly #buffer: Buffer;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  int16(): number {
    this.position += 2;
    return this.#buffer.readInt16BE(this.position - 2);
  }

  int32(): number {
    this.position += 4;
    return this.#buffer.readInt32BE(this.position - 4);
  }

  int64(): number {
    this.position += 8;
    return readInt64(this.#buffer, this.position - 8);
  }

  skip(count: number): void {
    this.position += count;
  }

  take(count: number): Buffer {
    this.position += count;
    return this.#buffer.subarray(this.position - count, this.position);
  }

  text(length: number): string {
    this.position += length;
    return this.#buffer.toString("utf8", this.position - length, this.position);
  }

  nullableText(): string | null {
    const length = this.varint();
    return length < 0 ? null : this.text(length);
  }

  /** Zigzag, seven bits a byte, the low ones first. */
  varint(): number {
    const buffer = this.#buffer;
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = buffer.readUInt8(this.position);
      this.position += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
      shift += 7;
    }
  }

  /** The same over 64 bits: by multiplication, since shifts end at 32. */
  varlong(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#buffer.readUInt8(this.position);
      this.position += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 128;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
