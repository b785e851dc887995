/** A whole scenario from a seed: cluster, topics, load, pipeline, settings and faults. Every choice
 *  has a stream of its own, so that what is taken out of one does not change another. */

import { randomStream, type RandomStream } from "../base/random.ts";
import type { Acks, TopicConfig } from "../broker/broker.ts";
import type { ProducerRecord } from "../record/record.ts";
import type { WorldSpec } from "../scenario/scenario.ts";
import { chooseFaults } from "./choose-faults.ts";
import { INPUT, OUTPUT, type PipelineChoice, type PipelineName } from "./pipelines.ts";

/** A scenario as plain data: what a seed stands for, and what shrinking makes smaller. */
export interface SimulatedScenario {
  readonly seed: number;
  readonly brokers: number;
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  readonly allowsUnclean: boolean;
  /** Crashes may take what was not flushed, or a disk. */
  readonly losesStorage: boolean;
  readonly partitions: number;
  readonly records: number;
  /** Records come every so many ms. */
  readonly everyMs: number;
  readonly keys: number;
  readonly acks: Acks;
  readonly isIdempotent: boolean;
  readonly pipeline: PipelineChoice;
  readonly conf: Readonly<Record<string, string>>;
  /** Lines of the fault script. */
  readonly faults: readonly string[];
}

const BATCH_MS = 500;

export function chooseScenario(seed: number): SimulatedScenario {
  const draw = (name: string): RandomStream => randomStream(seed, `simulate ${name}`);
  const brokers = 1 + draw("brokers").below(4);
  const most = Math.min(3, brokers);
  // Most clusters are as they should be; the others show what happens when they are not.
  const isSound = draw("soundness").ratio(3, 5) && brokers >= 3;
  const replicationFactor = isSound ? 3 : 1 + draw("replication").below(most);
  const cluster = {
    brokers,
    replicationFactor,
    minInsyncReplicas: isSound ? 2 : 1 + draw("min isr").below(Math.min(2, replicationFactor)),
    allowsUnclean: !isSound && draw("unclean").ratio(1, 2),
    losesStorage: !isSound && draw("storage").ratio(1, 3),
    acks: isSound ? (-1 as const) : pick(draw("acks"), [-1, 1, 1] as const),
  };
  const load = {
    partitions: 1 + draw("partitions").below(3),
    records: 40 + draw("records").below(160),
    everyMs: 20 + draw("rate").below(80),
    keys: 1 + draw("keys").below(12),
    isIdempotent: cluster.acks === -1 && draw("idempotence").ratio(4, 5),
  };
  const chosen = {
    seed,
    ...cluster,
    ...load,
    pipeline: choosePipeline(draw("pipeline")),
    conf: chooseConf(draw("conf")),
  };
  return { ...chosen, faults: chooseFaults(draw("faults"), chosen) };
}

function choosePipeline(random: RandomStream): PipelineChoice {
  const names: readonly PipelineName[] = ["plain", "plain", "upsert", "count", "window"];
  const name = pick(random, names);
  const hasCheckpoint = name === "count" || random.ratio(2, 3);
  const commits = !hasCheckpoint || random.ratio(1, 2);
  return {
    name,
    hasCheckpoint,
    commits,
    offsetReset: !hasCheckpoint && random.ratio(1, 6) ? "latest" : "earliest",
  };
}

function chooseConf(random: RandomStream): Readonly<Record<string, string>> {
  const conf: Record<string, string> = {};
  if (random.ratio(1, 5)) conf["spark.streaming.kafka.maxRatePerPartition"] = "40";
  if (random.ratio(1, 5)) conf["spark.streaming.backpressure.enabled"] = "true";
  if (random.ratio(1, 6)) conf["spark.streaming.concurrentJobs"] = "2";
  if (random.ratio(1, 6)) conf["spark.speculation"] = "true";
  return conf;
}

/** When the last record is handed over; what breaks is whole again some time after. */
export function loadMs(of: Pick<SimulatedScenario, "records" | "everyMs">): number {
  return of.records * of.everyMs;
}

export function worldOf(scenario: SimulatedScenario): WorldSpec {
  const { seed, records, everyMs, keys, acks, isIdempotent, conf, faults } = scenario;
  const { pipeline } = scenario;
  const writes = pipeline.name !== "window";
  return {
    seed,
    batchIntervalMs: BATCH_MS,
    brokers: scenario.brokers,
    cluster: {
      // Quicker than Kafka's defaults, so that a run is short.
      brokerSessionTimeoutMs: 3_000,
      brokerHeartbeatIntervalMs: 500,
      replicaLagTimeMaxMs: 4_000,
      leaderImbalanceCheckMs: 10_000,
    },
    topics: {
      [INPUT]: topicOf(scenario, scenario.partitions),
      ...(writes ? { [OUTPUT]: topicOf(scenario, 2) } : {}),
    },
    workload: [
      {
        topic: INPUT,
        producer: { acks, idempotence: isIdempotent },
        records: (random) => recordsOf(random, records, everyMs, keys),
      },
    ],
    conf,
    faults: faults.join("\n"),
    readBack: [
      { topic: INPUT, isolation: "read_committed" },
      ...(writes ? [{ topic: OUTPUT, isolation: "read_committed" } as const] : []),
    ],
  };
}

function topicOf(scenario: SimulatedScenario, partitions: number): TopicConfig {
  const { replicationFactor, minInsyncReplicas, allowsUnclean } = scenario;
  return {
    partitions,
    replicationFactor,
    minInsyncReplicas,
    uncleanLeaderElection: allowsUnclean,
    retentionMs: -1,
  };
}

/** Each with a value of its own. */
function* recordsOf(
  random: RandomStream,
  count: number,
  everyMs: number,
  keys: number,
): Generator<ProducerRecord> {
  for (let index = 0; index < count; index += 1) {
    yield { atMs: index * everyMs, key: `k${random.below(keys)}`, value: `v${index}` };
  }
}

export function pick<T>(random: RandomStream, choices: readonly T[]): T {
  const chosen = choices[random.below(choices.length)];
  if (chosen === undefined) throw new RangeError("there must be something to choose from");
  return chosen;
}
