// Operations on streams as data, on our engine: what Streams.scala says for Spark.
import { type DStream, Seconds, StateSpec } from "streamscope";
import {
  binary,
  expanding,
  mappings,
  named,
  ofPartition,
  type Pair,
  predicates,
  unary,
  updates,
  type Value,
} from "./functions.ts";
import type { Step } from "./program.ts";
import { chainAfter, joined, type Records } from "./rdds.ts";

export type Stream = DStream<Value>;

/** The generator groups by key only what it knows to be pairs. */
function pairs(stream: Stream): DStream<Pair> {
  return stream as DStream<Pair>;
}

/** The stream that a step makes of others. */
export function streamAfter(step: Step, of: readonly Stream[]): Stream {
  const { op, f, n, slide = 1 } = step;
  const [stream, other] = of;
  if (stream === undefined) throw new Error(`${op} needs a stream`);
  switch (op) {
    case "map":
      return stream.map(named(unary, f));
    case "flatMap":
      return stream.flatMap(named(expanding, f));
    case "filter":
      return stream.filter(named(predicates, f));
    case "glom":
      return stream.glom();
    case "mapPartitions":
      return stream.mapPartitions(named(ofPartition, f));
    case "union":
      return stream.union(other ?? stream);
    case "count":
      return stream.count();
    case "countByValue":
      return stream.countByValue(n);
    case "reduce":
      return stream.reduce(named(binary, f));
    case "persist":
      return stream.persist();
    case "checkpoint":
      return stream.checkpoint(Seconds(slide));
    case "transform":
      return stream.transform((rdd) =>
        chainAfter(step.chain ?? [], rdd, stream.context.sparkContext),
      );
    default:
      return byKey(step, pairs(stream), other === undefined ? null : pairs(other));
  }
}

function byKey(step: Step, stream: DStream<Pair>, other: DStream<Pair> | null): Stream {
  const { op, f, n } = step;
  if (other !== null) return sideBySide(step, stream, other);
  switch (op) {
    case "mapValues":
      return stream.mapValues(named(unary, f));
    case "flatMapValues":
      return stream.flatMapValues(named(expanding, f));
    case "reduceByKey":
      return stream.reduceByKey(named(binary, f), n);
    case "groupByKey":
      return stream.groupByKey(n);
    case "combineByKey":
      return stream.combineByKey((value) => value, named(binary, f), named(binary, f), n ?? 2);
    case "updateStateByKey":
      return stream.updateStateByKey(named(updates, f), n);
    case "mapWithState":
      return mapWithState(step, stream);
    default:
      return windowed(step, stream);
  }
}

function mapWithState({ f, n, window, snapshots }: Step, stream: DStream<Pair>): Stream {
  const spec = StateSpec.function(named(mappings, f));
  if (n !== undefined) spec.numPartitions(n);
  if (window !== undefined) spec.timeout(Seconds(window));
  const mapped = stream.mapWithState(spec);
  return snapshots === true ? mapped.stateSnapshots() : mapped;
}

function sideBySide({ op, f, n }: Step, left: DStream<Pair>, right: DStream<Pair>): Stream {
  switch (op) {
    case "join":
      return left.join(right, n);
    case "cogroup":
      return left.cogroup(right, n);
    case "leftOuterJoin":
      return left.leftOuterJoin(right, n);
    case "rightOuterJoin":
      return left.rightOuterJoin(right, n);
    case "fullOuterJoin":
      return left.fullOuterJoin(right, n);
    case "transformWith":
      return left.transformWith(right, (ours, theirs): Records => joined(f, ours, theirs));
    default:
      throw new Error(`no operation on two streams is named ${op}`);
  }
}

function windowed(step: Step, stream: DStream<Pair>): Stream {
  const { op, f, inverse, filter, n, window = 1, slide = 1 } = step;
  const [length, every] = [Seconds(window), Seconds(slide)];
  switch (op) {
    case "window":
      return stream.window(length, every);
    case "countByWindow":
      return stream.countByWindow(length, every);
    case "countByValueAndWindow":
      return stream.countByValueAndWindow(length, every, n);
    case "groupByKeyAndWindow":
      return stream.groupByKeyAndWindow(length, every, n);
    case "reduceByWindow": {
      const all: Stream = stream;
      return inverse === undefined
        ? all.reduceByWindow(named(binary, f), length, every)
        : all.reduceByWindow(named(binary, f), named(binary, inverse), length, every);
    }
    case "reduceByKeyAndWindow": {
      if (inverse === undefined) {
        return stream.reduceByKeyAndWindow(named(binary, f), length, every, n);
      }
      const keep = filter === undefined ? null : named(predicates, filter);
      const back = named(binary, inverse);
      return stream.reduceByKeyAndWindow(named(binary, f), back, length, every, n, keep);
    }
    default:
      throw new Error(`no operation on streams is named ${op}`);
  }
}
