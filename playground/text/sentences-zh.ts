/** What each fact says, in simplified Chinese. */

import type { Sentences } from "../describe.ts";
import type { BatchName } from "../batch-name.ts";
import { clusterSentencesZh } from "./cluster-sentences-zh.ts";
import { zh } from "./zh.ts";
import { describeRanges, formatSeconds } from "./words.ts";

export const sentencesZh: Sentences = {
  "run.started": ({ seed, batchIntervalMs }) =>
    `运行开始：种子 ${seed}，每 ${formatSeconds(batchIntervalMs)} 一个批次。`,
  "run.ended": ({ reason }) => zh.runEnded(reason),
  "fault.injected": ({ fault }) => `故障：${fault}。`,
  "fault.unused": ({ script, reason }) =>
    `故障“${script}”没有发生：${reason === "its moment never came" ? "时机未到" : "没有对象"}。`,
  "topic.created": ({ topic, leaders }) => `创建主题 ${topic}，共 ${leaders.length} 个分区。`,
  "partitions.added": ({ topic, leaders }) => `主题 ${topic} 新增 ${leaders.length} 个分区。`,
  "broker.started": ({ broker }) => `broker ${broker} 启动。`,
  "broker.stopped": ({ broker }) => `broker ${broker} 停止应答。`,
  "records.appended": ({ topic, partition, baseOffset, count, logEndOffset }) =>
    `${count} 条记录写入 ${topic} 分区 ${partition}，从偏移量 ${baseOffset} 起；` +
    `日志末端现为 ${logEndOffset}。`,
  "logStart.advanced": ({ topic, partition, logStartOffset, reason }) =>
    (reason === "deleteRecords"
      ? `${topic} 分区 ${partition} 的记录被删除；`
      : `${reason} 删除 ${topic} 分区 ${partition} 最旧的段；`) +
    `日志起点现为 ${logStartOffset}。`,
  "request.failed": ({ client, request, topic, partition, error, retryInMs }) =>
    `${client}：对 ${topic}${partition === -1 ? "" : ` 分区 ${partition}`} 的 ${request} 失败，` +
    `错误 ${error}；` +
    (retryInMs === null ? "放弃。" : `${retryInMs} ms 后重试。`),
  "offsets.committed": ({ group, offsets }) =>
    `消费者组 ${group} 提交 ${offsets.map((o) => `p${o.partition}@${o.offset}`).join("、")}。`,
  "file.written": ({ path, sizeBytes }) => `文件 ${path} 已写好，${sizeBytes} 字节。`,
  "files.selected": ({ batchTimeMs, paths, ignored }, batch) =>
    `批次 ${batch(batchTimeMs)} 取走 ${paths.join("、") || "零个文件"}。` +
    ignored.map(({ path, reason }) => `${path} 未取：${reason}。`).join(""),
  ...clusterSentencesZh,
  "executor.added": ({ executor, cores }) => `executor ${executor} 加入，${cores} 个核。`,
  "executor.lost": ({ executor, blocksLost, shuffleOutputsLost }) =>
    `executor ${executor} 丢失，同时丢失 ${blocksLost.length} 个缓存块和 ` +
    `${shuffleOutputsLost} 份混洗输出。`,
  "block.stored": ({ block, executor, records }) =>
    `executor ${executor} 保存块 ${block}，共 ${records} 条记录。`,
  "block.dropped": ({ block, executor, to }) =>
    to === "disk"
      ? `executor ${executor} 内存不足：块 ${block} 移到磁盘。`
      : `executor ${executor} 内存不足：块 ${block} 被丢弃。`,
  "rdd.cached": ({ rdd, name, level }) => `RDD ${rdd}（${name}）开始缓存：${level}。`,
  "executor.speedChanged": ({ executor, speedPercent }) =>
    `executor ${executor} 的速度变为 ${speedPercent}%。`,
  "blocks.removed": ({ rdd, blocks }) => `RDD ${rdd} 的 ${blocks} 个块被清除。`,
  "receiver.started": ({ stream, receiver, executor }) =>
    `接收器 ${stream}（${receiver}）在执行器 ${executor} 上启动，并占用它的一个核。`,
  "receiver.stopped": ({ stream, message, error }) =>
    `接收器 ${stream} 停止：${message}${error === null ? "" : `（${error}）`}。`,
  "receiver.error": ({ stream, message, error }) =>
    `接收器 ${stream} 报告：${message}${error === null ? "" : `（${error}）`}。`,
  "receiver.rateUpdated": ({ stream, rate }) => `接收器 ${stream} 现在每秒最多存 ${rate} 条记录。`,
  "receiver.blockStored": ({ stream, block, executors, records, logFile }) =>
    `接收器 ${stream} 把含 ${records} 条记录的块 ${block} 存到执行器 ` +
    `${executors.join("、")}${logFile === null ? "" : "，并写入预写日志"}。`,
  "receiver.blocksAllocated": ({ batchTimeMs, isNew, blocks }, batch) =>
    isNew
      ? `批次 ${batch(batchTimeMs)} 分到 ${blocks.length} 个接收到的块。`
      : `批次 ${batch(batchTimeMs)} 沿用驱动程序崩溃前分到的 ${blocks.length} 个块。`,
  "receiver.blocksLost": ({ stream, batchTimeMs, blocks }, batch) =>
    `批次 ${batch(batchTimeMs)} 缺少接收器 ${stream} 的 ${blocks.join("、")}：` +
    `没有执行器还保存它们，也没有预写日志。`,
  "receiver.blocksRemoved": ({ blocks }) => `已完成批次的 ${blocks} 个接收块被删除。`,
  "driver.started": ({ attempt, recoveredFrom, rescheduledMs }, batch) =>
    recoveredFrom === null
      ? `driver 启动（第 ${attempt} 次），使用全新的图。`
      : `driver 启动（第 ${attempt} 次），从 ${recoveredFrom} 恢复；将重新运行：` +
        `${batches(rescheduledMs, batch)}。`,
  "driver.stopping": ({ gracefully }) =>
    gracefully
      ? "context 优雅停止：再生成两个 batch，并把所有 batch 处理完。"
      : "context 立即停止：不再生成 batch，正在运行的 job 还有 2 秒。",
  "driver.stopped": ({ attempt }) => `context 已停止（第 ${attempt} 次）。`,
  "driver.crashed": ({ attempt }) => `driver 死亡（第 ${attempt} 次），它的 executor 一同死亡。`,
  "error.reported": ({ message }) => `应用收到错误：${message}`,
  "batch.planned": ({ batchTimeMs, ranges }, batch) =>
    `切出批次 ${batch(batchTimeMs)}：` + `${describeRanges(ranges, "、") || "无偏移量范围"}。`,
  "batch.generationFailed": ({ batchTimeMs, error }, batch) =>
    `批次 ${batch(batchTimeMs)} 无法生成：${error}`,
  "batch.submitted": ({ batchTimeMs, records, outputs }, batch) =>
    `提交批次 ${batch(batchTimeMs)}：${records} 条记录，${outputs} 个输出。`,
  "batch.started": ({ batchTimeMs, schedulingDelayMs }, batch) =>
    schedulingDelayMs === 0
      ? `批次 ${batch(batchTimeMs)} 立即开始。`
      : `批次 ${batch(batchTimeMs)} 等待 ${schedulingDelayMs} ms 后开始。`,
  "batch.completed": ({ batchTimeMs, records, processingDelayMs, failedOutputs }, batch) =>
    failedOutputs === 0
      ? `批次 ${batch(batchTimeMs)} 完成：${records} 条记录，用时 ${processingDelayMs} ms。`
      : `批次 ${batch(batchTimeMs)} 结束，有 ${failedOutputs} 个输出失败。`,
  "output.started": ({ batchTimeMs, output, operator }, batch) =>
    `批次 ${batch(batchTimeMs)} 的输出 ${output}（${operator}）开始。`,
  "output.written": ({ batchTimeMs, output, lines }, batch) =>
    `批次 ${batch(batchTimeMs)} 的输出 ${output} 写出 ${lines.length} 行。`,
  "output.completed": ({ batchTimeMs, output, durationMs, error }, batch) =>
    error === null
      ? `批次 ${batch(batchTimeMs)} 的输出 ${output} 完成，用时 ${durationMs} ms。`
      : `批次 ${batch(batchTimeMs)} 的输出 ${output} 失败：${error}`,
  "rate.estimated": ({ batchTimeMs, rate, processingRate }, batch) =>
    `批次 ${batch(batchTimeMs)} 每秒处理了 ${processingRate} 条记录；此后该流每秒最多读取 ${rate} 条。`,
  "window.computed": ({ batchTimeMs, batchesMs, leavingMs, enteringMs }, batch) =>
    `批次 ${batch(batchTimeMs)} 的窗口包含 ${batches(batchesMs, batch)}` +
    (leavingMs.length + enteringMs.length === 0
      ? "。"
      : `；进入 ${batches(enteringMs, batch)}，离开 ${batches(leavingMs, batch)}。`),
  "state.updated": ({ partition, keysTouched, keysWithValues, keysRemoved, keysKept }) =>
    `分区 ${partition} 的状态：更新函数处理 ${keysTouched} 个键，其中 ${keysWithValues} 个有新值；` +
    `删除 ${keysRemoved} 个，保留 ${keysKept} 个。`,
  "job.submitted": ({ job, action, stages, skippedStages }) =>
    `提交作业 ${job}（${action}），共 ${stages.length} 个阶段` +
    (skippedStages.length === 0 ? "。" : `；另有 ${skippedStages.length} 个被跳过，其输出仍在。`),
  "job.completed": ({ job, error }) =>
    error === null ? `作业 ${job} 完成。` : `作业 ${job} 失败：${error}`,
  "stage.submitted": ({ stage, type, partitions, operators }) =>
    `提交阶段 ${stage}（${type}），${partitions.length} 个任务：` +
    `${operators.map(({ operator }) => operator).join(" → ")}。`,
  "stage.completed": ({ stage, error }) =>
    error === null ? `阶段 ${stage} 完成。` : `阶段 ${stage} 失败：${error}`,
  "task.started": ({ task, stage, partition, executor, ranges }) =>
    `阶段 ${stage} 的任务 ${task} 在 executor ${executor} 上开始，处理分区 ${partition}` +
    (ranges.length === 0
      ? "。"
      : `；读取 ${ranges.map((r) => `[${r.fromOffset}, ${r.untilOffset})`).join("、")}。`),
  "task.finished": ({ task, durationMs, recordsRead, shuffleRecordsRead, shuffleRecordsWritten }) =>
    `任务 ${task} 完成，用时 ${durationMs} ms：读入 ${recordsRead + shuffleRecordsRead} 条，` +
    `写入混洗 ${shuffleRecordsWritten} 条。`,
  "task.failed": ({ task, attempt, reason, error }) =>
    `任务 ${task} 第 ${attempt} 次尝试失败（${reason}）：${error}`,
  "task.resubmitted": ({ task }) => `任务 ${task} 的输出已丢失，需要重新运行。`,
  "task.speculated": ({ task, runningMs, thresholdMs }) =>
    `任务 ${task} 已运行 ${runningMs} ms，超过 ${thresholdMs} ms：可以启动一个副本。`,
  "accumulators.updated": ({ task, changes }) =>
    `任务 ${task} 更新累加器：` +
    `${changes.map(({ name, update, value }) => `${name} ${update}，现为 ${value}`).join("；")}。`,
  "checkpoint.written": ({ file, batchTimeMs, pendingMs }, batch) =>
    `写入批次 ${batch(batchTimeMs)} 的检查点 ${file}` +
    (pendingMs.length === 0 ? "。" : `，待处理：${batches(pendingMs, batch)}。`),
  "checkpoint.removed": ({ file }) => `检查点 ${file} 不再需要，已删除。`,
  "checkpoint.skipped": ({ file, error }) => `检查点 ${file} 无法读取：${error}`,
};

function batches(timesMs: readonly number[], batch: BatchName): string {
  return timesMs.length === 0 ? "无批次" : `批次 ${timesMs.map(batch).join("、")}`;
}
