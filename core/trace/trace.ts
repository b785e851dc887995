/** Takes facts, numbers them, keeps a running hash, and hands each event to whoever listens.
 *  Why it does not keep them: a run of ten million records must not grow with its length; who wants
 *  the events (a session, a file) keeps them. */

import type { TraceEvent, TraceFact } from "./event.ts";

export type TraceListener = (event: TraceEvent, line: string) => void;

export class Trace {
  #nextSeq = 0;
  #high = 0x811c9dc5;
  #low = 0x2f0b4c47;
  readonly #listeners: TraceListener[] = [];

  /** Calls the listener for each event from now on, in order. */
  listen(listener: TraceListener): void {
    this.#listeners.push(listener);
  }

  get length(): number {
    return this.#nextSeq;
  }

  /** Shape: the event with `seq`, `atMs`, `kind`, `cause` first, then the fact's own fields. */
  append(fact: TraceFact, atMs: number, cause: number | null): number {
    const { kind, ...fields } = fact;
    const seq = this.#nextSeq;
    // The spread loses the union's correlation of kind and fields; the fact had it.
    const event = { seq, atMs, kind, cause, ...fields } as TraceEvent;
    this.#nextSeq += 1;
    const line = JSON.stringify(event);
    this.#addToHash(line);
    for (const listener of this.#listeners) listener(event, line);
    return seq;
  }

  /** Sixteen hexadecimal digits over all lines so far: equal for equal traces, in every engine. */
  get hash(): string {
    return hexadecimal(this.#high) + hexadecimal(this.#low);
  }

  #addToHash(line: string): void {
    let high = this.#high;
    let low = this.#low;
    for (let i = 0; i < line.length; i += 1) {
      const unit = line.charCodeAt(i);
      high = Math.imul(high ^ unit, 0x01000193);
      low = Math.imul(low ^ unit, 0x5bd1e995) ^ (low >>> 15);
    }
    this.#high = Math.imul(high ^ 10, 0x01000193);
    this.#low = Math.imul(low ^ 10, 0x5bd1e995);
  }
}

function hexadecimal(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
