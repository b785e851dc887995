// Goal: a replica's copy of a partition answers as a log of a real broker does.
// Method: of the scenarios that Kafka 3.9.1's brokers ran (kafka/*.json), those that ask one
// partition alone run here on a bare PartitionLog, and see the same: offsets, errors, batches.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { logConfig } from "../../core/log/log-config.ts";
import { PartitionLog } from "../../core/log/partition-log.ts";
import type { RecordBatch } from "../../core/log/record-batch.ts";
import type { ProducerBatchId } from "../../core/record/producer-id.ts";
import type { ProduceRecord } from "../../core/record/record.ts";

/** A step, as the recorder has written it; `saw` is what Kafka answered. */
interface Step {
  readonly op: string;
  readonly saw: unknown;
  readonly partition?: string;
  /** To produce; or how many to wait for. */
  readonly records?:
    | number
    | readonly (string | readonly [string | null, string | null, number?])[];
  readonly padding?: number;
  readonly acks?: number;
  readonly by?: string;
  readonly as?: string;
  readonly producerId?: number;
  readonly epoch?: number;
  readonly sequence?: number;
  readonly from?: number;
  readonly maxBytes?: number;
  readonly at?: number | "earliest" | "latest" | "maxTimestamp";
  readonly before?: number;
  readonly isolation?: "read_committed";
  readonly transactionalId?: string;
  readonly partitions?: number | readonly string[];
  readonly commits?: boolean;
  readonly lastStableOffset?: number;
  readonly highWatermark?: number;
  readonly logStart?: number;
  readonly shows?: string;
  readonly hidesTimestamp?: boolean;
  readonly config?: Readonly<Record<string, number | string>>;
}

interface Vector {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** What is decided before a request comes to a log. */
const notOfTheLog = new Set([
  "offsets/acks that do not exist",
  "offsets/what goes wrong without acks breaks the connection",
  "offsets/a partition that is not there",
  "transactions/each initialisation raises the epoch of the same producer",
  "transactions/initialisation aborts what is open, and fences who had it",
  "transactions/a batch of no transaction that is known",
  "transactions/a batch of another partition than those added",
  "transactions/a new epoch's sequences begin at 0",
  "transactions/a transaction that takes too long is aborted, and its producer fenced",
]);
const ofTheLog = new Set([
  "createTopic",
  "produce",
  "fetch",
  "read",
  "listOffsets",
  "initProducerId",
  "deleteRecords",
  "addPartitions",
  "endTxn",
  "await",
  "awaitRecords",
]);

const ofOthers = new Set(["createTopic", "initProducerId", "addPartitions", "endTxn"]);

function readVectors(group: string): Vector[] {
  const text = readFileSync(new URL(`kafka/${group}.json`, import.meta.url), "utf8");
  const vectors = JSON.parse(text) as Vector[];
  return vectors.filter(
    ({ name, steps }) =>
      !notOfTheLog.has(name) &&
      steps.every(({ op }) => ofTheLog.has(op)) &&
      // What the controller or a coordinator refuses is no matter of the log.
      steps.every(({ op, saw }) => !ofOthers.has(op) || !isError(saw)) &&
      steps.every(({ shows, hidesTimestamp }) => shows === undefined && hidesTimestamp !== true),
  );
}

/** Between the times that the scenarios call long ago and far ahead. */
const nowMs = 2_000_000_000_000;

const all = { untilOffset: Infinity, maxRecords: Infinity, maxBytes: Infinity };

class Logs {
  readonly #logs = new Map<string, PartitionLog>();
  readonly #producers: string[] = [];
  /** Ids in the order in which they are seen: the recorder names them so. */
  readonly #ids: number[] = [];
  /** Partitions of open transactions, by producer. */
  readonly #added = new Map<string, string[]>();
  #settings = settingsOf({});

  run(step: Step): unknown {
    switch (step.op) {
      case "createTopic":
        this.#settings = settingsOf(step.config ?? {});
        return {};
      case "initProducerId":
        this.#producers.push(step.as ?? "");
        return { producer: this.#nameOf(this.#producers.length), epoch: 0 };
      case "addPartitions":
        return this.#add(step);
      case "endTxn":
        return this.#end(step);
      case "produce":
        return this.#produce(step);
      case "fetch":
        return this.#fetch(step);
      case "read":
        return this.#read(step);
      case "listOffsets":
        return listOffsets(this.#log(step), step);
      case "await":
        return this.#await(step);
      case "awaitRecords":
        return this.#awaitRecords(step);
      default:
        return this.#delete(step);
    }
  }

  #add({ by = "", partitions = [] }: Step): unknown {
    if (typeof partitions === "number") return { error: "partitions are named here" };
    this.#added.set(by, [...(this.#added.get(by) ?? []), ...partitions]);
    return {};
  }

  /** The markers of a coordinator. */
  #end({ by = "", commits = false }: Step): unknown {
    const producerId = this.#producers.indexOf(by) + 1;
    const control = commits ? "COMMIT" : "ABORT";
    const marker = { producerId, producerEpoch: 0, control, coordinatorEpoch: 0 } as const;
    for (const partition of this.#added.get(by) ?? []) {
      const log = this.#log({ partition });
      log.appendMarker({ ...marker, leaderEpoch: 0, nowMs });
      log.raiseHighWatermark(log.logEndOffset);
    }
    this.#added.delete(by);
    return {};
  }

  /** The broker's cleaner goes over the log. */
  #awaitRecords(step: Step): unknown {
    const log = this.#log(step);
    const count = () => log.read(log.logStartOffset, all).records.length;
    for (let pass = 0; pass < 3 && count() !== step.records; pass += 1) log.compact(nowMs);
    return count() === step.records ? {} : { records: count() };
  }

  #await(step: Step): unknown {
    const log = this.#log(step);
    if (step.logStart !== undefined) log.retain(nowMs);
    const { lastStableOffset, highWatermark } = log;
    const isThere =
      log.logStartOffset === (step.logStart ?? log.logStartOffset) &&
      lastStableOffset === (step.lastStableOffset ?? lastStableOffset) &&
      highWatermark === (step.highWatermark ?? highWatermark);
    return isThere ? {} : { lastStableOffset, highWatermark };
  }

  #log({ partition = "" }: Pick<Step, "partition">): PartitionLog {
    const known = this.#logs.get(partition);
    if (known !== undefined) return known;
    const log = new PartitionLog({ topic: "t", partition: 0 }, this.#settings);
    this.#logs.set(partition, log);
    return log;
  }

  #produce(step: Step): unknown {
    const log = this.#log(step);
    const specs = typeof step.records === "object" ? step.records : [];
    const records = specs.map((spec) => recordOf(spec, step.padding ?? 0));
    const batch = this.#batchOf(step);
    const result = log.appendAsLeader({ records, batch, leaderEpoch: 0, nowMs });
    log.raiseHighWatermark(log.logEndOffset);
    if (step.acks === 0) return { disconnected: false };
    if (result.kind === "refused") return { error: result.error };
    return { offset: result.kind === "appended" ? result.batch.baseOffset : result.baseOffset };
  }

  #batchOf({ by, epoch = 0, sequence = 0, ...step }: Step): ProducerBatchId | null {
    if (by === undefined) return null;
    const producerId = step.producerId ?? this.#producers.indexOf(by) + 1;
    const transactionalId = this.#added.has(by) ? by : null;
    return { producerId, producerEpoch: epoch, baseSequence: sequence, transactionalId };
  }

  #fetch(step: Step): unknown {
    const log = this.#log(step);
    const { from = 0, maxBytes = Infinity } = step;
    if (!log.canRead(from)) return { error: "OFFSET_OUT_OF_RANGE" };
    const isCommitted = step.isolation === "read_committed";
    const bound = isCommitted ? log.lastStableOffset : log.highWatermark;
    const aborted = log
      .abortedTransactions(from, bound)
      .map(({ producerId, firstOffset }) => [this.#nameOf(producerId), firstOffset]);
    return {
      logStart: log.logStartOffset,
      lastStableOffset: log.lastStableOffset,
      highWatermark: log.highWatermark,
      ...(isCommitted ? { aborted } : {}),
      batches: log
        .readBatches(from, maxBytes)
        .filter(({ lastOffset }) => lastOffset < bound)
        .slice(0, this.#hasSmallSegments ? batchesIn(step.saw) : Infinity)
        .map((batch) => this.#describe(batch)),
    };
  }

  /** Kafka's fetch ends with its segment; ours goes on into the next. */
  get #hasSmallSegments(): boolean {
    return this.#settings.segmentBytes <= 1_000;
  }

  #nameOf(producerId: number): string {
    if (!this.#ids.includes(producerId)) this.#ids.push(producerId);
    return `pid${this.#ids.indexOf(producerId) + 1}`;
  }

  #describe(batch: RecordBatch): unknown {
    const { baseOffset, lastOffset, leaderEpoch, producerId, producerEpoch, control } = batch;
    const place = { from: baseOffset, to: lastOffset, leaderEpoch };
    const records = batch.records.map(({ offset, key, value }) => [offset, key, cut(value)]);
    if (producerId === -1) return { ...place, records };
    const by = { ...place, by: this.#nameOf(producerId), epoch: producerEpoch };
    if (control !== null) return { ...by, transactional: true, control };
    const sent = { ...by, sequence: batch.baseSequence, records };
    return batch.isTransactional ? { ...sent, transactional: true } : sent;
  }

  #read(step: Step): unknown {
    const log = this.#log(step);
    const { isolation = "read_uncommitted" as const } = step;
    const limits = { ...all, isolation };
    const { records, nextOffset } = log.read(step.from ?? log.logStartOffset, limits);
    const shown = records.map(({ offset, key, value }) => [offset, key, cut(value)]);
    return { records: shown, position: nextOffset };
  }

  #delete(step: Step): unknown {
    const log = this.#log(step);
    const offset = step.before === -1 ? log.highWatermark : (step.before ?? 0);
    if (offset < 0 || offset > log.highWatermark) return { error: "OFFSET_OUT_OF_RANGE" };
    log.deleteBefore(offset);
    return { logStart: log.logStartOffset };
  }
}

/** `log.retention.ms` and `log.roll.ms` of the brokers that ran the scenarios. */
const brokers = { retentionMs: -1, segmentMs: Infinity };

function settingsOf(config: Readonly<Record<string, number | string>>) {
  const names: readonly (readonly [setting: string, ours: string])[] = [
    ["max.message.bytes", "maxMessageBytes"],
    ["segment.bytes", "segmentBytes"],
    ["retention.bytes", "retentionBytes"],
    ["retention.ms", "retentionMs"],
    ["delete.retention.ms", "deleteRetentionMs"],
    ["message.timestamp.before.max.ms", "timestampBeforeMaxMs"],
    ["message.timestamp.after.max.ms", "timestampAfterMaxMs"],
    ["cleanup.policy", "cleanupPolicy"],
    ["message.timestamp.type", "timestampType"],
  ];
  const said = names.flatMap(([setting, ours]) => {
    const value = config[setting];
    return value === undefined ? [] : [[ours, value] as const];
  });
  const ratio = Number(config["min.cleanable.dirty.ratio"] ?? 0.5);
  const minCleanableDirtyPercent = ratio * 100;
  return logConfig({ ...brokers, ...Object.fromEntries(said), minCleanableDirtyPercent });
}

function recordOf(
  spec: string | readonly [string | null, string | null, number?],
  padding: number,
): ProduceRecord {
  const [key, value, timestampMs = 0] = typeof spec === "string" ? [null, spec] : spec;
  const padded = value === null ? null : value + ".".repeat(padding);
  return { key, value: padded, timestampMs, headers: [] };
}

/** As the recorder shows values: without what pads them. */
function cut(value: string | null): string | null {
  return value === null ? null : value.replace(/\.+$/u, "");
}

function listOffsets(log: PartitionLog, { at = "latest", isolation }: Step): unknown {
  const bound = isolation === undefined ? log.highWatermark : log.lastStableOffset;
  if (at === "earliest") return { offset: log.logStartOffset, timestamp: -1 };
  if (at === "latest") return { offset: bound, timestamp: -1 };
  const offset = at === "maxTimestamp" ? log.offsetOfMaxTimestamp() : log.offsetAtTime(at);
  if (offset === null || offset >= bound) return { offset: -1, timestamp: -1 };
  const one = { untilOffset: Infinity, maxRecords: 1, maxBytes: Infinity };
  return { offset, timestamp: log.read(offset, one).records[0]?.timestampMs };
}

function batchesIn(saw: unknown): number {
  if (typeof saw !== "object" || saw === null || !("batches" in saw)) return 0;
  return Array.isArray(saw.batches) ? saw.batches.length : 0;
}

function isError(saw: unknown): boolean {
  return typeof saw === "object" && saw !== null && "error" in saw;
}

const vectors = ["offsets", "idempotence", "transactions", "topics"].flatMap(readVectors);

test.each(vectors.map(({ name, steps }) => [name, steps] as const))("%s", (_, steps) => {
  const logs = new Logs();
  for (const step of steps) {
    const { saw, ...asked } = step;
    expect({ ...asked, saw: logs.run(step) }).toEqual({ ...asked, saw });
  }
});

test("most of what Kafka was asked about one partition is asked here", () => {
  expect(vectors.length).toBeGreaterThanOrEqual(65);
});
