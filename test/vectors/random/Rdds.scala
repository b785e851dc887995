// Operations on RDDs as data, on Spark: what rdds.ts says for our engine.
package streamscope.random

import org.apache.spark.HashPartitioner
import org.apache.spark.rdd.{OrderedRDDFunctions, RDD}
import streamscope.random.Functions._

object Rdds {
  type Pairs = RDD[(Any, Any)]

  private def any(rdd: RDD[_]): RDD[Any] = rdd.asInstanceOf[RDD[Any]]

  private def pairs(rdd: RDD[Any]): Pairs = rdd.asInstanceOf[Pairs]

  def after(step: Fields, rdd: RDD[Any]): RDD[Any] = step.op match {
    case "map" => rdd.map(unary(step.f))
    case "flatMap" => rdd.flatMap(expanding(step.f))
    case "filter" => rdd.filter(predicates(step.f))
    case "mapPartitions" => rdd.mapPartitions(ofPartition(step.f))
    case "glom" => any(rdd.glom())
    case "unionSelf" => rdd.union(rdd)
    case "keys" => pairs(rdd).keys
    case "values" => pairs(rdd).values
    case "mapValues" => any(pairs(rdd).mapValues(unary(step.f)))
    case "flatMapValues" => any(pairs(rdd).flatMapValues(expanding(step.f)))
    case "distinct" => step.n.fold(rdd.distinct())(rdd.distinct(_))
    case "coalesce" => rdd.coalesce(step.n.get)
    case "repartition" => rdd.repartition(step.n.get)
    case "zipWithIndex" => any(rdd.zipWithIndex())
    case "sortBy" =>
      rdd.sortBy(unary(step.f), step.ascending)(order, implicitly)
    case "groupBy" =>
      val f = unary(step.f)
      any(step.n.fold(rdd.groupBy(f))(rdd.groupBy(f, _)))
    case _ => any(byKey(step, pairs(rdd)))
  }

  private def byKey(step: Fields, rdd: Pairs): RDD[_] = step.op match {
    case "reduceByKey" =>
      val f = binary(step.f)
      step.n.fold(rdd.reduceByKey(f))(rdd.reduceByKey(f, _))
    case "foldByKey" =>
      val f = binary(step.f)
      step.n.fold(rdd.foldByKey(0: Any)(f))(rdd.foldByKey(0: Any, _)(f))
    case "groupByKey" => step.n.fold(rdd.groupByKey())(rdd.groupByKey(_))
    case "partitionBy" => rdd.partitionBy(new HashPartitioner(step.n.get))
    case "sortByKey" =>
      val ordered = new OrderedRDDFunctions[Any, Any, (Any, Any)](rdd)(
        order, implicitly, implicitly, implicitly)
      ordered.sortByKey(step.ascending)
    case op => joined(op, rdd, rdd.context.parallelize(step.known), step.n)
  }

  /** Two RDDs side by side. */
  def joined(op: String, left: Pairs, right: Pairs, n: Option[Int]): RDD[_] = op match {
    case "union" => left.union(right)
    case "join" => n.fold(left.join(right))(left.join(right, _))
    case "cogroup" => n.fold(left.cogroup(right))(left.cogroup(right, _))
    case "leftOuterJoin" => n.fold(left.leftOuterJoin(right))(left.leftOuterJoin(right, _))
    case "rightOuterJoin" => n.fold(left.rightOuterJoin(right))(left.rightOuterJoin(right, _))
    case "fullOuterJoin" => n.fold(left.fullOuterJoin(right))(left.fullOuterJoin(right, _))
    case "subtract" => n.fold(left.subtract(right))(left.subtract(right, _))
    case "intersection" => n.fold(left.intersection(right))(left.intersection(right, _))
    case "cartesian" => left.cartesian(right)
    case "subtractByKey" => n.fold(left.subtractByKey(right))(left.subtractByKey(right, _))
  }

  def action(name: String, rdd: RDD[Any], look: Fields): Any = name match {
    case "count" => rdd.count()
    case "isEmpty" => rdd.isEmpty()
    case "collect" => rdd.collect()
    case "take" => rdd.take(look.n.get)
    case "takeOrdered" => rdd.takeOrdered(look.n.get)(order)
    case "top" => rdd.top(look.n.get)(order)
    case "fold" => rdd.fold(0)(binary(look.f))
    case "reduce" => if (rdd.isEmpty()) "empty" else rdd.reduce(binary(look.f))
  }
}
