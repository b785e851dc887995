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
]);
const ofTheLog = new Set([
  "createTopic",
  "produce",
  "fetch",
  "read",
  "listOffsets",
  "initProducerId",
  "deleteRecords",
]);

function readVectors(group: string): Vector[] {
  const text = readFileSync(new URL(`kafka/${group}.json`, import.meta.url), "utf8");
  const vectors = JSON.parse(text) as Vector[];
  return vectors.filter(
    ({ name, steps }) => !notOfTheLog.has(name) && steps.every(({ op }) => ofTheLog.has(op)),
  );
}

/** Between the times that the scenarios call long ago and far ahead. */
const nowMs = 2_000_000_000_000;

class Logs {
  readonly #logs = new Map<string, PartitionLog>();
  readonly #producers: string[] = [];
  /** Ids in the order in which they are seen: the recorder names them so. */
  readonly #ids: number[] = [];
  #settings = logConfig({});

  run(step: Step): unknown {
    switch (step.op) {
      case "createTopic":
        this.#settings = settingsOf(step.config ?? {});
        return {};
      case "initProducerId":
        this.#producers.push(step.as ?? "");
        return { producer: this.#nameOf(this.#producers.length), epoch: 0 };
      case "produce":
        return this.#produce(step);
      case "fetch":
        return this.#fetch(step);
      case "read":
        return this.#read(step);
      case "listOffsets":
        return listOffsets(this.#log(step), step.at ?? "latest");
      default:
        return this.#delete(step);
    }
  }

  #log({ partition = "" }: Step): PartitionLog {
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
    return { producerId, producerEpoch: epoch, baseSequence: sequence, transactionalId: null };
  }

  #fetch(step: Step): unknown {
    const log = this.#log(step);
    const { from = 0, maxBytes = Infinity } = step;
    if (!log.canRead(from)) return { error: "OFFSET_OUT_OF_RANGE" };
    return {
      logStart: log.logStartOffset,
      lastStableOffset: log.lastStableOffset,
      highWatermark: log.highWatermark,
      batches: log.readBatches(from, maxBytes).map((batch) => this.#describe(batch)),
    };
  }

  #nameOf(producerId: number): string {
    if (!this.#ids.includes(producerId)) this.#ids.push(producerId);
    return `pid${this.#ids.indexOf(producerId) + 1}`;
  }

  #describe(batch: RecordBatch): unknown {
    const { baseOffset, lastOffset, leaderEpoch, records } = batch;
    const shown = records.map(({ offset, key, value }) => [offset, key, cut(value)]);
    const plain = { from: baseOffset, to: lastOffset, leaderEpoch, records: shown };
    if (batch.producerId === -1) return plain;
    const by = { by: this.#nameOf(batch.producerId), epoch: batch.producerEpoch };
    return { ...plain, ...by, sequence: batch.baseSequence };
  }

  #read(step: Step): unknown {
    const log = this.#log(step);
    const limits = { untilOffset: Infinity, maxRecords: Infinity, maxBytes: Infinity };
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

function listOffsets(log: PartitionLog, at: NonNullable<Step["at"]>): unknown {
  if (at === "earliest") return { offset: log.logStartOffset, timestamp: -1 };
  if (at === "latest") return { offset: log.highWatermark, timestamp: -1 };
  const offset = at === "maxTimestamp" ? log.offsetOfMaxTimestamp() : log.offsetAtTime(at);
  if (offset === null) return { offset: -1, timestamp: -1 };
  const one = { untilOffset: Infinity, maxRecords: 1, maxBytes: Infinity };
  return { offset, timestamp: log.read(offset, one).records[0]?.timestampMs };
}

const vectors = ["offsets", "idempotence"].flatMap(readVectors);

test.each(vectors.map(({ name, steps }) => [name, steps] as const))("%s", (_, steps) => {
  const logs = new Logs();
  for (const step of steps) {
    const { saw, ...asked } = step;
    expect({ ...asked, saw: logs.run(step) }).toEqual({ ...asked, saw });
  }
});

test("most of what Kafka was asked about offsets and idempotence is asked here", () => {
  expect(vectors.length).toBeGreaterThanOrEqual(38);
});
