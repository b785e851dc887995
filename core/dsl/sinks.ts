/** Sinks: what becomes of the records of one partition, on its executor.
 *
 *  A sink is a function; it runs once for each partition of each batch, and again for an attempt
 *  that follows a failed one, and for a batch that runs again after a crash. So it should write the
 *  same thing to the same place each time (an upsert by key, a file by batch and partition), or the
 *  reader must bear duplicates. Streams print to the console with `print` and write files with
 *  `saveAsTextFiles`; any other store is a function such as
 *
 *      const toIndex = (index: Map<string, number>): Sink<readonly [string, number]> =>
 *        (records) => {
 *          for (const [word, count] of records) index.set(word, count);
 *        };
 *      counts.foreachRDD((rdd) => rdd.foreachPartition(toIndex(index)));
 *
 *  Like Spark: the design patterns for using foreachRDD of its programming guide. */

import type { OffsetRange } from "../record/offset-range.ts";
import type { Header } from "../record/record.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import type { PartitionTask } from "../rdd/rdd.ts";

/** `task` says which partition and attempt it is. */
export type Sink<T> = (records: readonly T[], task: PartitionTask) => void;

/** What a record becomes in Kafka. Like Kafka: ProducerRecord. */
export interface KafkaOutput {
  readonly key?: string | null;
  readonly value: string | null;
  readonly partition?: number;
  readonly timestampMs?: number;
  readonly headers?: readonly Header[];
}

/** Writes each record to a topic with a producer of the task's own (`acks=all`, idempotent only
 *  where asked for): at least once, since a task or a batch that runs again writes again. A task
 *  whose records are not taken within `delivery.timeout.ms` (120 s) fails. */
export function kafkaSink<T>(
  topic: string,
  toOutput: (record: T) => KafkaOutput,
  options: { readonly idempotence?: boolean } = {},
): Sink<T> {
  const through = { transactionalId: null, commits: null };
  const how = options.idempotence === true ? { through } : {};
  return (records, task) => {
    for (const record of records) {
      task.send({ topic, key: null, headers: [], ...toOutput(record), ...how });
    }
  };
}

export interface TransactionalSinkOptions {
  /** `transactional.id` of the tasks; each adds the partition it reads. A new attempt, or a new
   *  driver, shuts out the one before. */
  readonly transactionalId: string;
  /** Where the offsets go with the results; left out, results alone are in the transaction. */
  readonly offsets?: {
    /** Read them from here when the stream starts again. */
    readonly group: string;
    /** Of the batch (`rdd.offsetRanges`), one for each task: nothing shuffles in between. */
    readonly ranges: readonly OffsetRange[];
  };
}

/** Writes what a task has in one transaction, and with it the offsets that it comes from: who reads
 *  committed records sees each result once, whatever fails and runs again.
 *
 *      stream.foreachRDD((rdd) => {
 *        const offsets = { group: "totals", ranges: rdd.offsetRanges };
 *        rdd.foreachPartition(
 *          transactionalKafkaSink("totals", toOutput, { transactionalId: "totals", offsets }));
 *      });
 *
 *  Like Spark: "Your own data store" of its Kafka guide, with Kafka as that store. */
export function transactionalKafkaSink<T>(
  topic: string,
  toOutput: (record: T) => KafkaOutput,
  { transactionalId, offsets }: TransactionalSinkOptions,
): Sink<T> {
  return (records, task) => {
    const range = offsets?.ranges[task.partitionId];
    const place = range === undefined ? `${task.partitionId}` : topicPartitionName(range);
    const commits =
      offsets === undefined || range === undefined
        ? null
        : { group: offsets.group, offsets: [endOf(range)] };
    const through = { transactionalId: `${transactionalId}-${place}`, commits };
    for (const record of records) {
      task.send({ topic, key: null, headers: [], ...toOutput(record), through });
    }
  };
}

function endOf({ topic, partition, untilOffset }: OffsetRange) {
  return { topic, partition, offset: untilOffset };
}
