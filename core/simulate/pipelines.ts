/** The pipelines that simulation runs, each with a sink whose promise can be judged by what the
 *  topics hold in the end. */

import { KafkaUtils } from "../dsl/kafka-utils.ts";
import { PreferConsistent, Subscribe } from "../dsl/kafka-strategies.ts";
import { type KafkaOutput, kafkaSink, transactionalKafkaSink } from "../dsl/sinks.ts";
import { Seconds } from "../base/time.ts";
import type { ConsumerRecord } from "../record/record.ts";
import type { Program } from "../scenario/scenario.ts";

export const INPUT = "in";
export const OUTPUT = "out";
/** The group of the stream. */
export const GROUP = "simulated";

/** `plain` writes each record once more to another topic; `upsert` the same by key; `exact` the
 *  same in transactions that hold the offsets, too; `count` the running count of each key, from
 *  state; `window` counts, and writes nothing. */
export type PipelineName = "plain" | "upsert" | "exact" | "count" | "window";

export interface PipelineChoice {
  readonly name: PipelineName;
  /** State, offsets and pending batches survive the driver. */
  readonly hasCheckpoint: boolean;
  /** Offsets are committed to the group once their outputs are done. */
  readonly commits: boolean;
  readonly offsetReset: "earliest" | "latest";
  /** `enable.auto.commit`: where the driver has got to is committed, whatever became of it. */
  readonly autoCommits: boolean;
  /** `isolation.level`. */
  readonly isolation: "read_uncommitted" | "read_committed";
}

export function pipelineOf(choice: PipelineChoice): Program {
  return (ssc) => {
    if (choice.hasCheckpoint) ssc.checkpoint("checkpoints");
    const stream = KafkaUtils.createDirectStream(
      ssc,
      PreferConsistent,
      Subscribe([INPUT], {
        "group.id": GROUP,
        "auto.offset.reset": choice.offsetReset,
        "enable.auto.commit": choice.autoCommits,
        "auto.commit.interval.ms": 1000,
        "isolation.level": choice.isolation,
      }),
    );
    write(choice.name, stream);
    if (choice.commits) stream.foreachRDD((rdd) => stream.commitAsync(rdd.offsetRanges));
  };
}

type Stream = ReturnType<typeof KafkaUtils.createDirectStream>;

function write(name: PipelineName, stream: Stream): void {
  switch (name) {
    case "plain":
    case "upsert":
      stream
        .map((record): KafkaOutput => {
          const value = String(record.value);
          return { key: name === "upsert" ? value : record.key, value };
        })
        .foreachRDD((rdd) =>
          rdd.foreachPartition(kafkaSink<KafkaOutput>(OUTPUT, (record) => record)),
        );
      return;
    case "exact":
      stream.foreachRDD((rdd) => {
        const offsets = { group: GROUP, ranges: rdd.offsetRanges };
        rdd.foreachPartition(
          transactionalKafkaSink<ConsumerRecord<unknown>>(
            OUTPUT,
            ({ key, value }): KafkaOutput => ({ key: String(key), value: String(value) }),
            { transactionalId: "output", offsets },
          ),
        );
      });
      return;
    case "count":
      stream
        .map(({ key }) => [`${key}`, 1] as const)
        .updateStateByKey<number>((ones, count) => (count ?? 0) + ones.length)
        .foreachRDD((rdd) =>
          rdd.foreachPartition(kafkaSink(OUTPUT, ([key, count]) => ({ key, value: `${count}` }))),
        );
      return;
    case "window":
      stream
        .map(({ key }) => [`${key}`, 1] as const)
        .reduceByKeyAndWindow((a, b) => a + b, Seconds(3), Seconds(1))
        .print();
  }
}
