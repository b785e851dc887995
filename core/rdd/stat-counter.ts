/** Count, mean, variance and extremes of numbers, in one pass; two counters merge into one.
 *  Like Spark: org.apache.spark.util.StatCounter, operation by operation. */

import { fixedText } from "../record/fixed-text.ts";

export class StatCounter {
  #count = 0;
  #mean = 0;
  /** The sum of squared distances from the mean. */
  #m2 = 0;
  #max = Number.NEGATIVE_INFINITY;
  #min = Number.POSITIVE_INFINITY;

  constructor(values: Iterable<number> = []) {
    for (const value of values) this.merge(value);
  }

  merge(other: number | StatCounter): this {
    if (typeof other === "number") this.#add(other);
    else this.#join(other);
    return this;
  }

  #add(value: number): void {
    const delta = value - this.#mean;
    this.#count += 1;
    this.#mean += delta / this.#count;
    this.#m2 += delta * (value - this.#mean);
    this.#max = Math.max(this.#max, value);
    this.#min = Math.min(this.#min, value);
  }

  #join(other: StatCounter): void {
    if (other === this) {
      this.#join(other.copy());
      return;
    }
    if (other.#count === 0) return;
    if (this.#count === 0) {
      this.#mean = other.#mean;
      this.#m2 = other.#m2;
      this.#count = other.#count;
      this.#max = other.#max;
      this.#min = other.#min;
      return;
    }
    const delta = other.#mean - this.#mean;
    const total = this.#count + other.#count;
    if (other.#count * 10 < this.#count) {
      this.#mean += (delta * other.#count) / total;
    } else if (this.#count * 10 < other.#count) {
      this.#mean = other.#mean - (delta * this.#count) / total;
    } else {
      this.#mean = (this.#mean * this.#count + other.#mean * other.#count) / total;
    }
    this.#m2 += other.#m2 + (delta * delta * this.#count * other.#count) / total;
    this.#count = total;
    this.#max = Math.max(this.#max, other.#max);
    this.#min = Math.min(this.#min, other.#min);
  }

  copy(): StatCounter {
    return new StatCounter().merge(this);
  }

  get count(): number {
    return this.#count;
  }

  /** 0 where there are no numbers. */
  get mean(): number {
    return this.#mean;
  }

  get sum(): number {
    return this.#count * this.#mean;
  }

  get max(): number {
    return this.#max;
  }

  get min(): number {
    return this.#min;
  }

  /** That of the numbers as a whole population; NaN where there are none. */
  get variance(): number {
    return this.popVariance;
  }

  get popVariance(): number {
    return this.#count === 0 ? Number.NaN : this.#m2 / this.#count;
  }

  /** The estimate from a sample: divided by one less; NaN for fewer than two numbers. */
  get sampleVariance(): number {
    return this.#count <= 1 ? Number.NaN : this.#m2 / (this.#count - 1);
  }

  get stdev(): number {
    return this.popStdev;
  }

  get popStdev(): number {
    return Math.sqrt(this.popVariance);
  }

  get sampleStdev(): number {
    return Math.sqrt(this.sampleVariance);
  }

  toString(): string {
    const { mean, stdev, max, min } = this;
    const facts = Object.entries({ mean, stdev, max, min }).map(
      ([name, value]) => `${name}: ${fixedText(value, 6)}`,
    );
    return `(count: ${this.#count}, ${facts.join(", ")})`;
  }
}
