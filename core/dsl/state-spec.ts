/** How `mapWithState` keeps state. Like Spark: org.apache.spark.streaming.StateSpec.
 *
 *      StateSpec.function((word: string, one: Option<number>, state: State<number>) => {
 *        const count = state.getOption().getOrElse(0) + one.getOrElse(0);
 *        state.update(count);
 *        return [word, count] as const;
 *      }).timeout(Seconds(30)) */

import { PipelineError } from "../base/errors.ts";
import type { Duration } from "../base/time.ts";
import { type Option, Some } from "../record/option.ts";
import type { MappingFunction } from "../rdd/map-with-state.ts";
import { hashPartitioner, type Partitioner } from "../rdd/partitioner.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import type { State } from "../rdd/state.ts";
import type { RDD } from "./rdd.ts";

type KeyMapping<K, V, S, E> = (key: K, value: Option<V>, state: State<S>) => E;

export class StateSpec<K, V, S, E> {
  readonly #given: KeyMapping<K, V, S, E> | MappingFunction<K, V, S, E>;
  #initial: RDDNode<readonly [K, S]> | null = null;
  #partitioner: Partitioner | null = null;
  #timeoutMs: Duration | null = null;

  private constructor(given: KeyMapping<K, V, S, E> | MappingFunction<K, V, S, E>) {
    this.#given = given;
  }

  /** A function of three parameters gives one record for each call; one of four is also told the
   *  batch time, and gives a record or None. */
  static function<K, V, S, E>(f: KeyMapping<K, V, S, E>): StateSpec<K, V, S, E>;
  static function<K, V, S, E>(f: MappingFunction<K, V, S, E>): StateSpec<K, V, S, E>;
  static function<K, V, S, E>(
    f: KeyMapping<K, V, S, E> | MappingFunction<K, V, S, E>,
  ): StateSpec<K, V, S, E> {
    if (typeof f === "function") return new StateSpec(f);
    throw new PipelineError(
      "GRAPH_INVALID",
      "StateSpec.function needs a function of (key, value, state) or (time, key, value, state)",
    );
  }

  /** States to start with. */
  initialState(rdd: RDD<readonly [K, S]>): this {
    this.#initial = rdd.node;
    return this;
  }

  numPartitions(numPartitions: number): this {
    return this.partitioner(hashPartitioner(numPartitions));
  }

  partitioner(partitioner: Partitioner): this {
    this.#partitioner = partitioner;
    return this;
  }

  /** A key without a record for so long is removed, after a last call without a value. Spark looks
   *  for such keys only in batches whose state it checkpoints: every tenth, unless
   *  `checkpoint(interval)` says otherwise. */
  timeout(idleDuration: Duration): this {
    this.#timeoutMs = idleDuration;
    return this;
  }

  /** What the operator is made of. */
  build(defaultParallelism: number) {
    return {
      f: mappingOf(this.#given),
      partitioner: this.#partitioner ?? hashPartitioner(defaultParallelism),
      initial: this.#initial,
      timeoutMs: this.#timeoutMs,
      parameters: [this.#given],
    };
  }
}

function mappingOf<K, V, S, E>(
  given: KeyMapping<K, V, S, E> | MappingFunction<K, V, S, E>,
): MappingFunction<K, V, S, E> {
  // The number of parameters is what tells the two apart.
  if (given.length === 4) return given as MappingFunction<K, V, S, E>;
  const f = given as KeyMapping<K, V, S, E>;
  return (_timeMs, key, value, state) => Some(f(key, value, state));
}
