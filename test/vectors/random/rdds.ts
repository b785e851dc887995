// Operations on RDDs as data, on our engine: what Rdds.scala says for Spark.
import { HashPartitioner, type RDD, type SparkContext } from "streamscope";
import {
  binary,
  compare,
  expanding,
  named,
  ofPartition,
  type Pair,
  predicates,
  unary,
  type Value,
} from "./functions.ts";
import type { Look, RddStep } from "./program.ts";

export type Records = RDD<Value>;

/** The generator groups by key only what it knows to be pairs. */
function pairs(rdd: Records): RDD<Pair> {
  return rdd as RDD<Pair>;
}

/** A chain of operations within `transform`. */
export function chainAfter(chain: readonly RddStep[], rdd: Records, sc: SparkContext): Records {
  return chain.reduce((made, step) => after(step, made, sc), rdd);
}

function after(step: RddStep, rdd: Records, sc: SparkContext): Records {
  const { op, f } = step;
  switch (op) {
    case "map":
      return rdd.map(named(unary, f));
    case "flatMap":
      return rdd.flatMap(named(expanding, f));
    case "filter":
      return rdd.filter(named(predicates, f));
    case "mapPartitions":
      return rdd.mapPartitions(named(ofPartition, f));
    case "glom":
      return rdd.glom();
    case "unionSelf":
      return rdd.union(rdd);
    case "keys":
      return pairs(rdd).keys();
    case "values":
      return pairs(rdd).values();
    case "mapValues":
      return pairs(rdd).mapValues(named(unary, f));
    case "flatMapValues":
      return pairs(rdd).flatMapValues(named(expanding, f));
    case "distinct":
      return step.n === undefined ? rdd.distinct() : rdd.distinct(step.n);
    case "coalesce":
      return rdd.coalesce(step.n ?? 1);
    case "repartition":
      return rdd.repartition(step.n ?? 1);
    case "zipWithIndex":
      return rdd.zipWithIndex();
    case "sortBy":
      return rdd.sortBy(named(unary, f), step.ascending, rdd.getNumPartitions(), compare);
    case "groupBy":
      return rdd.groupBy(named(unary, f), step.n);
    default:
      return byKey(step, pairs(rdd), sc);
  }
}

function byKey(step: RddStep, rdd: RDD<Pair>, sc: SparkContext): Records {
  const { op, f, n, known = [] } = step;
  switch (op) {
    case "reduceByKey":
      return rdd.reduceByKey(named(binary, f), n);
    case "foldByKey":
      return n === undefined
        ? rdd.foldByKey(0, named(binary, f))
        : rdd.foldByKey(0, n, named(binary, f));
    case "groupByKey":
      return rdd.groupByKey(n);
    case "partitionBy":
      return rdd.partitionBy(new HashPartitioner(n ?? 1));
    case "sortByKey":
      return rdd.sortByKey(step.ascending, rdd.getNumPartitions(), compare);
    default:
      return joined(op, rdd, sc.parallelize<Pair>(known), n);
  }
}

/** Two RDDs side by side. */
export function joined(op: string | undefined, left: RDD<Pair>, right: RDD<Pair>, n?: number) {
  switch (op) {
    case "union":
      return left.union(right);
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
    case "subtractByKey":
      return left.subtractByKey(right, n);
    case "subtract":
      return left.subtract(right, n);
    case "intersection":
      return left.intersection(right, n);
    case "cartesian":
      return left.cartesian(right);
    default:
      throw new Error(`no operation on RDDs is named ${op}`);
  }
}

/** An action. */
export function lookAt(rdd: Records, { how, n = 0, f }: Look): unknown {
  switch (how) {
    case "partitions":
      return rdd.glom().collect();
    case "count":
      return rdd.count();
    case "isEmpty":
      return rdd.isEmpty();
    case "collect":
      return rdd.collect();
    case "take":
      return rdd.take(n);
    case "takeOrdered":
      return rdd.takeOrdered(n, compare);
    case "top":
      return rdd.top(n, compare);
    case "fold":
      return rdd.fold(0, named(binary, f));
    case "reduce":
      return rdd.isEmpty() ? "empty" : rdd.reduce(named(binary, f));
    default:
      throw new Error(`there is no way to look named ${how}`);
  }
}
