/** What a seed stands for, as data. */

import type { Acks } from "../broker/broker.ts";
import type { AssignorName } from "../client/consumer-settings.ts";
import type { PipelineChoice } from "./pipelines.ts";

/** The group of the readers, whose names begin with it. */
export const READERS = "readers";

/** A scenario as plain data: what a seed stands for, and what shrinking makes smaller. */
export interface SimulatedScenario {
  readonly seed: number;
  readonly brokers: number;
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  readonly allowsUnclean: boolean;
  /** Crashes may take what was not flushed, or a disk. */
  readonly losesStorage: boolean;
  readonly partitions: number;
  readonly records: number;
  /** Records come every so many ms. */
  readonly everyMs: number;
  readonly keys: number;
  readonly acks: Acks;
  readonly isIdempotent: boolean;
  /** The load comes in transactions of so many records, every third of them aborted where
   *  `aborts`; null for a load without. */
  readonly transactions: { readonly records: number; readonly aborts: boolean } | null;
  /** Applications of a group of their own that read the input, too; null for none. */
  readonly readers: ReadersChoice | null;
  /** The topic of the output keeps the last record of each key. */
  readonly compactsOutput: boolean;
  /** Topics change, records are odd: what nobody can promise anything through. */
  readonly isUnruly: boolean;
  readonly pipeline: PipelineChoice;
  readonly conf: Readonly<Record<string, string>>;
  /** Lines of the fault script. */
  readonly faults: readonly string[];
}

export interface ReadersChoice {
  readonly count: number;
  readonly assignor: AssignorName;
  readonly isolation: "read_uncommitted" | "read_committed";
  readonly commits: "auto" | "async" | "sync";
  readonly isStatic: boolean;
}
