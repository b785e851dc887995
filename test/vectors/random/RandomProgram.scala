// A pipeline as data, on Spark: what on-our-engine.ts, streams.ts and rdds.ts say for our engine.
package streamscope.random

import scala.collection.JavaConverters._
import scala.collection.mutable.ArrayBuffer

import com.fasterxml.jackson.databind.JsonNode

import org.apache.spark.streaming.{Duration, Seconds, StreamingContext}
import org.apache.spark.streaming.dstream.DStream
import org.apache.spark.streaming.vectors.Seen
import streamscope.random.Functions._

/** Some fields of a step or a look, by the names that program.ts gives them. */
final class Fields(json: JsonNode) extends Serializable {
  val op: String = json.path("op").asText
  val how: String = json.path("how").asText
  val of: Seq[Int] = json.path("of").asScala.map(_.asInt).toVector
  val stream: Int = json.path("stream").asInt
  val f: String = json.path("f").asText
  val inverse: String = json.path("inverse").asText
  val filter: String = json.path("filter").asText
  val n: Option[Int] = if (json.has("n")) Some(json.get("n").asInt) else None
  val window: Duration = Seconds(json.path("window").asInt)
  val hasWindow: Boolean = json.has("window")
  val snapshots: Boolean = json.path("snapshots").asBoolean
  val slide: Duration = Seconds(json.path("slide").asInt)
  val ascending: Boolean = json.path("ascending").asBoolean
  val known: Seq[(Any, Any)] = RandomProgram.records(json.path("known")).map(sides)
  val chain: Seq[Fields] = json.path("chain").asScala.map(new Fields(_)).toVector
}

object RandomProgram {
  def records(json: JsonNode): Seq[Any] = json.asScala.map(datum).toVector

  private def datum(json: JsonNode): Any =
    if (json.isNull) null
    else if (json.isTextual) json.asText
    else if (json.isInt) json.asInt
    else if (json.isArray) (datum(json.get(0)), datum(json.get(1)))
    else json.asDouble

  /** Builds the streams of a program on its inputs, and looks at them. */
  def build(ssc: StreamingContext, inputs: Seq[DStream[Any]], program: JsonNode): Unit = {
    val streams = ArrayBuffer(inputs: _*)
    for (json <- program.path("steps").asScala) {
      val step = new Fields(json)
      streams += Streams.after(step, step.of.map(streams))
    }
    for (json <- program.path("looks").asScala) {
      val look = new Fields(json)
      lookAt(streams(look.stream), look)
    }
  }

  private def lookAt(stream: DStream[Any], look: Fields): Unit = look.how match {
    case "partitions" => Seen.partitions(stream)
    case "print" => stream.print(look.n.get)
    case action => Seen.value(stream)(rdd => Rdds.action(action, rdd, look))
  }
}
