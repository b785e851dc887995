/** A value that may be missing: what the side of an outer join is for a key it does not have.
 *  Like Scala: Option, Some, None. */

import { PipelineError } from "../base/errors.ts";

export abstract class Option<A> {
  abstract readonly isDefined: boolean;

  /** Throws: PipelineError OUT_OF_RANGE `None.get` where there is no value. */
  abstract get get(): A;

  get isEmpty(): boolean {
    return !this.isDefined;
  }

  get nonEmpty(): boolean {
    return this.isDefined;
  }

  get orNull(): A | null {
    return this.isDefined ? this.get : null;
  }

  getOrElse<B>(fallback: B): A | B {
    return this.isDefined ? this.get : fallback;
  }

  orElse<B>(alternative: Option<B>): Option<A | B> {
    return this.isDefined ? this : alternative;
  }

  map<B>(f: (value: A) => B): Option<B> {
    return this.isDefined ? Some(f(this.get)) : None;
  }

  flatMap<B>(f: (value: A) => Option<B>): Option<B> {
    return this.isDefined ? f(this.get) : None;
  }

  filter(keep: (value: A) => boolean): Option<A> {
    return this.isDefined && keep(this.get) ? this : None;
  }

  exists(holds: (value: A) => boolean): boolean {
    return this.isDefined && holds(this.get);
  }

  forall(holds: (value: A) => boolean): boolean {
    return this.isEmpty || holds(this.get);
  }

  foreach(f: (value: A) => void): void {
    if (this.isDefined) f(this.get);
  }

  /** `Some(x)` or `None`; `text` says how the value is written. */
  toString(text: (value: unknown) => string = String): string {
    return this.isDefined ? `Some(${text(this.get)})` : "None";
  }
}

class Present<A> extends Option<A> {
  readonly isDefined = true;
  readonly value: A;

  constructor(value: A) {
    super();
    this.value = value;
  }

  get get(): A {
    return this.value;
  }
}

class Missing extends Option<never> {
  readonly isDefined = false;

  get get(): never {
    throw new PipelineError("OUT_OF_RANGE", "java.util.NoSuchElementException: None.get");
  }
}

/** A value that is there. */
export function Some<A>(value: A): Option<A> {
  return new Present(value);
}

/** No value. */
export const None: Option<never> = new Missing();
