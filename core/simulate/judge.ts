/** Runs a scenario to its end and judges it: what has to hold, and what is only watched. */

import { atomicity } from "../audits/atomicity.ts";
import type { Audit } from "../audits/audit.ts";
import { commits } from "../audits/commits.ts";
import { consumption } from "../audits/consumption.ts";
import { countsOf } from "../audits/counts.ts";
import { coverage } from "../audits/coverage.ts";
import { delivery } from "../audits/delivery.ts";
import { durability, type LossCause, lossesIn } from "../audits/durability.ts";
import { generations } from "../audits/generations.ts";
import { groups } from "../audits/groups.ts";
import { idempotence } from "../audits/idempotence.ts";
import { lag } from "../audits/lag.ts";
import { leadership } from "../audits/leadership.ts";
import { once } from "../audits/once.ts";
import { progress } from "../audits/progress.ts";
import { ranges } from "../audits/ranges.ts";
import { transactions } from "../audits/transactions.ts";
import { watermark } from "../audits/watermark.ts";
import { describeThrown } from "../base/errors.ts";
import { Run } from "../scenario/run.ts";
import type { RunEnd, TraceEvent } from "../trace/event.ts";
import { worldOf } from "./choose.ts";
import { READERS, type SimulatedScenario } from "./simulated-scenario.ts";
import { GROUP, INPUT, OUTPUT, pipelineOf } from "./pipelines.ts";

export interface Judgement {
  readonly scenario: SimulatedScenario;
  /** Promises that were broken, and what the engine itself found wrong. */
  readonly broken: readonly { readonly audit: string; readonly example: string }[];
  /** Audits that held, by name: how many were put to the test. */
  readonly held: readonly string[];
  /** Acknowledged records were lost where Kafka does not promise them. */
  readonly losses: readonly LossCause[];
  readonly events: number;
  readonly traceHash: string;
}

/** A run that has not ended after so many actions never does. */
const ACTIONS_MAX = 400_000;

const ENDS = "the run ends";
const STANDS = "no assertion of the engine fails";

/** A scenario about to run. Throws: ScenarioError BAD_WORLD. */
export function runOf(scenario: SimulatedScenario): Run {
  return new Run({ program: pipelineOf(scenario.pipeline), world: worldOf(scenario) });
}

/** Throws: ScenarioError BAD_WORLD for a scenario that cannot be. */
export function judge(scenario: SimulatedScenario): Judgement {
  const run = runOf(scenario);
  const events: TraceEvent[] = [];
  run.trace.listen((event) => events.push(event));
  const broken: { audit: string; example: string }[] = [];
  try {
    let actions = 0;
    while (actions < ACTIONS_MAX && run.step()) actions += 1;
    // Who has lost its disks may wait for ever for what was on them.
    if (actions === ACTIONS_MAX && isProtected(scenario)) {
      broken.push({ audit: ENDS, example: `${actions} actions, and it goes on` });
    }
  } catch (thrown) {
    broken.push({ audit: STANDS, example: describeThrown(thrown) });
  }
  const held: string[] = [];
  for (const audit of auditsOf(scenario, run.ended)) {
    const verdict = audit.check(events);
    if (verdict.kind === "broken") broken.push({ audit: audit.name, example: verdict.example });
    if (verdict.kind === "holds") held.push(audit.name);
  }
  return {
    scenario,
    broken,
    held,
    losses: [...lossesIn(events)],
    events: events.length,
    traceHash: run.trace.hash,
  };
}

/** Nothing in it is beyond what Kafka protects from. */
export function isProtected(scenario: SimulatedScenario): boolean {
  const { acks, minInsyncReplicas, allowsUnclean, losesStorage, isUnruly } = scenario;
  return acks === -1 && minInsyncReplicas >= 2 && !allowsUnclean && !losesStorage && !isUnruly;
}

const anywhere: readonly Audit[] = [
  leadership,
  watermark,
  idempotence,
  groups,
  consumption,
  durability,
];

const delivered = delivery({ from: INPUT, to: OUTPUT, refuses: ["lost", "made up"] });
const exact = delivery({
  from: INPUT,
  to: OUTPUT,
  refuses: ["lost", "made up", "duplicated", "reordered"],
});
const committed = commits(GROUP);
const writtenOnce = once(INPUT);
const goesForward = progress(READERS);
const counted = countsOf({ from: INPUT, to: OUTPUT, group: GROUP });

/** All that a scenario may be judged by. */
export const auditNames: readonly string[] = [
  ...anywhere,
  transactions,
  atomicity,
  generations,
  goesForward,
  writtenOnce,
  ranges,
  lag,
  coverage,
  committed,
  delivered,
  exact,
  counted,
].map(({ name }) => name);

/** What must hold whatever happens, and what must where Kafka's conditions hold. */
function auditsOf(scenario: SimulatedScenario, ended: RunEnd | null): readonly Audit[] {
  const { pipeline } = scenario;
  if (!isProtected(scenario)) return anywhere;
  const audits: Audit[] = [...anywhere, transactions, atomicity, generations, lag];
  if (scenario.readers !== null) audits.push(goesForward);
  if (scenario.isIdempotent) audits.push(writtenOnce);
  if (pipeline.commits) audits.push(committed);
  if (runsSideBySide(scenario)) return audits;
  audits.push(ranges);
  // What a run that broke off has not come to is not lost; whether it may, `lag` says.
  if (!isWhole(scenario) || ended !== "input consumed") return audits;
  // Where offsets are in the sink's transactions, parts of a batch that died count.
  if (pipeline.name !== "exact") audits.push(coverage);
  if (pipeline.name === "plain" || pipeline.name === "upsert") audits.push(delivered);
  if (pipeline.name === "exact") audits.push(exact);
  if (pipeline.name === "count") audits.push(counted);
  return audits;
}

/** With concurrentJobs Spark loses records when its driver dies: a batch that ends before one that
 *  came first is committed alone, and what the checkpoint knows of the first is cleared with it. */
function runsSideBySide({ conf }: SimulatedScenario): boolean {
  return conf["spark.streaming.concurrentJobs"] !== undefined;
}

/** Spark promises that each record is processed. Not where offsets are committed ahead of outputs,
 *  and where a start without them begins at the end. */
function isWhole({ pipeline }: SimulatedScenario): boolean {
  // Batches in which no window ends are no batches of their own.
  if (pipeline.name === "window" || pipeline.autoCommits) return false;
  return pipeline.hasCheckpoint || pipeline.offsetReset === "earliest";
}
