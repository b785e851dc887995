/** From one batch time to another. Like Spark: org.apache.spark.streaming.Interval. */

import type { Duration } from "../base/time.ts";

export class Interval {
  readonly beginTime: number;
  readonly endTime: number;

  constructor(beginTime: number, endTime: number) {
    this.beginTime = beginTime;
    this.endTime = endTime;
  }

  get duration(): Duration {
    return this.endTime - this.beginTime;
  }

  toString(): string {
    return `[${this.beginTime} ms, ${this.endTime} ms]`;
  }
}
