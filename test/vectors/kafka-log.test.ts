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
  readonly records?: readonly (string | readonly [string | null, string | null, number?])[];
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
]);

const ofCoordinators = new Set(["initProducerId", "addPartitions", "endTxn"]);

function readVectors(group: string): Vector[] {
  const text = readFileSync(new URL(`kafka/${group}.json`, import.meta.url), "utf8");
  const vectors = JSON.parse(text) as Vector[];
  return vectors.filter(
    ({ name, steps }) =>
      !notOfTheLog.has(name) &&
      steps.every(({ op }) => ofTheLog.has(op)) &&
      // What a coordinator refuses is no matter of the log.
      steps.every(({ op, saw }) => !ofCoordinators.has(op) || !isError(saw)),
  );
}

/** Between the times that the scenarios call long ago and far ahead. */
const nowMs = 2_000_000_000_000;

class Logs {
  readonly #logs = new Map<string, PartitionLog>();
  readonly #producers: string[] = [];
  /** Ids in the order in which they are seen: the recorder names them so. */
  readonly #ids: number[] = [];
  /** Partitions of open transactions, by producer. */
  readonly #added = new Map<string, string[]>();
  #settings = logConfig({});

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

  #await(step: Step): unknown {
    const { lastStableOffset, highWatermark } = this.#log(step);
    const isThere =
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
    const records = (step.records ?? []).map((spec) => recordOf(spec, step.padding ?? 0));
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
        .map((batch) => this.#describe(batch)),
    };
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
    const limits = { untilOffset: Infinity, maxRecords: Infinity, maxBytes: Infinity, isolation };
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

function settingsOf(config: Readonly<Record<string, number | string>>) {
  const [maxMessageBytes, segmentBytes] = [config["max.message.bytes"], config["segment.bytes"]];
  const before = config["message.timestamp.before.max.ms"];
  const after = config["message.timestamp.after.max.ms"];
  return logConfig({
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes: Number(maxMessageBytes) }),
    ...(segmentBytes === undefined ? {} : { segmentBytes: Number(segmentBytes) }),
    ...(before === undefined ? {} : { timestampBeforeMaxMs: Number(before) }),
    ...(after === undefined ? {} : { timestampAfterMaxMs: Number(after) }),
    ...(config["cleanup.policy"] === "compact" ? { cleanupPolicy: "compact" as const } : {}),
  });
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

function isError(saw: unknown): boolean {
  return typeof saw === "object" && saw !== null && "error" in saw;
}

const vectors = ["offsets", "idempotence", "transactions"].flatMap(readVectors);

test.each(vectors.map(({ name, steps }) => [name, steps] as const))("%s", (_, steps) => {
  const logs = new Logs();
  for (const step of steps) {
    const { saw, ...asked } = step;
    expect({ ...asked, saw: logs.run(step) }).toEqual({ ...asked, saw });
  }
});

test("most of what Kafka was asked about one partition is asked here", () => {
  expect(vectors.length).toBeGreaterThanOrEqual(50);
});
