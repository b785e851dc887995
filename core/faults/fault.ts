/** The contract of a fault: what it is called, when it strikes, what it may touch. One file each
 *  beside this one. */

import type { FactOf } from "../trace/event.ts";

/** When a fault strikes: at a time, or after the event with that `seq`, as soon as the action that
 *  told it has ended. */
export type FaultTime = { readonly atMs: number } | { readonly afterSeq: number };

export type FaultSpec =
  /** A broker stops answering; it comes back after `forMs`, or never when left out. */
  | ({ readonly kind: "stopBroker"; readonly broker: number; readonly forMs?: number } & FaultTime)
  /** The driver dies with its executors; a new one starts `downMs` later (2000 when left out). */
  | ({ readonly kind: "crashDriver"; readonly downMs?: number } & FaultTime)
  /** An administrator raises the number of a topic's partitions. */
  | ({
      readonly kind: "addPartitions";
      readonly topic: string;
      /** How many there are then. */
      readonly partitions: number;
    } & FaultTime)
  /** The context is stopped: gracefully, at once or, when that is left out, by SIGTERM, as
   *  `spark.streaming.stopGracefullyOnShutdown` says. A new driver starts `downMs` after it has
   *  stopped, or never when left out: the run then ends. */
  | ({
      readonly kind: "stopDriver";
      readonly gracefully?: boolean;
      readonly downMs?: number;
    } & FaultTime)
  /** An executor dies with its cached blocks and shuffle outputs; a new one replaces it `backMs`
   *  later (2000 when left out). */
  | ({
      readonly kind: "loseExecutor";
      readonly executor: number;
      readonly backMs?: number;
    } & FaultTime);

/** The handles a fault may touch. */
export interface FaultTargets {
  schedule(delayMs: number, action: () => void): void;
  emit(fact: FactOf<"fault.injected">): void;
  stopBroker(broker: number): void;
  startBroker(broker: number): void;
  crashDriver(): void;
  startDriver(): void;
  stopDriver(gracefully: boolean | null, downMs: number | null): void;
  loseExecutor(executor: number): void;
  addExecutor(executor: number): void;
}

/** What each file beside this one exports. */
export interface Fault<K extends FaultSpec["kind"]> {
  readonly kind: K;
  /** What one should see, in a sentence. */
  readonly shows: string;
  inject(spec: Extract<FaultSpec, { readonly kind: K }>, targets: FaultTargets): void;
}
  addPartitions(topic: string, partitions: number): void;
