// Operations on streams as data, on Spark: what streams.ts says for our engine.
package streamscope.random

import org.apache.spark.HashPartitioner
import org.apache.spark.rdd.RDD
import org.apache.spark.streaming.StateSpec
import org.apache.spark.streaming.dstream.DStream
import streamscope.random.Functions._

object Streams {
  type Pairs = DStream[(Any, Any)]

  private def any(stream: DStream[_]): DStream[Any] = stream.asInstanceOf[DStream[Any]]

  private def pairs(stream: DStream[Any]): Pairs = stream.asInstanceOf[Pairs]

  /** The stream that a step makes of others. */
  def after(step: Fields, of: Seq[DStream[Any]]): DStream[Any] = {
    val stream = of.head
    step.op match {
      case "map" => stream.map(unary(step.f))
      case "flatMap" => stream.flatMap(expanding(step.f))
      case "filter" => stream.filter(predicates(step.f))
      case "glom" => any(stream.glom())
      case "mapPartitions" => stream.mapPartitions(ofPartition(step.f))
      case "union" => stream.union(of(1))
      case "count" => any(stream.count())
      case "countByValue" => any(step.n.fold(stream.countByValue())(stream.countByValue(_)))
      case "reduce" => stream.reduce(binary(step.f))
      case "persist" => stream.persist()
      case "checkpoint" => stream.checkpoint(step.slide)
      case "transform" => stream.transform { (rdd: RDD[Any]) =>
        step.chain.foldLeft(rdd)((made, one) => Rdds.after(one, made))
      }
      case "window" => stream.window(step.window, step.slide)
      case "countByWindow" => any(stream.countByWindow(step.window, step.slide))
      case "countByValueAndWindow" =>
        any(step.n.fold(stream.countByValueAndWindow(step.window, step.slide))(
          stream.countByValueAndWindow(step.window, step.slide, _)))
      case "reduceByWindow" =>
        val f = binary(step.f)
        if (step.inverse.isEmpty) stream.reduceByWindow(f, step.window, step.slide)
        else stream.reduceByWindow(f, binary(step.inverse), step.window, step.slide)
      case _ if of.size == 2 => any(sideBySide(step, pairs(stream), pairs(of(1))))
      case _ => any(byKey(step, pairs(stream)))
    }
  }

  private def byKey(step: Fields, stream: Pairs): DStream[_] = step.op match {
    case "mapValues" => stream.mapValues(unary(step.f))
    case "flatMapValues" => stream.flatMapValues(expanding(step.f))
    case "reduceByKey" =>
      val f = binary(step.f)
      step.n.fold(stream.reduceByKey(f))(stream.reduceByKey(f, _))
    case "groupByKey" => step.n.fold(stream.groupByKey())(stream.groupByKey(_))
    case "combineByKey" =>
      val f = binary(step.f)
      stream.combineByKey[Any](value => value, f, f, new HashPartitioner(step.n.getOrElse(2)))
    case "updateStateByKey" =>
      val f = updates(step.f)
      step.n.fold(stream.updateStateByKey(f))(stream.updateStateByKey(f, _))
    case "mapWithState" =>
      val spec = StateSpec.function(mappings(step.f))
      step.n.foreach(spec.numPartitions(_))
      if (step.hasWindow) spec.timeout(step.window)
      val mapped = stream.mapWithState(spec)
      if (step.snapshots) mapped.stateSnapshots() else mapped
    case "groupByKeyAndWindow" =>
      step.n.fold(stream.groupByKeyAndWindow(step.window, step.slide))(
        stream.groupByKeyAndWindow(step.window, step.slide, _))
    case "reduceByKeyAndWindow" => reducedWindow(step, stream)
  }

  private def reducedWindow(step: Fields, stream: Pairs): DStream[_] = {
    val f = binary(step.f)
    val n = step.n.getOrElse(stream.context.sparkContext.defaultParallelism)
    if (step.inverse.isEmpty) stream.reduceByKeyAndWindow(f, step.window, step.slide, n)
    else {
      val keep: ((Any, Any)) => Boolean =
        if (step.filter.isEmpty) null else predicates(step.filter)
      stream.reduceByKeyAndWindow(f, binary(step.inverse), step.window, step.slide, n, keep)
    }
  }

  private def sideBySide(step: Fields, left: Pairs, right: Pairs): DStream[_] = step.op match {
    case "join" => step.n.fold(left.join(right))(left.join(right, _))
    case "cogroup" => step.n.fold(left.cogroup(right))(left.cogroup(right, _))
    case "leftOuterJoin" => step.n.fold(left.leftOuterJoin(right))(left.leftOuterJoin(right, _))
    case "rightOuterJoin" => step.n.fold(left.rightOuterJoin(right))(left.rightOuterJoin(right, _))
    case "fullOuterJoin" => step.n.fold(left.fullOuterJoin(right))(left.fullOuterJoin(right, _))
    case "transformWith" =>
      val op = step.f
      left.transformWith(right, (ours: RDD[(Any, Any)], theirs: RDD[(Any, Any)]) =>
        Rdds.joined(op, ours, theirs, None).asInstanceOf[RDD[Any]])
  }
}
