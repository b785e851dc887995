/** Whether a context has started and how it stops: at once, or when all that was taken in is
 *  through. Like Spark: StreamingContext.start and stop, JobScheduler.stop, JobGenerator.stop. */

import { PipelineError, type StreamscopeError } from "../base/errors.ts";
import type { CheckpointWriter } from "../checkpoint/checkpoint-writer.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { JobGenerator } from "./job-generator.ts";
import type { JobScheduler } from "./job-scheduler.ts";
import { ListenerBus } from "./streaming-listener.ts";

/** Like Spark: StreamingContextState. */
export type StreamingContextState = "INITIALIZED" | "ACTIVE" | "STOPPED";

/** How often a graceful stop looks whether the batches are through. */
const POLL_MS = 100;
/** How long jobs may still run: after a graceful stop, after an abrupt one. */
const GRACEFUL_JOBS_MS = 3_600_000;
const ABRUPT_JOBS_MS = 2_000;
const WRITER_MS = 10_000;
/** Of a graceful stop without `spark.streaming.gracefulStopTimeout`. */
const TIMEOUT_BATCHES = 10;

export interface StopOptions {
  readonly stopSparkContext: boolean;
  readonly stopGracefully: boolean;
}

/** What a stop ends, in this order. */
export interface Stoppable {
  readonly generator: JobGenerator;
  readonly scheduler: JobScheduler;
  readonly writer: CheckpointWriter | null;
  /** Stops receiving; true while blocks wait for their batch. */
  readonly stopReceivers: (gracefully: boolean) => () => boolean;
  /** Like Spark: DStreamGraph.stop. */
  readonly stopInputs: () => void;
}

export interface ContextLifecycleOptions {
  readonly runtime: Runtime;
  readonly attempt: number;
  readonly batchIntervalMs: number;
  readonly gracefulStopTimeoutMs: () => number | null;
  readonly validate: () => void;
  readonly run: () => void;
  /** The context is stopped, whether it ever ran or not. */
  readonly stopped: () => void;
  /** The SparkContext is gone, with all that runs on it. */
  readonly sparkStopped: () => void;
}

export class ContextLifecycle {
  readonly listeners: ListenerBus;
  readonly #options: ContextLifecycleOptions;
  #state: StreamingContextState = "INITIALIZED";
  #isStopping = false;
  #isSparkStopped = false;
  #awaits: boolean | null = null;
  #running: Stoppable | null = null;
  #error: StreamscopeError | null = null;
  #whenStopped: (() => void) | null = null;

  constructor(options: ContextLifecycleOptions) {
    this.#options = options;
    const { runtime } = options;
    this.listeners = new ListenerBus((message) =>
      runtime.emit({ kind: "error.reported", message }),
    );
  }

  get state(): StreamingContextState {
    return this.#state;
  }

  /** Whether an error ends the program: it awaits the end, or leaves that to the world. */
  get awaits(): boolean {
    return this.#awaits ?? true;
  }

  /** The first error is what `awaitTermination` throws. */
  reported(error: StreamscopeError): void {
    this.#error ??= error;
  }

  /** Throws: PipelineError CONTEXT_STATE, in Spark's words, once it is stopped; what is wrong with
   *  the graph or the checkpoint, and then it is stopped. */
  start(by: "program" | "world"): void {
    if (this.#state === "STOPPED") throw contextState("StreamingContext has already been stopped");
    if (this.#state === "ACTIVE") return;
    if (by === "program") this.#awaits = false;
    try {
      this.#options.validate();
      this.#state = "ACTIVE";
      this.#options.run();
    } catch (thrown) {
      this.#setStopped();
      throw thrown;
    }
  }

  /** The batches that a restart runs again are made; new ones will be. */
  announce(): void {
    const time = this.#options.runtime.now();
    this.listeners.post("onStreamingStarted", () => ({ time }));
  }

  /** A batch that runs again could not be made: what was submitted gets its two seconds, as after
   *  an abrupt stop. Calls back when that is over; in Spark `start` throws then. */
  startFailed(stopped: () => void): void {
    this.#whenStopped = stopped;
    this.stopFromOutside({ stopSparkContext: false, stopGracefully: false });
  }

  /** What runs, once it does. */
  began(running: Stoppable): void {
    this.#running = running;
  }

  /** The program ends here and an error ends the run: nothing of it runs afterwards. */
  awaitTermination(): void {
    this.#awaits = true;
  }

  /** True when it stopped in time.
   *  Throws: the error that was reported; PipelineError CONTEXT_STATE where nothing can wait. */
  awaitTerminationOrTimeout(timeoutMs: number): boolean {
    const { runtime } = this.#options;
    if (!runtime.canWait) {
      throw contextState(
        "awaitTerminationOrTimeout cannot wait in a run on the real clock; end the program with " +
          "awaitTermination(), and stop the run from outside",
      );
    }
    const untilMs = runtime.now() + timeoutMs;
    runtime.schedule(timeoutMs, () => {
      // Brings the time on where nothing else is due.
    });
    runtime.runUntil(
      () => this.#state === "STOPPED" || this.#error !== null || runtime.now() >= untilMs,
    );
    if (this.#error !== null) throw this.#error;
    return this.#state === "STOPPED";
  }

  /** From the program or one of its functions: returns when it is stopped. */
  stop(options: StopOptions): void {
    this.stopFromOutside(options);
    const { runtime } = this.#options;
    if (this.#isStopping && runtime.canWait) runtime.runUntil(() => this.#state === "STOPPED");
  }

  /** From the world, which goes on meanwhile.
   *  Throws: PipelineError CONTEXT_STATE, in Spark's words, while a listener is told. */
  stopFromOutside({ stopSparkContext, stopGracefully }: StopOptions): void {
    this.listeners.requireOutside();
    const { runtime, attempt } = this.#options;
    if (this.#state === "ACTIVE" && !this.#isStopping) {
      this.#isStopping = true;
      runtime.emit({ kind: "driver.stopping", attempt, gracefully: stopGracefully });
      this.#stopGenerator(stopGracefully, () => this.#stopJobs(stopGracefully, stopSparkContext));
      return;
    }
    if (this.#state === "INITIALIZED") this.#setStopped();
    if (stopSparkContext && this.#state === "STOPPED") this.#stopSpark();
  }

  #setStopped(): void {
    this.#state = "STOPPED";
    this.#options.stopped();
  }

  #stopGenerator(gracefully: boolean, done: () => void): void {
    const { runtime, gracefulStopTimeoutMs, batchIntervalMs } = this.#options;
    const running = this.#running;
    if (running === null) {
      done();
      return;
    }
    const { generator, writer } = running;
    const hasBlocks = running.stopReceivers(gracefully);
    const close = (): void => {
      generator.close();
      if (writer === null) done();
      else writer.close(WRITER_MS, done);
    };
    if (!gracefully) {
      running.stopInputs();
      close();
      return;
    }
    const limitMs = runtime.now() + (gracefulStopTimeoutMs() ?? TIMEOUT_BATCHES * batchIntervalMs);
    this.#poll(
      () => runtime.now() > limitMs || !hasBlocks(),
      () =>
        generator.stopAfterTwo((lastMs) => {
          running.stopInputs();
          this.#poll(() => runtime.now() > limitMs || generator.lastProcessedMs === lastMs, close);
        }),
    );
  }

  #poll(condition: () => boolean, done: () => void): void {
    if (condition()) done();
    else this.#options.runtime.schedule(POLL_MS, () => this.#poll(condition, done));
  }

  #stopJobs(gracefully: boolean, stopSparkContext: boolean): void {
    const running = this.#running;
    const end = (): void => {
      if (this.#state === "STOPPED") return;
      running?.scheduler.shutDownNow();
      this.#setStopped();
      const { runtime, attempt } = this.#options;
      runtime.emit({ kind: "driver.stopped", attempt });
      this.#whenStopped?.();
      if (stopSparkContext) this.#stopSpark();
    };
    if (running === null) {
      end();
      return;
    }
    running.scheduler.shutDown(end);
    this.#options.runtime.schedule(gracefully ? GRACEFUL_JOBS_MS : ABRUPT_JOBS_MS, end);
  }

  /** A function of the person's that stopped the context goes on until it returns. */
  #stopSpark(): void {
    if (this.#isSparkStopped) return;
    this.#isSparkStopped = true;
    this.#options.runtime.schedule(0, this.#options.sparkStopped);
  }
}

function contextState(message: string): PipelineError {
  return new PipelineError("CONTEXT_STATE", message);
}
