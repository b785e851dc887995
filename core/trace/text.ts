/** One event, one line: for goldens, the terminal and failure messages. Stable: no seq and no
 *  cause, so that a line stays the same where the fact does.
 *
 *    <ms>  <kind>  <what happened>
 *    4018  task.started  task 7 of stage 3, partition 1 on executor 2, reads sentences-1 [5, 8) */

import { unreachable } from "../base/assert.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import type { EventOf, TraceEvent, TraceKind } from "./event.ts";
import { describeCluster } from "./text-cluster.ts";
import { describeReceiver } from "./text-receivers.ts";

/** Shape: one line, whatever the messages inside hold. */
export function describeEvent(event: TraceEvent): string {
  return `${event.atMs}  ${event.kind}  ${whatHappened(event)}`.replaceAll("\n", "\\n");
}

function whatHappened(event: TraceEvent): string {
  switch (event.kind) {
    case "run.started":
      return (
        `seed ${event.seed}, batch interval ${event.batchIntervalMs} ms, ` +
        `default parallelism ${event.defaultParallelism}, ${plural(event.brokers, "broker")}`
      );
    case "run.ended":
      return event.reason;
    case "fault.injected":
      return event.fault;
    case "fault.unused":
      return `${event.script}: ${event.reason}`;
    case "error.reported":
      return event.message;
    case "topic.created":
      return `${event.topic}, leaders ${event.leaders.join(" ") || "none"}`;
    case "partitions.added":
      return `${event.topic}, ${event.leaders.length} more, leaders ${event.leaders.join(" ")}`;
    case "broker.started":
    case "broker.stopped":
      return `broker ${event.broker}`;
    case "records.appended":
    case "logStart.advanced":
    case "request.failed":
    case "offsets.committed":
      return describeLog(event);
    case "file.written":
      return `${event.path}, ${event.sizeBytes} bytes`;
    case "files.selected":
      return describeFiles(event);
    case "executor.added":
    case "executor.lost":
    case "executor.speedChanged":
    case "block.stored":
    case "block.dropped":
    case "blocks.removed":
    case "rdd.cached":
      return describeExecutors(event);
    case "accumulators.updated":
      return `task ${event.task}: ${event.changes
        .map(({ name, update, value }) => `${name} ${update}, now ${value}`)
        .join("; ")}`;
    case "receiver.started":
    case "receiver.stopped":
    case "receiver.error":
    case "receiver.rateUpdated":
    case "receiver.blockStored":
    case "receiver.blocksAllocated":
    case "receiver.blocksLost":
    case "receiver.blocksRemoved":
      return describeReceiver(event);
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
      return describeCluster(event);
    case "driver.started":
      return describeDriver(event);
    case "driver.stopping":
      return `attempt ${event.attempt}, ${event.gracefully ? "gracefully" : "at once"}`;
    case "driver.crashed":
    case "driver.stopped":
      return `attempt ${event.attempt}`;
    case "checkpoint.written":
      return describeCheckpoint(event);
    case "checkpoint.removed":
      return event.file;
    case "checkpoint.skipped":
      return `${event.file}: ${event.error}`;
    default:
      return describeWork(event);
  }
}

type WorkArea = "batch" | "rate" | "output" | "window" | "state" | "job" | "stage" | "task";
type TaskKind = Extract<TraceKind, `task.${string}`>;
type WorkEvent = Extract<TraceEvent, { readonly kind: `${WorkArea}.${string}` }>;

function describeWork(event: WorkEvent): string {
  switch (event.kind) {
    case "batch.planned":
    case "batch.generationFailed":
    case "batch.submitted":
    case "batch.started":
    case "batch.completed":
      return `batch ${event.batchTimeMs}: ${describeBatch(event)}`;
    case "output.started":
    case "output.written":
    case "output.completed":
      return `batch ${event.batchTimeMs} output ${event.output}: ${describeOutput(event)}`;
    case "rate.estimated":
      return (
        `batch ${event.batchTimeMs} node ${event.node}: ${event.rate} records/s, ` +
        `processed ${event.processingRate} records/s`
      );
    case "window.computed":
      return `batch ${event.batchTimeMs} node ${event.node}: ${describeWindow(event)}`;
    case "state.updated":
      return (
        `batch ${event.batchTimeMs} node ${event.node} partition ${event.partition}: ` +
        `${plural(event.keysTouched, "key")} touched, ${event.keysWithValues} with values, ` +
        `${event.keysRemoved} removed, ${event.keysKept} kept`
      );
    case "job.submitted":
    case "job.completed":
      return `job ${event.job}${describeJob(event)}`;
    case "stage.submitted":
    case "stage.completed":
      return `stage ${event.stage}.${event.attempt}${describeStage(event)}`;
    case "task.started":
    case "task.finished":
    case "task.failed":
    case "task.resubmitted":
    case "task.speculated":
      return (
        `task ${event.task} of stage ${event.stage}.${event.stageAttempt}, partition ` +
        `${event.partition} on executor ${event.executor}, ${describeTask(event)}`
      );
    default:
      return unreachable(event);
  }
}

function describeLog(
  event: EventOf<"records.appended" | "logStart.advanced" | "request.failed" | "offsets.committed">,
): string {
  switch (event.kind) {
    case "records.appended":
      return (
        `${topicPartitionName(event)} ${span(event.baseOffset, event.baseOffset + event.count)}, ` +
        `${event.sizeBytes} B, high watermark ${event.highWatermark}`
      );
    case "logStart.advanced":
      return `${topicPartitionName(event)} to ${event.logStartOffset} by ${event.reason}`;
    case "request.failed":
      return (
        `${event.client} ${event.request} ` +
        `${event.partition === -1 ? event.topic : topicPartitionName(event)}: ${event.error}, ` +
        (event.retryInMs === null ? "gives up" : `again in ${event.retryInMs} ms`)
      );
    case "offsets.committed":
      return `group ${event.group}: ${event.offsets
        .map((of) => `${topicPartitionName(of)} ${of.offset}`)
        .join(", ")}`;
    default:
      return unreachable(event);
  }
}

function describeFiles({ batchTimeMs, paths, ignored }: EventOf<"files.selected">): string {
  const passed = ignored.map(({ path, reason }) => `; not ${path}: ${reason}`).join("");
  return `batch ${batchTimeMs}: ${paths.join(", ") || "no files"}${passed}`;
}

function describeExecutors(
  event: EventOf<
    | "executor.added"
    | "executor.lost"
    | "executor.speedChanged"
    | "block.stored"
    | "block.dropped"
    | "blocks.removed"
    | "rdd.cached"
  >,
): string {
  switch (event.kind) {
    case "executor.added":
      return (
        `executor ${event.executor}, ${plural(event.cores, "core")}, ` +
        `speed ${event.speedPercent}%`
      );
    case "executor.lost":
      return (
        `executor ${event.executor}, with ${plural(event.blocksLost.length, "block")} and ` +
        `${plural(event.shuffleOutputsLost, "shuffle output")}`
      );
    case "block.stored":
      return (
        `${event.block} on executor ${event.executor}, ${plural(event.records, "record")}` +
        (event.storage === "disk" ? ", on disk" : "")
      );
    case "block.dropped":
      return `${event.block} on executor ${event.executor}, ${event.to ?? "gone"}`;
    case "executor.speedChanged":
      return `executor ${event.executor}, speed ${event.speedPercent}%`;
    case "rdd.cached":
      return (
        `rdd ${event.rdd} ${event.name}, ${event.level}, ` + plural(event.partitions, "partition")
      );
    case "blocks.removed":
      return `rdd ${event.rdd}, ${plural(event.blocks, "block")}`;
    default:
      return unreachable(event);
  }
}

function describeDriver(event: EventOf<"driver.started">): string {
  const from = event.recoveredFrom === null ? "afresh" : `from ${event.recoveredFrom}`;
  const again =
    event.rescheduledMs.length === 0 ? "" : `, runs again ${event.rescheduledMs.join(" ")}`;
  const nodes = event.nodes.map(({ id, operator }) => `${id} ${operator}`).join(", ");
  return `attempt ${event.attempt} ${from}, zero time ${event.zeroTimeMs}${again}; nodes: ${nodes}`;
}

function describeBatch(
  event: EventOf<
    | "batch.planned"
    | "batch.generationFailed"
    | "batch.submitted"
    | "batch.started"
    | "batch.completed"
  >,
): string {
  switch (event.kind) {
    case "batch.planned":
      return event.ranges.map(describeSpan).join(", ") || "no ranges";
    case "batch.generationFailed":
      return event.error;
    case "batch.submitted":
      return `${plural(event.records, "record")}, ${plural(event.outputs, "output")}`;
    case "batch.started":
      return `scheduling delay ${event.schedulingDelayMs} ms`;
    case "batch.completed": {
      const failed = event.failedOutputs === 0 ? "" : `, ${event.failedOutputs} failed`;
      return (
        `${plural(event.records, "record")}, delays ${event.schedulingDelayMs} + ` +
        `${event.processingDelayMs} = ${event.totalDelayMs} ms${failed}`
      );
    }
    default:
      return unreachable(event);
  }
}

function describeOutput(
  event: EventOf<"output.started" | "output.written" | "output.completed">,
): string {
  switch (event.kind) {
    case "output.started":
      return event.operator;
    case "output.written":
      return event.lines.length === 0 ? "no lines" : event.lines.join("\n");
    case "output.completed":
      return `${event.durationMs} ms${failure(event.error)}`;
    default:
      return unreachable(event);
  }
}

function describeWindow(event: EventOf<"window.computed">): string {
  const { batchesMs, leavingMs, enteringMs } = event;
  const inverse = [...leavingMs.map((ms) => `-${ms}`), ...enteringMs.map((ms) => `+${ms}`)];
  const change = inverse.length === 0 ? "" : ` (${inverse.join(" ")})`;
  return `${batchesMs.join(" ") || "no batches"}${change}`;
}

function describeJob(event: EventOf<"job.submitted" | "job.completed">): string {
  if (event.kind === "job.completed") return failure(event.error);
  const of =
    event.batchTimeMs === null
      ? ""
      : ` of batch ${event.batchTimeMs}${event.output === null ? "" : ` output ${event.output}`}`;
  const skipped =
    event.skippedStages.length === 0 ? "" : `, skipped ${event.skippedStages.join(" ")}`;
  return `${of}: ${event.action}, stages ${event.stages.join(" ") || "none"}${skipped}`;
}

function describeStage(event: EventOf<"stage.submitted" | "stage.completed">): string {
  if (event.kind === "stage.completed") return failure(event.error);
  const operators = event.operators.map(({ operator }) => operator).join(" > ");
  return (
    ` of job ${event.job}: ${event.type}, partitions ${event.partitions.join(" ")}, ` +
    `${operators || "no operators"}`
  );
}

function describeTask(event: EventOf<TaskKind>): string {
  switch (event.kind) {
    case "task.started": {
      const reads = event.ranges.map(describeSpan).join(" ");
      return `attempt ${event.attempt}${reads === "" ? "" : `, reads ${reads}`}`;
    }
    case "task.finished":
      return (
        `${event.durationMs} ms, read ${event.recordsRead}, shuffle read ` +
        `${event.shuffleRecordsRead}, shuffle written ${event.shuffleRecordsWritten}, out ` +
        `${event.operators.map(({ rdd, records }) => `${rdd}:${records}`).join(" ") || "nothing"}`
      );
    case "task.failed":
      return `attempt ${event.attempt}, ${event.reason}: ${event.error}`;
    case "task.resubmitted":
      return "its output is lost and it runs again";
    case "task.speculated":
      return `${event.runningMs} ms and longer than ${event.thresholdMs} ms: a copy`;
    default:
      return unreachable(event);
  }
}

function describeCheckpoint(event: EventOf<"checkpoint.written">): string {
  const pending = event.pendingMs.length === 0 ? "" : `, pending ${event.pendingMs.join(" ")}`;
  const node = event.node === null ? "" : `, node ${event.node}`;
  return `${event.file} for batch ${event.batchTimeMs}, ${event.sizeBytes} B${node}${pending}`;
}

function describeSpan(range: OffsetRange): string {
  return `${topicPartitionName(range)} ${span(range.fromOffset, range.untilOffset)}`;
}

function span(from: number, until: number): string {
  return `[${from}, ${until})`;
}

function failure(error: string | null): string {
  return error === null ? "" : `: ${error}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
