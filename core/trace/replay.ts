/** Folds a trace, event by event, into the state of the world: what scrubbing shows. Each fold
 *  gives a new snapshot that shares all it did not change with the one before.
 *  Why a fold and not queries: the cost of one event does not depend on how long the run is. */

import { unreachable } from "../base/assert.ts";
import type { EventOf, TraceEvent } from "./event.ts";
import {
  batchCompleted,
  batchesLost,
  batchGenerationFailed,
  batchPlanned,
  batchStarted,
  batchSubmitted,
  outputCompleted,
  outputStarted,
  outputWritten,
  stateUpdated,
  windowComputed,
} from "./replay-batches.ts";
import { brokerChanged, clusterChanged } from "./replay-cluster.ts";
import { fileChanged } from "./replay-files.ts";
import { jobCompleted, jobSubmitted, stageCompleted, stageSubmitted } from "./replay-jobs.ts";
import { receiverChanged, receiversEnded, receiversLost } from "./replay-receivers.ts";
import { offsetsCommitted } from "./replay-groups.ts";
import {
  logStartAdvanced,
  partitionsAdded,
  recordsAppended,
  topicCreated,
} from "./replay-partitions.ts";
import { taskFailed, taskFinished, taskStarted } from "./replay-tasks.ts";
import {
  blockDropped,
  blocksRemoved,
  blockStored,
  executorAdded,
  executorLost,
  executorSpeedChanged,
  runStarted,
} from "./replay-world.ts";
import { type Change, newest, SNAPSHOT_LIMITS, type Snapshot } from "./snapshot.ts";

export { emptySnapshot, type Snapshot } from "./snapshot.ts";

/** The world after one more event. Pure.
 *  Shape: events in the order of the trace, from its first. */
export function applyEvent(snapshot: Snapshot, event: TraceEvent): Snapshot {
  return { ...snapshot, ...change(snapshot, event), seq: event.seq, atMs: event.atMs };
}

function change(at: Snapshot, event: TraceEvent): Change {
  switch (event.kind) {
    case "run.started":
      return runStarted(event);
    case "run.ended":
      return at.run === null ? {} : { run: { ...at.run, ended: event.reason } };
    case "topic.created":
      return topicCreated(at, event);
    case "partitions.added":
      return partitionsAdded(at, event);
    case "broker.started":
    case "broker.stopped":
      return brokerChanged(at, event);
    case "records.appended":
      return recordsAppended(at, event);
    case "logStart.advanced":
      return logStartAdvanced(at, event);
    case "offsets.committed":
      return offsetsCommitted(at, event);
    case "executor.added":
      return executorAdded(at, event);
    case "executor.lost":
      return { ...executorLost(at, event), ...receiversLost(at, event) };
    case "file.written":
    case "files.selected":
      return fileChanged(at, event);
    case "block.stored":
      return blockStored(at, event);
    case "block.dropped":
      return blockDropped(at, event);
    case "executor.speedChanged":
      return executorSpeedChanged(at, event);
    case "rdd.cached":
    case "accumulators.updated":
      return {};
    case "blocks.removed":
      return blocksRemoved(at, event);
    case "receiver.started":
    case "receiver.stopped":
    case "receiver.error":
    case "receiver.rateUpdated":
    case "receiver.blockStored":
    case "receiver.blocksAllocated":
    case "receiver.blocksLost":
    case "receiver.blocksRemoved":
      return receiverChanged(at, event);
    case "broker.crashed":
    case "broker.slowed":
    case "broker.fenced":
    case "broker.unfenced":
    case "controller.changed":
    case "link.changed":
    case "partition.changed":
    case "replica.appended":
    case "highWatermark.advanced":
    case "log.truncated":
    case "log.compacted":
    case "topic.deleted":
    case "topic.altered":
    case "contents.read":
    case "produce.acknowledged":
    case "client.throttled":
    case "duplicate.refused":
    case "producer.initialised":
    case "transaction.changed":
    case "marker.written":
    case "group.changed":
    case "offsets.expired":
    case "records.polled":
    case "position.reset":
      return clusterChanged(at, event);
    case "driver.started":
    case "driver.crashed":
      return driverChanged(at, event);
    case "driver.stopping":
    case "fault.unused":
      return {};
    case "driver.stopped":
      return driverEnded(at);
    case "fault.injected":
    case "error.reported":
    case "request.failed":
    case "checkpoint.written":
    case "checkpoint.removed":
    case "checkpoint.skipped":
      return noted(at, event);
    default:
      return batchChange(at, event);
  }
}

type BatchArea = "batch" | "rate" | "output" | "window" | "state" | "job" | "stage" | "task";

function batchChange(
  at: Snapshot,
  event: Extract<TraceEvent, { kind: `${BatchArea}.${string}` }>,
): Change {
  switch (event.kind) {
    case "batch.planned":
      return batchPlanned(at, event);
    case "batch.generationFailed":
      return batchGenerationFailed(at, event);
    case "batch.submitted":
      return batchSubmitted(at, event);
    case "batch.started":
      return batchStarted(at, event);
    case "batch.completed":
      return batchCompleted(at, event);
    case "output.started":
      return outputStarted(at, event);
    case "output.written":
      return outputWritten(at, event);
    case "output.completed":
      return outputCompleted(at, event);
    case "rate.estimated":
      return rateEstimated(at, event);
    case "window.computed":
      return windowComputed(at, event);
    case "state.updated":
      return stateUpdated(at, event);
    case "job.submitted":
      return jobSubmitted(at, event);
    case "job.completed":
      return jobCompleted(at, event);
    case "stage.submitted":
      return stageSubmitted(at, event);
    case "stage.completed":
      return stageCompleted(at, event);
    case "task.started":
      return taskStarted(at, event);
    case "task.finished":
      return taskFinished(at, event);
    case "task.failed":
      return taskFailed(at, event);
    case "task.resubmitted":
    case "task.speculated":
      return {};
    default:
      return unreachable(event);
  }
}

function driverChanged(at: Snapshot, event: EventOf<"driver.started" | "driver.crashed">): Change {
  const driverMarks = newest(at.driverMarks, event, SNAPSHOT_LIMITS.marks);
  if (event.kind === "driver.started") {
    const { attempt, recoveredFrom, zeroTimeMs, nodes, rescheduledMs, atMs } = event;
    return {
      driverMarks,
      driver: {
        attempt,
        isAlive: true,
        startedMs: atMs,
        recoveredFrom,
        zeroTimeMs,
        nodes,
        rescheduledMs,
        rates: [],
      },
    };
  }
  return { driverMarks, ...driverEnded(at) };
}

function driverEnded(at: Snapshot): Change {
  return {
    ...receiversEnded(at),
    driver: at.driver === null ? null : { ...at.driver, isAlive: false },
    // The executors of an application end with its driver; so do its jobs.
    executors: at.executors.map((executor) => ({
      ...executor,
      isAlive: false,
      runningTasks: [],
      cached: [],
    })),
    routes: { jobs: [], stages: [] },
    batches: batchesLost(at.batches),
  };
}

/** The newest estimate of each stream. */
function rateEstimated(at: Snapshot, event: EventOf<"rate.estimated">): Change {
  if (at.driver === null) return {};
  const { node, batchTimeMs, rate, processingRate } = event;
  const rates = [
    ...at.driver.rates.filter((known) => known.node !== node),
    { node, batchTimeMs, rate, processingRate },
  ];
  return { driver: { ...at.driver, rates } };
}

function noted(
  at: Snapshot,
  event: EventOf<
    | "fault.injected"
    | "error.reported"
    | "request.failed"
    | "checkpoint.written"
    | "checkpoint.removed"
    | "checkpoint.skipped"
  >,
): Change {
  const { marks, checkpointFiles } = SNAPSHOT_LIMITS;
  switch (event.kind) {
    case "fault.injected":
      return { faults: newest(at.faults, event, marks) };
    case "error.reported":
      return { errors: newest(at.errors, event, marks) };
    case "request.failed":
      return { requestsFailed: newest(at.requestsFailed, event, marks) };
    case "checkpoint.written": {
      const others = at.checkpoints.filter(({ file }) => file !== event.file);
      return { checkpoints: newest(others, event, checkpointFiles) };
    }
    case "checkpoint.removed":
      return { checkpoints: at.checkpoints.filter(({ file }) => file !== event.file) };
    case "checkpoint.skipped":
      // It is still in the store; that it could not be read is the next driver's affair.
      return {};
    default:
      return unreachable(event);
  }
}
