/** Files as workloads: the world in which `--input` takes the place of a topic's own records. */

import type { TopicConfig } from "../../broker/broker.ts";
import type { WorkloadRecord, WorkloadSpec, WorldSpec } from "../../scenario/scenario.ts";
import { inputLines } from "./input-lines.ts";
import type { InputOption, RunOptions } from "./run-options.ts";

/** Kafka's `max.message.bytes`. */
const messageBytesMax = 1_048_588;
/** A batch of one record: 61 bytes of header, and at most 11 around the value. */
const overheadBytes = 72;
const defaultPartitions = 2;

/** The world of a run: the file's, with what the command line says over it. */
export function worldOfRun(world: WorldSpec, options: RunOptions, defaultRate: number): WorldSpec {
  const topics: Record<string, TopicConfig> = { ...world.topics };
  const given = new Set(options.inputs.map(({ topic }) => topic));
  const workload = (world.workload ?? []).filter(({ topic }) => !given.has(topic));
  for (const input of options.inputs) {
    const config = topics[input.topic];
    const partitions = options.partitions ?? config?.partitions ?? defaultPartitions;
    topics[input.topic] = { ...config, partitions };
    workload.push(
      inputWorkload(input, {
        partitions,
        rate: options.rate ?? defaultRate,
        maxMessageBytes: config?.maxMessageBytes ?? messageBytesMax,
      }),
    );
  }
  // What ends the run is said once: the command line's word, or the input, in place of the world's.
  const { batches, untilMs, ...rest } = world;
  const isEndGiven = options.batches !== null || options.untilMs !== null;
  const keepsEnd = !isEndGiven && options.inputs.length === 0;
  return {
    ...rest,
    topics,
    workload,
    ...(keepsEnd && batches !== undefined ? { batches } : {}),
    ...(keepsEnd && untilMs !== undefined ? { untilMs } : {}),
    ...(options.batches === null ? {} : { batches: options.batches }),
    ...(options.untilMs === null ? {} : { untilMs: options.untilMs }),
    ...(options.seed === null ? {} : { seed: options.seed }),
    ...(options.intervalMs === null ? {} : { batchIntervalMs: options.intervalMs }),
  };
}

function inputWorkload(
  { topic, file }: InputOption,
  of: { readonly partitions: number; readonly rate: number; readonly maxMessageBytes: number },
): WorkloadSpec {
  const { partitions, rate, maxMessageBytes } = of;
  const lineBytesMax = Math.max(0, maxMessageBytes - overheadBytes);
  const limit = `max.message.bytes ${maxMessageBytes} of topic ${topic}, less the record's own fields`;
  function* records(): Generator<WorkloadRecord, void, undefined> {
    for (const { number, text } of inputLines({ file, lineBytesMax, limit })) {
      const index = number - 1;
      yield {
        atMs: Math.floor((index * 1000) / rate),
        key: null,
        value: text,
        partition: index % partitions,
      };
    }
  }
  return { topic, records };
}

/** The topics a run has, for a message: `clicks, sentences`. */
export function knownTopics(world: WorldSpec): string {
  return Object.keys(world.topics ?? {}).join(", ") || "none";
}
