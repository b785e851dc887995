/** A whole scenario from a seed: cluster, topics, load, pipeline, settings and faults. Every choice
 *  has a stream of its own, so that what is taken out of one does not change another. */

import { randomStream, type RandomStream } from "../base/random.ts";
import type { TopicConfig } from "../broker/broker.ts";
import type { ProducerRecord } from "../record/record.ts";
import type { WorkloadSpec, WorldSpec } from "../scenario/scenario.ts";
import { chooseFaults } from "./choose-faults.ts";
import { READERS, type ReadersChoice, type SimulatedScenario } from "./simulated-scenario.ts";
import { INPUT, OUTPUT, type PipelineChoice, type PipelineName } from "./pipelines.ts";

const BATCH_MS = 500;
/** A broker that is back may have to wait for its old session to end, then it catches up. */
const HEALING_MS = 5_000;

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
    isUnruly: !isSound && draw("unruliness").ratio(1, 4),
    acks: isSound ? (-1 as const) : pick(draw("acks"), [-1, -1, 1, 1, 1, 0] as const),
  };
  const hasTransactions = cluster.acks === -1 && draw("transactions").ratio(1, 4);
  const transactions = hasTransactions ? chooseTransactions(draw("transaction")) : null;
  const load = {
    partitions: 1 + draw("partitions").below(3),
    records: 40 + draw("records").below(160),
    everyMs: 20 + draw("rate").below(80),
    keys: 1 + draw("keys").below(12),
    isIdempotent: cluster.acks === -1 && (hasTransactions || draw("idempotence").ratio(4, 5)),
    transactions,
    readers: draw("readers").ratio(1, 3) ? chooseReaders(draw("reader")) : null,
  };
  const pipeline = choosePipeline(draw("pipeline"), transactions !== null);
  const chosen = {
    seed,
    ...cluster,
    ...load,
    compactsOutput: pipeline.name === "count" && draw("compaction").ratio(1, 3),
    pipeline,
    conf: {
      ...chooseConf(draw("conf"), pipeline.name),
      // Markers of transactions take offsets, which a stream must be told.
      ...(hasTransactions ? { "spark.streaming.kafka.allowNonConsecutiveOffsets": "true" } : {}),
    },
  };
  return { ...chosen, faults: chooseFaults(draw, chosen) };
}

function chooseTransactions(random: RandomStream): SimulatedScenario["transactions"] {
  return { records: 1 + random.below(12), aborts: random.ratio(1, 2) };
}

function chooseReaders(random: RandomStream): ReadersChoice {
  return {
    count: 1 + random.below(3),
    assignor: pick(random, ["range", "roundrobin", "sticky", "cooperative-sticky"] as const),
    isolation: pick(random, ["read_uncommitted", "read_committed"] as const),
    commits: pick(random, ["auto", "async", "sync"] as const),
    isStatic: random.ratio(1, 4),
  };
}

function choosePipeline(random: RandomStream, hasTransactions: boolean): PipelineChoice {
  const names: readonly PipelineName[] = [
    ...(["plain", "plain", "upsert", "exact", "count", "count", "window"] as const),
  ];
  const name = pick(random, names);
  const hasCheckpoint = name === "count" || (name !== "exact" && random.ratio(2, 3));
  const autoCommits = name !== "exact" && random.ratio(1, 12);
  return {
    name,
    hasCheckpoint,
    commits: name !== "exact" && !autoCommits && (!hasCheckpoint || random.ratio(1, 2)),
    offsetReset: !hasCheckpoint && random.ratio(1, 6) ? "latest" : "earliest",
    autoCommits,
    isolation: hasTransactions ? "read_committed" : "read_uncommitted",
  };
}

function chooseConf(random: RandomStream, name: PipelineName): Readonly<Record<string, string>> {
  const conf: Record<string, string> = {};
  if (random.ratio(1, 5)) conf["spark.streaming.kafka.maxRatePerPartition"] = "40";
  if (random.ratio(1, 5)) conf["spark.streaming.backpressure.enabled"] = "true";
  // Tasks for one partition fence each other, where they write in transactions: those of two
  // batches, and copies of one.
  const writesInTransactions = name === "exact";
  const isConcurrent = random.ratio(1, 6);
  if (isConcurrent && !writesInTransactions) conf["spark.streaming.concurrentJobs"] = "2";
  if (!writesInTransactions && random.ratio(1, 6)) conf["spark.speculation"] = "true";
  return conf;
}

/** When the last record is handed over; what breaks is whole again some time after. */
export function loadMs(of: Pick<SimulatedScenario, "records" | "everyMs">): number {
  return of.records * of.everyMs;
}

/** When the last fault has ended, as far as its line tells. */
function healedMs(faults: readonly string[]): number {
  const ends = faults.map((line) => {
    const [, at = "0", to = at] = /^(?:at|from) (\d+)(?: to (\d+))?/u.exec(line) ?? [];
    const [, forMs = "0"] = /(?: for|back after|again after) (\d+)/u.exec(line) ?? [];
    return Number(to) + Number(forMs);
  });
  return ends.reduce((latest, end) => Math.max(latest, end), 0);
}

export function worldOf(scenario: SimulatedScenario): WorldSpec {
  const { seed, records, everyMs, keys, conf, faults } = scenario;
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
      ...(writes ? { [OUTPUT]: outputTopicOf(scenario) } : {}),
    },
    workload: [
      {
        ...workloadOf(scenario),
        records: (random) => recordsOf(random, records, everyMs, keys),
      },
    ],
    consumers: scenario.readers === null ? [] : [consumersOf(scenario.readers)],
    // What is broken is whole again, brokers are back in sync, markers are written.
    settleMs: Math.max(1_000, healedMs(faults) + HEALING_MS - loadMs(scenario)),
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

function outputTopicOf(scenario: SimulatedScenario): TopicConfig {
  const config = topicOf(scenario, 2);
  if (!scenario.compactsOutput) return config;
  return { ...config, cleanupPolicy: "compact", segmentBytes: 600, minCleanableDirtyPercent: 20 };
}

function workloadOf(scenario: SimulatedScenario): Omit<WorkloadSpec, "records"> {
  const { acks, isIdempotent, transactions } = scenario;
  const producer = { acks, idempotence: isIdempotent };
  if (transactions === null) return { topic: INPUT, producer };
  return {
    topic: INPUT,
    producer: { ...producer, transactionalId: "load", transactionTimeoutMs: 10_000 },
    transactions: {
      recordsPerTransaction: transactions.records,
      ...(transactions.aborts ? { abortEvery: 3 } : {}),
    },
  };
}

function consumersOf({ count, assignor, isolation, commits, isStatic }: ReadersChoice) {
  const names = Array.from({ length: count }, (_, index) => `${READERS}-${index + 1}`);
  return {
    group: READERS,
    topics: [INPUT],
    names,
    ...(isStatic ? { instanceIds: names } : {}),
    settings: {
      sessionTimeoutMs: 6_000,
      heartbeatIntervalMs: 1_000,
      maxPollIntervalMs: 5_000,
      maxPollRecords: 20,
      autoOffsetReset: "earliest" as const,
      enableAutoCommit: commits === "auto",
      autoCommitIntervalMs: 1_000,
      isolationLevel: isolation,
      partitionAssignmentStrategy: [assignor],
      metadataMaxAgeMs: 3_000,
    },
    commits: commits === "auto" ? ("never" as const) : commits,
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
