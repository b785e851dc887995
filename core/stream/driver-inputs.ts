/** The direct streams of one driver: made with its graph, started one after the other. */

import type { Broker } from "../broker/broker.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { FileSystem } from "../files/file-system.ts";
import { FileInput } from "./file-input.ts";
import type { StreamGraph } from "./graph.ts";
import { KafkaInput } from "./kafka-input.ts";
import type { Done } from "./kafka-requests.ts";
import type { PartitionOffset } from "./kafka-source.ts";
import type { StreamNode } from "./node.ts";
import type { Recovered } from "./recovery.ts";
import type { Settings } from "./settings.ts";
import type { ListenerBus } from "./streaming-listener.ts";

/** `default.api.timeout.ms` of Kafka's consumer. */
const API_TIMEOUT_MS = 60_000;

export interface DriverInputsOptions {
  readonly graph: StreamGraph;
  readonly runtime: Runtime;
  readonly broker: Broker;
  readonly retryBackoffMs: number;
  readonly files: FileSystem;
  readonly settings: Settings;
  /** Where an earlier driver stood; null for a first start. */
  readonly recovered: Recovered | null;
}

export class DriverInputs {
  readonly kafka: readonly KafkaInput[];
  readonly files: readonly FileInput[];

  constructor(options: DriverInputsOptions) {
    const { graph, runtime, broker, settings, retryBackoffMs, recovered } = options;
    this.kafka = graph.nodes.flatMap((node: StreamNode<unknown>) => {
      if (node.input === null || node.input.kind !== "kafka") return [];
      const saved = recovered?.checkpoint.inputs.find((one) => one.node === node.id);
      const input = new KafkaInput({
        node: node.id,
        source: node.input,
        batchIntervalMs: graph.batchIntervalMs,
        runtime,
        broker,
        limits: settings.kafka,
        backpressure: settings.backpressure,
        apiTimeoutMs: API_TIMEOUT_MS,
        retryBackoffMs,
        saved: saved ?? null,
      });
      return [input];
    });
    this.files = makeFileInputs(options);
  }

  /** Starts each in turn; calls back with the first error. */
  start(done: Done): void {
    const next = (index: number): void => {
      const input = this.kafka[index];
      if (input === undefined) {
        done(null);
        return;
      }
      input.start((error) => {
        if (error === null) next(index + 1);
        else done(error);
      });
    };
    next(0);
  }

  rangesOf(node: StreamNode<unknown>, timeMs: number): readonly OffsetRange[] {
    return this.kafka.find((input) => input.node === node.id)?.rangesOf(timeMs) ?? [];
  }

  filesOf(node: StreamNode<unknown>, timeMs: number): readonly string[] {
    return this.files.find((input) => input.node === node.id)?.filesOf(timeMs) ?? [];
  }

  /** Back-pressure learns from completed batches. Like Spark: JobScheduler.start, which adds the
   *  rate controllers to the listeners. */
  listen(listeners: ListenerBus): void {
    for (const { listener } of this.kafka) if (listener !== null) listeners.add(listener);
  }

  stop(): void {
    for (const input of this.kafka) input.stop();
  }

  /** The next offset each direct stream will read. */
  get positions(): readonly PartitionOffset[] {
    return this.kafka.flatMap((input) => [...input.current]);
  }

  /** Forgets the ranges and files of batches that no stream remembers. */
  clear(
    graph: StreamGraph,
    batchTimeMs: number,
    rememberMsOf: (node: StreamNode<unknown>) => number,
  ): void {
    for (const input of this.kafka) {
      const node = graph.nodes[input.node];
      if (node !== undefined) input.clear(batchTimeMs - rememberMsOf(node));
    }
    for (const input of this.files) {
      const node = graph.nodes[input.node];
      if (node !== undefined) input.clear(batchTimeMs, rememberMsOf(node));
    }
  }
}

function makeFileInputs(options: DriverInputsOptions): FileInput[] {
  const { graph, runtime, files, settings, recovered } = options;
  const minRememberMs = settings.fileMinRememberMs;
  return graph.nodes.flatMap((node: StreamNode<unknown>) => {
    const { id, input: source, slideMs } = node;
    if (source === null || source.kind !== "files") return [];
    const input = new FileInput({ node: id, source, slideMs, minRememberMs, files, runtime });
    const saved = recovered?.checkpoint.files.find((one) => one.node === id);
    if (saved !== undefined) input.restore(saved);
    return [input];
  });
}
