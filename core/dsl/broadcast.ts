/** A value sent once to each executor, for all tasks. Like Spark: org.apache.spark.broadcast. */

import type { RDDContext, Site } from "../rdd/rdd.ts";
import { TaskNotSerializable } from "../rdd/task-not-serializable.ts";

export class Broadcast<T> {
  readonly id: number;
  readonly #context: RDDContext;
  readonly #value: T;
  #destroyed: Site | null = null;

  constructor(context: RDDContext, value: T) {
    this.#context = context;
    this.#value = value;
    this.id = context.nextBroadcastId();
  }

  /** Throws: PipelineError GRAPH_INVALID after `destroy`. */
  get value(): T {
    this.#requireValid();
    return this.#value;
  }

  /** Takes it from the executors; it is sent again when a task asks for it. */
  unpersist(): void {
    this.#requireValid();
  }

  /** Takes it from everywhere, for good. */
  destroy(): void {
    this.#requireValid();
    this.#destroyed = this.#context.site("destroy");
  }

  #requireValid(): void {
    const site = this.#destroyed;
    if (site === null) return;
    const line = site.line === null ? "" : ` at line ${site.line}`;
    throw new TaskNotSerializable(
      "GRAPH_INVALID",
      "org.apache.spark.SparkException: [INTERNAL_ERROR_BROADCAST] Attempted to use " +
        `${String(this)} after it was destroyed (${site.operator}${line}) `,
    );
  }

  toString(): string {
    return `Broadcast(${this.id})`;
  }
}
