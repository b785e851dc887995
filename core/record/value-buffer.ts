/** The values of one key, gathered by `groupByKey` or `cogroup`: an array that knows the name of
 *  the buffer Spark would have used, for `print`. */

export type BufferName = "ArrayBuffer" | "CompactBuffer";

export class ValueBuffer<V> extends Array<V> {
  readonly scalaName: BufferName;

  constructor(scalaName: BufferName) {
    super();
    this.scalaName = scalaName;
    // Not a field of the data: hidden from JSON, spreads and structural comparison.
    Object.defineProperty(this, "scalaName", { enumerable: false });
  }

  /** `map`, `filter` and the like give plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}
