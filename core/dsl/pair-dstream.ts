/** Operations on streams of pairs: by key, in a batch or a window of batches.
 *  Like Spark: PairDStreamFunctions. */

import { PipelineError } from "../base/errors.ts";
import type { Duration } from "../base/time.ts";
import { combineByKeyStream } from "../operators/combine-by-key.ts";
import { flatMapValuesStream } from "../operators/flat-map-values.ts";
import { mapValuesStream } from "../operators/map-values.ts";
import { windowStream } from "../operators/window.ts";
import type { Partitioner } from "../rdd/partitioner.ts";
import { combineByKey, groupByKey } from "../rdd/shuffle.ts";
import { valueBuffer } from "../record/value-buffer.ts";
import type { StreamNode } from "../stream/node.ts";
import type { DStream } from "./dstream.ts";
import {
  inverseWindowNode,
  type Partitioning,
  partitionerOf,
  reduceByKeyNode,
} from "./keyed-nodes.ts";
import { ReducedDStream } from "./reduced-dstream.ts";
import { type Widen, widenStream } from "./widen.ts";

export abstract class PairDStream<T> extends ReducedDStream<T> {
  mapValues<K, V, U>(this: DStream<readonly [K, V]>, f: (value: V) => U): DStream<[K, U]> {
    return this.derive(mapValuesStream(this.node, f));
  }

  flatMapValues<K, V, U>(
    this: DStream<readonly [K, V]>,
    f: (value: V) => Iterable<U>,
  ): DStream<[K, U]> {
    return this.derive(flatMapValuesStream(this.node, f));
  }

  reduceByKey<K, V>(
    this: DStream<readonly [K, V]>,
    f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    partitioning?: Partitioning,
  ): DStream<[K, Widen<V>]> {
    const partitioner = partitionerOf(this.node, partitioning);
    return this.derive(reduceByKeyNode(widenStream(this.node), f, partitioner));
  }

  groupByKey<K, V>(this: DStream<readonly [K, V]>, partitioning?: Partitioning): DStream<[K, V[]]> {
    return this.derive(groupByKeyNode(this.node, partitionerOf(this.node, partitioning)));
  }

  /** The values of a key become one: `create` from the first, `mergeValue` adds another of the same
   *  partition, `mergeCombiners` brings two partitions together. */
  combineByKey<K, V, C>(
    this: DStream<readonly [K, V]>,
    create: (value: V) => C,
    mergeValue: (combined: C, value: V) => C,
    mergeCombiners: (a: C, b: C) => C,
    partitioning?: Partitioning,
    mapSideCombine = true,
  ): DStream<[K, C]> {
    const partitioner = partitionerOf(this.node, partitioning);
    return this.derive(
      combineByKeyStream<K, V, C>(this.node, {
        operator: "combineByKey",
        parameters: [create, mergeValue, mergeCombiners, partitioner, mapSideCombine],
        combine: (rdd) =>
          combineByKey(rdd, {
            operator: "combineByKey",
            create,
            mergeValue,
            mergeCombined: mergeCombiners,
            mapSideCombine,
            partitioner,
          }),
      }),
    );
  }

  /** All values of a key in the window: grouped in each batch, then the batches' groups joined. */
  groupByKeyAndWindow<K, V>(
    this: DStream<readonly [K, V]>,
    windowDuration: Duration,
    slideDuration: Duration = this.slideDuration,
    partitioning?: Partitioning,
  ): DStream<[K, V[]]> {
    const partitioner = partitionerOf(this.node, partitioning);
    return this.within("groupByKeyAndWindow", () => {
      const grouped = groupByKeyNode(this.node, partitioner);
      const windowed = windowStream(grouped, windowDuration, slideDuration);
      return this.derive(
        combineByKeyStream<K, V[], V[]>(windowed, {
          operator: "groupByKey",
          parameters: [partitioner],
          combine: (rdd) =>
            combineByKey<K, V[], V[]>(rdd, {
              operator: "combineByKey",
              create: (values) => appendAll(valueBuffer("ArrayBuffer"), values),
              mergeValue: appendAll,
              mergeCombined: appendAll,
              mapSideCombine: true,
              partitioner,
            }),
        }),
      );
    });
  }

  /** Without `inverse`: the whole window is reduced each time. With it: what entered is added to
   *  the last result and what left taken away, which needs a checkpoint directory. */
  reduceByKeyAndWindow<K, V>(
    this: DStream<readonly [K, V]>,
    f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    windowDuration: Duration,
    slideDuration?: Duration,
    partitioning?: Partitioning,
  ): DStream<[K, Widen<V>]>;
  reduceByKeyAndWindow<K, V>(
    this: DStream<readonly [K, V]>,
    f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    inverse: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    windowDuration: Duration,
    slideDuration?: Duration,
    partitioning?: Partitioning,
    filter?: ((pair: readonly [K, Widen<V>]) => boolean) | null,
  ): DStream<[K, Widen<V>]>;
  reduceByKeyAndWindow<K, V>(
    this: DStream<readonly [K, V]>,
    f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    ...rest: readonly WindowArgument<K, Widen<V>>[]
  ): DStream<[K, Widen<V>]> {
    const { inverse, ...window } = windowArguments(this.node, rest);
    const { windowMs, slideMs, partitioner } = window;
    const parent = widenStream(this.node);
    return this.within("reduceByKeyAndWindow", () => {
      if (inverse !== null) {
        return this.derive(inverseWindowNode(parent, { reduce: f, inverse, ...window }));
      }
      const reduced = reduceByKeyNode(parent, f, partitioner);
      return this.derive(reduceByKeyNode(windowStream(reduced, windowMs, slideMs), f, partitioner));
    });
  }
}

type WindowArgument<K, V> =
  | Partitioning
  | ((a: V, b: V) => V)
  | ((pair: readonly [K, V]) => boolean)
  | null
  | undefined;

interface WindowArguments<K, V> {
  readonly inverse: ((a: V, b: V) => V) | null;
  readonly windowMs: Duration;
  readonly slideMs: Duration;
  readonly partitioner: Partitioner;
  readonly keep: ((pair: readonly [K, V]) => boolean) | null;
}

/** Tells the two forms of `reduceByKeyAndWindow` apart by their first argument. */
function windowArguments<K, V>(
  node: StreamNode<unknown>,
  rest: readonly WindowArgument<K, V>[],
): WindowArguments<K, V> {
  const hasInverse = typeof rest[0] === "function";
  const [windowMs, slideMs, partitioning, keep] = hasInverse ? rest.slice(1) : rest;
  if (typeof windowMs !== "number") {
    throw new PipelineError(
      "GRAPH_INVALID",
      "reduceByKeyAndWindow needs a window duration, such as Seconds(30)",
    );
  }
  // The overloads say which function stands where.
  return {
    inverse: hasInverse ? (rest[0] as (a: V, b: V) => V) : null,
    windowMs,
    slideMs: typeof slideMs === "number" ? slideMs : node.slideMs,
    partitioner: partitionerOf(
      node,
      typeof partitioning === "function" ? undefined : (partitioning ?? undefined),
    ),
    keep: typeof keep === "function" ? (keep as (pair: readonly [K, V]) => boolean) : null,
  };
}

function groupByKeyNode<K, V>(
  parent: StreamNode<readonly [K, V]>,
  partitioner: Partitioner,
): StreamNode<[K, V[]]> {
  return combineByKeyStream<K, V, V[]>(parent, {
    operator: "groupByKey",
    parameters: [partitioner],
    combine: (rdd) => groupByKey(rdd, { partitioner, buffer: "ArrayBuffer", mapSideCombine: true }),
  });
}

function appendAll<V>(buffer: V[], values: readonly V[]): V[] {
  for (const value of values) buffer.push(value);
  return buffer;
}
