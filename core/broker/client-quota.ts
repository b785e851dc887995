/** How much a client may send to a broker, or get from it: a rate over the last windows; who is
 *  above it has to wait until it is not.
 *  Like Kafka: ClientQuotaManager, Rate, QuotaUtils.throttleTime. */

import { wireSizeBytes } from "../log/wire-size.ts";
import type { Header } from "../record/record.ts";

/** `quota.window.size.seconds`, `quota.window.num`. */
const WINDOW_MS = 1_000;
const WINDOWS = 11;
/** Of a batch without its records. */
const BATCH_BYTES = 61;

interface Sample {
  readonly startMs: number;
  lastMs: number;
  bytes: number;
}

export class ClientQuota {
  /** Oldest first. */
  #samples: Sample[] = [];

  /** So many more bytes, now. Shape: how long the client has to wait, in ms. */
  record(bytes: number, bytesPerSecond: number, nowMs: number): number {
    this.#samples = this.#samples.filter(({ lastMs }) => nowMs - lastMs < WINDOWS * WINDOW_MS);
    let last = this.#samples.at(-1);
    if (last === undefined || nowMs - last.startMs >= WINDOW_MS) {
      last = { startMs: nowMs, lastMs: nowMs, bytes: 0 };
      this.#samples.push(last);
    }
    last.bytes += bytes;
    last.lastMs = nowMs;
    const total = this.#samples.reduce((sum, sample) => sum + sample.bytes, 0);
    const allowed = (bytesPerSecond * this.#windowMs(nowMs)) / 1_000;
    if (total <= allowed) return 0;
    return Math.round(((total - allowed) * 1_000) / bytesPerSecond);
  }

  /** What was recorded last is not given after all. */
  unrecord(bytes: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined) last.bytes -= bytes;
  }

  /** At least all windows but one, whole: a client that begins is not above its rate at once. */
  #windowMs(nowMs: number): number {
    const elapsedMs = nowMs - (this.#samples[0]?.startMs ?? nowMs);
    const missing = WINDOWS - 1 - Math.floor(elapsedMs / WINDOW_MS);
    return Math.max(1, elapsedMs + Math.max(0, missing) * WINDOW_MS);
  }
}

/** The most that one fetch is given: what fits the quota when nothing else counts. */
export function quotaWindowBytes(bytesPerSecond: number): number {
  return (bytesPerSecond * (WINDOWS - 1) * WINDOW_MS) / 1_000;
}

/** Of a batch on the wire. */
export function batchBytes(
  records: readonly {
    readonly key: string | null;
    readonly value: string | null;
    readonly timestampMs: number;
    readonly headers: readonly Header[];
  }[],
): number {
  const [first] = records;
  if (first === undefined) return 0;
  const baseTimestampMs = first.timestampMs;
  return records.reduce(
    (sum, record, offsetDelta) => sum + wireSizeBytes(record, { offsetDelta, baseTimestampMs }),
    BATCH_BYTES,
  );
}
