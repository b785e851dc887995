/** What a coordinator knows of one transactional id, how it may change, and how it lies in the log.
 *  Like Kafka: TransactionMetadata, TransactionLog (transaction.version 0, as in 3.9). */

import { assert } from "../base/assert.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { TransactionState } from "../trace/cluster-fact.ts";

export const NO_PRODUCER_ID = -1;
export const NO_PRODUCER_EPOCH = -1;
/** Java's `Short.MAX_VALUE`. */
const EPOCH_MAX = 32_767;

export interface TransactionData {
  readonly producerId: number;
  /** Before its epochs ran out; -1 for none. */
  readonly previousProducerId: number;
  /** -1 before the first. */
  readonly producerEpoch: number;
  /** The epoch before, where the producer itself raised it; -1 otherwise. */
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  /** Among them the partitions of `__consumer_offsets` of its groups. */
  readonly partitions: readonly TopicPartition[];
  readonly groups: readonly string[];
  /** When the transaction began; -1 for none yet. */
  readonly startMs: number;
  readonly updatedMs: number;
}

/** From which states one is reached. */
const before: Readonly<Record<TransactionState, readonly TransactionState[]>> = {
  Empty: ["Empty", "CompleteCommit", "CompleteAbort"],
  Ongoing: ["Ongoing", "Empty", "CompleteCommit", "CompleteAbort"],
  PrepareCommit: ["Ongoing"],
  PrepareAbort: ["Ongoing", "PrepareEpochFence"],
  CompleteCommit: ["PrepareCommit"],
  CompleteAbort: ["PrepareAbort"],
  Dead: ["Empty", "CompleteCommit", "CompleteAbort"],
  PrepareEpochFence: ["Ongoing"],
};

/** The same with another state and what goes with it. */
export function withState(
  data: TransactionData,
  state: TransactionState,
  change: Partial<Omit<TransactionData, "state">> = {},
): TransactionData {
  assert(before[state].includes(data.state), "a transaction must change legally", {
    from: data.state,
    to: state,
  });
  return { ...data, ...change, state };
}

/** Of a transactional id that nobody has used. */
export function newTransaction(
  producerId: number,
  timeoutMs: number,
  nowMs: number,
): TransactionData {
  return {
    producerId,
    previousProducerId: NO_PRODUCER_ID,
    producerEpoch: NO_PRODUCER_EPOCH,
    lastProducerEpoch: NO_PRODUCER_EPOCH,
    timeoutMs,
    state: "Empty",
    partitions: [],
    groups: [],
    startMs: -1,
    updatedMs: nowMs,
  };
}

/** One epoch is kept for fencing. */
export function isEpochExhausted(producerEpoch: number): boolean {
  return producerEpoch >= EPOCH_MAX - 1;
}

/** The next epoch for whoever asks; null where `expectedEpoch` is of a producer that was fenced. */
export function withNextEpoch(
  data: TransactionData,
  asked: { readonly timeoutMs: number; readonly expectedEpoch: number | null },
  nowMs: number,
): TransactionData | null {
  const { producerEpoch, lastProducerEpoch } = data;
  const { timeoutMs, expectedEpoch } = asked;
  const rest = { timeoutMs, partitions: [], groups: [], startMs: -1, updatedMs: nowMs };
  const next = producerEpoch + 1;
  if (expectedEpoch === null) {
    const epochs = { producerEpoch: next, lastProducerEpoch: NO_PRODUCER_EPOCH };
    return withState(data, "Empty", { ...rest, ...epochs });
  }
  if (producerEpoch === NO_PRODUCER_EPOCH || expectedEpoch === producerEpoch) {
    const epochs = { producerEpoch: next, lastProducerEpoch: producerEpoch };
    return withState(data, "Empty", { ...rest, ...epochs });
  }
  // The reply to the same request was lost: it is given again.
  return expectedEpoch === lastProducerEpoch ? withState(data, "Empty", rest) : null;
}

/** Another producer id, whose epochs begin anew. */
export function withNewProducerId(
  data: TransactionData,
  producerId: number,
  asked: { readonly timeoutMs: number; readonly expectedEpoch: number | null },
  nowMs: number,
): TransactionData {
  return withState(data, "Empty", {
    producerId,
    previousProducerId: data.producerId,
    producerEpoch: 0,
    lastProducerEpoch: asked.expectedEpoch === null ? NO_PRODUCER_EPOCH : data.producerEpoch,
    timeoutMs: asked.timeoutMs,
    partitions: [],
    groups: [],
    startMs: -1,
    updatedMs: nowMs,
  });
}

/** How it lies in the log: what is not in it is forgotten when another broker reads it. */
export function writeTransaction(data: TransactionData): string {
  const { producerId, producerEpoch, timeoutMs, state, partitions, groups, startMs } = data;
  const { updatedMs } = data;
  const stored = { producerId, producerEpoch, timeoutMs, state, partitions, groups };
  return JSON.stringify({ ...stored, startMs, updatedMs });
}

export function readTransaction(text: string): TransactionData {
  // What the log holds, `writeTransaction` has written.
  const stored = JSON.parse(text) as Omit<
    TransactionData,
    "previousProducerId" | "lastProducerEpoch"
  >;
  const unknown = { previousProducerId: NO_PRODUCER_ID, lastProducerEpoch: NO_PRODUCER_EPOCH };
  return { ...stored, ...unknown };
}
