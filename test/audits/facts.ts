// Hand-made facts about the cluster, with what does not matter left out.
import type { TraceEvent, TraceFact } from "../../core/trace/event.ts";

export function trace(...facts: readonly TraceFact[]): TraceEvent[] {
  return facts.map((fact, seq) => ({ ...fact, seq, atMs: seq * 10, cause: null }));
}

const of = { topic: "t", partition: 0 } as const;

export function topic(minInsyncReplicas = 2): TraceFact {
  const config = { partitions: 1, minInsyncReplicas };
  return { kind: "topic.created", topic: "t", leaders: [1], config };
}

export function led(
  leader: number,
  leaderEpoch: number,
  isr: readonly number[] = [1, 2, 3],
  reason: "created" | "leader failed" | "unclean election" = "leader failed",
): TraceFact {
  const rest = { partitionEpoch: leaderEpoch, replicas: [1, 2, 3], isr, reason };
  return { kind: "partition.changed", ...of, leader, leaderEpoch, ...rest };
}

export function appended(
  baseOffset: number,
  count: number,
  batch: {
    epoch?: number;
    producerId?: number;
    producerEpoch?: number;
    sequence?: number;
    highWatermark?: number;
  } = {},
): TraceFact {
  const { epoch = 0, producerId = -1, sequence = -1, highWatermark = 0 } = batch;
  const { producerEpoch = producerId === -1 ? -1 : 0 } = batch;
  return {
    kind: "records.appended",
    ...of,
    baseOffset,
    count,
    sizeBytes: count * 70,
    logEndOffset: baseOffset + count,
    highWatermark,
    leaderEpoch: epoch,
    producerId,
    producerEpoch,
    baseSequence: sequence,
  };
}

export function copied(
  broker: number,
  baseOffset: number,
  logEndOffset: number,
  epoch = 0,
): TraceFact {
  return {
    kind: "replica.appended",
    ...of,
    broker,
    baseOffset,
    logEndOffset,
    leaderEpoch: epoch,
  };
}

export function acknowledged(baseOffset: number, count: number, acks: 1 | -1 = -1): TraceFact {
  const rest = { client: "producer", acks, baseOffset, count, leaderEpoch: 0 };
  return { kind: "produce.acknowledged", ...of, ...rest };
}

export function watermarkAt(broker: number, highWatermark: number): TraceFact {
  const rest = { broker, highWatermark, lastStableOffset: highWatermark };
  return { kind: "highWatermark.advanced", ...of, ...rest };
}

export function transaction(
  state: "Ongoing" | "PrepareCommit" | "PrepareAbort" | "CompleteCommit" | "CompleteAbort",
  producerEpoch = 0,
): TraceFact {
  return {
    kind: "transaction.changed",
    transactionalId: "tx",
    producerId: 7,
    producerEpoch,
    state,
    partitions: [of, { topic: "t", partition: 1 }],
    groups: [],
    reason: null,
  };
}

export function marker(partition: number, control: "COMMIT" | "ABORT"): TraceFact {
  const rest = { producerId: 7, producerEpoch: 0, control, offset: 5, leaderEpoch: 0 };
  return { kind: "marker.written", topic: "t", partition, ...rest };
}

export function group(
  generation: number,
  members: readonly { readonly member: string; readonly partitions: readonly number[] }[],
): TraceFact {
  return {
    kind: "group.changed",
    group: "g",
    state: "Stable",
    generation,
    protocol: "range",
    leader: members[0]?.member ?? null,
    coordinator: 1,
    members: members.map(({ member, partitions }) => ({
      member,
      instance: null,
      clientId: member,
      partitions: partitions.map((partition) => ({ topic: "t", partition })),
    })),
    reason: "all are there",
  };
}

export function polled(fromOffset: number, untilOffset: number): TraceFact {
  const rest = { client: "c", fromOffset, untilOffset, count: untilOffset - fromOffset };
  return { kind: "records.polled", ...of, ...rest };
}

export function planned(batchTimeMs: number, fromOffset: number, untilOffset: number): TraceFact {
  return {
    kind: "batch.planned",
    batchTimeMs,
    ranges: [{ node: 0, ...of, fromOffset, untilOffset }],
  };
}

export function driver(attempt: number, recoveredFrom: string | null): TraceFact {
  const rest = { zeroTimeMs: 0, nodes: [], rescheduledMs: [] };
  return { kind: "driver.started", attempt, recoveredFrom, ...rest };
}

export function output(batchTimeMs: number, error: string | null = null): TraceFact {
  return { kind: "output.completed", batchTimeMs, output: 0, durationMs: 10, error };
}

export function completed(batchTimeMs: number): TraceFact {
  const delays = { schedulingDelayMs: 0, processingDelayMs: 10, totalDelayMs: 10 };
  return { kind: "batch.completed", batchTimeMs, records: 3, ...delays, failedOutputs: 0 };
}

export function committed(offset: number): TraceFact {
  return { kind: "offsets.committed", group: "g", offsets: [{ ...of, offset }] };
}

export function ended(reason: "input consumed" | "driver failed"): TraceFact {
  return { kind: "run.ended", reason };
}

export function contents(
  name: string,
  ...records: readonly (readonly [key: string, value: string])[]
): TraceFact {
  return {
    kind: "contents.read",
    topic: name,
    isolation: "read_committed",
    records: records.map(([key, value], offset) => ({ partition: 0, offset, key, value })),
  };
}
