/** A stream of RDDs, one per batch, and the operations on it. Names and argument order are those of
 *  Spark's Scala API. Like Spark: DStream and PairDStreamFunctions.
 *
 *  The methods are in the classes this one extends, each a layer: what every stream can do
 *  (`dstream-base`), counts and reductions (`reduced-dstream`), pairs (`pair-dstream`), joins
 *  (`joined-dstream`) and state (`stateful-dstream`). They all give DStreams, and know the class
 *  only as a type. */

import type { Duration } from "../base/time.ts";
import { type MapWithStateStreams, stateSnapshotsStream } from "../operators/map-with-state.ts";
import type { StateRecord } from "../rdd/map-with-state.ts";
import type { StreamNode } from "../stream/node.ts";
import { StatefulDStream } from "./stateful-dstream.ts";

export class DStream<T> extends StatefulDStream<T> {
  protected derive<U>(node: StreamNode<U>): DStream<U> {
    return new DStream(node);
  }

  protected deriveWithState<K, S, E>(
    streams: MapWithStateStreams<E>,
  ): MapWithStateDStream<K, S, E> {
    return new MapWithStateDStream(streams);
  }
}

/** What `mapWithState` gives: the records its function made, and the states beside them. */
export class MapWithStateDStream<K, S, E> extends DStream<E> {
  readonly #states: StreamNode<StateRecord>;

  constructor({ states, mapped }: MapWithStateStreams<E>) {
    super(mapped);
    this.#states = states;
  }

  /** All keys with their states, after each batch. */
  stateSnapshots(): DStream<[K, S]> {
    return this.derive(stateSnapshotsStream<K, S>(this.#states));
  }

  /** How often the states are checkpointed; not the records. */
  override checkpoint(interval: Duration): this {
    this.#states.checkpoint(interval);
    return this;
  }
}
