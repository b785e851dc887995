/** The parts of the fold that are about Kafka and the executors. */

import { compareNumbers, compareStrings } from "../base/order.ts";
import { compareTopicPartitions } from "../record/topic-partition.ts";
import type { EventOf } from "./event.ts";
import {
  type Change,
  type ExecutorSnapshot,
  newest,
  type PartitionSnapshot,
  SNAPSHOT_LIMITS,
  type Snapshot,
  type TopicSnapshot,
} from "./snapshot.ts";

export function runStarted(event: EventOf<"run.started">): Change {
  const { seed, batchIntervalMs, defaultParallelism } = event;
  return {
    run: { seed, batchIntervalMs, defaultParallelism, ended: null },
    brokers: Array.from({ length: event.brokers }, (_, index) => ({
      broker: index + 1,
      isUp: true,
    })),
  };
}

export function brokerChanged(
  at: Snapshot,
  { kind, broker }: EventOf<"broker.started" | "broker.stopped">,
): Change {
  const others = at.brokers.filter((one) => one.broker !== broker);
  const changed = { broker, isUp: kind === "broker.started" };
  return {
    brokers: [...others, changed].sort((a, b) => compareNumbers(a.broker, b.broker)),
  };
}

/** A topic that is announced again takes its new leaders and keeps its log. */
export function topicCreated(at: Snapshot, { topic, leaders }: EventOf<"topic.created">): Change {
  const known = at.topics.find((one) => one.topic === topic);
  const created: TopicSnapshot = {
    topic,
    partitions: leaders.map((leader, partition) => ({
      partition,
      logStartOffset: 0,
      logEndOffset: 0,
      highWatermark: 0,
      readOffset: null,
      appends: [],
      ...known?.partitions[partition],
      leader,
    })),
  };
  if (known === undefined) return { topics: [...at.topics, created] };
  return { topics: at.topics.map((one) => (one === known ? created : one)) };
}

export function partitionsAdded(
  at: Snapshot,
  { topic, leaders }: EventOf<"partitions.added">,
): Change {
  const topics = at.topics.map((one) => {
    if (one.topic !== topic) return one;
    const added = leaders.map((leader, index) => ({
      partition: one.partitions.length + index,
      leader,
      logStartOffset: 0,
      logEndOffset: 0,
      highWatermark: 0,
      readOffset: null,
      appends: [],
    }));
    return { ...one, partitions: [...one.partitions, ...added] };
  });
  return { topics };
}

/** The topics with one partition changed; as they were when there is no such partition. */
export function changePartition(
  topics: readonly TopicSnapshot[],
  of: { readonly topic: string; readonly partition: number },
  change: (partition: PartitionSnapshot) => PartitionSnapshot,
): readonly TopicSnapshot[] {
  const index = topics.findIndex(({ topic }) => topic === of.topic);
  const topic = topics[index];
  const partition = topic?.partitions[of.partition];
  if (topic === undefined || partition === undefined) return topics;
  const partitions = topic.partitions.with(of.partition, change(partition));
  return topics.with(index, { ...topic, partitions });
}

export function recordsAppended(at: Snapshot, event: EventOf<"records.appended">): Change {
  const { atMs, baseOffset, count, logEndOffset, highWatermark } = event;
  const append = { atMs, baseOffset, count };
  return {
    topics: changePartition(at.topics, event, (partition) => ({
      ...partition,
      logEndOffset,
      highWatermark,
      appends: newest(partition.appends, append, SNAPSHOT_LIMITS.appends),
    })),
    totals: { ...at.totals, recordsAppended: at.totals.recordsAppended + count },
  };
}

export function logStartAdvanced(at: Snapshot, event: EventOf<"logStart.advanced">): Change {
  const { logStartOffset } = event;
  return {
    topics: changePartition(at.topics, event, (partition) => ({ ...partition, logStartOffset })),
  };
}

export function offsetsCommitted(
  at: Snapshot,
  { group, offsets }: EventOf<"offsets.committed">,
): Change {
  const known = at.groups.find((one) => one.group === group);
  const kept = (known?.offsets ?? []).filter(
    (old) => !offsets.some((of) => of.topic === old.topic && of.partition === old.partition),
  );
  const changed = { group, offsets: [...kept, ...offsets].sort(compareTopicPartitions) };
  const others = at.groups.filter((one) => one !== known);
  return { groups: [...others, changed].sort((a, b) => compareStrings(a.group, b.group)) };
}

export function executorAdded(at: Snapshot, event: EventOf<"executor.added">): Change {
  const { executor, cores, speedPercent } = event;
  const others = at.executors.filter((one) => one.executor !== executor);
  const added: ExecutorSnapshot = {
    executor,
    cores,
    speedPercent,
    isAlive: true,
    runningTasks: [],
    cached: [],
  };
  return {
    executors: [...others, added].sort((a, b) => compareNumbers(a.executor, b.executor)),
  };
}

/** The executors with one changed. */
export function changeExecutor(
  at: Snapshot,
  executor: number,
  change: (executor: ExecutorSnapshot) => ExecutorSnapshot,
): readonly ExecutorSnapshot[] {
  return at.executors.map((one) => (one.executor === executor ? change(one) : one));
}

export function executorLost(at: Snapshot, { executor }: EventOf<"executor.lost">): Change {
  return {
    executors: changeExecutor(at, executor, (one) => ({
      ...one,
      isAlive: false,
      runningTasks: [],
      cached: [],
    })),
  };
}

export function blockStored(at: Snapshot, { block, executor }: EventOf<"block.stored">): Change {
  const rdd = rddOfBlock(block);
  return {
    executors: changeExecutor(at, executor, (one) => {
      const known = one.cached.find((cached) => cached.rdd === rdd);
      const others = one.cached.filter((cached) => cached !== known);
      const cached = { rdd, blocks: (known?.blocks ?? 0) + 1 };
      return { ...one, cached: newest(others, cached, SNAPSHOT_LIMITS.cachedRDDs) };
    }),
  };
}

export function executorSpeedChanged(
  at: Snapshot,
  { executor, speedPercent }: EventOf<"executor.speedChanged">,
): Change {
  return { executors: changeExecutor(at, executor, (one) => ({ ...one, speedPercent })) };
}

/** What goes to disk is cached still. */
export function blockDropped(
  at: Snapshot,
  { block, executor, to }: EventOf<"block.dropped">,
): Change {
  if (to === "disk") return {};
  const rdd = rddOfBlock(block);
  return {
    executors: changeExecutor(at, executor, (one) => ({
      ...one,
      cached: one.cached
        .map((cached) => (cached.rdd === rdd ? { rdd, blocks: cached.blocks - 1 } : cached))
        .filter(({ blocks }) => blocks > 0),
    })),
  };
}

export function blocksRemoved(at: Snapshot, { rdd }: EventOf<"blocks.removed">): Change {
  return {
    executors: at.executors.map((one) => ({
      ...one,
      cached: one.cached.filter((cached) => cached.rdd !== rdd),
    })),
  };
}

/** `rdd_4_1` -> 4. */
function rddOfBlock(block: string): number {
  return Number(/^rdd_(\d+)_/u.exec(block)?.[1] ?? -1);
}
