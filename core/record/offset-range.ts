/** [fromOffset, untilOffset) of one partition: the only way the engine names Kafka input.
 *  Like Spark: org.apache.spark.streaming.kafka010.OffsetRange. */

import type { Isolation } from "./record.ts";
import type { TopicPartition } from "./topic-partition.ts";

export interface OffsetRange extends TopicPartition {
  /** Inclusive. */
  readonly fromOffset: number;
  /** Exclusive. */
  readonly untilOffset: number;
}

/** A range as a task reads it. */
export interface ReadRange extends OffsetRange {
  /** Left out for `read_uncommitted`. */
  readonly isolation?: Isolation;
}

export function rangeCount(range: OffsetRange): number {
  return range.untilOffset - range.fromOffset;
}

/** As Spark's OffsetRange.toString. */
export function describeRange(range: OffsetRange): string {
  const span = `[${range.fromOffset} -> ${range.untilOffset}]`;
  return `OffsetRange(topic: '${range.topic}', partition: ${range.partition}, range: ${span})`;
}
