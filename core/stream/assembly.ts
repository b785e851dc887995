/** Puts together what generates and runs the batches of one driver, once it is known where it
 *  starts. Like Spark: JobScheduler.start, which makes the JobGenerator and what they share. */

import type { StreamscopeError } from "../base/errors.ts";
import type { Broker } from "../broker/broker.ts";
import type { KafkaReaderOptions } from "../scheduler/kafka-reader.ts";
import { WriteBehind } from "../scheduler/write-behind.ts";
import { BatchTable } from "./batch-table.ts";
import type { DriverInputs } from "./driver-inputs.ts";
import type { DriverOptions } from "./driver-options.ts";
import type { DriverRuntime } from "./driver-runtime.ts";
import type { StreamGraph } from "./graph.ts";
import { JobGenerator } from "./job-generator.ts";
import type { JobRunner } from "./job-runner.ts";
import { JobScheduler } from "./job-scheduler.ts";
import { OutputRunner } from "./output-runner.ts";
import type { ReceiverTracker } from "./receiver-tracker.ts";
import type { Settings } from "./settings.ts";
import type { ListenerBus } from "./streaming-listener.ts";

/** `retry.backoff.ms` of Kafka's clients. */
const RETRY_BACKOFF_MS = 100;

export interface AssemblyOptions {
  readonly driver: DriverOptions;
  readonly settings: Settings;
  readonly runtime: DriverRuntime;
  readonly broker: Broker;
  readonly jobs: JobRunner;
  readonly reader: KafkaReaderOptions;
  readonly graph: StreamGraph;
  readonly inputs: DriverInputs;
  readonly receivers: ReceiverTracker;
  readonly zeroTimeMs: number;
  readonly cleared: (batchTimeMs: number) => void;
  readonly checkpoint: (batchTimeMs: number, isCleared: boolean) => void;
  readonly listeners: ListenerBus;
  readonly reportError: (error: StreamscopeError) => void;
  readonly startFailed: (error: StreamscopeError) => void;
}

export interface Assembly {
  readonly table: BatchTable;
  readonly scheduler: JobScheduler;
  readonly generator: JobGenerator;
}

export function assemble(options: AssemblyOptions): Assembly {
  const { driver, runtime, jobs, inputs, graph, listeners, reportError, startFailed } = options;
  const table = makeTable(options);
  const outputs = makeOutputs(options);
  inputs.listen(listeners);
  const scheduler = new JobScheduler({
    runtime,
    concurrentJobs: options.settings.concurrentJobs,
    listeners,
    runOutput: (batch, job, done) => outputs.run(batch, job, done),
    completed: (batch) => generator.clear(batch.timeMs),
    reportError,
  });
  const generator = new JobGenerator({
    runtime,
    graph,
    table,
    inputs: inputs.kafka,
    receivers: options.receivers,
    generateBatchMs: driver.cost.generateBatchMs,
    submit: (batch) => scheduler.submit(batch),
    onDriver: (batchTimeMs, run) => jobs.withProperties({ batchTimeMs, output: null }, run),
    cleared: options.cleared,
    checkpoint: graph.checkpointDirectory === null ? null : options.checkpoint,
    reportError,
    startFailed,
  });
  return { table, scheduler, generator };
}

function makeTable(options: AssemblyOptions): BatchTable {
  const { runtime, jobs, inputs, receivers, graph, zeroTimeMs } = options;
  return new BatchTable({
    graph,
    rdds: jobs,
    zeroTimeMs,
    rangesOf: (node, timeMs) => inputs.rangesOf(node, timeMs),
    filesOf: (node, timeMs) => inputs.filesOf(node, timeMs),
    receivedOf: (node, timeMs) => receivers.receivedOf(node, timeMs),
    windowComputed: (window) => runtime.emit({ kind: "window.computed", ...window }),
    within: (site, run) => jobs.within(site, run),
  });
}

function makeOutputs(options: AssemblyOptions): OutputRunner {
  const { driver, runtime, broker, jobs, reader, graph, zeroTimeMs } = options;
  return new OutputRunner({
    runtime,
    broker,
    jobs,
    reader,
    collects: driver.collects,
    onOutput: (batch, job, lines, records) => {
      const number = (batch.timeMs - zeroTimeMs) / graph.batchIntervalMs;
      driver.onOutput({ batch, job, number, lines, records });
    },
  });
}

/** How this driver and its executors read and write Kafka. */
export function makeReader(
  settings: () => Settings,
  runtime: DriverRuntime,
  broker: Broker,
): KafkaReaderOptions {
  return {
    runtime,
    broker,
    get pollMs() {
      return settings().kafkaPollMs;
    },
    get allowsGaps() {
      return settings().kafka.allowNonConsecutiveOffsets;
    },
    retryBackoffMs: RETRY_BACKOFF_MS,
    readAhead: new Map(),
    writeBehind: new WriteBehind(),
  };
}
