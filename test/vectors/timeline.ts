// Runs a program of the lines of time on our engine, and says what happened in the words of
// spark/SchedulingRunner.scala.
import {
  type BatchInfo,
  type FaultSpec,
  type OutputOperationInfo,
  Run,
  type StreamingContext,
  type StreamingListener,
} from "streamscope";
import { metadataFiles, parseCheckpoint } from "../../core/checkpoint/checkpoint.ts";
import { SimulatedStore } from "../../core/checkpoint/simulated-store.ts";
import { type Play, playOn } from "./programs/play.ts";

type Step =
  | readonly ["Until" | "Restart", number]
  | readonly ["Stop", boolean]
  | readonly ["Crash" | "LookAtFiles"]
  | readonly ["Tear" | "Remove", string]
  | readonly ["Reconfigure", Conf];

type Conf = readonly (readonly [name: string, value: string])[];

export interface SchedulingVector {
  readonly name: string;
  readonly kind: string;
  readonly input: readonly number[];
  readonly conf: Conf;
  readonly checkpoints: boolean;
  readonly steps: readonly Step[];
  readonly lines: readonly string[];
}

const directory = "checkpoints";

export function linesOf(vector: SchedulingVector, build: (play: Play) => void): readonly string[] {
  // Whether records take their time, and how long before a restart a stop was through: known when
  // it has run.
  const first = new TimelineRun(vector, build, { takesTime: true, stoppedMs: 0 });
  const { takesTime } = first;
  const second = new TimelineRun(vector, build, { takesTime, stoppedMs: first.stoppedMs });
  return new TimelineRun(vector, build, { takesTime, stoppedMs: second.stoppedMs }).lines;
}

class TimelineRun {
  readonly lines: string[] = [];
  stoppedMs = 0;
  takesTime = false;
  readonly #vector: SchedulingVector;
  readonly #files = new Map<string, string>();
  readonly #run: Run;
  #hasFailed = false;
  readonly #isAskedToStop: boolean;
  /** What is still to be done when its time has passed. */
  readonly #steps: TimedStep[];

  constructor(
    vector: SchedulingVector,
    build: (play: Play) => void,
    known: { readonly takesTime: boolean; readonly stoppedMs: number },
  ) {
    this.#vector = vector;
    this.#isAskedToStop = vector.steps.some(([kind]) => kind === "Stop");
    this.#steps = timedSteps(vector.steps);
    const untilMs = this.#steps.at(-1)?.atMs ?? 0;
    this.#run = new Run({
      program: (ssc) => this.#program(ssc, build),
      world: {
        conf: Object.fromEntries(vector.conf),
        executors: [{ cores: 4 }],
        cost: {
          generateBatchMs: 0,
          taskMs: 0,
          recordUs: known.takesTime ? 700_000 : 0,
          shuffleRecordUs: 0,
          requestMs: 0,
          checkpointMs: 0,
        },
        untilMs: untilMs + 1000,
        faults: faultsOf(this.#steps, known.stoppedMs),
      },
      checkpointFiles: this.#files,
    });
    this.#listen(untilMs);
    this.#run.runToEnd();
    const { failure } = this.#run;
    if (failure !== null) this.lines.push(`restart failed: ${failure.message.split(": ")[0]}`);
  }

  #program(ssc: StreamingContext, build: (play: Play) => void): void {
    if (this.#vector.checkpoints) ssc.checkpoint(directory);
    const play = playOn(ssc, this.#vector.input, (line) => this.#say(line));
    build({
      ...play,
      slow: (stream) => {
        this.takesTime = true;
        return stream;
      },
    });
    ssc.addStreamingListener(this.#witness());
    ssc.start();
  }

  /** An action that waits runs past the end: what it tells then is left out. */
  #say(line: string): void {
    if (this.#steps.length > 0) this.lines.push(line.trimEnd());
  }

  #listen(untilMs: number): void {
    this.#run.trace.listen((event) => {
      for (let next = this.#steps[0]; next !== undefined; next = this.#steps[0]) {
        const isOver =
          next.atMs < event.atMs ||
          (next.atMs === event.atMs && event.kind === "fault.injected") ||
          event.kind === "run.ended";
        if (!isOver) break;
        this.#take(next.step);
        this.#steps.shift();
      }
      if (event.atMs > untilMs) return;
      if (event.kind === "driver.crashed") this.#say("crashed");
      if (event.kind === "driver.stopped" && this.#run.failure === null) {
        this.stoppedMs = event.atMs;
        if (this.#isAskedToStop) this.#say("stopped, now STOPPED");
      }
      if (event.kind === "driver.started") this.#started(event.attempt, event.recoveredFrom);
      if (event.kind === "error.reported" && !this.#hasFailed) {
        this.#hasFailed = true;
        // That a start failed is told when it is over.
        if (event.message.startsWith("Error ")) {
          this.#say(`awaitTermination throws: ${messageOf(event.message)}`);
        }
      }
    });
  }

  #started(attempt: number, file: string | null): void {
    this.#hasFailed = false;
    if (attempt === 1) return;
    if (file === null) this.#say("nothing to restore");
    else {
      const { checkpointTimeMs } = parseCheckpoint(file, this.#files.get(file) ?? "");
      this.#say(`restored ${checkpointTimeMs}`);
    }
  }

  #take(step: Step): void {
    if (step[0] === "LookAtFiles") this.lines.push(...this.#describeFiles());
    else if (step[0] === "Tear") {
      const text = this.#files.get(`${directory}/${step[1]}`) ?? "";
      this.#files.set(`${directory}/${step[1]}`, text.slice(0, text.length / 2));
    } else if (step[0] === "Remove") this.#files.delete(`${directory}/${step[1]}`);
  }

  #describeFiles(): string[] {
    const store = new SimulatedStore({
      files: this.#files,
      runtime: { schedule: () => {} },
      writeMs: 0,
    });
    const rdds = [...this.#files.keys()].filter((file) => /\/rdd-\d+$/.test(file)).length;
    const metadata = metadataFiles(store, directory)
      .toReversed()
      .map((file) => {
        return `file ${file.slice(directory.length + 1)}: ${holds(file, store.read(file) ?? "")}`;
      });
    return [...metadata, `rdds with files: ${rdds}`];
  }

  #witness(): StreamingListener {
    const say = (line: string): void => this.#say(line);
    const batch = (what: string, info: BatchInfo): void => {
      const known = [
        info.schedulingDelay === null ? [] : ["scheduling"],
        info.processingDelay === null ? [] : ["processing"],
        info.totalDelay === null ? [] : ["total"],
      ].flat();
      const describe = info.processingEndTime === null ? nameOf : times;
      const outputs = [...info.outputOperationInfos.values()].map(describe).join(", ");
      say(`${what} ${info.batchTime}: [${outputs}] ${known.join(" ")}`);
    };
    return {
      onStreamingStarted: () => say("streaming started"),
      onBatchSubmitted: ({ batchInfo }) => batch("batch submitted", batchInfo),
      onBatchStarted: ({ batchInfo }) => batch("batch started", batchInfo),
      onBatchCompleted: ({ batchInfo }) => batch("batch completed", batchInfo),
      onOutputOperationStarted: ({ outputOperationInfo: info }) =>
        say(`output started ${info.batchTime}: ${nameOf(info)} at ${info.startTime}`),
      onOutputOperationCompleted: ({ outputOperationInfo: info }) =>
        say(`output completed ${info.batchTime}: ${times(info)}`),
    };
  }
}

function nameOf(info: OutputOperationInfo): string {
  return `${info.id} ${info.name.split(" ")[0]}`;
}

function times(info: OutputOperationInfo): string {
  const why = info.failureReason === null ? "" : ` ${messageOf(info.failureReason)}`;
  return `${nameOf(info)} ${info.startTime}..${info.endTime}${why}`;
}

/** Of an error's text, the message of what was thrown first. */
function messageOf(text: string): string {
  return text.split("\n")[0]?.split(": ").at(-1) ?? "";
}

function holds(file: string, text: string): string {
  try {
    const { checkpointTimeMs, pendingMs } = parseCheckpoint(file, text);
    return `of ${checkpointTimeMs}, pending [${pendingMs.join(" ")}]`;
  } catch {
    return "cannot be read";
  }
}

interface TimedStep {
  readonly step: Step;
  /** When it begins, and when it is over. */
  readonly strikesMs: number;
  readonly atMs: number;
  /** When the next driver starts; null when none does. */
  readonly restartMs: number | null;
  /** What it is given then. */
  readonly conf: Conf | null;
}

function timedSteps(steps: readonly Step[]): TimedStep[] {
  let atMs = 0;
  return steps.map((step, index) => {
    const strikesMs = atMs;
    if (step[0] === "Until" || step[0] === "Restart") atMs = step[1];
    // The generator lets jobs have their two seconds.
    if (step[0] === "Stop" && !step[1]) atMs += 2000;
    const next = steps.slice(index + 1).find(([kind]) => kind === "Restart")?.[1];
    const [upcoming] = steps.slice(index + 1);
    const conf = upcoming?.[0] === "Reconfigure" ? upcoming[1] : null;
    return { step, strikesMs, atMs, restartMs: typeof next === "number" ? next : null, conf };
  });
}

/** Stops and crashes strike where the steps stand; a restart is so long after its stop. */
function faultsOf(steps: readonly TimedStep[], stoppedMs: number): FaultSpec[] {
  return steps.flatMap(({ step, strikesMs: atMs, restartMs, conf: given }): FaultSpec[] => {
    // A fault's configuration says something: for an empty one, a default.
    const settings = given?.length === 0 ? [["spark.streaming.concurrentJobs", "1"]] : given;
    const conf = settings === null ? {} : { conf: Object.fromEntries(settings) };
    if (step[0] === "Crash") {
      return [{ kind: "crashDriver", atMs, downMs: (restartMs ?? 1_000_000) - atMs, ...conf }];
    }
    if (step[0] !== "Stop") return [];
    const again = restartMs === null ? {} : { downMs: Math.max(0, restartMs - stoppedMs) };
    return [{ kind: "stopDriver", atMs, gracefully: step[1], ...again }];
  });
}
