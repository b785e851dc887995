/** Two streams of pairs side by side, key by key, in each batch.
 *  Like Spark: PairDStreamFunctions. */

import { transformStream } from "../operators/transform.ts";
import type { Option } from "../record/option.ts";
import {
  cogroup2,
  fullOuterJoin,
  join,
  type Keyed,
  leftOuterJoin,
  rightOuterJoin,
} from "../rdd/join.ts";
import type { Partitioner } from "../rdd/partitioner.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import type { StreamNode } from "../stream/node.ts";
import type { DStream } from "./dstream.ts";
import { typed } from "./dstream-base.ts";
import { type Partitioning, partitionerOf } from "./keyed-nodes.ts";
import { PairDStream } from "./pair-dstream.ts";

export abstract class JoinedDStream<T> extends PairDStream<T> {
  /** For each key of either stream: its values here, and its values there. */
  cogroup<K, V, W>(
    this: DStream<readonly [K, V]>,
    other: DStream<readonly [K, W]>,
    partitioning?: Partitioning,
  ): DStream<[K, [V[], W[]]]> {
    const partitioner = partitionerOf(this.node, partitioning);
    return this.derive(joinNode("cogroup", this.node, other.node, partitioner, cogroup2));
  }

  /** The pairs of equal keys of the two RDDs of the same batch. */
  join<K, V, W>(
    this: DStream<readonly [K, V]>,
    other: DStream<readonly [K, W]>,
    partitioning?: Partitioning,
  ): DStream<[K, [V, W]]> {
    const partitioner = partitionerOf(this.node, partitioning);
    return this.derive(joinNode("join", this.node, other.node, partitioner, join));
  }

  /** As `join`, and None for the other side of keys that are only here. */
  leftOuterJoin<K, V, W>(
    this: DStream<readonly [K, V]>,
    other: DStream<readonly [K, W]>,
    partitioning?: Partitioning,
  ): DStream<[K, [V, Option<W>]]> {
    const partitioner = partitionerOf(this.node, partitioning);
    return this.derive(
      joinNode("leftOuterJoin", this.node, other.node, partitioner, leftOuterJoin),
    );
  }

  /** As `join`, and None for this side of keys that are only in the other stream. */
  rightOuterJoin<K, V, W>(
    this: DStream<readonly [K, V]>,
    other: DStream<readonly [K, W]>,
    partitioning?: Partitioning,
  ): DStream<[K, [Option<V>, W]]> {
    const partitioner = partitionerOf(this.node, partitioning);
    return this.derive(
      joinNode("rightOuterJoin", this.node, other.node, partitioner, rightOuterJoin),
    );
  }

  /** As `join`, and None for the side that a key is not on. */
  fullOuterJoin<K, V, W>(
    this: DStream<readonly [K, V]>,
    other: DStream<readonly [K, W]>,
    partitioning?: Partitioning,
  ): DStream<[K, [Option<V>, Option<W>]]> {
    const partitioner = partitionerOf(this.node, partitioning);
    return this.derive(
      joinNode("fullOuterJoin", this.node, other.node, partitioner, fullOuterJoin),
    );
  }
}

/** Like Spark: DStream.transformWith around the operation of the same name on RDDs. */
function joinNode<K, V, W, J>(
  operator: string,
  left: StreamNode<readonly [K, V]>,
  right: StreamNode<readonly [K, W]>,
  partitioner: Partitioner,
  joined: (ours: Keyed<K, V>, theirs: Keyed<K, W>, partitioner: Partitioner) => RDDNode<J>,
): StreamNode<J> {
  return transformStream<J>({
    operator,
    parents: [left, right],
    parameters: [partitioner],
    f: ([ours, theirs]) =>
      joined(typed<readonly [K, V]>(ours), typed<readonly [K, W]>(theirs), partitioner),
  });
}
