// Goal: jobs, stages, tasks, failures, cached blocks, accumulators and broadcasts are as Spark's.
// Method: Spark itself ran the programs of spark/Tasks.scala on one core, with a listener (see
// make.ts); the same programs, by the same names, run here on one core, and the trace is told in
// the same lines. The order of tasks after a failure is an accident of Spark's threads: task lines
// between two others are compared as a set, without the task's number in the run.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type FaultSpec, Run, type TraceEvent } from "streamscope";
import { taskStorage } from "./programs/task-storage.ts";
import { taskValues } from "./programs/task-values.ts";
import { type TaskPlay, type TaskProgram, tasks } from "./programs/tasks.ts";

interface Vector {
  readonly name: string;
  readonly maxFailures: number;
  readonly memoryRecords: number | null;
  readonly lines: readonly string[];
}

const file = fileURLToPath(new URL("spark/tasks.json", import.meta.url));
// The generator's own output, in the shape above.
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vector[];
const programs = new Map<string, TaskProgram>([...tasks, ...taskStorage, ...taskValues]);
/** More than any program needs. */
const ROUNDS_MAX = 6;

/** What listeners of Spark are told, told by the trace. */
class Lines {
  readonly lines: string[] = [];
  readonly #changes = new Map<number, string>();
  readonly #partitions = new Map<string, readonly number[]>();
  readonly #attempts = new Map<number, number>();

  tell(event: TraceEvent): void {
    const line = this.#lineOf(event);
    if (line !== null) this.lines.push(line);
  }

  #lineOf(event: TraceEvent): string | null {
    switch (event.kind) {
      case "job.submitted": {
        const stages = [...event.stages, ...event.skippedStages].sort((a, b) => a - b);
        return `job ${event.job} started: stages ${stages.join(" ")}`;
      }
      case "job.completed":
        return `job ${event.job} ${event.error === null ? "succeeded" : `failed: ${event.error}`}`;
      case "stage.submitted":
        this.#partitions.set(`${event.stage}.${event.attempt}`, event.partitions);
        return `stage ${event.stage}.${event.attempt} submitted: ${event.partitions.length} tasks`;
      case "stage.completed": {
        const how = event.error === null ? "completed" : `failed: ${event.error}`;
        return `stage ${event.stage}.${event.attempt} ${how}`;
      }
      case "task.started":
        this.#attempts.set(event.task, event.attempt);
        return null;
      case "accumulators.updated": {
        const changes = event.changes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
        const text = changes.map(({ name, update, value }) => `, ${name} ${update} of ${value}`);
        this.#changes.set(event.task, text.join(""));
        return null;
      }
      case "task.finished":
        return this.#task(event, `success${this.#changes.get(event.task) ?? ""}`);
      case "task.failed":
        return this.#task(event, event.reason);
      default:
        return null;
    }
  }

  #task(
    event: Extract<TraceEvent, { kind: "task.finished" | "task.failed" }>,
    ending: string,
  ): string {
    const id = `${event.stage}.${event.stageAttempt}`;
    const index = this.#partitions.get(id)?.indexOf(event.partition);
    const attempt = this.#attempts.get(event.task);
    return `task ${index}.${attempt} in stage ${id} (TID ${event.task}): ${ending}`;
  }
}

function playOf(sc: TaskPlay["sc"], lines: Lines, storageOf: (block: string) => string): TaskPlay {
  const tries = new Map<string, number>();
  const say = (line: unknown): void => {
    lines.lines.push(String(line));
  };
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
    failing: (key, times) => {
      tries.set(key, (tries.get(key) ?? 0) + 1);
      if ((tries.get(key) ?? 0) <= times) throw new Error(key);
    },
    blocks: (rdd) => {
      const names = Array.from({ length: rdd.getNumPartitions() }, (_, p) => `rdd_${rdd.id}_${p}`);
      say(`blocks: ${names.map(storageOf).join(" ")}`);
    },
    storage: () => {
      const texts = sc.getRDDStorageInfo().map((info) => {
        const level = sc.getPersistentRDDs().get(info.id)?.toDebugString().split("\n")[0] ?? "";
        const description = /\[[^[\]]*\]$/u.exec(level)?.[0] ?? "";
        const { id, name, numCachedPartitions, numPartitions } = info;
        return `${id} ${name} ${description} ${numCachedPartitions}/${numPartitions}`;
      });
      say(texts.join("; "));
    },
  };
}

/** Where each block is, by the facts. */
function trackStorage(run: Run): (block: string) => string {
  const storage = new Map<string, string>();
  run.trace.listen((event) => {
    if (event.kind === "block.stored") storage.set(event.block, event.storage);
    if (event.kind === "block.dropped") storage.set(event.block, event.to ?? "none");
  });
  return (block) => storage.get(block) ?? "none";
}

function runOnce(
  vector: Vector,
  program: TaskProgram,
  faults: readonly FaultSpec[],
): { readonly lines: readonly string[]; readonly events: readonly TraceEvent[] } {
  const lines = new Lines();
  const events: TraceEvent[] = [];
  let isOver = false;
  const { memoryRecords, maxFailures } = vector;
  const run = new Run({
    program: (ssc) => {
      program.run(playOf(ssc.sparkContext, lines, storageOf));
      isOver = true;
      ssc.queueStream([[]]).print();
    },
    world: {
      executors: [{ cores: 1, ...(memoryRecords === null ? {} : { memoryRecords }) }],
      conf: { "spark.task.maxFailures": String(maxFailures) },
      batches: 1,
      faults,
    },
  });
  const storageOf = trackStorage(run);
  run.trace.listen((event) => {
    if (isOver) return;
    events.push(event);
    lines.tell(event);
  });
  run.runToEnd();
  return { lines: lines.lines, events };
}

function runAsTold(vector: Vector, program: TaskProgram): readonly string[] {
  let faults: readonly FaultSpec[] = [];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { lines, events } = runOnce(vector, program, faults);
    const next = program.faults?.(events) ?? [];
    if (next.length === faults.length) return lines;
    faults = next;
  }
  throw new Error(`the faults of ${vector.name} do not come to an end`);
}

/** Lines as they are compared: ours name no class before an error of their own. */
function comparable(lines: readonly string[]): string[] {
  const masked = lines.map((line) =>
    (line.split("\n")[0] ?? "")
      .replaceAll(/\(TID \d+\)/gu, "(TID)")
      .replace(/^(?:org\.apache\.spark|java\.lang)\.\w+: /u, ""),
  );
  const compared: string[] = [];
  let group: string[] = [];
  for (const line of [...masked, ""]) {
    if (line.startsWith("task ")) {
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
    expect(comparable(runAsTold(vector, program))).toEqual(comparable(vector.lines));
  });
}

test("every program has a vector, and every vector a program", () => {
  const named = vectors.map(({ name }) => name);
  expect([...programs.keys()].filter((name) => !named.includes(name))).toEqual([]);
});
