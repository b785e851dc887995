/** Where the records of the lanes stand: which offsets are shown, and in which state. Pure. */

import { checkpointedOffset, lagRecords, type PartitionSnapshot } from "streamscope";
import { type BrokerState, brokerState } from "./broker-state.ts";
import { batchInView } from "./drawing.ts";
import type { ChartInput } from "./chart.ts";

/** One record of one lane. */
export interface LaneCell {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Below the log start: retention has removed it. */
  readonly isRemoved: boolean;
  readonly isInBatch: boolean;
  /** Appended by the event shown. */
  readonly isNewest: boolean;
  readonly isSelected: boolean;
  /** The end of a transaction, which takes an offset and holds no record; null for a record. */
  readonly marker: "COMMIT" | "ABORT" | null;
  readonly key: string | null;
  readonly value: string | null;
  readonly isTextKnown: boolean;
  /** In the end another record has its offset: no copy kept it. */
  readonly isLost: boolean;
}

export interface Lane {
  readonly topic: string;
  readonly partition: number;
  readonly leader: number;
  /** Null without a leader. */
  readonly leaderState: BrokerState | null;
  readonly logStart: number;
  readonly logEnd: number;
  readonly highWatermark: number;
  /** What `read_committed` may see ends here. */
  readonly lastStable: number;
  /** In-sync copies, of how many there are. */
  readonly inSync: number;
  readonly replicas: number;
  /** The next offset a batch will read. */
  readonly readOffset: number | null;
  /** Where a driver restored from the newest checkpoint would read on. */
  readonly checkpointed: number | null;
  /** What groups have committed, by group. */
  readonly committed: readonly { readonly group: string; readonly offset: number }[];
  /** Null before the first batch. */
  readonly lag: number | null;
  /** Of the batch in view; null when it does not read this partition. */
  readonly range: { readonly from: number; readonly until: number } | null;
  /** The offset at the left edge. */
  readonly first: number;
  readonly cells: readonly LaneCell[];
  /** Records that are in the log and do not fit. */
  readonly hiddenBefore: number;
  readonly hiddenAfter: number;
}

/** Lanes by topic and partition, each with at most `cellsMax` records: the newest, or those around
 *  the batch in view. */
export function lanesOf(input: ChartInput, cellsMax: number): readonly Lane[] {
  return input.snapshot.topics.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => laneOf(input, topic, partition, cellsMax)),
  );
}

function laneOf(
  input: ChartInput,
  topic: string,
  partition: PartitionSnapshot,
  cellsMax: number,
): Lane {
  const { snapshot } = input;
  const of = { topic, partition: partition.partition };
  const range = rangeOf(input, of);
  const { logStartOffset, logEndOffset } = partition;
  const first = firstShown({ range, logEndOffset, cellsMax });
  const last = Math.min(logEndOffset, first + cellsMax);
  const committed = snapshot.groups.flatMap(({ group, offsets }) =>
    offsets
      .filter((one) => one.topic === topic && one.partition === of.partition)
      .map(({ offset }) => ({ group, offset })),
  );
  return {
    ...of,
    leader: partition.leader,
    leaderState: leaderState(input, partition.leader),
    logStart: logStartOffset,
    logEnd: logEndOffset,
    highWatermark: partition.highWatermark,
    lastStable: partition.lastStableOffset,
    inSync: partition.isr.length,
    replicas: partition.replicas.length,
    readOffset: partition.readOffset,
    checkpointed: checkpointedOffset(snapshot, of),
    committed,
    lag: lagRecords(partition),
    range,
    first,
    cells: Array.from({ length: last - first }, (_, index) =>
      cellOf(input, of, {
        offset: first + index,
        logStart: logStartOffset,
        range,
        epoch: epochAt(partition, first + index),
        marker: partition.markers.find(({ offset }) => offset === first + index)?.control ?? null,
      }),
    ),
    hiddenBefore: Math.max(0, first - logStartOffset),
    hiddenAfter: logEndOffset - last,
  };
}

/** A world that tells of no brokers tells of no leaders either; they are up. */
function leaderState({ snapshot }: ChartInput, leader: number): Lane["leaderState"] {
  return leader === -1 && snapshot.brokers.length > 0 ? null : brokerState(snapshot, leader);
}

/** Whether its leader answers. */
export function isServed({ leaderState: state }: Lane): boolean {
  return state === "up" || state === "fenced";
}

/** The left edge: the newest records, unless the batch in view begins before them. */
function firstShown(of: {
  readonly range: Lane["range"];
  readonly logEndOffset: number;
  readonly cellsMax: number;
}): number {
  const newest = Math.max(0, of.logEndOffset - of.cellsMax);
  return of.range === null ? newest : Math.min(newest, Math.max(0, of.range.from - 1));
}

function rangeOf(
  input: ChartInput,
  of: { readonly topic: string; readonly partition: number },
): Lane["range"] {
  const range = batchInView(input)?.ranges.find(
    (one) => one.topic === of.topic && one.partition === of.partition,
  );
  return range === undefined ? null : { from: range.fromOffset, until: range.untilOffset };
}

/** Of the leader that took the record shown at an offset; null where the trace does not say. */
function epochAt({ replicas, leader }: PartitionSnapshot, offset: number): number | null {
  const epochs = replicas.find(({ broker }) => broker === leader)?.epochs ?? [];
  return epochs.findLast(({ startOffset }) => startOffset <= offset)?.epoch ?? null;
}

function cellOf(
  { log, event, selection: { record } }: ChartInput,
  of: { readonly topic: string; readonly partition: number },
  {
    offset,
    logStart,
    range,
    epoch,
    marker,
  }: Pick<LaneCell, "offset" | "marker"> & {
    readonly logStart: number;
    readonly epoch: number | null;
    readonly range: Lane["range"];
  },
): LaneCell {
  const isHere = (one: { readonly topic: string; readonly partition: number }): boolean =>
    one.topic === of.topic && one.partition === of.partition;
  const last = log.find((one) => isHere(one) && one.offset === offset);
  const isLost = last !== undefined && epoch !== null && last.leaderEpoch !== epoch;
  const text = isLost ? undefined : last;
  return {
    ...of,
    offset,
    isRemoved: offset < logStart,
    isInBatch: range !== null && offset >= range.from && offset < range.until,
    marker,
    isNewest: event?.kind === "records.appended" && isHere(event) && offset >= event.baseOffset,
    isSelected: record !== null && isHere(record) && record.offset === offset,
    key: text?.key ?? null,
    value: text?.value ?? null,
    isTextKnown: text !== undefined,
    isLost,
  };
}
