/** Files as workloads: the world in which `--input` takes the place of a topic's own records. */

import type { TopicConfig } from "../../broker/broker.ts";
import type { ProducerRecord } from "../../record/record.ts";
import type { WorkloadSpec, WorldSpec } from "../../scenario/scenario.ts";
import type { LiveFeed } from "../live-feed.ts";
import { arrivingLines, type InputLine, inputLines } from "./input-lines.ts";
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
    const maxMessageBytes = config?.maxMessageBytes ?? messageBytesMax;
    topics[input.topic] = { ...config, partitions };
    if (options.broker !== null && input.file === "-") continue;
    const rate = options.rate ?? defaultRate;
    workload.push(inputWorkload(input, { partitions, rate, maxMessageBytes }));
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

/** Standard input of a live run: its lines as they come, so that the run goes on meanwhile. */
export function standardInputFeeds(
  world: WorldSpec,
  options: RunOptions,
  defaultRate: number,
): readonly LiveFeed[] {
  const stream: AsyncIterable<Buffer> = process.stdin;
  return options.inputs.flatMap(({ topic, file }) => {
    if (file !== "-") return [];
    const { partitions = defaultPartitions, maxMessageBytes = messageBytesMax } =
      world.topics?.[topic] ?? {};
    async function* arrivals(): AsyncGenerator<readonly ProducerRecord[], void, undefined> {
      for await (const lines of arrivingLines(stream, {
        file,
        ...limitOf(topic, maxMessageBytes),
      })) {
        yield lines.map((line) => ({ atMs: 0, ...recordOf(line, partitions) }));
      }
    }
    return [{ topic, arrivals: arrivals(), rate: options.rate ?? defaultRate }];
  });
}

function inputWorkload(
  { topic, file }: InputOption,
  of: { readonly partitions: number; readonly rate: number; readonly maxMessageBytes: number },
): WorkloadSpec {
  const { partitions, rate, maxMessageBytes } = of;
  function* records(): Generator<ProducerRecord, void, undefined> {
    for (const line of inputLines({ file, ...limitOf(topic, maxMessageBytes) })) {
      const atMs = Math.floor(((line.number - 1) * 1000) / rate);
      yield { atMs, ...recordOf(line, partitions) };
    }
  }
  return { topic, records };
}

/** Dealt over the partitions in turn. */
function recordOf(line: InputLine, partitions: number): Omit<ProducerRecord, "atMs"> {
  return { key: null, value: line.text, partition: (line.number - 1) % partitions };
}

function limitOf(
  topic: string,
  maxMessageBytes: number,
): { readonly lineBytesMax: number; readonly limit: string } {
  return {
    lineBytesMax: Math.max(0, maxMessageBytes - overheadBytes),
    limit: `max.message.bytes ${maxMessageBytes} of topic ${topic}, less the record's own fields`,
  };
}

/** The topics a run has, for a message: `clicks, sentences`. */
export function knownTopics(world: WorldSpec): string {
  return Object.keys(world.topics ?? {}).join(", ") || "none";
}
