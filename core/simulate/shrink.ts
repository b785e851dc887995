/** The smallest scenario that breaks a promise: what can be left out or made less, is. */

import { isProtected, type Judgement } from "./judge.ts";
import type { SimulatedScenario } from "./simulated-scenario.ts";

export interface Shrunk {
  readonly scenario: SimulatedScenario;
  readonly example: string;
  /** How many scenarios were run to find it. */
  readonly tries: number;
}

export interface ShrinkOptions {
  readonly scenario: SimulatedScenario;
  /** The promise that every smaller scenario has to break as well. */
  readonly audit: string;
  readonly judge: (scenario: SimulatedScenario) => Judgement;
  /** After so many runs it is as small as it is; 150. */
  readonly triesMax?: number;
}

/** First lines of the fault script go (halves of it, quarters, single lines), then all else becomes
 *  less; again until nothing does. Null when the scenario itself breaks nothing. */
export function shrink(options: ShrinkOptions): Shrunk | null {
  const { audit, judge, triesMax = 150 } = options;
  let tries = 0;
  const exampleOf = (candidate: SimulatedScenario): string | null => {
    tries += 1;
    return judge(candidate).broken.find((one) => one.audit === audit)?.example ?? null;
  };
  let scenario = options.scenario;
  let example = exampleOf(scenario);
  if (example === null) return null;
  for (let found = true; found && tries < triesMax;) {
    found = false;
    for (const candidate of smaller(scenario)) {
      if (tries >= triesMax) break;
      const broken = isProtected(candidate) === isProtected(scenario) ? exampleOf(candidate) : null;
      if (broken === null) continue;
      [scenario, example, found] = [candidate, broken, true];
      break;
    }
  }
  return { scenario, example, tries };
}

/** The boldest first. */
function* smaller(of: SimulatedScenario): Generator<SimulatedScenario> {
  for (const faults of withoutSome(of.faults)) yield { ...of, faults };
  yield* lessLoad(of);
  yield* simplerPipeline(of);
  yield* smallerCluster(of);
}

function* withoutSome(lines: readonly string[]): Generator<readonly string[]> {
  for (let size = lines.length; size >= 1; size = size >> 1) {
    for (let from = 0; from < lines.length; from += size) {
      yield [...lines.slice(0, from), ...lines.slice(from + size)];
    }
  }
}

function* lessLoad(of: SimulatedScenario): Generator<SimulatedScenario> {
  if (of.records > 1) yield { ...of, records: of.records >> 1 };
  if (of.records > 10) yield { ...of, records: of.records - (of.records >> 3) };
  if (of.partitions > 1) yield { ...of, partitions: of.partitions - 1 };
  if (of.keys > 1) yield { ...of, keys: 1 };
}

function* simplerPipeline(of: SimulatedScenario): Generator<SimulatedScenario> {
  const { pipeline, conf } = of;
  for (const name of Object.keys(conf)) {
    // Without it Spark fails at the first marker: another failure than the one to shrink.
    if (name === "spark.streaming.kafka.allowNonConsecutiveOffsets") continue;
    const left = Object.entries(conf).filter(([other]) => other !== name);
    yield { ...of, conf: Object.fromEntries(left) };
  }
  if (pipeline.name !== "plain") yield { ...of, pipeline: { ...pipeline, name: "plain" } };
  if (pipeline.commits && pipeline.hasCheckpoint) {
    yield { ...of, pipeline: { ...pipeline, commits: false } };
    yield { ...of, pipeline: { ...pipeline, hasCheckpoint: false } };
  }
}

/** Its faults must not name a broker that is gone: they are dropped before. */
function* smallerCluster(of: SimulatedScenario): Generator<SimulatedScenario> {
  const brokers = of.brokers - 1;
  const isNamed = of.faults.some((line) =>
    new RegExp(`\\b(broker|link|-) ?${of.brokers}\\b|-${of.brokers}\\b`, "u").test(line),
  );
  if (brokers >= 1 && brokers >= of.replicationFactor && !isNamed) yield { ...of, brokers };
  if (of.replicationFactor > of.minInsyncReplicas) {
    yield { ...of, replicationFactor: of.replicationFactor - 1 };
  }
}
