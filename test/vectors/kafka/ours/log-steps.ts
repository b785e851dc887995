// Requests about the log of one partition, on our cluster.
import type { Acks, ProduceRecord, ProducerBatchId } from "../../../../core/broker/broker.ts";
import type { LogStep, RecordSpec, Step } from "../scenarios/step.ts";
import { type Asking, partitionCalled } from "./asking.ts";
import type { Producers } from "./producers.ts";
import { type Saw, saw } from "./saw.ts";

const wholeLog = { untilOffset: Number.MAX_SAFE_INTEGER, maxRecords: 100_000, maxBytes: 1 << 30 };

/** A record as a step says it. */
export function recordOf(spec: RecordSpec, padding: number): ProduceRecord {
  const [key, value, timestampMs = 0] = typeof spec === "string" ? [null, spec] : spec;
  const padded = value === null ? null : value + ".".repeat(padding);
  return { key, value: padded, timestampMs, headers: [] };
}

/** Without what only makes it larger. */
export const trimmed = (value: string | null): string | null => value?.replace(/\.+$/, "") ?? null;

export class LogSteps {
  readonly #asking: Asking;
  readonly #producers: Producers;

  constructor(asking: Asking, producers: Producers) {
    this.#asking = asking;
    this.#producers = producers;
  }

  run(step: LogStep): (() => Saw | null) | Saw | null {
    // Our clients ask no broker but the leader, tell it no epoch, and know no other acks.
    if (step.broker !== undefined || (step.op === "fetch" && step.leaderEpoch !== undefined)) {
      return null;
    }
    if (step.op === "produce" && ![-1, 0, 1].includes(step.acks ?? -1)) return null;
    const of = partitionCalled(step.partition);
    this.#asking.metadata(of.topic);
    switch (step.op) {
      case "produce":
        return this.#produce(step);
      case "fetch":
        return this.#fetch(step);
      case "listOffsets":
        return this.#listOffsets(step);
      case "deleteRecords": {
        const { error, logStartOffset } = this.#asking.once<"deleteRecords">({
          kind: "deleteRecords",
          ...of,
          beforeOffset: step.before,
        });
        return saw(error, { logStart: logStartOffset });
      }
    }
  }

  #produce(step: Extract<LogStep, { op: "produce" }>): (() => Saw) | Saw | null {
    const batch = this.#producers.batchOf(step);
    const { timeoutMs, acks = -1, padding = 0 } = step;
    const request = {
      kind: "produce" as const,
      ...partitionCalled(step.partition),
      // One of the three, as has been looked at.
      acks: acks as Acks,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(batch === null ? {} : { batch: batch satisfies ProducerBatchId }),
      records: step.records.map((spec) => recordOf(spec, padding)),
    };
    const box = this.#asking.start<"produce">(request);
    if (acks === 0) {
      // Nothing is answered.
      this.#asking.pass(100);
      return null;
    }
    return () => {
      this.#asking.until(() => box.reply !== null, "a reply to produce");
      const { error = null, baseOffset = -1 } = box.reply ?? {};
      return saw(error, { offset: baseOffset });
    };
  }

  #fetch({ partition, from = 0, isolation }: Extract<LogStep, { op: "fetch" }>): Saw {
    const reply = this.#asking.once<"fetch">({
      kind: "fetch",
      ...partitionCalled(partition),
      fromOffset: from,
      ...wholeLog,
      ...(isolation === undefined ? {} : { isolation }),
    });
    const { logStartOffset: logStart, lastStableOffset = -1, highWatermark } = reply;
    return saw(reply.error, { logStart, lastStableOffset, highWatermark });
  }

  #listOffsets(step: Extract<LogStep, { op: "listOffsets" }>): Saw {
    const { at, isolation } = step;
    const { error, offset } = this.#asking.once<"listOffsets">({
      kind: "listOffsets",
      ...partitionCalled(step.partition),
      at: typeof at === "number" ? { timestampMs: at } : at,
      ...(isolation === undefined ? {} : { isolation }),
    });
    return saw(error, { offset });
  }

  /** Where a consumer without a position starts or ends. */
  offset(partition: string, at: "earliest" | "latest", isolation?: "read_committed"): number {
    this.#asking.metadata(partitionCalled(partition).topic);
    const seen = this.#listOffsets({ op: "listOffsets", partition, at, ...opt({ isolation }) });
    return Number(seen["offset"] ?? -1);
  }

  /** All that a consumer gets from an offset to the end there is for it now. */
  read(step: Extract<Step, { op: "read" }>): Saw {
    const { partition, isolation, shows } = step;
    const end = this.offset(partition, "latest", isolation);
    let position = step.from ?? this.offset(partition, "earliest");
    const records: unknown[] = [];
    while (position < end) {
      const reply = this.#asking.once<"fetch">({
        kind: "fetch",
        ...partitionCalled(partition),
        fromOffset: position,
        ...wholeLog,
        ...(isolation === undefined ? {} : { isolation }),
      });
      if (reply.error !== null) return saw(reply.error, {});
      for (const { offset, key, value, timestampMs } of reply.records) {
        const time = shows === "timestamp" ? [timestampMs] : [];
        records.push([offset, key, trimmed(value), ...time]);
      }
      if (reply.nextOffset <= position) throw new Error(`a fetch from ${position} got nowhere`);
      position = reply.nextOffset;
    }
    return { records, position };
  }
}

/** Without what is undefined. */
function opt<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [K in keyof T]: Exclude<T[K], undefined> };
}
