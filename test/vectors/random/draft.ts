// A program while it is drawn: its random choices, and what is known of each stream so far.
import type { RandomStream } from "../../../core/base/random.ts";
import type { Step } from "./program.ts";
import { afterUnary, isKeyed, pairMakersFor, type Shape } from "./shape.ts";

export interface StreamDraft {
  readonly shape: Shape;
  /** In batch intervals. */
  readonly slide: number;
  /** At most so many records a batch, roughly: joins must not explode. */
  readonly most: number;
}

/** A stream may not hold more records a batch. */
export const mostRecords = 400;

export class Draft {
  readonly random: RandomStream;
  readonly streams: StreamDraft[] = [];
  readonly steps: Step[] = [];

  constructor(random: RandomStream) {
    this.random = random;
  }

  /** In [from, to]. */
  between(from: number, to: number): number {
    return from + this.random.below(to - from + 1);
  }

  oneOf<T>(choices: readonly T[]): T {
    const chosen = choices[this.random.below(choices.length)];
    if (chosen === undefined) throw new Error("there is nothing to choose from");
    return chosen;
  }

  /** Partitions asked for, mostly left to the default. */
  partitions(): { readonly n?: number } {
    return this.random.ratio(1, 3) ? { n: this.between(1, 5) } : {};
  }

  stream(index: number): StreamDraft {
    const found = this.streams[index];
    if (found === undefined) throw new Error(`there is no stream ${index}`);
    return found;
  }

  /** Appends a step and the stream it makes; gives that stream's number. */
  add(step: Step, stream: StreamDraft): number {
    this.steps.push(step);
    this.streams.push(stream);
    return this.streams.length - 1;
  }

  /** Mostly one of the newest streams, so that operations follow each other. */
  recent(): number {
    const back = this.random.ratio(3, 4) ? 0 : this.random.below(this.streams.length);
    return this.streams.length - 1 - back;
  }

  /** That stream, or a map of it to pairs. */
  keyed(index: number): number {
    const parent = this.stream(index);
    if (isKeyed(parent.shape)) return index;
    const f = this.oneOf(pairMakersFor(parent.shape));
    return this.add(
      { op: "map", of: [index], f },
      { ...parent, shape: afterUnary(f, parent.shape) },
    );
  }

  /** The key and the value of a stream of pairs. */
  pair(index: number): readonly [Shape, Shape] {
    const { pair } = this.stream(index).shape;
    if (pair === undefined) throw new Error(`stream ${index} is not of pairs`);
    return pair;
  }

  /** Another stream with the same slide, or the same stream. */
  partner(index: number): number {
    const { slide } = this.stream(index);
    const same = this.streams.flatMap((stream, at) => (stream.slide === slide ? [at] : []));
    return this.oneOf(same);
  }
}
