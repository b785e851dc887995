/** The parts of the fold that are about the run and its executors. */

import { compareNumbers } from "../base/order.ts";
import type { EventOf } from "./event.ts";
import {
  type Change,
  type ExecutorSnapshot,
  newest,
  SNAPSHOT_LIMITS,
  type Snapshot,
} from "./snapshot.ts";

export function runStarted(event: EventOf<"run.started">): Change {
  const { seed, batchIntervalMs, defaultParallelism } = event;
  return {
    run: { seed, batchIntervalMs, defaultParallelism, ended: null },
    brokers: Array.from({ length: event.brokers }, (_, index) => ({
      broker: index + 1,
      isUp: true,
      lost: null,
      isFenced: false,
      isRegistered: true,
    })),
  };
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
