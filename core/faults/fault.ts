/** The contract of a fault: what it is called, when it strikes, what it may touch. One file each
 *  beside this one. */

import type { ExecutorFault } from "../scheduler/executors.ts";
import type { ExecutorLoss } from "../scheduler/task-scheduler.ts";
import type { FactOf } from "../trace/event.ts";

/** When a fault strikes: at a time, or after the event with that `seq`, as soon as the action that
 *  told it has ended. */
export type FaultTime = { readonly atMs: number } | { readonly afterSeq: number };

/** `spark.*` settings by name. */
type Conf = Readonly<Record<string, string>>;

export type FaultSpec =
  /** A broker stops answering; it comes back after `forMs`, or never when left out. */
  | ({ readonly kind: "stopBroker"; readonly broker: number; readonly forMs?: number } & FaultTime)
  /** An administrator raises the number of a topic's partitions. */
  | ({
      readonly kind: "addPartitions";
      readonly topic: string;
      /** How many there are then. */
      readonly partitions: number;
    } & FaultTime)
  /** The driver dies with its executors; a new one starts `downMs` later (2000 when left out), with
   *  another configuration if one is given: a checkpoint's settings go before it. */
  | ({ readonly kind: "crashDriver"; readonly downMs?: number; readonly conf?: Conf } & FaultTime)
  /** Each write to the checkpoint store takes `writeMs`, for `forMs` or from now on. */
  | ({
      readonly kind: "slowCheckpoints";
      readonly writeMs: number;
      readonly forMs?: number;
    } & FaultTime)
  /** Writes to the checkpoint store fail, for `forMs` or from now on. */
  | ({ readonly kind: "fillCheckpoints"; readonly forMs?: number } & FaultTime)
  /** The newest metadata file is cut in half. */
  | ({ readonly kind: "tearCheckpoint" } & FaultTime)
  /** The context is stopped: gracefully, at once or, when that is left out, by SIGTERM, as
   *  `spark.streaming.stopGracefullyOnShutdown` says. A new driver starts `downMs` after it has
   *  stopped, or never when left out: the run then ends. */
  | ({
      readonly kind: "stopDriver";
      readonly gracefully?: boolean;
      readonly downMs?: number;
      /** What the new driver is started with; as before when left out. */
      readonly conf?: Conf;
    } & FaultTime)
  /** An executor dies with its cached blocks and shuffle outputs; a new one replaces it `backMs`
   *  later (2000 when left out). */
  | ({
      readonly kind: "loseExecutor";
      readonly executor: number;
      /** Its process crashes (when left out), the driver kills it, or its machine is gone. A crash
       *  counts as a failure of each task it ran; the others do not. */
      readonly exit?: ExecutorExit;
      readonly backMs?: number;
    } & FaultTime)

  /** An executor works at another speed, from tasks that start now on; at its own again after
   *  `forMs`, or never when left out. */
  | ({
      readonly kind: "slowExecutor";
      readonly executor: number;
      readonly speedPercent: number;
      readonly forMs?: number;
    } & FaultTime)
  /** The next tasks that end on an executor fail with an exception, as many as `times` (1 when
   *  left out). */
  | ({
      readonly kind: "failTasks";
      readonly executor: number;
      readonly times?: number;
      /** As the JVM prints an exception. */
      readonly error?: string;
    } & FaultTime)
  /** An executor's disk is full: tasks that write shuffle output fail there; for `forMs`, or for
   *  ever when left out. */
  | ({ readonly kind: "fillDisk"; readonly executor: number; readonly forMs?: number } & FaultTime)
  /** The driver no longer knows where the output of one map task is. */
  | ({
      readonly kind: "loseMapOutput";
      readonly shuffle: number;
      readonly partition: number;
    } & FaultTime);

export type ExecutorExit = "crashed" | "killed" | "worker lost";

/** The handles a fault may touch. */
export interface FaultTargets {
  schedule(delayMs: number, action: () => void): void;
  emit(fact: FactOf<"fault.injected">): void;
  stopBroker(broker: number): void;
  startBroker(broker: number): void;
  addPartitions(topic: string, partitions: number): void;
  crashDriver(): void;
  /** With another configuration than before; null for the same. */
  startDriver(conf: Conf | null): void;
  /** `writeMs` of each write, null for the usual; `error` of each, null for none. */
  changeStore(change: { readonly writeMs?: number | null; readonly error?: string | null }): void;
  /** The file that was cut; null when there was none. */
  tearCheckpoint(): string | null;
  stopDriver(gracefully: boolean | null, downMs: number | null, conf: Conf | null): void;
  loseExecutor(executor: number, loss: ExecutorLoss): void;
  /** Null for the speed the world gives it. */
  changeSpeed(executor: number, speedPercent: number | null): void;
  /** Null for no more. */
  breakExecutor(executor: number, fault: ExecutorFault | null): void;
  loseMapOutput(shuffle: number, partition: number): void;
  addExecutor(executor: number): void;
}

/** What each file beside this one exports. */
export interface Fault<K extends FaultSpec["kind"]> {
  readonly kind: K;
  /** What one should see, in a sentence. */
  readonly shows: string;
  inject(spec: Extract<FaultSpec, { readonly kind: K }>, targets: FaultTargets): void;
}
