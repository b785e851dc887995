/** Moments of a run that a person can name: each is told by facts of the trace. To add one, add it
 *  to the table. */

import { assert } from "../base/assert.ts";
import type { Fields, ValuesOf } from "../faults/fault.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "../trace/event.ts";

/** What a milestone may ask of a run. */
export interface MilestoneContext {
  /** The time of the batch with a number, 1 for the first. */
  readonly batchMs: (batch: number) => number;
}

interface Milestone<K extends string, F extends Fields> {
  readonly milestone: K;
  /** Written after `after`. */
  readonly phrase: string;
  readonly fields: F;
  /** Makes a function that is shown every event, in order, and is true at the moment. */
  watch(values: ValuesOf<F>, context: MilestoneContext): (event: TraceEvent) => boolean;
}

function define<const K extends string, const F extends Fields>(
  milestone: Milestone<K, F>,
): Milestone<K, F> {
  return milestone;
}

const batch = { type: "whole", min: 1 } as const;
const number = { type: "whole", min: 0 } as const;

const output = define({
  milestone: "output",
  // The first of the batch's outputs to be through, or the one with that number, from 0 on.
  phrase: "output[ {output}] of batch {batch}",
  fields: { output: { ...number, optional: true }, batch },
  watch: (values, { batchMs }) => {
    return (event) =>
      event.kind === "output.completed" &&
      event.error === null &&
      event.batchTimeMs === batchMs(values.batch) &&
      (values.output ?? event.output) === event.output;
  },
});

const batchStates = { choices: ["planned", "submitted", "started", "completed"] } as const;

const batchState = define({
  milestone: "batch",
  phrase: "batch {batch} is {state}",
  fields: { batch, state: { type: "choice", ...batchStates } },
  watch: ({ batch: of, state }, { batchMs }) => {
    return (event) =>
      event.kind === `batch.${state}` &&
      "batchTimeMs" in event &&
      event.batchTimeMs === batchMs(of);
  },
});

const commit = define({
  milestone: "commit",
  // A group's committed offsets have reached the end of every range of the batch.
  phrase: "commit of batch {batch}",
  fields: { batch },
  watch: (values, { batchMs }) => {
    let ends: ReadonlyMap<string, number> | null = null;
    const committed = new Map<string, number>();
    return (event) => {
      if (event.kind === "batch.planned" && event.batchTimeMs === batchMs(values.batch)) {
        ends = new Map(
          event.ranges
            .filter(({ fromOffset, untilOffset }) => untilOffset > fromOffset)
            .map((range) => [topicPartitionName(range), range.untilOffset]),
        );
      }
      if (event.kind !== "offsets.committed") return false;
      for (const of of event.offsets) committed.set(topicPartitionName(of), of.offset);
      if (ends === null || ends.size === 0) return false;
      return [...ends].every(([name, until]) => (committed.get(name) ?? -1) >= until);
    };
  },
});

const checkpoint = define({
  milestone: "checkpoint",
  phrase: "checkpoint of batch {batch}",
  fields: { batch },
  watch: (values, { batchMs }) => {
    return (event) =>
      event.kind === "checkpoint.written" &&
      event.type === "metadata" &&
      event.batchTimeMs === batchMs(values.batch);
  },
});

const taskKinds = { starts: "task.started", finishes: "task.finished", fails: "task.failed" };

const task = define({
  milestone: "task",
  phrase: "task {task} {does}",
  fields: { task: number, does: { type: "choice", choices: ["starts", "finishes", "fails"] } },
  watch: (values) => {
    return (event) =>
      event.kind === taskKinds[values.does] && "task" in event && event.task === values.task;
  },
});

const stage = define({
  milestone: "stage",
  phrase: "stage {stage} is {state}",
  fields: { stage: number, state: { type: "choice", choices: ["submitted", "completed"] } },
  watch: (values) => {
    return (event) =>
      (event.kind === "stage.submitted" || event.kind === "stage.completed") &&
      event.kind === `stage.${values.state}` &&
      event.stage === values.stage;
  },
});

const job = define({
  milestone: "job",
  phrase: "job {job} is {state}",
  fields: { job: number, state: { type: "choice", choices: ["submitted", "completed"] } },
  watch: (values) => {
    return (event) =>
      (event.kind === "job.submitted" || event.kind === "job.completed") &&
      event.kind === `job.${values.state}` &&
      event.job === values.job;
  },
});

const driver = define({
  milestone: "driver",
  phrase: "start {attempt} of driver",
  fields: { attempt: { type: "whole", min: 1 } },
  watch: (values) => {
    return (event) => event.kind === "driver.started" && event.attempt === values.attempt;
  },
});

const transactionStates = {
  begins: "Ongoing",
  "prepares commit": "PrepareCommit",
  commits: "CompleteCommit",
  "prepares abort": "PrepareAbort",
  aborts: "CompleteAbort",
} as const;
const transactionDoes = {
  choices: ["begins", "prepares commit", "commits", "prepares abort", "aborts"],
} as const;

const transaction = define({
  milestone: "transaction",
  phrase: "transaction {id} {does}",
  fields: { id: { type: "name" }, does: { type: "choice", ...transactionDoes } },
  watch: (values) => {
    return (event) =>
      event.kind === "transaction.changed" &&
      event.transactionalId === values.id &&
      event.state === transactionStates[values.does];
  },
});

const groupStates = { rebalances: "PreparingRebalance", "is stable": "Stable" } as const;

const group = define({
  milestone: "group",
  phrase: "group {group} {does}",
  fields: {
    group: { type: "name" },
    does: { type: "choice", choices: ["rebalances", "is stable"] },
  },
  watch: (values) => {
    return (event) =>
      event.kind === "group.changed" &&
      event.group === values.group &&
      event.state === groupStates[values.does];
  },
});

const broker = define({
  milestone: "broker",
  phrase: "broker {broker} is {state}",
  fields: {
    broker: { type: "broker" },
    state: { type: "choice", choices: ["fenced", "unfenced", "started"] },
  },
  watch: (values) => {
    return (event) =>
      (event.kind === "broker.fenced" ||
        event.kind === "broker.unfenced" ||
        event.kind === "broker.started") &&
      event.kind === `broker.${values.state}` &&
      event.broker === values.broker;
  },
});

/** Every milestone. */
export const milestones = [
  output,
  batchState,
  commit,
  checkpoint,
  task,
  stage,
  job,
  driver,
  transaction,
  group,
  broker,
] as const;

type SpecOf<M> =
  M extends Milestone<infer K, infer F> ? { readonly milestone: K } & ValuesOf<F> : never;

/** A milestone as data: `{milestone: "output", batch: 7}`. */
export type MilestoneSpec = SpecOf<(typeof milestones)[number]>;

/** Any of the table, its own types forgotten. */
export type AnyMilestone = Milestone<string, Fields>;

/** The milestone of a name; null for an unknown one. */
export function milestoneNamed(name: string): AnyMilestone | null {
  const known: readonly AnyMilestone[] = milestones;
  return known.find((one) => one.milestone === name) ?? null;
}

/** Shown every event, true at the moment. */
export function watchMilestone(
  spec: MilestoneSpec,
  context: MilestoneContext,
): (event: TraceEvent) => boolean {
  const found = milestoneNamed(spec.milestone);
  assert(found !== null, "a milestone was checked", { milestone: spec.milestone });
  const { milestone: _, ...values } = spec;
  return found.watch(values, context);
}
