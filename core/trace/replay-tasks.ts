/** The part of the fold that is about tasks: on their stage, and on the cores they take. */

import type { EventOf } from "./event.ts";
import { changeStage } from "./replay-jobs.ts";
import { changeExecutor } from "./replay-world.ts";
import type { Change, Snapshot, StageSnapshot, TaskSnapshot } from "./snapshot.ts";

export function taskStarted(at: Snapshot, event: EventOf<"task.started">): Change {
  const { task, partition, attempt, executor, ranges, atMs } = event;
  const started: TaskSnapshot = {
    task,
    partition,
    attempt,
    executor,
    ranges,
    status: "running",
    startedMs: atMs,
    endedMs: null,
    recordsRead: 0,
    shuffleRecordsRead: 0,
    shuffleRecordsWritten: 0,
    operators: [],
    error: null,
  };
  return {
    batches: changeStage(at, event, (stage) => ({ ...stage, tasks: [...stage.tasks, started] })),
    executors: changeExecutor(at, executor, (one) => ({
      ...one,
      runningTasks: [...one.runningTasks, task],
    })),
  };
}

export function taskFinished(at: Snapshot, event: EventOf<"task.finished">): Change {
  const { recordsRead, shuffleRecordsRead, shuffleRecordsWritten, operators, atMs } = event;
  return {
    ...taskEnded(at, event, {
      status: "finished",
      endedMs: atMs,
      recordsRead,
      shuffleRecordsRead,
      shuffleRecordsWritten,
      operators,
    }),
    totals: { ...at.totals, tasksFinished: at.totals.tasksFinished + 1 },
  };
}

/** A copy that was killed has not failed. */
export function taskFailed(at: Snapshot, event: EventOf<"task.failed">): Change {
  const ended = taskEnded(at, event, {
    status: "failed",
    endedMs: event.atMs,
    error: event.error,
  });
  if (event.reason === "killed") return ended;
  return {
    ...ended,
    totals: { ...at.totals, tasksFailed: at.totals.tasksFailed + 1 },
  };
}

function taskEnded(
  at: Snapshot,
  event: EventOf<"task.finished" | "task.failed">,
  ended: Partial<TaskSnapshot>,
): Change {
  return {
    batches: changeStage(at, event, (stage) => changeTask(stage, event.task, ended)),
    executors: changeExecutor(at, event.executor, (one) => ({
      ...one,
      runningTasks: one.runningTasks.filter((task) => task !== event.task),
    })),
  };
}

function changeTask(
  stage: StageSnapshot,
  task: number,
  ended: Partial<TaskSnapshot>,
): StageSnapshot {
  const index = stage.tasks.findLastIndex((one) => one.task === task);
  const known = stage.tasks[index];
  if (known === undefined) return stage;
  return { ...stage, tasks: stage.tasks.with(index, { ...known, ...ended }) };
}
