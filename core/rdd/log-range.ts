/** A leaf over a Kafka log: one partition per offset range, empty ranges included.
 *  Like Spark: org.apache.spark.streaming.kafka010.KafkaRDD. */

import { at } from "../base/assert.ts";
import { type OffsetRange, rangeCount } from "../record/offset-range.ts";
import type { ConsumerRecord } from "../record/record.ts";
import { type RDDContext, RDDNode } from "./rdd.ts";

export function logRange(
  context: RDDContext,
  ranges: readonly OffsetRange[],
): RDDNode<ConsumerRecord> {
  return new RDDNode<ConsumerRecord>({
    context,
    className: "KafkaRDD",
    operator: "createDirectStream",
    numPartitions: ranges.length,
    dependencies: [],
    rangeOf: (partition) => at(ranges, partition),
    compute: (rdd, partition, task, push) => {
      const range = at(ranges, partition);
      for (const records of task.fetched(range)) {
        for (let i = 0; i < records.length; i += 1) push(at(records, i));
      }
      task.count(rdd, rangeCount(range));
    },
  });
}
