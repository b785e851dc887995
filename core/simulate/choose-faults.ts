/** A fault script from a seed. Everything that breaks is whole again before the end, so that lag
 *  has to drain. */

import type { RandomStream } from "../base/random.ts";
import { READERS, type SimulatedScenario } from "./simulated-scenario.ts";
import { INPUT } from "./pipelines.ts";

type Chosen = Omit<SimulatedScenario, "faults">;

interface Line {
  readonly atMs: number;
  readonly line: string;
}

/** Lines of a script, by time. */
export function chooseFaults(draw: (name: string) => RandomStream, of: Chosen): readonly string[] {
  const spanMs = of.records * of.everyMs;
  const random = draw("faults");
  const [losing, connected] = [draw("losing"), draw("connections")];
  const lines: Line[] = losing.ratio(1, 3) ? chooseLoss(losing, of, spanMs) : [];
  if (connected.ratio(1, 4)) lines.push(connectionFault(connected, of, spanMs));
  const count = random.below(6);
  for (let index = 0; index < count; index += 1) {
    const atMs = 200 + random.below(spanMs);
    const forMs = 100 + random.below(9_000);
    const line = anyFault(random, of, { atMs, forMs });
    if (line !== null) lines.push({ atMs, line });
  }
  return lines.sort((a, b) => a.atMs - b.atMs || compare(a.line, b.line)).map(({ line }) => line);
}

/** What makes partition 0 of the input lose what was acknowledged, where its settings let it: its
 *  leader is alone for a while, and then it is gone. Chance alone seldom gets there.
 *  Partition 0 is on brokers 1 to `replicationFactor`, and broker 1 leads it. */
function chooseLoss(random: RandomStream, of: Chosen, spanMs: number): Line[] {
  if (of.replicationFactor < 2) return [];
  const atMs = 200 + random.below(Math.max(1, spanMs - 1_000));
  const followers = Array.from({ length: of.replicationFactor - 1 }, (_, index) => index + 2);
  if (of.acks === 1) {
    // It acknowledges what nobody else has yet.
    const goneMs = atMs + 100 + random.below(300);
    return [
      ...followers.map((broker) => ({
        atMs,
        line: `from ${atMs} to ${atMs + 2_000} slow link 1-${broker} by 300`,
      })),
      { atMs: goneMs, line: `at ${goneMs} for 8000 crash broker 1` },
    ];
  }
  if (of.acks === 0 || of.minInsyncReplicas > 1) return [];
  if (!of.allowsUnclean && !of.losesStorage) return [];
  // The others are fenced, and have left the in-sync set, before it goes.
  const goneMs = atMs + 5_000;
  return [
    ...followers.map((broker) => ({ atMs, line: `at ${atMs} for 6000 crash broker ${broker}` })),
    { atMs: goneMs, line: `at ${goneMs} for 9000 crash broker 1${lossOf(random, of)}` },
  ];
}

/** Between one client and its brokers. */
function connectionFault(random: RandomStream, of: Chosen, spanMs: number): Line {
  const atMs = 200 + random.below(spanMs);
  const client = pick(random, ["producer", "producer", "driver"]);
  const span = `from ${atMs} to ${atMs + 100 + random.below(6_000)}`;
  const delayMs = 100 + random.below(3_000);
  const forMs = 100 + random.below(9_000);
  const broker = 1 + random.below(of.brokers);
  const line = pick(random, [
    `at ${atMs} break 2 connections of ${client}`,
    `at ${atMs} delay 2 requests of ${client} by ${delayMs}`,
    `at ${atMs} reorder 2 requests of ${client}`,
    `${span} throttle ${client} to 2000 bytes a second`,
    `${span} hold back metadata of ${client}`,
    // What was not flushed goes with the power.
    of.losesStorage
      ? `at ${atMs} for ${forMs} unplug broker ${broker}`
      : `at ${atMs} break 1 connections of ${client}`,
  ]);
  return { atMs, line };
}

function pick(random: RandomStream, from: readonly string[]): string {
  return from[random.below(from.length)] ?? "";
}

/** Most are of the cluster and of the engine; some of who else is there. */
function anyFault(random: RandomStream, of: Chosen, when: When): string | null {
  const kind = random.below(24);
  if (kind < 18) return oneFault(kind, random, of, when);
  if (kind < 20 && of.readers !== null) return readersFault(random, of.readers.count, when);
  if (kind < 22) return clientFault(random, of, when);
  return of.isUnruly ? unrulyFault(random, of, when) : oneFault(kind - 18, random, of, when);
}

function readersFault(random: RandomStream, count: number, { atMs, forMs }: When): string {
  const name = `${READERS}-${1 + random.below(count)}`;
  switch (random.below(4)) {
    case 0:
      return `at ${atMs} crash consumer ${name}, back after ${forMs}`;
    case 1:
      return `at ${atMs} close consumer ${name}, back after ${forMs}`;
    case 2:
      return `at ${atMs} for ${forMs} stall consumer ${name}`;
    default:
      return `at ${atMs} restart consumer ${name} 3 times, every 700`;
  }
}

/** A producer's process dies, or a second takes its place; a coordinator goes with its broker. */
function clientFault(random: RandomStream, of: Chosen, { atMs, forMs }: When): string {
  const crash = `at ${atMs} for ${forMs} crash coordinator of`;
  switch (random.below(4)) {
    case 0:
      return `at ${atMs} crash producer producer, back after ${forMs}`;
    case 1:
      if (of.transactions === null) return `${crash} group ${READERS}`;
      return `${crash} transaction load`;
    case 2:
      return `${crash} group simulated`;
    default:
      return `at ${atMs} start producer producer a second time`;
  }
}

function unrulyFault(random: RandomStream, of: Chosen, { atMs, forMs }: When): string {
  switch (random.below(8)) {
    case 0:
      return `at ${atMs} add partitions to ${INPUT}: ${of.partitions + 1}`;
    case 1:
      return `at ${atMs} delete topic ${INPUT}, create it again after ${forMs}`;
    case 2:
      return `at ${atMs} delete records of partition 0 of ${INPUT} before ${random.below(20)}`;
    case 3:
      return `at ${atMs} send poison record to ${INPUT}`;
    case 4:
      return `from ${atMs} to ${atMs + forMs} give key k1 to 80% of records to ${INPUT}`;
    case 5:
      return `from ${atMs} to ${atMs + forMs} date records to ${INPUT} back by 60000`;
    case 6:
      return `at ${atMs} set min.insync.replicas of ${INPUT} to 1`;
    default:
      return `at ${atMs} compact topic ${INPUT}`;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface When {
  readonly atMs: number;
  readonly forMs: number;
}

/** Null where the world has nothing of that sort. */
function oneFault(
  kind: number,
  random: RandomStream,
  of: Chosen,
  { atMs, forMs }: When,
): string | null {
  const broker = 1 + random.below(of.brokers);
  const other = 1 + random.below(of.brokers);
  const executor = 1 + random.below(2);
  const span = `from ${atMs} to ${atMs + forMs}`;
  const during = `at ${atMs} for ${forMs}`;
  switch (kind) {
    case 0:
    case 1:
      return `${during} crash broker ${broker}${lossOf(random, of)}`;
    case 2:
      return `${during} stop broker ${broker}`;
    case 3:
      return broker === other ? null : `${span} drop link ${broker}-${other}`;
    case 4:
      return `${span} drop link ${broker}-controller`;
    case 5:
      return `${span} lose 30% on link ${broker}-clients`;
    case 6:
      return broker === other ? null : `${span} slow link ${broker}-${other} by 300`;
    case 7:
      return `at ${atMs} crash controller, back after ${forMs}`;
    case 8:
      return `${span} lose controller quorum`;
    case 9:
      return `at ${atMs} drop 2 replies to producer`;
    case 10:
      return `at ${atMs} duplicate 2 requests of producer`;
    case 11:
    case 12:
      return `at ${atMs} crash driver, back after ${500 + random.below(3_000)}`;
    case 13:
      return `at ${atMs} lose executor ${executor}`;
    case 14:
      return `at ${atMs} fail tasks on executor ${executor}`;
    case 15:
      return `${span} slow checkpoint store to 900 a write`;
    case 16:
      return `after output of batch ${1 + random.below(12)} crash driver, back after 1000`;
    default:
      return `${span} slow broker ${broker} by 200`;
  }
}

function lossOf(random: RandomStream, of: Chosen): string {
  if (!of.losesStorage) return "";
  return random.ratio(1, 2) ? ", losing unflushed" : ", losing disk";
}
