// How each operation on streams is drawn. A drawing that would not do adds nothing.
import { chainOn } from "./chain.ts";
import { binary, expanding, mappings, ofPartition, predicates, updates } from "./functions.ts";
import { type Draft, mostRecords } from "./draft.ts";
import {
  afterBinary,
  afterExpanding,
  afterPartition,
  afterUnary,
  either,
  groupOf,
  joinedShape,
  joins,
  long,
  pairMakersFor,
  pairOf,
  scalar,
  unaryFor,
} from "./shape.ts";

type Draw = (draft: Draft, at: number) => void;

export const reducing = [...binary.keys()].filter((name) => name !== "subtract");
const filtering = [...predicates.keys()].filter((name) => name !== "positive");

function drawMap(draft: Draft, at: number): void {
  const parent = draft.stream(at);
  const f = draft.oneOf([...unaryFor(parent.shape), ...pairMakersFor(parent.shape)]);
  draft.add({ op: "map", of: [at], f }, { ...parent, shape: afterUnary(f, parent.shape) });
}

function drawFlatMap(draft: Draft, at: number): void {
  const parent = draft.stream(at);
  const f = draft.oneOf([...expanding.keys()]);
  if (parent.most * 3 > mostRecords) return;
  draft.add(
    { op: "flatMap", of: [at], f },
    { ...parent, most: parent.most * 3, shape: afterExpanding(f, parent.shape) },
  );
}

function drawFilter(draft: Draft, at: number): void {
  draft.add({ op: "filter", of: [at], f: draft.oneOf(filtering) }, draft.stream(at));
}

function drawGlom(draft: Draft, at: number): void {
  const shape = { keyable: false, printable: false };
  draft.add({ op: "glom", of: [at] }, { ...draft.stream(at), shape });
}

function drawMapPartitions(draft: Draft, at: number): void {
  const parent = draft.stream(at);
  const f = draft.oneOf([...ofPartition.keys()]);
  const shape = afterPartition(f, parent.shape);
  draft.add({ op: "mapPartitions", of: [at], f }, { ...parent, shape });
}

function drawFlatMapValues(draft: Draft, at: number): void {
  const of = draft.keyed(at);
  const [key, value] = draft.pair(of);
  const f = draft.oneOf([...expanding.keys()]);
  const most = draft.stream(of).most * 3;
  if (most > mostRecords) return;
  const shape = pairOf(key, afterExpanding(f, value));
  draft.add({ op: "flatMapValues", of: [of], f }, { ...draft.stream(of), most, shape });
}

function drawMapValues(draft: Draft, at: number): void {
  const of = draft.keyed(at);
  const [key, value] = draft.pair(of);
  const f = draft.oneOf(unaryFor(value));
  draft.add(
    { op: "mapValues", of: [of], f },
    { ...draft.stream(of), shape: pairOf(key, afterUnary(f, value)) },
  );
}

/** In Spark an RDD of pairs holds only pairs; what `map` makes here may hold anything. */
function asAny(draft: Draft, at: number): number {
  return draft.add({ op: "map", of: [at], f: "same" }, draft.stream(at));
}

function drawUnion(draft: Draft, at: number): void {
  const other = draft.partner(at);
  const [ours, theirs] = [draft.stream(at), draft.stream(other)];
  const most = ours.most + theirs.most;
  if (most > mostRecords) return;
  const shape = either(ours.shape, theirs.shape);
  const first = shape.pair === undefined && at !== other ? asAny(draft, at) : at;
  draft.add({ op: "union", of: [first, other] }, { slide: ours.slide, most, shape });
}

function drawCount(draft: Draft, at: number): void {
  draft.add({ op: "count", of: [at] }, { ...draft.stream(at), most: 1, shape: long });
}

function drawCountByValue(draft: Draft, at: number): void {
  const parent = draft.stream(at);
  if (!parent.shape.keyable) return;
  draft.add(
    { op: "countByValue", of: [at], ...draft.partitions() },
    { ...parent, shape: pairOf(parent.shape, long) },
  );
}

function drawReduce(draft: Draft, at: number): void {
  const parent = draft.stream(at);
  const f = draft.oneOf(reducing);
  const shape = afterBinary(f, parent.shape);
  const of = shape.pair === undefined ? asAny(draft, at) : at;
  draft.add({ op: "reduce", of: [of], f }, { ...parent, most: 1, shape });
}

function drawReduceByKey(draft: Draft, at: number): void {
  const of = draft.keyed(at);
  const [key, value] = draft.pair(of);
  const f = draft.oneOf(reducing);
  const op = draft.oneOf(["reduceByKey", "reduceByKey", "combineByKey"]);
  draft.add(
    { op, of: [of], f, ...draft.partitions() },
    { ...draft.stream(of), shape: pairOf(key, afterBinary(f, value)) },
  );
}

function drawGroupByKey(draft: Draft, at: number): void {
  const of = draft.keyed(at);
  const [key, value] = draft.pair(of);
  draft.add(
    { op: "groupByKey", of: [of], ...draft.partitions() },
    { ...draft.stream(of), shape: pairOf(key, groupOf(value)) },
  );
}

function drawJoin(draft: Draft, at: number): void {
  const left = draft.keyed(at);
  const right = draft.keyed(draft.partner(left));
  const [ours, theirs] = [draft.stream(left), draft.stream(right)];
  const op = draft.oneOf([...joins.keys(), "join", "join", "cogroup"]);
  const most = op === "cogroup" ? ours.most + theirs.most : ours.most * theirs.most;
  if (ours.slide !== theirs.slide || most > mostRecords) return;
  const shape = joinedShape(op, ours.shape, theirs.shape);
  draft.add({ op, of: [left, right], ...draft.partitions() }, { slide: ours.slide, most, shape });
}

function drawTransformWith(draft: Draft, at: number): void {
  const left = draft.keyed(at);
  const right = draft.keyed(draft.partner(left));
  const [ours, theirs] = [draft.stream(left), draft.stream(right)];
  const f = draft.oneOf([...joins.keys(), "union", "subtractByKey"]);
  const most = ours.most * theirs.most;
  if (ours.slide !== theirs.slide || most > mostRecords) return;
  const shape = joinedShape(f, ours.shape, theirs.shape);
  draft.add({ op: "transformWith", of: [left, right], f }, { slide: ours.slide, most, shape });
}

interface Span {
  readonly window: number;
  readonly slide: number;
}

/** Both in multiples of the parent's slide; null where it would slide too seldom to be seen. */
function spanOver(draft: Draft, at: number): Span | null {
  const { slide, most } = draft.stream(at);
  const window = slide * draft.between(1, 4);
  const slides = slide * (draft.random.ratio(1, 2) ? 1 : draft.between(2, 3));
  return slides > 4 || (most * window) / slide > mostRecords ? null : { window, slide: slides };
}

function drawWindow(draft: Draft, at: number): void {
  const span = spanOver(draft, at);
  if (span === null) return;
  const parent = draft.stream(at);
  const most = (parent.most * span.window) / parent.slide;
  draft.add({ op: "window", of: [at], ...span }, { shape: parent.shape, slide: span.slide, most });
}

function drawReducedWindow(draft: Draft, at: number): void {
  const of = draft.keyed(at);
  const span = spanOver(draft, of);
  if (span === null) return;
  const [key, value] = draft.pair(of);
  const withInverse = draft.random.ratio(1, 2);
  const f = withInverse ? draft.oneOf(["add", "add", "concat", "both"]) : draft.oneOf(reducing);
  const most = (draft.stream(of).most * span.window) / draft.stream(of).slide;
  const shape = pairOf(key, afterBinary(withInverse ? "both" : f, value));
  const inverse = withInverse ? { inverse: draft.oneOf(["subtract", "left"]) } : {};
  draft.add(
    { op: "reduceByKeyAndWindow", of: [of], f, ...inverse, ...span, ...draft.partitions() },
    { shape, slide: span.slide, most: withInverse ? Math.max(most, 30) : most },
  );
}

function drawGroupedWindow(draft: Draft, at: number): void {
  const of = draft.keyed(at);
  const span = spanOver(draft, of);
  if (span === null) return;
  const [key, value] = draft.pair(of);
  const most = (draft.stream(of).most * span.window) / draft.stream(of).slide;
  draft.add(
    { op: "groupByKeyAndWindow", of: [of], ...span, ...draft.partitions() },
    { shape: pairOf(key, groupOf(value)), slide: span.slide, most },
  );
}

/** One record a window. */
function drawWholeWindow(draft: Draft, at: number): void {
  const span = spanOver(draft, at);
  if (span === null) return;
  if (draft.random.ratio(1, 2)) {
    const made = { shape: long, slide: span.slide, most: 1 };
    draft.add({ op: "countByWindow", of: [at], ...span }, made);
    return;
  }
  const f = draft.oneOf(["add", "concat", "max"]);
  const inverse = f !== "max" && draft.random.ratio(1, 2) ? { inverse: "subtract" } : {};
  const of = asAny(draft, at);
  const { shape } = draft.stream(at);
  draft.add(
    { op: "reduceByWindow", of: [of], f, ...inverse, ...span },
    { shape: either(scalar, shape), slide: span.slide, most: 1 },
  );
}

function drawCountedWindow(draft: Draft, at: number): void {
  const parent = draft.stream(at);
  const span = spanOver(draft, at);
  if (span === null || span.window < span.slide || !parent.shape.keyable) return;
  draft.add(
    { op: "countByValueAndWindow", of: [at], ...span, ...draft.partitions() },
    { shape: pairOf(parent.shape, long), slide: span.slide, most: parent.most * span.window },
  );
}

/** A filter may only drop a key whose records have all left: ones are added and taken away. */
function drawFilteredWindow(draft: Draft, at: number): void {
  const of = draft.keyed(at);
  const span = spanOver(draft, of);
  if (span === null || span.window < span.slide) return;
  const [key] = draft.pair(of);
  const shape = pairOf(key, scalar);
  const ones = draft.add({ op: "mapValues", of: [of], f: "one" }, { ...draft.stream(of), shape });
  const most = (draft.stream(of).most * span.window) / draft.stream(of).slide;
  const functions = { f: "add", inverse: "subtract", filter: "positive" };
  draft.add(
    { op: "reduceByKeyAndWindow", of: [ones], ...functions, ...span, ...draft.partitions() },
    { shape, slide: span.slide, most },
  );
}

function drawUpdateState(draft: Draft, at: number): void {
  const of = draft.keyed(at);
  const { slide, most } = draft.stream(of);
  const f = draft.oneOf([...updates.keys()]);
  const state = draft.add(
    { op: "updateStateByKey", of: [of], f, ...draft.partitions() },
    { shape: pairOf(draft.pair(of)[0], scalar), slide, most: most * 4 },
  );
  if (draft.random.ratio(1, 3)) {
    const every = slide * draft.between(1, 4);
    draft.add({ op: "checkpoint", of: [state], slide: every }, draft.stream(state));
  }
}

function drawMapWithState(draft: Draft, at: number): void {
  const of = draft.keyed(at);
  const { slide, most } = draft.stream(of);
  const f = draft.oneOf([...mappings.keys()]);
  const timeout = draft.random.ratio(1, 2) ? { window: draft.between(1, 4) } : {};
  const snapshots = draft.random.ratio(1, 3);
  const every = slide * draft.between(1, 4);
  const shape = pairOf(draft.pair(of)[0], scalar);
  const state = draft.add(
    { op: "mapWithState", of: [of], f, ...timeout, snapshots, ...draft.partitions() },
    { shape, slide, most: most * 4 },
  );
  if (snapshots || draft.random.ratio(1, 3)) return;
  draft.add({ op: "checkpoint", of: [state], slide: every }, draft.stream(state));
}

function drawPersist(draft: Draft, at: number): void {
  draft.add({ op: "persist", of: [at] }, draft.stream(at));
}

function drawTransform(draft: Draft, at: number): void {
  const { chain, shape, most } = chainOn(draft, draft.stream(at));
  if (most > mostRecords) return;
  draft.add({ op: "transform", of: [at], chain }, { ...draft.stream(at), shape, most });
}

/** Each as often as it stands here. */
export const draws: readonly Draw[] = [
  drawMap,
  drawGlom,
  drawMapPartitions,
  drawFlatMapValues,
  drawFlatMap,
  drawFilter,
  drawMapValues,
  drawUnion,
  drawUnion,
  drawCount,
  drawCountByValue,
  drawReduce,
  drawReduceByKey,
  drawReduceByKey,
  drawGroupByKey,
  drawGroupByKey,
  drawJoin,
  drawJoin,
  drawTransformWith,
  drawJoin,
  drawWindow,
  drawWindow,
  drawReducedWindow,
  drawReducedWindow,
  drawFilteredWindow,
  drawGroupedWindow,
  drawWholeWindow,
  drawCountedWindow,
  drawUpdateState,
  drawUpdateState,
  drawMapWithState,
  drawMapWithState,
  drawPersist,
  drawTransform,
  drawTransform,
  drawTransform,
];
