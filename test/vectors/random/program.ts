// A pipeline as data: what the generator draws, and what both interpreters read.
import { Option } from "../../../core/record/option.ts";

/** A record: text, a whole number, a number with a fraction, null, or a tuple of two. */
export type Datum = string | number | null | readonly [Datum, Datum];

export interface Input {
  /** Partitions of each batch. */
  readonly slices: number;
  /** Null is an RDD without partitions. */
  readonly batches: readonly (readonly Datum[] | null)[];
}

/** One operation on RDDs within a `transform`. */
export interface RddStep {
  readonly op: string;
  readonly f?: string;
  /** Partitions asked for. */
  readonly n?: number;
  /** The other RDD, made of records that are always the same. */
  readonly known?: readonly (readonly [Datum, Datum])[];
  readonly ascending?: boolean;
}

/** Makes stream number `inputs + index of the step`. */
export interface Step {
  readonly op: string;
  /** The streams it is made of, by number. */
  readonly of: readonly number[];
  readonly f?: string;
  readonly inverse?: string;
  readonly filter?: string;
  readonly n?: number;
  /** In batch intervals; for state the time-out. */
  readonly window?: number;
  readonly slide?: number;
  /** The states and not what is mapped. */
  readonly snapshots?: boolean;
  readonly chain?: readonly RddStep[];
}

/** What is looked at in each batch. */
export interface Look {
  readonly stream: number;
  /** `partitions`, `print`, or the name of an action. */
  readonly how: string;
  readonly n?: number;
  readonly f?: string;
}

export interface RandomProgram {
  readonly seed: number;
  readonly parallelism: number;
  readonly batches: number;
  /** Whether there is a directory for checkpoints, which state needs. */
  readonly checkpoints: boolean;
  readonly inputs: readonly Input[];
  readonly steps: readonly Step[];
  readonly looks: readonly Look[];
}

/** What one batch gave. */
export interface BatchAnswer {
  readonly timeMs: number;
  readonly values: readonly unknown[];
  readonly printed: string;
  readonly jobs: number;
  /** Ascending. */
  readonly tasksByStage: readonly number[];
}

/** JSON as Json.scala writes it, so that equal answers are equal texts. */
export function toText(value: unknown): string {
  if (value instanceof Option) return toText(value.orNull);
  if (Array.isArray(value)) return `[${value.map(toText).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => `"${name}": ${toText(field)}`);
    return `{${fields.join(", ")}}`;
  }
  return JSON.stringify(value ?? null);
}
