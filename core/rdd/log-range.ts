/** A leaf over Kafka logs: one partition per offset range, empty ranges included.
 *  Like Spark: org.apache.spark.streaming.kafka010.KafkaRDD. */

import { at } from "../base/assert.ts";
import type { OffsetRange, ReadRange } from "../record/offset-range.ts";
import type { ConsumerRecord, Isolation } from "../record/record.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import { type RDDContext, RDDNode } from "./rdd.ts";

export interface KafkaRDDOptions {
  readonly ranges: readonly OffsetRange[];
  readonly isolation: Isolation;
  /** Where partitions are best read, by name; the others always at the same place. */
  readonly hosts: ReadonlyMap<string, string>;
  /** The call that made it. */
  readonly operator: string;
}

export function kafkaRDD(
  context: RDDContext,
  { ranges: given, isolation, hosts, operator }: KafkaRDDOptions,
): RDDNode<ConsumerRecord> {
  const ranges: readonly ReadRange[] =
    isolation === "read_uncommitted" ? given : given.map((range) => ({ ...range, isolation }));
  return new RDDNode<ConsumerRecord>({
    context,
    className: "KafkaRDD",
    operator,
    numPartitions: ranges.length,
    dependencies: [],
    rangeOf: (partition) => at(ranges, partition),
    preferredExecutors: (partition) => executorsOn(hosts, at(ranges, partition)),
    compute: (rdd, partition, task, push) => {
      const range = at(ranges, partition);
      let count = 0;
      for (const records of task.fetched(range)) {
        for (let i = 0; i < records.length; i += 1) push(at(records, i));
        count += records.length;
      }
      task.count(rdd, count);
    },
  });
}

/** Executor n is the one on `host-n`. A host without executors is no preference. */
function executorsOn(hosts: ReadonlyMap<string, string>, range: OffsetRange): readonly number[] {
  const number = /^host-(\d+)$/u.exec(hosts.get(topicPartitionName(range)) ?? "")?.[1];
  return number === undefined ? [] : [Number(number)];
}
