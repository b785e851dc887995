/** The RDDs made so far, by stream and batch time: what Spark keeps in each DStream's
 *  `generatedRDDs`. Computing one twice for a time gives the same object.
 *  Like Spark: DStream.getOrCompute and clearMetadata. */

import {
  describeThrown,
  PipelineError,
  StreamscopeError,
  UserFunctionError,
} from "../base/errors.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import { placeOf, type RDDContext, type RDDNode, type Site } from "../rdd/rdd.ts";
import { DriverDied } from "./driver-runtime.ts";
import type { StreamGraph } from "./graph.ts";
import type { BatchContext, StreamNode } from "./node.ts";

export interface BatchTableOptions {
  readonly graph: StreamGraph;
  readonly rdds: RDDContext;
  readonly zeroTimeMs: number;
  readonly rangesOf: (node: StreamNode<unknown>, timeMs: number) => readonly OffsetRange[];
  readonly filesOf: BatchContext["filesOf"];
  readonly receivedOf: BatchContext["receivedOf"];
  readonly windowComputed: BatchContext["windowComputed"];
  /** Says which stream makes RDDs while the function runs. */
  readonly within: <R>(site: Site | null, run: () => R) => R;
}

export class BatchTable implements BatchContext {
  readonly rdds: RDDContext;
  readonly zeroTimeMs: number;
  readonly rangesOf: BatchTableOptions["rangesOf"];
  readonly filesOf: BatchContext["filesOf"];
  readonly receivedOf: BatchContext["receivedOf"];
  readonly windowComputed: BatchContext["windowComputed"];
  readonly #graph: StreamGraph;
  readonly #within: BatchTableOptions["within"];
  readonly #rememberMs: ReadonlyMap<number, number>;
  /** By node, then batch time. */
  readonly #made = new Map<number, Map<number, RDDNode<unknown>>>();

  constructor(options: BatchTableOptions) {
    this.rdds = options.rdds;
    this.zeroTimeMs = options.zeroTimeMs;
    this.rangesOf = options.rangesOf;
    this.filesOf = options.filesOf;
    this.receivedOf = options.receivedOf;
    this.windowComputed = options.windowComputed;
    this.#graph = options.graph;
    this.#within = options.within;
    this.#rememberMs = options.graph.rememberDurations();
    this.#graph.run(this);
  }

  rddOf<T>(node: StreamNode<T>, timeMs: number): RDDNode<T> | null {
    const made = this.#made.get(node.id)?.get(timeMs);
    // Only `compute` of this very node put it there.
    if (made !== undefined) return made as RDDNode<T>;
    const sinceZeroMs = timeMs - this.zeroTimeMs;
    if (sinceZeroMs <= 0 || sinceZeroMs % node.slideMs !== 0) return null;
    const rdd = this.#compute(node, timeMs);
    if (rdd === null || node.output !== null) return rdd;
    rdd.origin ??= { node: node.id, batchTimeMs: timeMs };
    persist(rdd, node);
    if (node.checkpointMs !== null && sinceZeroMs % node.checkpointMs === 0) {
      rdd.isCheckpointMarked = true;
    }
    this.put(node.id, timeMs, rdd);
    return rdd;
  }

  #compute<T>(node: StreamNode<T>, timeMs: number): RDDNode<T> | null {
    try {
      const site = node.showsInnerCalls ? null : node.site;
      return this.#within(site, () => node.compute(timeMs, this));
    } catch (thrown) {
      if (thrown instanceof DriverDied) throw thrown;
      if (thrown instanceof StreamscopeError && thrown.place.operator !== undefined) throw thrown;
      const isOurs = thrown instanceof StreamscopeError;
      const origin = { node: node.id, batchTimeMs: timeMs };
      throw new UserFunctionError(
        isOurs ? thrown.code : "USER_FUNCTION",
        isOurs ? thrown.message : describeThrown(thrown),
        { place: placeOf({ site: node.site, origin }), cause: thrown },
      );
    }
  }

  /** An RDD of an earlier driver, read back from its checkpoint. */
  put(node: number, timeMs: number, rdd: RDDNode<unknown>): void {
    let times = this.#made.get(node);
    if (times === undefined) {
      times = new Map();
      this.#made.set(node, times);
    }
    times.set(timeMs, rdd);
  }

  /** Forgets RDDs older than each stream remembers, and their cached blocks. */
  clear(batchTimeMs: number): void {
    for (const [node, times] of this.#made) {
      const rememberMs = this.#rememberMs.get(node) ?? this.#graph.batchIntervalMs;
      for (const [timeMs, rdd] of times) {
        if (timeMs > batchTimeMs - rememberMs) continue;
        times.delete(timeMs);
        if (rdd.storageLevel !== "NONE") this.rdds.unpersist(rdd);
      }
    }
  }

  /** Every RDD still remembered. */
  *remembered(): Generator<{ node: number; timeMs: number; rdd: RDDNode<unknown> }> {
    for (const [node, times] of this.#made) {
      for (const [timeMs, rdd] of times) yield { node, timeMs, rdd };
    }
  }

  /** Shuffles that a remembered RDD can still reach through its lineage. */
  shufflesInUse(): Set<number> {
    const shuffles = new Set<number>();
    const seen = new Set<RDDNode<unknown>>();
    for (const { rdd } of this.remembered()) seen.add(rdd);
    for (const rdd of seen) {
      for (const dependency of rdd.dependencies) {
        if (dependency.kind === "shuffle") shuffles.add(dependency.shuffle);
        seen.add(dependency.rdd);
      }
    }
    return shuffles;
  }

  /** How long a stream's RDDs are remembered, in ms. */
  rememberMsOf(node: StreamNode<unknown>): number {
    return this.#rememberMs.get(node.id) ?? this.#graph.batchIntervalMs;
  }
}

/** Gives the RDD of a stream the stream's storage level.
 *  Throws: PipelineError GRAPH_INVALID for an RDD of another stream that has another. */
function persist(rdd: RDDNode<unknown>, node: StreamNode<unknown>): void {
  if (node.storageLevel === "NONE") return;
  if (rdd.storageLevel !== "NONE" && rdd.storageLevel !== node.storageLevel) {
    throw new PipelineError(
      "GRAPH_INVALID",
      "Cannot change storage level of an RDD after it was already assigned a level",
      { place: placeOf({ site: node.site, origin: rdd.origin }) },
    );
  }
  rdd.storageLevel = node.storageLevel;
}
