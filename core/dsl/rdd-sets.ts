/** RDDs met with others, record by record or as sets of values. Like Spark: RDD. */

import { cartesian } from "../rdd/cartesian.ts";
import { distinctInPlace } from "../rdd/distinct.ts";
import { map } from "../rdd/map-partitions.ts";
import { HashPartitioner, type Partitioner, samePartitioner } from "../rdd/partitioner.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { union } from "../rdd/union.ts";
import { type Sides, zip, zipPartitions, zipWithIndex, zipWithUniqueId } from "../rdd/zipped.ts";
import type { Pairs, RDDPartitioning } from "./partitioning.ts";
import { RDDActions } from "./rdd-actions.ts";
import type { RDD } from "./rdd.ts";

type Records<T> = readonly T[];

export abstract class RDDSets<T> extends RDDActions<T> {
  /** All records of both: partitions side by side, or one by one where both are partitioned
   *  alike. */
  union(other: RDD<T>): RDD<T> {
    return this.of(union(this.node.context, [this.node, other.node]));
  }

  /** Each value once, in as many partitions as here unless another number is given. No shuffle
   *  where the RDD has a partitioner and keeps its number of partitions. */
  distinct(numPartitions: number = this.node.numPartitions): RDD<T> {
    return this.scoped("distinct", () => {
      if (this.node.partitioner !== null && numPartitions === this.node.numPartitions) {
        return this.of(distinctInPlace(this.node));
      }
      return this.#paired(this.node)
        .reduceByKey((nothing) => nothing, numPartitions)
        .keys();
    });
  }

  /** Records as keys, of nothing. */
  #paired(node: RDDNode<T>): Pairs<T, null> {
    return this.of(map(node, (record) => [record, null] as const));
  }

  /** The values that are in both, each once. */
  intersection(other: RDD<T>, partitioning?: RDDPartitioning): RDD<T> {
    return this.scoped("intersection", () =>
      this.#paired(this.node)
        .cogroup(this.#paired(other.node), partitioning)
        .filter(([, [ours, theirs]]) => ours.length > 0 && theirs.length > 0)
        .keys(),
    );
  }

  /** The records whose values the other has not; repeated ones stay. Partitioned as here, or over
   *  as many partitions, unless given. */
  subtract(other: RDD<T>, partitioning?: RDDPartitioning): RDD<T> {
    const partitioner = this.#partitionerOf(partitioning);
    return this.scoped("subtract", () =>
      this.#paired(this.node).subtractByKey(this.#paired(other.node), partitioner).keys(),
    );
  }

  #partitionerOf(partitioning: RDDPartitioning | undefined): Partitioner {
    const { partitioner, numPartitions } = this.node;
    const given = partitioning ?? partitioner ?? numPartitions;
    const chosen = typeof given === "number" ? new HashPartitioner(given) : given;
    if (!samePartitioner(partitioner, chosen)) return chosen;
    // It knows the keys of pairs, and the pairs are the keys here.
    return {
      numPartitions: chosen.numPartitions,
      getPartition: (pair) => chosen.getPartition(Array.isArray(pair) ? pair[0] : pair),
    };
  }

  /** Every record here with every record there, over m * n partitions. */
  cartesian<U>(other: RDD<U>): RDD<[T, U]> {
    return this.of(cartesian(this.node, other.node));
  }

  /** First with first, second with second, partition by partition; both must have equally many.
   *  Throws: PipelineError GRAPH_INVALID for unequal numbers of partitions. */
  zip<U>(other: RDD<U>): RDD<[T, U]> {
    return this.of(zip(this.node, other.node));
  }

  /** `f` is called with the records of partition i of each RDD.
   *  Throws: PipelineError GRAPH_INVALID for unequal numbers of partitions. */
  zipPartitions<B, V>(
    rdd2: RDD<B>,
    f: (ours: Records<T>, second: Records<B>) => Iterable<V>,
    preservesPartitioning?: boolean,
  ): RDD<V>;
  zipPartitions<B, C, V>(
    rdd2: RDD<B>,
    rdd3: RDD<C>,
    f: (ours: Records<T>, second: Records<B>, third: Records<C>) => Iterable<V>,
    preservesPartitioning?: boolean,
  ): RDD<V>;
  zipPartitions<B, C, D, V>(
    rdd2: RDD<B>,
    rdd3: RDD<C>,
    rdd4: RDD<D>,
    f: (ours: Records<T>, second: Records<B>, third: Records<C>, fourth: Records<D>) => Iterable<V>,
    preservesPartitioning?: boolean,
  ): RDD<V>;
  zipPartitions<V>(...given: readonly unknown[]): RDD<V> {
    const at = given.findIndex((one) => typeof one === "function");
    // The overloads say what is given, and that the function takes the records of each.
    const others = given.slice(0, at) as RDD<unknown>[];
    const f = given[at] as (...sides: Sides) => Iterable<V>;
    const preservesPartitioning = given[at + 1] === true;
    const rdds = others.map((other) => other.node);
    const operator = "zipPartitions";
    return this.of(
      zipPartitions([this.node, ...rdds], {
        operator,
        preservesPartitioning,
        f: (sides) => f(...sides),
      }),
    );
  }

  /** Each record with how many come before it. Runs a job when there is more than one partition. */
  zipWithIndex(): RDD<[T, number]> {
    return this.of(zipWithIndex(this.node));
  }

  /** Record i of partition k of n with the number i * n + k; no job runs. */
  zipWithUniqueId(): RDD<[T, number]> {
    return this.of(zipWithUniqueId(this.node));
  }
}
