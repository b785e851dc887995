/** The part of the fold that is about jobs and stages: each finds the batch it belongs to. */

import type { EventOf } from "./event.ts";
import { changeBatch } from "./replay-batches.ts";
import {
  type BatchSnapshot,
  type Change,
  type JobSnapshot,
  newest,
  type Routes,
  SNAPSHOT_LIMITS,
  type Snapshot,
  type StageSnapshot,
} from "./snapshot.ts";

export function jobSubmitted(at: Snapshot, event: EventOf<"job.submitted">): Change {
  const { job, batchTimeMs, output, action, stages, skippedStages } = event;
  // A job of no batch (an action while the program was being built) has no place in the picture.
  if (batchTimeMs === null) return {};
  const submitted: JobSnapshot = {
    job,
    output,
    action,
    stageIds: stages,
    skippedStages,
    status: "running",
    error: null,
    stages: [],
  };
  const batches = changeBatch(at.batches, batchTimeMs, (batch) => ({
    ...batch,
    jobs: [...batch.jobs, submitted],
  }));
  return {
    batches: dropOldJobs(batches, batchTimeMs),
    routes: { ...at.routes, jobs: [...at.routes.jobs, { job, batchTimeMs }] },
  };
}

/** Keeps the jobs of the newest batches, and of the one that just got one. */
function dropOldJobs(
  batches: readonly BatchSnapshot[],
  batchTimeMs: number,
): readonly BatchSnapshot[] {
  const detailed = batches.filter(({ jobs }) => jobs.length > 0);
  if (detailed.length <= SNAPSHOT_LIMITS.detailedBatches) return batches;
  const oldest = detailed.find((batch) => batch.batchTimeMs !== batchTimeMs);
  return batches.map((batch) =>
    batch === oldest ? { ...batch, jobs: [], jobsDropped: true } : batch,
  );
}

export function jobCompleted(at: Snapshot, { job, error }: EventOf<"job.completed">): Change {
  const route = at.routes.jobs.find((one) => one.job === job);
  if (route === undefined) return {};
  return {
    batches: changeJob(at, route, (one) => ({
      ...one,
      status: error === null ? "completed" : "failed",
      error,
    })),
    routes: { ...at.routes, jobs: at.routes.jobs.filter((one) => one !== route) },
  };
}

/** The batches with one job changed: the newest of its batch with that id. */
function changeJob(
  at: Snapshot,
  of: { readonly job: number; readonly batchTimeMs: number },
  change: (job: JobSnapshot) => JobSnapshot,
): readonly BatchSnapshot[] {
  const batch = at.batches.find((one) => one.batchTimeMs === of.batchTimeMs);
  const index = batch?.jobs.findLastIndex(({ job }) => job === of.job) ?? -1;
  const known = batch?.jobs[index];
  if (known === undefined) return at.batches;
  const changed = change(known);
  return changeBatch(at.batches, of.batchTimeMs, (one) => ({
    ...one,
    jobs: one.jobs.with(index, changed),
  }));
}

export function stageSubmitted(at: Snapshot, event: EventOf<"stage.submitted">): Change {
  // A stage computed again for lost outputs names the job that first made it, which may be long
  // over; it runs for the job that now waits for it.
  const route = at.routes.jobs.find(({ job }) => job === event.job) ?? at.routes.jobs.at(-1);
  if (route === undefined) return {};
  const { stage, attempt, type, rdd, partitions, operators, atMs } = event;
  const submitted: StageSnapshot = {
    stage,
    attempt,
    type,
    rdd,
    partitions,
    operators,
    status: "running",
    error: null,
    submittedMs: atMs,
    completedMs: null,
    tasks: [],
  };
  const stages = newest(at.routes.stages, { stage, attempt, ...route }, SNAPSHOT_LIMITS.openStages);
  return {
    batches: changeJob(at, route, (job) => ({ ...job, stages: [...job.stages, submitted] })),
    routes: { ...at.routes, stages },
  };
}

export function stageCompleted(at: Snapshot, event: EventOf<"stage.completed">): Change {
  const { stage, attempt, error, atMs } = event;
  return {
    batches: changeStage(at, { stage, stageAttempt: attempt }, (one) => ({
      ...one,
      status: error === null ? "completed" : "failed",
      error,
      completedMs: atMs,
    })),
  };
}

/** The batches with one attempt of a stage changed; as they were when it is not known. */
export function changeStage(
  at: Snapshot,
  of: { readonly stage: number; readonly stageAttempt: number },
  change: (stage: StageSnapshot) => StageSnapshot,
): readonly BatchSnapshot[] {
  const route = findRoute(at.routes, of);
  if (route === undefined) return at.batches;
  return changeJob(at, route, (job) => {
    const index = job.stages.findLastIndex(
      ({ stage, attempt }) => stage === of.stage && attempt === of.stageAttempt,
    );
    const known = job.stages[index];
    return known === undefined ? job : { ...job, stages: job.stages.with(index, change(known)) };
  });
}

function findRoute(
  routes: Routes,
  of: { readonly stage: number; readonly stageAttempt: number },
): Routes["stages"][number] | undefined {
  return routes.stages.findLast(
    ({ stage, attempt }) => stage === of.stage && attempt === of.stageAttempt,
  );
}
