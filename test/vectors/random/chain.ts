// How the operations on RDDs within one `transform` are drawn.
import type { Draft, StreamDraft } from "./draft.ts";
import { binary, expanding, ofPartition, predicates } from "./functions.ts";
import type { Datum, RddStep } from "./program.ts";
import {
  afterBinary,
  afterExpanding,
  afterPartition,
  afterUnary,
  either,
  groupOf,
  isKeyed,
  joinedShape,
  joins,
  long,
  pairMakersFor,
  pairOf,
  scalar,
  type Shape,
  unaryFor,
} from "./shape.ts";

/** The RDD so far, and the operations that made it. */
export interface Chain {
  readonly chain: readonly RddStep[];
  readonly shape: Shape;
  readonly most: number;
}

type Follow = (draft: Draft, from: Chain) => Chain;

function then(from: Chain, step: RddStep, changed: Partial<Chain>): Chain {
  return { ...from, ...changed, chain: [...from.chain, step] };
}

/** With pairs that can be grouped. */
function keyed(draft: Draft, from: Chain): Chain & { readonly pair: readonly [Shape, Shape] } {
  const f = draft.oneOf(pairMakersFor(from.shape));
  const made = isKeyed(from.shape)
    ? from
    : then(from, { op: "map", f }, { shape: afterUnary(f, from.shape) });
  const { pair } = made.shape;
  if (pair === undefined) throw new Error("a chain with keys has pairs");
  return { ...made, pair };
}

function knownPairs(draft: Draft): (readonly [Datum, Datum])[] {
  const keys: readonly Datum[] = [0, 1, 2, 3, "a", "to", null, 0.5, 1.5];
  return Array.from({ length: draft.between(1, 5) }, () => [
    draft.oneOf(keys),
    draft.oneOf(["x", "y", 7]),
  ]);
}

function withUnary(draft: Draft, from: Chain): Chain {
  const f = draft.oneOf([...unaryFor(from.shape), ...pairMakersFor(from.shape)]);
  return then(from, { op: "map", f }, { shape: afterUnary(f, from.shape) });
}

function withFilter(draft: Draft, from: Chain): Chain {
  const names = [...predicates.keys()].filter((name) => name !== "positive");
  return then(from, { op: "filter", f: draft.oneOf(names) }, {});
}

function withFlatMap(draft: Draft, from: Chain): Chain {
  const f = draft.oneOf([...expanding.keys()]);
  const shape = afterExpanding(f, from.shape);
  return then(from, { op: "flatMap", f }, { shape, most: from.most * 3 });
}

function withPartitions(draft: Draft, from: Chain): Chain {
  const f = draft.oneOf([...ofPartition.keys()]);
  const most = Math.max(from.most, 8);
  return then(from, { op: "mapPartitions", f }, { shape: afterPartition(f, from.shape), most });
}

function withGlom(_: Draft, from: Chain): Chain {
  return then(from, { op: "glom" }, { shape: { keyable: false, printable: false }, most: 16 });
}

function withItself(_: Draft, from: Chain): Chain {
  return then(from, { op: "unionSelf" }, { most: from.most * 2 });
}

function withReduceByKey(draft: Draft, from: Chain): Chain {
  const { pair, ...pairs } = keyed(draft, from);
  const f = draft.oneOf([...binary.keys()]);
  const op = draft.oneOf(["reduceByKey", "reduceByKey", "foldByKey"]);
  const value = op === "foldByKey" ? either(scalar, pair[1]) : pair[1];
  const shape = pairOf(pair[0], afterBinary(f, value));
  return then(pairs, { op, f, ...draft.partitions() }, { shape });
}

function withGroupByKey(draft: Draft, from: Chain): Chain {
  const { pair, ...pairs } = keyed(draft, from);
  const shape = pairOf(pair[0], groupOf(pair[1]));
  return then(pairs, { op: "groupByKey", ...draft.partitions() }, { shape });
}

function withMapValues(draft: Draft, from: Chain): Chain {
  const { pair, ...pairs } = keyed(draft, from);
  const f = draft.oneOf(unaryFor(pair[1]));
  return then(pairs, { op: "mapValues", f }, { shape: pairOf(pair[0], afterUnary(f, pair[1])) });
}

function withKnown(draft: Draft, from: Chain): Chain {
  const { pair, ...pairs } = keyed(draft, from);
  const op = draft.oneOf([...joins.keys(), "subtractByKey"]);
  const step = { op, known: knownPairs(draft), ...draft.partitions() };
  const shape = joinedShape(op, pairOf(...pair), pairOf(scalar, scalar));
  return then(pairs, step, { shape, most: pairs.most * 5 + 5 });
}

/** Spark samples the keys of partitions with more than 60 records, by the number of the RDD. */
const sortedMost = 60;

function withPlaces(draft: Draft, from: Chain): Chain {
  const { pair, ...pairs } = keyed(draft, from);
  const isSorted = draft.random.ratio(1, 2) && pairs.most <= sortedMost;
  const step = isSorted
    ? { op: "sortByKey", ascending: draft.random.ratio(2, 3) }
    : { op: "partitionBy", n: draft.between(1, 5) };
  return then(pairs, step, { shape: pairOf(...pair) });
}

/** The same records, dealt anew. */
function withPartitionCount(draft: Draft, from: Chain): Chain {
  return then(from, { op: draft.oneOf(["coalesce", "repartition"]), n: draft.between(1, 5) }, {});
}

function withWhole(draft: Draft, from: Chain): Chain {
  const op = draft.oneOf(["distinct", "zipWithIndex", "sortBy", "groupBy"]);
  const f = draft.oneOf(["measure", "mod3", "text", "isEven", "half"]);
  if (op === "groupBy") {
    const shape = pairOf(scalar, groupOf(from.shape));
    return then(from, { op, f, ...draft.partitions() }, { shape });
  }
  if (op === "sortBy" && from.most <= sortedMost) {
    return then(from, { op, f, ascending: draft.random.ratio(1, 2) }, {});
  }
  if (op === "distinct" && from.shape.keyable) return then(from, { op, ...draft.partitions() }, {});
  return then(from, { op: "zipWithIndex" }, { shape: pairOf(from.shape, long) });
}

/** Whole pairs beside pairs that are always the same. */
function withSet(draft: Draft, from: Chain): Chain {
  const { pair, ...pairs } = keyed(draft, from);
  const op = draft.oneOf(["subtract", "intersection", "cartesian"]);
  const known = knownPairs(draft);
  if (op === "cartesian" || !pair[1].keyable) {
    const shape = pairOf(pairOf(...pair), pairOf(scalar, scalar));
    return then(pairs, { op: "cartesian", known }, { shape, most: pairs.most * 5 });
  }
  return then(pairs, { op, known, ...draft.partitions() }, {});
}

function withFlatMapValues(draft: Draft, from: Chain): Chain {
  const { pair, ...pairs } = keyed(draft, from);
  const f = draft.oneOf([...expanding.keys()]);
  const shape = pairOf(pair[0], afterExpanding(f, pair[1]));
  return then(pairs, { op: "flatMapValues", f }, { shape, most: pairs.most * 3 });
}

function withSide(draft: Draft, from: Chain): Chain {
  const { pair } = from.shape;
  if (pair === undefined) return withUnary(draft, from);
  const op = draft.oneOf(["keys", "values"]);
  return then(from, { op }, { shape: op === "keys" ? pair[0] : pair[1] });
}

const follows: readonly Follow[] = [
  withUnary,
  withFilter,
  withFlatMap,
  withPartitions,
  withGlom,
  withItself,
  withReduceByKey,
  withGroupByKey,
  withMapValues,
  withKnown,
  withPlaces,
  withPartitionCount,
  withPartitionCount,
  withWhole,
  withWhole,
  withSet,
  withFlatMapValues,
  withSide,
];

/** One to three operations, one after the other. */
export function chainOn(draft: Draft, parent: StreamDraft): Chain {
  let chain: Chain = { chain: [], shape: parent.shape, most: parent.most };
  const length = draft.between(1, 3);
  for (let n = 0; n < length; n += 1) chain = draft.oneOf(follows)(draft, chain);
  return chain;
}
