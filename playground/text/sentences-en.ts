/** What each fact says, in English. */

import type { Sentences } from "../describe.ts";
import type { BatchName } from "../batch-name.ts";
import { clusterSentencesEn } from "./cluster-sentences-en.ts";
import { en } from "./en.ts";
import { describeRanges, formatSeconds } from "./words.ts";

export const sentencesEn: Sentences = {
  "run.started": ({ seed, batchIntervalMs }) =>
    `The run starts with seed ${seed} and a batch every ${formatSeconds(batchIntervalMs)}.`,
  "run.ended": ({ reason }) => en.runEnded(reason),
  "fault.injected": ({ fault }) => `Fault: ${fault}.`,
  "fault.unused": ({ script, reason }) => `The fault "${script}" never struck: ${reason}.`,
  "topic.created": ({ topic, leaders }) =>
    `Topic ${topic} is created with ${count(leaders.length, "partition")}.`,
  "partitions.added": ({ topic, leaders }) =>
    `Topic ${topic} gets ${count(leaders.length, "more partition")}.`,
  "broker.started": ({ broker }) => `Broker ${broker} starts.`,
  "broker.stopped": ({ broker }) => `Broker ${broker} stops answering.`,
  "records.appended": ({ topic, partition, baseOffset, count: records, logEndOffset }) =>
    `${records === 1 ? "1 record lands" : `${records} records land`} in ${topic} ` +
    `partition ${partition} from offset ${baseOffset}; the log now ends at ${logEndOffset}.`,
  "logStart.advanced": ({ topic, partition, logStartOffset, reason }) =>
    (reason === "deleteRecords"
      ? `Records of ${topic} partition ${partition} are deleted; `
      : `${reason} removes the oldest segment of ${topic} partition ${partition}; `) +
    `its log now starts at ${logStartOffset}.`,
  "request.failed": ({ client, request, topic, partition, error, retryInMs }) =>
    `${capital(client)}: ${request} on ${topic}` +
    (partition === -1 ? " " : ` partition ${partition} `) +
    `fails with ${error}; ` +
    (retryInMs === null ? "it gives up." : `it asks again in ${retryInMs} ms.`),
  "offsets.committed": ({ group, offsets }) =>
    `Group ${group} commits ${offsets.map((o) => `p${o.partition}@${o.offset}`).join(", ")}.`,
  "file.written": ({ path, sizeBytes }) => `File ${path} is there, ${sizeBytes} bytes.`,
  "files.selected": ({ batchTimeMs, paths, ignored }, batch) =>
    `Batch ${batch(batchTimeMs)} takes ${paths.join(", ") || "no files"}.` +
    ignored.map(({ path, reason }) => ` ${path} is passed over: ${reason}.`).join(""),
  ...clusterSentencesEn,
  "executor.added": ({ executor, cores }) =>
    `Executor ${executor} joins with ${count(cores, "core")}.`,
  "executor.lost": ({ executor, blocksLost, shuffleOutputsLost }) =>
    `Executor ${executor} is lost, and with it ${count(blocksLost.length, "cached block")} and ` +
    `${count(shuffleOutputsLost, "shuffle output")}.`,
  "block.stored": ({ block, executor, records }) =>
    `Executor ${executor} keeps block ${block} with ${count(records, "record")}.`,
  "block.dropped": ({ block, executor, to }) =>
    to === "disk"
      ? `Executor ${executor} has no room: block ${block} goes to its disk.`
      : `Executor ${executor} has no room: block ${block} is gone.`,
  "rdd.cached": ({ rdd, name, level }) => `RDD ${rdd} (${name}) is cached from now on: ${level}.`,
  "executor.speedChanged": ({ executor, speedPercent }) =>
    `Executor ${executor} now works at ${speedPercent}% speed.`,
  "blocks.removed": ({ rdd, blocks }) => `RDD ${rdd} gives back ${count(blocks, "block")}.`,
  "receiver.started": ({ stream, receiver, executor }) =>
    `Receiver ${stream} (${receiver}) starts on executor ${executor} and keeps one of its cores.`,
  "receiver.stopped": ({ stream, message, error }) =>
    `Receiver ${stream} stops: ${message}${error === null ? "" : ` (${error})`}.`,
  "receiver.error": ({ stream, message, error }) =>
    `Receiver ${stream} reports: ${message}${error === null ? "" : ` (${error})`}.`,
  "receiver.rateUpdated": ({ stream, rate }) =>
    `Receiver ${stream} may now store ${count(rate, "record")} a second.`,
  "receiver.blockStored": ({ stream, block, executors, records, logFile }) =>
    `Receiver ${stream} stores block ${block} with ${count(records, "record")} on executor ` +
    `${executors.join(" and ")}${logFile === null ? "" : " and in the write-ahead log"}.`,
  "receiver.blocksAllocated": ({ batchTimeMs, isNew, blocks }, batch) =>
    isNew
      ? `Batch ${batch(batchTimeMs)} gets ${count(blocks.length, "received block")}.`
      : `Batch ${batch(batchTimeMs)} keeps the ${count(blocks.length, "received block")} it had ` +
        `before the driver died.`,
  "receiver.blocksLost": ({ stream, batchTimeMs, blocks }, batch) =>
    `Batch ${batch(batchTimeMs)} lacks ${blocks.join(", ")} of receiver ${stream}: no executor ` +
    `has them any more, and no write-ahead log.`,
  "receiver.blocksRemoved": ({ blocks }) =>
    `${count(blocks, "received block")} of finished batches removed.`,
  "driver.started": ({ attempt, recoveredFrom, rescheduledMs }, batch) =>
    recoveredFrom === null
      ? `The driver starts, attempt ${attempt}, with a fresh graph.`
      : `The driver starts, attempt ${attempt}, from ${recoveredFrom}; it will run again: ` +
        `${batches(rescheduledMs, batch)}.`,
  "driver.stopping": ({ gracefully }) =>
    gracefully
      ? "The context stops gracefully: two more batches are made, and all are finished."
      : "The context stops at once: no batch is made any more, jobs get 2 s to end.",
  "driver.stopped": ({ attempt }) => `The context has stopped, attempt ${attempt}.`,
  "driver.crashed": ({ attempt }) => `The driver dies, attempt ${attempt}; its executors with it.`,
  "error.reported": ({ message }) => `An error reaches the application: ${message}`,
  "batch.planned": ({ batchTimeMs, ranges }, batch) =>
    `Batch ${batch(batchTimeMs)} is cut: ` +
    `${describeRanges(ranges, ", ") || "no offset ranges"}.`,
  "batch.generationFailed": ({ batchTimeMs, error }, batch) =>
    `Batch ${batch(batchTimeMs)} cannot be generated: ${error}`,
  "batch.submitted": ({ batchTimeMs, records, outputs }, batch) =>
    `Batch ${batch(batchTimeMs)} is submitted with ${count(records, "record")} for ` +
    `${count(outputs, "output")}.`,
  "batch.started": ({ batchTimeMs, schedulingDelayMs }, batch) =>
    schedulingDelayMs === 0
      ? `Batch ${batch(batchTimeMs)} starts at once.`
      : `Batch ${batch(batchTimeMs)} starts after waiting ${schedulingDelayMs} ms.`,
  "batch.completed": ({ batchTimeMs, records, processingDelayMs, failedOutputs }, batch) =>
    failedOutputs === 0
      ? `Batch ${batch(batchTimeMs)} is done: ${count(records, "record")} in ` +
        `${processingDelayMs} ms.`
      : `Batch ${batch(batchTimeMs)} ends with ${count(failedOutputs, "failed output")}.`,
  "output.started": ({ batchTimeMs, output, operator }, batch) =>
    `Output ${output} (${operator}) of batch ${batch(batchTimeMs)} begins.`,
  "output.written": ({ batchTimeMs, output, lines }, batch) =>
    `Output ${output} of batch ${batch(batchTimeMs)} writes ${count(lines.length, "line")}.`,
  "output.completed": ({ batchTimeMs, output, durationMs, error }, batch) =>
    error === null
      ? `Output ${output} of batch ${batch(batchTimeMs)} is complete after ${durationMs} ms.`
      : `Output ${output} of batch ${batch(batchTimeMs)} fails: ${error}`,
  "rate.estimated": ({ batchTimeMs, rate, processingRate }, batch) =>
    `Batch ${batch(batchTimeMs)} was processed at ${count(processingRate, "record")} a second; ` +
    `the stream may now take in ${rate} a second.`,
  "window.computed": ({ batchTimeMs, batchesMs, leavingMs, enteringMs }, batch) =>
    `The window of batch ${batch(batchTimeMs)} covers ${batches(batchesMs, batch)}` +
    (leavingMs.length + enteringMs.length === 0
      ? "."
      : `; ${batches(enteringMs, batch)} enter and ${batches(leavingMs, batch)} leave.`),
  "state.updated": ({ partition, keysTouched, keysWithValues, keysRemoved, keysKept }) =>
    `State of partition ${partition}: the update function sees ${count(keysTouched, "key")}, ` +
    `${keysWithValues} with new values; ${keysRemoved} dropped, ${keysKept} kept.`,
  "job.submitted": ({ job, action, stages, skippedStages }) =>
    `Job ${job} (${action}) is submitted with ${count(stages.length, "stage")}` +
    (skippedStages.length === 0
      ? "."
      : `; ${skippedStages.length} more skipped, its output is still there.`),
  "job.completed": ({ job, error }) =>
    error === null ? `Job ${job} is done.` : `Job ${job} fails: ${error}`,
  "stage.submitted": ({ stage, type, partitions, operators }) =>
    `Stage ${stage} (${type}) is submitted with ${count(partitions.length, "task")}: ` +
    `${operators.map(({ operator }) => operator).join(" → ")}.`,
  "stage.completed": ({ stage, error }) =>
    error === null ? `Stage ${stage} is complete.` : `Stage ${stage} fails: ${error}`,
  "task.started": ({ task, stage, partition, executor, ranges }) =>
    `Task ${task} of stage ${stage} starts on executor ${executor} for partition ${partition}` +
    (ranges.length === 0
      ? "."
      : `; it reads ${ranges.map((r) => `[${r.fromOffset}, ${r.untilOffset})`).join(", ")}.`),
  "task.finished": ({ task, durationMs, recordsRead, shuffleRecordsRead, shuffleRecordsWritten }) =>
    `Task ${task} finishes in ${durationMs} ms: ` +
    `${count(recordsRead + shuffleRecordsRead, "record")} in, ` +
    `${shuffleRecordsWritten} to the shuffle.`,
  "task.failed": ({ task, attempt, reason, error }) =>
    `Task ${task} fails at attempt ${attempt} (${reason}): ${error}`,
  "task.resubmitted": ({ task }) => `Task ${task} has to run again: its output is lost.`,
  "task.speculated": ({ task, runningMs, thresholdMs }) =>
    `Task ${task} has run for ${runningMs} ms, longer than ${thresholdMs} ms: a copy may start.`,
  "accumulators.updated": ({ task, changes }) =>
    `Task ${task} adds to accumulators: ` +
    `${changes.map(({ name, update, value }) => `${name} ${update}, now ${value}`).join("; ")}.`,
  "checkpoint.written": ({ file, batchTimeMs, pendingMs }, batch) =>
    `Checkpoint ${file} of batch ${batch(batchTimeMs)} is written` +
    (pendingMs.length === 0 ? "." : `, with ${batches(pendingMs, batch)} pending.`),
  "checkpoint.removed": ({ file }) => `Checkpoint ${file} is no longer needed and is removed.`,
  "checkpoint.skipped": ({ file, error }) => `Checkpoint ${file} cannot be read: ${error}`,
};

function count(things: number, noun: string): string {
  return `${things} ${noun}${things === 1 ? "" : "s"}`;
}

function batches(timesMs: readonly number[], batch: BatchName): string {
  return timesMs.length === 0 ? "no batch" : `batch ${timesMs.map(batch).join(", ")}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
