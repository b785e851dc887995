/** Offset ranges as a program handles them. Like Spark: org.apache.spark.streaming.kafka010
 *  OffsetRange and HasOffsetRanges. */

import { assert } from "../base/assert.ts";
import { PipelineError } from "../base/errors.ts";
import { describeRange, type OffsetRange as Range, rangeCount } from "../record/offset-range.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { RDDNode } from "../rdd/rdd.ts";

/** The records of one partition from one offset up to another. */
export class OffsetRange implements Range {
  readonly topic: string;
  readonly partition: number;
  /** Inclusive. */
  readonly fromOffset: number;
  /** Exclusive. */
  readonly untilOffset: number;

  private constructor(range: Range) {
    this.topic = range.topic;
    this.partition = range.partition;
    this.fromOffset = range.fromOffset;
    this.untilOffset = range.untilOffset;
  }

  static create(
    topic: string,
    partition: number,
    fromOffset: number,
    untilOffset: number,
  ): OffsetRange {
    return new OffsetRange({ topic, partition, fromOffset, untilOffset });
  }

  /** How many offsets it covers. */
  count(): number {
    return rangeCount(this);
  }

  topicPartition(): TopicPartition {
    return { topic: this.topic, partition: this.partition };
  }

  toString(): string {
    return describeRange(this);
  }
}

/** The ranges of an RDD that a direct stream or `KafkaUtils.createRDD` made, by partition.
 *  Throws: PipelineError GRAPH_INVALID for any other. */
export function offsetRangesOf(rdd: RDDNode<unknown>): readonly OffsetRange[] {
  if (rdd.className !== "KafkaRDD") throw notKafka(rdd);
  return Array.from({ length: rdd.numPartitions }, (_, index) => {
    const range = rdd.rangeOf(index);
    assert(range !== null, "each partition of a KafkaRDD has its range", { index });
    return OffsetRange.create(range.topic, range.partition, range.fromOffset, range.untilOffset);
  });
}

function notKafka(rdd: RDDNode<unknown>): PipelineError {
  return new PipelineError(
    "GRAPH_INVALID",
    `java.lang.ClassCastException: class org.apache.spark.rdd.${rdd.className} cannot be cast to ` +
      "class org.apache.spark.streaming.kafka010.HasOffsetRanges; only the RDD of the direct " +
      "stream itself has offset ranges: read them in the first transform or foreachRDD after " +
      `createDirectStream, before ${rdd.site.operator}`,
    { place: { operator: rdd.site.operator } },
  );
}
