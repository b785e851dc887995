/** The contract of a fault: what it is called, how a person writes it, what one should see, and
 *  what it may touch. One file each beside this one. */

import type { Release } from "../base/conditions.ts";
import type { ClusterControls } from "../broker/cluster-controls.ts";
import type { TopicConfig } from "../record/topic-config.ts";
import type { ExecutorFault } from "../scheduler/executor-conditions.ts";
import type { ExecutorLoss } from "../scheduler/task-scheduler.ts";

/** What a fault is about; the palette is grouped by it. */
export const faultTargetGroups = [
  "broker",
  "link",
  "controller",
  "topic",
  "producer",
  "consumer",
  "driver",
  "executor",
  "checkpoint",
  "sink",
  "data",
] as const;
export type FaultTargetGroup = (typeof faultTargetGroups)[number];

/** `spark.*` settings by name. */
export type Conf = Readonly<Record<string, string>>;

/** One value of a fault: how it is read, printed and checked follows from its type. */
export type Field = FieldForm & { readonly optional?: true };

type FieldForm =
  | { readonly type: "whole"; readonly min: number; readonly max?: number }
  /** 1 to n, as the world has them. */
  | { readonly type: "broker" }
  | { readonly type: "executor" }
  | { readonly type: "topic" }
  /** The name of a producer or consumer of the world. */
  | { readonly type: "producer" }
  | { readonly type: "consumer" }
  /** An end of a link: a broker's number, `controller`, `clients` or the name of one. */
  | { readonly type: "node" }
  /** A client, a key, a group, a transactional id; quoted where it is no plain word. */
  | { readonly type: "name"; readonly of?: "client" | "writer" }
  | { readonly type: "text" }
  | { readonly type: "choice"; readonly choices: readonly string[] }
  /** True or false, a word for each. */
  | { readonly type: "flag"; readonly yes: string; readonly no: string }
  | { readonly type: "settings" };

export type Fields = Readonly<Record<string, Field>>;

/** What a field holds in a fault's data. */
export type ValueOf<F> = F extends { readonly choices: readonly (infer C)[] }
  ? C
  : F extends { readonly type: "whole" | "broker" | "executor" }
    ? number
    : F extends { readonly type: "flag" }
      ? boolean
      : F extends { readonly type: "settings" }
        ? Conf
        : string;

/** The fields of a fault as data. */
export type ValuesOf<F extends Fields> = {
  readonly [K in keyof F as F[K] extends { readonly optional: true } ? never : K]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends { readonly optional: true } ? K : never]?: ValueOf<F[K]>;
};

/** How long it lasts, for ever when left out: then what its `inject` gives is called. A field of
 *  this name is written before the phrase: `at 5000 for 2000 stop broker 1`,
 *  `from 4000 to 6000 drop link 1-3`. */
export const forMs = { type: "whole", min: 0, optional: true } as const;

/** Time that passes until something that went away is back. */
export const backMs = { type: "whole", min: 0, optional: true } as const;

/** What is odd about the records of a topic. */
export type DataChange =
  /** So many of them have that key. */
  | { readonly kind: "hot key"; readonly key: string; readonly percent: number }
  /** They are dated back. */
  | { readonly kind: "late"; readonly byMs: number };

/** What faults may do to the records that come. */
export interface DataControls {
  /** Of records that are drawn from now on. */
  change(topic: string, change: DataChange): Release;
  /** One more record, now. */
  send(topic: string, value: string): void;
}

/** What faults may do to consumers of the world, by name. One runs when nobody holds it down. */
export interface ConsumerControls {
  crash(consumer: string): Release;
  close(consumer: string): Release;
  stall(consumer: string, forMs: number): void;
  isRunning(consumer: string): boolean;
}

/** The handles a fault may touch. What lasts is held by who asked for it, until he calls what he is
 *  given. */
export interface FaultTargets {
  schedule(delayMs: number, action: () => void): void;
  readonly cluster: ClusterControls;
  /** All there are, running or not. */
  readonly brokers: readonly number[];
  /** As the world made it. */
  topicConfig(topic: string): TopicConfig;
  readonly data: DataControls;
  readonly consumers: ConsumerControls;
  /** The process dies; it starts again after `backMs`, or never. */
  crashProducer(producer: string, backMs: number | null): void;
  /** A second process of it takes over. */
  doubleProducer(producer: string): void;
  /** Calls back with the broker that coordinates it, once an administrator has found it. */
  findCoordinator(of: "group" | "transaction", name: string, found: (broker: number) => void): void;
  /** What tasks write to fails, before or after the writing. */
  breakSink(when: "before" | "after"): Release;
  readonly isDriverAlive: boolean;
  crashDriver(): void;
  /** With another configuration than before; null for the same. */
  startDriver(conf: Conf | null): void;
  /** Each write of a checkpoint takes so long. */
  slowStore(writeMs: number): Release;
  /** Each write of a checkpoint fails. */
  failStore(error: string): Release;
  /** The newest metadata file; null when there is none. */
  newestCheckpoint(): string | null;
  /** Cuts that file in half, if there is one. */
  tearCheckpoint(): void;
  /** Null for what `spark.streaming.stopGracefullyOnShutdown` says; no new driver when `downMs` is
   *  null. */
  stopDriver(gracefully: boolean | null, downMs: number | null, conf: Conf | null): void;
  /** Another comes in its place when nobody holds it down. */
  loseExecutor(executor: number, loss: ExecutorLoss): Release;
  /** To a speed at most. */
  slowExecutor(executor: number, speedPercent: number): Release;
  /** Its tasks fail. */
  breakExecutor(executor: number, fault: ExecutorFault): Release;
  hasMapOutput(shuffle: number, partition: number): boolean;
  loseMapOutput(shuffle: number, partition: number): void;
}

/** What each file beside this one exports. */
export interface Fault<K extends string, F extends Fields> {
  readonly kind: K;
  readonly target: FaultTargetGroup;
  /** How a script says it: words, `{field}`, and `[parts that may be left out]`. */
  readonly phrase: string;
  readonly fields: F;
  /** A state of things rather than an act: with `forMs`, a script says `from 4000 to 6000`. */
  readonly isCondition?: true;
  /** What one should see, in a sentence. */
  readonly shows: string;
  /** False when there is nothing it could strike: then it is told to have never struck. */
  isPossible?(targets: FaultTargets, spec: ValuesOf<F>): boolean;
  /** What it strikes, where its phrase does not say it; asked before it does. */
  readonly strikes?: (targets: FaultTargets) => string;
  /** Gives what ends it, when it lasts: asked for after `forMs`, or never. */
  inject(spec: ValuesOf<F>, targets: FaultTargets): Release | void;
}

/** Gives the fault itself, its fields' types made out. */
export function defineFault<const K extends string, const F extends Fields>(
  fault: Fault<K, F>,
): Fault<K, F> {
  return fault;
}
