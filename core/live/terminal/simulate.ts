/** `streamscope simulate`: scenarios from seeds, each run and audited. */

import { chooseScenario } from "../../simulate/choose.ts";
import type { SimulatedScenario } from "../../simulate/simulated-scenario.ts";
import { isProtected, judge, type Judgement, runOf } from "../../simulate/judge.ts";
import { shrink } from "../../simulate/shrink.ts";
import { Tally } from "../../simulate/tally.ts";
import { describeEvent } from "../../trace/text.ts";
import { parseSimulateOptions } from "./simulate-options.ts";
import { judgeOnThreads } from "./simulate-threads.ts";
import { TextSink } from "./text-sink.ts";

/** Gives the exit code. Throws: StreamscopeError. */
export async function simulate(args: readonly string[]): Promise<number> {
  const { seeds, workers, trace, quiet } = parseSimulateOptions(args);
  const out = new TextSink(1, "standard output");
  if (trace) printTrace(seeds.from, out);
  const tally = new Tally();
  const startMs = performance.now();
  const tell = (judgement: Judgement): void => {
    tally.add(judgement);
    const isBroken = judgement.broken.length > 0;
    if (isBroken || !quiet) out.line(describeJudgement(judgement));
    if (isBroken) for (const line of describeBroken(judgement)) out.line(line);
    out.flush();
  };
  if (workers > 1) await judgeOnThreads(seeds, workers, tell);
  else {
    for (let seed = seeds.from; seed <= seeds.to && !out.isClosed; seed += 1) {
      tell(judge(chooseScenario(seed)));
    }
  }
  const seconds = (performance.now() - startMs) / 1000;
  const perSecond = Math.round(tally.events / seconds);
  out.line("");
  for (const line of tally.lines()) out.line(line);
  out.line(`${tally.events} events in ${seconds.toFixed(1)} s, ${perSecond} a second`);
  const complaints = tally.complaints();
  for (const complaint of complaints) out.line(`wrong: ${complaint}`);
  out.flush();
  return tally.broken > 0 || complaints.length > 0 ? 1 : 0;
}

function printTrace(seed: number, out: TextSink): void {
  const run = runOf(chooseScenario(seed));
  run.trace.listen((event) => out.line(`${event.seq} ${describeEvent(event)}`));
  try {
    run.runToEnd();
  } catch {
    // What the engine found wrong is told with the seed's line.
  }
  out.flush();
}

/** `417 holds: 3 brokers rf 3 min 2 acks all, plain pipeline, 4 faults, 912 events`. */
export function describeJudgement({ scenario, broken, losses, events }: Judgement): string {
  const { seed, faults, pipeline } = scenario;
  const lost = losses.length === 0 ? "" : `, losing by ${losses.join(" and ")}`;
  const verdict = broken.length > 0 ? "BROKEN" : `holds${lost}`;
  const protection = isProtected(scenario) ? "" : ", unprotected";
  return (
    `${seed} ${verdict}: ${clusterOf(scenario)}${protection}; ${pipeline.name}; ` +
    `${faults.length} ${faults.length === 1 ? "fault" : "faults"}; ${events} events`
  );
}

function clusterOf(scenario: SimulatedScenario): string {
  const { brokers, replicationFactor, minInsyncReplicas, acks } = scenario;
  return (
    `${brokers} ${brokers === 1 ? "broker" : "brokers"}, rf ${replicationFactor}, ` +
    `min ${minInsyncReplicas}, acks ${acks === -1 ? "all" : acks}`
  );
}

function describeBroken({ scenario, broken }: Judgement): readonly string[] {
  const lines = broken.map(({ audit, example }) => `  ${audit}: ${example}`);
  const [first] = broken;
  const { seed } = scenario;
  lines.push(`  run it again: npx streamscope simulate --seeds ${seed} --trace`);
  const smallest = first === undefined ? null : shrink({ scenario, audit: first.audit, judge });
  if (smallest === null) return lines;
  const { faults, conf, pipeline, ...rest } = smallest.scenario;
  lines.push(
    `  smallest that breaks it (${smallest.tries} tried): ${smallest.example}`,
    `    ${JSON.stringify(rest)}`,
    `    ${JSON.stringify({ pipeline, conf })}`,
    ...faults.map((line) => `    ${line}`),
  );
  return lines;
}
