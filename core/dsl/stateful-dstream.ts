/** State per key, carried from batch to batch. Like Spark: PairDStreamFunctions. */

import {
  type UpdateFunction,
  type UpdateKeyFunction,
  type UpdatePartition,
  updateStateStream,
} from "../operators/update-state-by-key.ts";
import type { Partitioner } from "../rdd/partitioner.ts";
import { type MapWithStateStreams, mapWithStateStream } from "../operators/map-with-state.ts";
import type { DStream, MapWithStateDStream } from "./dstream.ts";
import { JoinedDStream } from "./joined-dstream.ts";
import { type Partitioning, partitionerOf } from "./keyed-nodes.ts";
import { RDD } from "./rdd.ts";
import type { StateSpec } from "./state-spec.ts";

/** The key and the value of a pair; unknown for what is no pair. */
export type KeyOf<T> = T extends readonly [infer K, unknown] ? K : unknown;
export type ValueOf<T> = T extends readonly [unknown, infer V] ? V : unknown;

export abstract class StatefulDStream<T> extends JoinedDStream<T> {
  protected abstract deriveWithState<K, S, E>(
    streams: MapWithStateStreams<E>,
  ): MapWithStateDStream<K, S, E>;

  /** State per key: the function of the spec is called for each record, with the key's state, which
   *  it may update or remove; what it gives is a record of the stream. Keys without a record cost
   *  nothing. Needs a checkpoint directory. */
  mapWithState<K, V, S, E>(
    this: DStream<readonly [K, V]>,
    spec: StateSpec<K, V, S, E>,
  ): MapWithStateDStream<K, S, E> {
    const built = spec.build(this.node.owner.defaultParallelism);
    return this.deriveWithState(mapWithStateStream(this.node, built));
  }

  /** State per key: `f` is called for every known key in every batch, with this batch's values
   *  (perhaps none) and the state (null for none); null as a result forgets the key. Needs a
   *  checkpoint directory. */
  updateStateByKey<S>(
    this: DStream<readonly [KeyOf<T>, ValueOf<T>]>,
    f: UpdateFunction<ValueOf<T>, S>,
    partitioning?: Partitioning,
    initialRDD?: RDD<readonly [KeyOf<T>, S]>,
  ): DStream<[KeyOf<T>, S]>;
  /** `f` is also given the batch time and the key. */
  updateStateByKey<S>(
    this: DStream<readonly [KeyOf<T>, ValueOf<T>]>,
    f: UpdateKeyFunction<KeyOf<T>, ValueOf<T>, S>,
    partitioner: Partitioner,
    rememberPartitioner: boolean,
    initialRDD?: RDD<readonly [KeyOf<T>, S]>,
  ): DStream<[KeyOf<T>, S]>;
  /** `f` is called once per partition and may give other keys than it got. Its parameter needs its
   *  type: the compiler takes it for the function above. */
  updateStateByKey<S>(
    this: DStream<readonly [KeyOf<T>, ValueOf<T>]>,
    f: UpdatePartition<KeyOf<T>, ValueOf<T>, S>,
    partitioner: Partitioner,
    rememberPartitioner: boolean,
    initialRDD?: RDD<readonly [KeyOf<T>, S]>,
  ): DStream<[KeyOf<T>, S]>;
  updateStateByKey<S>(
    this: DStream<readonly [KeyOf<T>, ValueOf<T>]>,
    f: AnyUpdate<KeyOf<T>, ValueOf<T>, S>,
    partitioning?: Partitioning,
    ...rest: readonly (boolean | RDD<readonly [KeyOf<T>, S]> | undefined)[]
  ): DStream<[KeyOf<T>, S]> {
    const initial = rest.find((one) => one instanceof RDD);
    const rememberPartitioner = rest.find((one) => typeof one === "boolean");
    return this.derive(
      updateStateStream<KeyOf<T>, ValueOf<T>, S>(this.node, {
        update: updateOf(f, rememberPartitioner !== undefined),
        partitioner: partitionerOf(this.node, partitioning),
        preservesPartitioning: rememberPartitioner ?? true,
        initial: initial?.node ?? null,
        parameters: [f],
      }),
    );
  }
}

type AnyUpdate<K, V, S> =
  | UpdateFunction<V, S>
  | UpdateKeyFunction<K, V, S>
  | UpdatePartition<K, V, S>;

/** The overloads tell the three kinds of function apart: one of four parameters is also given time
 *  and key, and of the others only the one for partitions comes with `rememberPartitioner`. */
function updateOf<K, V, S>(f: AnyUpdate<K, V, S>, isGeneral: boolean) {
  if (f.length === 4) return { by: "key", f: f as UpdateKeyFunction<K, V, S> } as const;
  if (isGeneral) return { by: "partition", f: f as UpdatePartition<K, V, S> } as const;
  const update = f as UpdateFunction<V, S>;
  const ofKey: UpdateKeyFunction<K, V, S> = (_timeMs, _key, values, state) => update(values, state);
  return { by: "key", f: ofKey } as const;
}
