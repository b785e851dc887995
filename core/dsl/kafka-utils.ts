/** Streams and RDDs over Kafka topics.
 *  Like Spark: org.apache.spark.streaming.kafka010.KafkaUtils. */

import { PipelineError } from "../base/errors.ts";
import { inputLog } from "../operators/input-log.ts";
import { kafkaRDD } from "../rdd/log-range.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { ConsumerRecord } from "../record/record.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import { CommitQueue } from "../stream/commit-queue.ts";
import type { StreamNode } from "../stream/node.ts";
import { DirectKafkaInputDStream } from "./direct-stream.ts";
import { type KafkaParams, readKafkaParams } from "./kafka-params.ts";
import type { ConsumerStrategy, LocationStrategy } from "./kafka-strategies.ts";
import { RDD } from "./rdd.ts";
import type { SparkContext } from "./spark-context.ts";
import type { StreamingContext } from "./streaming-context.ts";

/** Reads partitions by offset range, without a receiver. The records' values are text; say so with
 *  the type parameter where a topic has tombstones (`string | null`).
 *  Throws: PipelineError GRAPH_INVALID for settings that Kafka's consumer would refuse. */
function createDirectStream<V = string>(
  ssc: StreamingContext,
  locationStrategy: LocationStrategy,
  consumerStrategy: ConsumerStrategy,
): DirectKafkaInputDStream<ConsumerRecord<V>> {
  const { subscription, kafkaParams, offsets } = consumerStrategy;
  const commits = new CommitQueue();
  const node = inputLog(ssc.graph, {
    kind: "kafka",
    subscription,
    ...readKafkaParams(kafkaParams),
    offsets: [...offsets],
    location: { kind: locationStrategy.kind, hosts: hostsOf(locationStrategy) },
    commits,
  });
  // As in Spark, the type parameter is the person's word for what the topic holds.
  const typed = node as StreamNode<unknown> as StreamNode<ConsumerRecord<V>>;
  return new DirectKafkaInputDStream(typed, commits);
}

/** An RDD over given offset ranges, one partition each.
 *  Throws: PipelineError GRAPH_INVALID for PreferBrokers: it has no consumer to ask for leaders. */
function createRDD<V = string>(
  sc: SparkContext,
  kafkaParams: KafkaParams,
  offsetRanges: readonly OffsetRange[],
  locationStrategy: LocationStrategy,
): RDD<ConsumerRecord<V>> {
  const { isolation } = readKafkaParams(kafkaParams);
  if (locationStrategy.kind === "brokers") {
    throw new PipelineError(
      "GRAPH_INVALID",
      "If you want to prefer brokers, you must provide a mapping using PreferFixed A single " +
        "KafkaRDD does not have a driver consumer and cannot look up brokers for you.",
    );
  }
  const ranges = offsetRanges.map(({ topic, partition, fromOffset, untilOffset }) => ({
    topic,
    partition,
    fromOffset,
    untilOffset,
  }));
  const node = kafkaRDD(sc.rdds, {
    ranges,
    isolation,
    hosts: hostsOf(locationStrategy),
    operator: "createRDD",
  });
  return new RDD(node as RDD<unknown>["node"] as RDD<ConsumerRecord<V>>["node"]);
}

function hostsOf({ hosts }: LocationStrategy): Map<string, string> {
  return new Map(hosts.map((one) => [topicPartitionName(one), one.host]));
}

export const KafkaUtils = { createDirectStream, createRDD };
