/** Streams over Kafka topics. Like Spark: org.apache.spark.streaming.kafka010.KafkaUtils and its
 *  consumer and location strategies. */

import { PipelineError } from "../base/errors.ts";
import { inputLog } from "../operators/input-log.ts";
import type { ConsumerRecord } from "../record/record.ts";
import type { StreamNode } from "../stream/node.ts";
import { DStream } from "./dstream.ts";
import type { StreamingContext } from "./streaming-context.ts";

/** Settings of Kafka's consumer. The world has its own brokers: `bootstrap.servers` and the
 *  deserializers are read and not used. */
export type KafkaParams = Readonly<Record<string, string | boolean>>;

export interface ConsumerStrategy {
  readonly kind: "Subscribe";
  readonly topics: readonly string[];
  readonly kafkaParams: KafkaParams;
  readonly offsets: readonly StartOffset[];
}

/** Where to start in a partition, instead of the group's committed offset. */
export interface StartOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface LocationStrategy {
  readonly kind: "PreferConsistent";
}

/** Gives a partition to the same executor in each batch. */
export const PreferConsistent: LocationStrategy = { kind: "PreferConsistent" };

/** Like Spark: ConsumerStrategies.Subscribe. */
export function Subscribe(
  topics: readonly string[],
  kafkaParams: KafkaParams,
  offsets: readonly StartOffset[] = [],
): ConsumerStrategy {
  return { kind: "Subscribe", topics, kafkaParams, offsets };
}

/** Reads the topics by offset range, without a receiver. The records' values are text; say so with
 *  the type parameter where a topic has tombstones (`string | null`).
 *  Throws: PipelineError GRAPH_INVALID for no topics or a bad `auto.offset.reset`. */
function createDirectStream<V = string>(
  ssc: StreamingContext,
  _locationStrategy: LocationStrategy,
  consumerStrategy: ConsumerStrategy,
): DStream<ConsumerRecord<V>> {
  const { topics, kafkaParams, offsets } = consumerStrategy;
  if (topics.length === 0) {
    throw new PipelineError(
      "GRAPH_INVALID",
      "createDirectStream subscribes to no topic; name at least one",
    );
  }
  const group = kafkaParams["group.id"];
  const node = inputLog(ssc.graph, {
    kind: "kafka",
    topics: [...topics],
    group: typeof group === "string" ? group : null,
    autoOffsetReset: readReset(kafkaParams["auto.offset.reset"]),
    offsets: [...offsets],
  });
  // As in Spark, the type parameter is the person's word for what the topic holds.
  return new DStream(node as StreamNode<unknown> as StreamNode<ConsumerRecord<V>>);
}

function readReset(value: string | boolean | undefined): "earliest" | "latest" | "none" {
  switch (value) {
    case undefined:
    case "latest":
      return "latest";
    case "earliest":
      return "earliest";
    case "none":
      return "none";
    default:
      throw new PipelineError(
        "GRAPH_INVALID",
        `Invalid value ${String(value)} for configuration auto.offset.reset: ` +
          "String must be one of: latest, earliest, none",
      );
  }
}

export const KafkaUtils = { createDirectStream };
