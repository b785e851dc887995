// Goal: executors that are lost, and copies of slow tasks, have the consequences Spark's have.
// Method: Spark itself ran the programs of spark/Cluster.scala on two executors that are processes
// of their own (see make.ts); the same programs, by the same names, run here on two executors, and
// the trace is told in the same lines. Which executor runs what, and how a process ended, is left
// out; tasks between two other lines are compared in any order, and Spark tells late of those it
// killed.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type FaultSpec, Run, type TraceEvent } from "streamscope";
import { cluster, type ClusterPlay, type ClusterProgram } from "./programs/cluster.ts";

interface Vector {
  readonly name: string;
  readonly conf: readonly (readonly [name: string, value: string])[];
  readonly lines: readonly string[];
}

const file = fileURLToPath(new URL("spark/cluster.json", import.meta.url));
// The generator's own output, in the shape above.
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vector[];
const programs = new Map<string, ClusterProgram>(cluster);
/** More than any program needs. */
const ROUNDS_MAX = 6;
const BATCH_MS = 100_000;

/** What listeners of Spark are told, told by the trace. */
class Lines {
  readonly lines: string[] = [];
  readonly #partitions = new Map<string, readonly number[]>();
  readonly #names = new Map<number, string>();
  readonly #copies = new Set<string>();

  tell(event: TraceEvent): void {
    const line = this.#lineOf(event);
    if (line !== null) this.lines.push(line);
  }

  #lineOf(event: TraceEvent): string | null {
    switch (event.kind) {
      case "job.completed":
        return `job ${event.job} ${event.error === null ? "succeeded" : `failed: ${event.error}`}`;
      case "stage.submitted":
        this.#partitions.set(`${event.stage}.${event.attempt}`, event.partitions);
        return `stage ${event.stage}.${event.attempt} submitted: ${event.partitions.length} tasks`;
      case "stage.completed": {
        const how = event.error === null ? "completed" : `failed: ${event.error}`;
        return `stage ${event.stage}.${event.attempt} ${how}`;
      }
      case "task.speculated":
        this.#copies.add(`${event.stage}.${event.stageAttempt}/${event.partition}`);
        return null;
      case "task.started":
        this.#start(event);
        return null;
      case "task.finished":
        return `${this.#names.get(event.task)}: success`;
      case "task.resubmitted":
        return `${this.#names.get(event.task)}: resubmitted`;
      case "task.failed":
        return `${this.#names.get(event.task)}: ${this.#why(event)}`;
      default:
        return null;
    }
  }

  #start(event: Extract<TraceEvent, { kind: "task.started" }>): void {
    const stage = `${event.stage}.${event.stageAttempt}`;
    const index = this.#partitions.get(stage)?.indexOf(event.partition);
    const isCopy = this.#copies.delete(`${stage}/${event.partition}`);
    const copy = isCopy ? ", a copy" : "";
    this.#names.set(event.task, `task ${index}.${event.attempt} in stage ${stage}${copy}`);
  }

  #why({ reason, error }: Extract<TraceEvent, { kind: "task.failed" }>): string {
    if (reason === "executor lost") return error;
    return reason === "killed" ? "killed: another attempt succeeded" : reason;
  }
}

function playOf(sc: ClusterPlay["sc"], say: (line: unknown) => void): ClusterPlay {
  return {
    sc,
    say,
    fails: (run) => {
      try {
        run();
        say("did not fail");
      } catch (thrown) {
        say(thrown instanceof Error ? thrown.message : thrown);
      }
    },
    cached: (rdd) => {
      const info = sc.getRDDStorageInfo().find(({ id }) => id === rdd.id);
      say(`cached: ${info?.numCachedPartitions ?? 0}`);
    },
  };
}

function runOnce(
  vector: Vector,
  program: ClusterProgram,
  faults: readonly FaultSpec[],
): { readonly lines: readonly string[]; readonly events: readonly TraceEvent[] } {
  const lines = new Lines();
  const events: TraceEvent[] = [];
  const say = (line: unknown): void => void lines.lines.push(String(line));
  const run = new Run({
    program: (ssc) => {
      const play = playOf(ssc.sparkContext, say);
      program.run(play);
      ssc.queueStream([[]], true, null).foreachRDD(() => {
        if (program.afterKill === undefined) return;
        say("killed");
        program.afterKill(play);
      });
    },
    world: {
      executors: [{ cores: 1 }, { cores: 1 }],
      conf: Object.fromEntries(vector.conf),
      cost: { recordUs: 1_000_000 },
      batchIntervalMs: BATCH_MS,
      batches: 1,
      faults,
    },
  });
  run.trace.listen((event) => {
    events.push(event);
    lines.tell(event);
  });
  run.runToEnd();
  return { lines: lines.lines, events };
}

/** The executor that ran task 0 is killed between the two parts of the program. */
function killBetween(events: readonly TraceEvent[]): readonly FaultSpec[] {
  const first = events.find((event) => event.kind === "task.started");
  if (first === undefined) return [];
  const [atMs, backMs] = [BATCH_MS / 2, 1_000_000];
  const { executor } = first;
  return [{ kind: "loseExecutor", executor, exit: "killed", atMs, backMs }];
}

function runAsTold(vector: Vector, program: ClusterProgram): readonly string[] {
  let faults: readonly FaultSpec[] = [];
  const told = program.afterKill === undefined ? (program.faults ?? (() => [])) : killBetween;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { lines, events } = runOnce(vector, program, faults);
    const next = told(events);
    if (next.length === faults.length) return lines;
    faults = next;
  }
  throw new Error(`the faults of ${vector.name} do not come to an end`);
}

const isKill = (line: string): boolean => line.endsWith(": killed: another attempt succeeded");

/** Lines as they are compared. */
function comparable(lines: readonly string[]): string[] {
  const masked = lines.map((line) =>
    (line.split("\n")[0] ?? "")
      .replaceAll(/\(TID \d+\)/gu, "(TID)")
      .replaceAll(/executor \d+/gu, "executor N")
      .replace(/(by one of the running tasks\)) Reason: .*/u, "$1")
      .replace(/^org\.apache\.spark\.\w+: /u, ""),
  );
  const compared: string[] = masked.filter(isKill);
  let group: string[] = [];
  for (const line of [...masked.filter((one) => !isKill(one)), ""]) {
    if (line.startsWith("task ") || line === "killed") {
      group.push(line);
      continue;
    }
    compared.push(...group.sort(), line);
    group = [];
  }
  return compared;
}

for (const vector of vectors) {
  test(vector.name, () => {
    const program = programs.get(vector.name);
    if (program === undefined) throw new Error(`no program is named ${vector.name}`);
    // The application may have ended before Spark tells of a task it killed with its job.
    const tellsKills = vector.lines.some(isKill);
    const ours = runAsTold(vector, program).filter((line) => tellsKills || !isKill(line));
    const lines = comparable(ours);
    // The kill of a task's executor in mid-stage is told by no line of ours.
    const isTold = program.afterKill !== undefined;
    expect(lines).toEqual(comparable(vector.lines.filter((line) => isTold || line !== "killed")));
  });
}

test("every program has a vector, and every vector a program", () => {
  const named = vectors.map(({ name }) => name);
  expect([...programs.keys()].filter((name) => !named.includes(name))).toEqual([]);
});
