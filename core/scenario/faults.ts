/** Every fault there is, as a table, and a fault as data. */

import { brokerCrash } from "../faults/broker-crash.ts";
import { brokerStop } from "../faults/broker-stop.ts";
import { checkpointStoreFull } from "../faults/checkpoint-store-full.ts";
import { checkpointStoreSlow } from "../faults/checkpoint-store-slow.ts";
import { checkpointStoreTorn } from "../faults/checkpoint-store-torn.ts";
import { diskFull } from "../faults/disk-full.ts";
import { driverCrash } from "../faults/driver-crash.ts";
import { driverStop } from "../faults/driver-stop.ts";
import { executorLoss } from "../faults/executor-loss.ts";
import { executorSlowdown } from "../faults/executor-slowdown.ts";
import type { Fault, Fields, ValuesOf } from "../faults/fault.ts";
import { mapOutputLoss } from "../faults/map-output-loss.ts";
import { partitionGrowth } from "../faults/partition-growth.ts";
import { taskFailures } from "../faults/task-failures.ts";
import type { MilestoneSpec } from "./milestones.ts";

/** In the order a palette shows them. */
export const faults = [
  brokerCrash,
  brokerStop,
  partitionGrowth,
  driverCrash,
  driverStop,
  executorLoss,
  executorSlowdown,
  taskFailures,
  diskFull,
  mapOutputLoss,
  checkpointStoreSlow,
  checkpointStoreFull,
  checkpointStoreTorn,
] as const;

/** When a fault strikes: at a time, or as soon as the action has ended that told of the event with
 *  that `seq`, or of that milestone. */
export type FaultTime =
  | { readonly atMs: number }
  | { readonly afterSeq: number }
  | { readonly after: MilestoneSpec };

type SpecOf<F> =
  F extends Fault<infer K, infer V> ? { readonly kind: K } & ValuesOf<V> & FaultTime : never;

/** One fault of a run, as data. */
export type FaultSpec = SpecOf<(typeof faults)[number]>;
export type FaultKind = FaultSpec["kind"];

/** The faults of a run: a script, or the same as data. */
export type FaultScript = string | readonly FaultSpec[];

/** Any of the table, its own types forgotten. */
export type AnyFault = Fault<string, Fields>;

/** The fault of a kind; null for an unknown one. */
export function faultNamed(kind: string): AnyFault | null {
  const known: readonly AnyFault[] = faults;
  return known.find((fault) => fault.kind === kind) ?? null;
}
