/** What approximate actions give. Here every task is waited for, so that the result is final and
 *  its bounds are the value itself; Spark's are wider while tasks are missing after the timeout.
 *  Like Spark: org.apache.spark.partial.PartialResult, BoundedDouble. */

import { fixedText } from "../record/fixed-text.ts";
import { requirement } from "./requirement.ts";
import { doubleText } from "./samplers.ts";

export class BoundedDouble {
  readonly mean: number;
  readonly confidence: number;
  readonly low: number;
  readonly high: number;

  constructor(mean: number, confidence: number, low: number, high: number) {
    this.mean = mean;
    this.confidence = confidence;
    this.low = low;
    this.high = high;
  }

  toString(): string {
    return `[${fixedText(this.low, 3)}, ${fixedText(this.high, 3)}]`;
  }
}

export class PartialResult<R> {
  readonly initialValue: R;
  readonly isInitialValueFinal = true;

  constructor(value: R) {
    this.initialValue = value;
  }

  getFinalValue(): R {
    return this.initialValue;
  }

  toString(): string {
    return `(final: ${String(this.initialValue)})`;
  }
}

/** A value that is known. */
export function exactly(value: number): BoundedDouble {
  return new BoundedDouble(value, 1, value, value);
}

/** Throws: PipelineError GRAPH_INVALID. */
export function requireConfidence(confidence: number): void {
  requirement(
    confidence >= 0 && confidence <= 1,
    `confidence (${doubleText(confidence)}) must be in [0,1]`,
  );
}
