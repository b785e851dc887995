/** The contract of an audit: a promise of Kafka or Spark, judged by the trace of a run alone. One
 *  promise a file beside this one. */

import type { TraceEvent } from "../trace/event.ts";

export type Verdict =
  | {
      readonly kind: "holds";
      /** How often it was put to the test: `214 records`. */
      readonly checked: string;
    }
  | {
      readonly kind: "broken";
      /** The smallest example: what, where, what should have been. */
      readonly example: string;
      /** How many there are like it. */
      readonly count: number;
      /** The event at which it shows; null for something that is missing in the end. */
      readonly seq: number | null;
    }
  | { readonly kind: "not exercised"; readonly why: string };

export interface Audit {
  /** `acknowledged records stay`: a few words. */
  readonly name: string;
  /** What is promised, and on what conditions, in a sentence or two. */
  readonly promise: string;
  /** Pure. Shape: a whole trace, from its first event. */
  check(events: readonly TraceEvent[]): Verdict;
}

export function holds(checked: number, what: string): Verdict {
  return checked === 0
    ? { kind: "not exercised", why: `no ${what}` }
    : { kind: "holds", checked: `${checked} ${what}` };
}

/** What was found against a promise: the first of the shortest examples is told. */
export class Findings {
  #first: { readonly example: string; readonly seq: number | null } | null = null;
  #count = 0;

  add(example: string, seq: number | null): void {
    this.#first ??= { example, seq };
    this.#count += 1;
  }

  /** Broken, when something was found; otherwise it holds for what was checked. */
  verdict(checked: number, what: string): Verdict {
    if (this.#first === null) return holds(checked, what);
    return { kind: "broken", ...this.#first, count: this.#count };
  }
}
