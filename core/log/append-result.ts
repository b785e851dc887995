/** What a log answers to what it is to append. */

import type { RecordError } from "./build-batch.ts";
import type { ProducerError } from "./producer-entry.ts";
import type { RecordBatch } from "./record-batch.ts";

/** By Kafka's names. */
export type AppendError = RecordError | ProducerError | "RECORD_LIST_TOO_LARGE";

type Appended = { readonly kind: "appended"; readonly batch: RecordBatch };
type Refused<E> = { readonly kind: "refused"; readonly error: E };

/** Of a producer's batch. */
export type AppendResult =
  | Appended
  /** It was appended before, and is known by its sequence. */
  | { readonly kind: "duplicate"; readonly baseOffset: number }
  | Refused<AppendError>;

/** Of a marker. */
export type MarkerResult = Appended | Refused<ProducerError>;

/** Nothing was appended. */
export function refused<E>(error: E): Refused<E> {
  return { kind: "refused", error };
}
