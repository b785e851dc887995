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

import type { Header } from "../record/record.ts";
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

/** Writes each record to a topic with a producer of the task's own (`acks=all`, not idempotent): at
 *  least once. A task whose records are not taken within `delivery.timeout.ms` (120 s) fails. */
export function kafkaSink<T>(topic: string, toOutput: (record: T) => KafkaOutput): Sink<T> {
  return (records, task) => {
    for (const record of records) {
      task.send({ topic, key: null, headers: [], ...toOutput(record) });
    }
  };
}
