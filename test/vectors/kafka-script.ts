// Drives the direct stream of a driver, on the simulated Kafka, by the steps of a script.
import type { ReplyOf, RequestKind, RequestOf } from "../../core/broker/broker.ts";
import { makeCoordinators } from "../../core/broker/make-coordinators.ts";
import { SimulatedCluster } from "../../core/broker/simulated-cluster.ts";
import { readKafkaParams } from "../../core/dsl/kafka-params.ts";
import { Assign, Subscribe, SubscribePattern } from "../../core/dsl/kafka-strategies.ts";
import type { OffsetRange } from "../../core/record/offset-range.ts";
import type { ConsumerRecord } from "../../core/record/record.ts";
import { readRange } from "../../core/scheduler/kafka-reader.ts";
import { WriteBehind } from "../../core/scheduler/write-behind.ts";
import { Simulation } from "../../core/sim/simulation.ts";
import { CommitQueue } from "../../core/stream/commit-queue.ts";
import { KafkaInput } from "../../core/stream/kafka-input.ts";
import { readSettings } from "../../core/stream/settings.ts";
import { Trace } from "../../core/trace/trace.ts";

type Row = readonly [topic: string, partition: number, ...offsets: number[]];

export interface Script {
  readonly name: string;
  readonly topics: readonly (readonly [topic: string, partitions: number])[];
  readonly subscription:
    | { readonly kind: "Topics"; readonly of: readonly string[] }
    | { readonly kind: "ByPattern"; readonly of: string }
    | { readonly kind: "Partitions"; readonly of: readonly Row[] };
  readonly offsets: readonly Row[];
  readonly group: boolean;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly step: string; readonly args: readonly unknown[] }[];
  readonly outcomes: readonly unknown[];
}

const requestMs = 2;
/** As long as the generator waits after each. */
const afterBatchMs = 250;
const refreshMs = 1500;

export class KafkaScript {
  readonly #script: Script;
  readonly #runtime: Simulation;
  readonly #broker: SimulatedCluster;
  readonly #topics = new Map<string, number>();
  readonly #callbacks: unknown[] = [];
  #commits = new CommitQueue();
  #input: KafkaInput | null = null;
  #batch = 0;
  #ranges: readonly OffsetRange[] = [];
  #rate = -1;

  constructor(script: Script) {
    this.#script = script;
    const trace = new Trace();
    trace.listen((event) => {
      if (event.kind === "rate.estimated") this.#rate = event.rate;
    });
    this.#runtime = new Simulation({ seed: 1, trace });
    this.#broker = new SimulatedCluster({
      runtime: this.#runtime,
      brokers: 1,
      requestMs,
      makeCoordinators,
    });
  }

  /** Up to the first failure, like the generator's. */
  outcomes(): unknown[] {
    for (const [topic, partitions] of this.#script.topics) this.#createTopic(topic, partitions);
    const outcomes: unknown[] = [];
    for (const { step, args } of this.#script.steps) {
      try {
        outcomes.push(this.#perform(step, args) ?? null);
      } catch (thrown) {
        outcomes.push({ failure: messageOf(thrown) });
        break;
      }
    }
    return outcomes;
  }

  #perform(step: string, args: readonly unknown[]): unknown {
    // The arguments are those of the generator's case classes.
    const [topic, a, b] = args as [string, number, number];
    switch (step) {
      case "CreateTopic":
        return this.#createTopic(topic, a);
      case "AddPartitions":
        return this.#addPartitions(topic, a);
      case "DeleteRecords":
        return this.#ask({ kind: "deleteRecords", topic, partition: a, beforeOffset: b });
      case "Produce":
        return this.#produce(topic, a, b);
      case "Committed":
        return this.#commitFor(topic, a, b);
      case "Start":
        return this.#start();
      case "Batch":
        return this.#plan();
      case "Commit": {
        const [rows, callback] = args as [Row[], string];
        return this.#commit(rows.map(rangeOf), callback);
      }
      case "CommitBatch":
        return this.#commit(this.#ranges, topic);
      case "Processed": {
        const [endedMs, processingDelayMs, schedulingDelayMs] = args as [number, number, number];
        return this.#processed(endedMs, processingDelayMs, schedulingDelayMs);
      }
      case "RefreshMetadata":
        return this.#pass(refreshMs);
      case "Read":
        return this.#read();
      case "Stop":
        this.#stream.stop();
        this.#pass(afterBatchMs);
        return { committed: this.#committed() };
      default:
        throw new Error(`no step is called ${step}`);
    }
  }

  get #stream(): KafkaInput {
    if (this.#input === null) throw new Error("the script starts its stream first");
    return this.#input;
  }

  #pass(ms: number): void {
    const endMs = this.#runtime.now() + ms;
    this.#runtime.schedule(ms, () => {});
    while ((this.#runtime.nextAtMs ?? Infinity) <= endMs) this.#runtime.step();
  }

  #ask<K extends RequestKind>(request: RequestOf<K>): null {
    this.#reply(request);
    return null;
  }

  #reply<K extends RequestKind>(request: RequestOf<K>): ReplyOf<K> {
    const replies: ReplyOf<K>[] = [];
    this.#broker.send<K>(request, (reply) => replies.push(reply));
    this.#runtime.runUntil(() => replies.length > 0);
    const [reply] = replies;
    if (reply === undefined || reply.error !== null) throw new Error(`${request.kind} failed`);
    return reply;
  }

  #createTopic(topic: string, partitions: number): null {
    this.#topics.set(topic, partitions);
    return this.#ask<"createTopic">({ kind: "createTopic", topic, config: { partitions } });
  }

  #addPartitions(topic: string, partitions: number): null {
    this.#topics.set(topic, partitions);
    return this.#ask<"createPartitions">({ kind: "createPartitions", topic, partitions });
  }

  #produce(topic: string, partition: number, count: number): null {
    const timestampMs = this.#runtime.now();
    const records = Array.from({ length: count }, (_, index) => {
      return { key: null, value: `v${index + 1}`, timestampMs, headers: [] };
    });
    return this.#ask<"produce">({ kind: "produce", topic, partition, records });
  }

  #commitFor(topic: string, partition: number, offset: number): null {
    const offsets = [{ topic, partition, offset }];
    return this.#ask<"commitOffsets">({ kind: "commitOffsets", group: "GROUP", offsets });
  }

  #start(): null {
    const { offsets, params, settings, group } = this.#script;
    const kafkaParams = { ...(group ? { "group.id": "GROUP" } : {}), ...params };
    const given = offsets.map(([topic, partition, offset = 0]) => ({ topic, partition, offset }));
    const strategy = this.#strategy(kafkaParams, given);
    const { kafka, backpressure } = readSettings(settings);
    this.#commits = new CommitQueue();
    this.#rate = -1;
    this.#batch = 0;
    this.#input = new KafkaInput({
      node: 0,
      source: {
        kind: "kafka",
        subscription: strategy.subscription,
        ...readKafkaParams(kafkaParams),
        offsets: strategy.offsets,
        location: { kind: "consistent", hosts: new Map() },
        commits: this.#commits,
      },
      batchIntervalMs: 1000,
      runtime: this.#runtime,
      broker: this.#broker,
      limits: kafka,
      backpressure,
      apiTimeoutMs: 60_000,
      retryBackoffMs: 100,
      saved: null,
    });
    this.#finish((done) => this.#stream.start(done));
    return null;
  }

  #strategy(params: Script["params"], offsets: Parameters<typeof Subscribe>[2]) {
    const { subscription } = this.#script;
    if (subscription.kind === "Topics") return Subscribe(subscription.of, params, offsets);
    if (subscription.kind === "ByPattern") {
      return SubscribePattern(new RegExp(subscription.of), params, offsets);
    }
    const partitions = subscription.of.map(([topic, partition]) => ({ topic, partition }));
    return Assign(partitions, params, offsets);
  }

  /** Throws: what it calls back with. */
  #finish(begin: (done: (error: Error | null) => void) => void): void {
    const ends: (Error | null)[] = [];
    begin((error) => ends.push(error));
    this.#pass(afterBatchMs);
    const [error] = ends;
    if (error === undefined) throw new Error("it has not called back");
    if (error !== null) throw error;
  }

  #plan(): unknown {
    this.#batch += 1;
    const timeMs = this.#batch * 1000;
    this.#finish((done) => this.#stream.plan(timeMs, done));
    this.#ranges = this.#stream.rangesOf(timeMs);
    return {
      ranges: this.#ranges.map(({ topic, partition, fromOffset, untilOffset }) => {
        return [topic, partition, fromOffset, untilOffset];
      }),
      committed: this.#committed(),
      callbacks: [...this.#callbacks],
    };
  }

  #committed(): unknown[] {
    const partitions = [...this.#topics].flatMap(([topic, count]) =>
      Array.from({ length: count }, (_, partition) => ({ topic, partition })),
    );
    const request = { kind: "fetchCommitted", group: "GROUP", partitions } as const;
    return this.#reply<"fetchCommitted">(request)
      .offsets.filter(({ offset }) => offset !== null)
      .map(({ topic, partition, offset }) => [topic, partition, offset]);
  }

  #commit(ranges: readonly OffsetRange[], name: string): null {
    if (name === "") this.#commits.add(ranges, null);
    else {
      this.#commits.add(ranges, (offsets, error) => {
        const rows = offsets.map(({ topic, partition, offset }) => [topic, partition, offset]);
        this.#callbacks.push([name, rows, error === null ? null : messageOf(error)]);
      });
    }
    return null;
  }

  /** What the rate controller hears of the batch planned last; the estimate it then has. */
  #processed(endedMs: number, processingDelay: number, schedulingDelay: number): unknown {
    const processingStartTime = endedMs - processingDelay;
    const batchInfo = {
      batchTime: this.#batch * 1000,
      streamIdToInputInfo: new Map(),
      submissionTime: processingStartTime - schedulingDelay,
      processingStartTime,
      processingEndTime: endedMs,
      outputOperationInfos: new Map(),
      schedulingDelay,
      processingDelay,
      totalDelay: schedulingDelay + processingDelay,
      numRecords: 0,
    };
    this.#stream.listener?.onBatchCompleted?.({ batchInfo });
    return { rate: this.#rate };
  }

  /** Reads as tasks do, in the order of the partitions. */
  #read(): unknown[] {
    const records: ConsumerRecord[] = [];
    for (const range of this.#ranges) {
      this.#finish((done) =>
        readRange(
          {
            runtime: this.#runtime,
            broker: this.#broker,
            pollMs: 2000,
            retryBackoffMs: 100,
            allowsGaps: false,
            readAhead: new Map(),
            writeBehind: new WriteBehind(),
          },
          "executor 1",
          range,
          (result) => {
            if ("records" in result) records.push(...result.records.flat());
            done("error" in result ? result.error : null);
          },
        ),
      );
    }
    return records.map(({ topic, partition, offset }) => [topic, partition, offset]);
  }
}

function rangeOf([topic, partition, fromOffset = 0, untilOffset = 0]: Row): OffsetRange {
  return { topic, partition, fromOffset, untilOffset };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
