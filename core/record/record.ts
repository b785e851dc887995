/** Kafka's records, as producers give them and consumers get them. Keys and values are plain JS
 *  values here; the live edge carries strings as UTF-8 and anything else as JSON. */

export interface Header {
  readonly key: string;
  readonly value: string;
}

/** What an application hands to a producer, for one topic. Like Kafka: ProducerRecord. */
export interface ProducerRecord {
  /** When the application hands it over; never earlier than the one before. */
  readonly atMs: number;
  readonly key?: string | null;
  readonly value: string | null;
  /** Chosen by the partitioner when left out. */
  readonly partition?: number;
  /** Create time; `atMs` when left out. */
  readonly timestampMs?: number;
  readonly headers?: readonly Header[];
}

/** A record on its way to one partition; the client has chosen the partition. */
export interface ProduceRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly timestampMs: number;
  readonly headers: readonly Header[];
}

/** `isolation.level`. */
export type Isolation = "read_uncommitted" | "read_committed";

/** What a consumer is given. Like Kafka: ConsumerRecord. */
export interface ConsumerRecord<V = string | null> {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  /** `null` is a tombstone. A pipeline says what it expects, as Spark's type parameters do. */
  readonly value: V;
  /** Create time in ms. */
  readonly timestampMs: number;
  readonly headers: readonly Header[];
}

/** What a function of a task hands to a producer. */
export interface SentRecord {
  readonly topic: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly Header[];
  /** Chosen by the partitioner when left out. */
  readonly partition?: number;
  /** Create time; when it is sent, when left out. */
  readonly timestampMs?: number;
  /** A plain producer when left out; one for all records of a task, that of the first. */
  readonly through?: TaskProducer;
}

/** How the producer of a task writes. */
export interface TaskProducer {
  /** `transactional.id`: all the task sends is one transaction; null for none, and the producer is
   *  idempotent. */
  readonly transactionalId: string | null;
  /** Offsets that the transaction commits with the records. Where the group has them already, the
   *  records are there, too, and are not written again. */
  readonly commits: {
    readonly group: string;
    readonly offsets: readonly {
      readonly topic: string;
      readonly partition: number;
      readonly offset: number;
    }[];
  } | null;
}

/** One record of a log, for views: what a consumer is given, without its headers. */
export type LogRecord = Omit<ConsumerRecord, "headers"> & {
  /** Of the leader that took it: with its offset, that names it among all there ever were. */
  readonly leaderEpoch: number;
};

/** Bytes a record takes in a batch, near enough for limits and retention: key and value as UTF-8
 *  plus 8 bytes of record overhead (delta-encoded offset, time stamp and lengths). */
export function recordSizeBytes(record: {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly Header[];
}): number {
  let size = 8 + utf8Length(record.key) + utf8Length(record.value);
  for (const header of record.headers)
    size += 2 + utf8Length(header.key) + utf8Length(header.value);
  return size;
}

/** Length of a text in UTF-8 bytes; 0 for null. */
export function utf8Length(text: string | null): number {
  if (text === null) return 0;
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit >= 0xd800 && unit <= 0xdbff && i + 1 < text.length) {
      bytes += 2;
      i += 1;
    } else bytes += 2;
  }
  return bytes;
}
