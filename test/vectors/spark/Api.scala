// What Spark's public classes offer, as Scala's reflection tells it: the list that api.test.ts holds
// our own classes against.
package org.apache.spark.streaming.vectors

import scala.reflect.runtime.universe._
import scala.util.Try

import org.apache.spark.{SparkContext, SPARK_VERSION}
import org.apache.spark.rdd.{DoubleRDDFunctions, OrderedRDDFunctions, PairRDDFunctions, RDD}
import org.apache.spark.streaming.{State, StateSpec, StreamingContext}
import org.apache.spark.streaming.dstream.{DStream, PairDStreamFunctions}
import org.apache.spark.streaming.receiver.Receiver

/** The public methods of one class, each with its signature. */
final case class ApiOf(className: String, ofType: Type) extends SparkVector {
  override def name: String = s"api/$className"

  override def run(): String = {
    val methods = ofType.members.toSeq
      .filter(member => member.isMethod && member.isPublic && !member.isConstructor)
      .filter(member => member.owner.fullName.startsWith("org.apache.spark"))
      .map(_.asMethod)
      .filterNot(method => method.isSynthetic || method.name.decodedName.toString.contains("$"))
      .filterNot(method => method.privateWithin != NoSymbol || method.isParamAccessor)
      .map(method => Seq(method.name.decodedName.toString, signature(method)))
      .distinct
      .sortBy(_.mkString(" "))
    Json.fields(Seq(
      "name" -> name, "kind" -> "api", "spark" -> SPARK_VERSION, "methods" -> methods))
  }

  private def signature(method: MethodSymbol): String = {
    // Hadoop's annotations refer to each other in a way that reflection does not read.
    val lists = Try(parametersOf(method)).getOrElse("(Hadoop's types)")
    val returned = Try(short(method.returnType)).getOrElse("Unit")
    s"${method.name.decodedName}$lists: $returned"
  }

  private def parametersOf(method: MethodSymbol): String =
    // Implicit parameters (orderings, class tags) have no counterpart.
    method.paramLists.filterNot(_.headOption.exists(_.isImplicit)).map { parameters =>
      parameters.map(one => s"${one.name.decodedName}: ${short(one.typeSignature)}")
        .mkString("(", ", ", ")")
    }.mkString

  private def short(of: Type): String =
    of.toString.replaceAll("""(?:[a-z][\w]*\.)+(?=[A-Z])""", "")
}

object Api {
  val all: Seq[SparkVector] = Seq(
    ApiOf("RDD", typeOf[RDD[Any]]),
    ApiOf("PairRDDFunctions", typeOf[PairRDDFunctions[Any, Any]]),
    ApiOf("OrderedRDDFunctions", typeOf[OrderedRDDFunctions[Int, Any, (Int, Any)]]),
    ApiOf("DoubleRDDFunctions", typeOf[DoubleRDDFunctions]),
    ApiOf("DStream", typeOf[DStream[Any]]),
    ApiOf("PairDStreamFunctions", typeOf[PairDStreamFunctions[Any, Any]]),
    ApiOf("StreamingContext", typeOf[StreamingContext]),
    ApiOf("SparkContext", typeOf[SparkContext]),
    ApiOf("State", typeOf[State[Any]]),
    ApiOf("StateSpec", typeOf[StateSpec[Any, Any, Any, Any]]),
    ApiOf("Receiver", typeOf[Receiver[Any]]))
}
