// The functions that random programs are made of, by name: what functions.ts says, for Spark.
package streamscope.random

import org.apache.spark.streaming.State

object Functions extends Serializable {
  def measure(value: Any): Int = value match {
    case number: Int => number
    case number: Long => number.toInt
    case number: Double => math.floor(number).toInt
    case text: String => text.length
    case truth: Boolean => if (truth) 1 else 0
    case Some(one) => measure(one)
    case many: Array[_] => sum(many.iterator)
    case many: Iterable[_] => sum(many.iterator)
    case tuple: Product => sum(tuple.productIterator)
    case _ => 0
  }

  private def sum(values: Iterator[Any]): Int = values.foldLeft(0)(_ + measure(_))

  def show(value: Any): String = value match {
    case null | None => "-"
    case Some(one) => show(one)
    case many: Array[_] => all(many.iterator)
    case many: Iterable[_] => all(many.iterator)
    case tuple: Product => all(tuple.productIterator)
    case one => one.toString
  }

  private def all(values: Iterator[Any]): String = values.map(show).mkString("(", " ", ")")

  def modulo(value: Any, by: Int): Int = Math.floorMod(measure(value), by)

  def compare(a: Any, b: Any): Int = {
    val byMeasure = Integer.compare(measure(a), measure(b))
    if (byMeasure != 0) byMeasure else show(a).compareTo(show(b))
  }

  val order: Ordering[Any] = (a: Any, b: Any) => compare(a, b)

  def sides(value: Any): (Any, Any) = value.asInstanceOf[(Any, Any)]

  val unary: Map[String, Any => Any] = Map(
    "same" -> (value => value),
    "measure" -> (value => measure(value)),
    "text" -> (value => show(value).takeRight(8)),
    "one" -> (_ => 1),
    "half" -> (value => modulo(value, 7) + 0.5),
    "mod3" -> (value => modulo(value, 3)),
    "isEven" -> (value => modulo(value, 2) == 0),
    "negate" -> {
      case number: Int => -number
      case number: Long => -number
      case text: String => text.reverse
      case value => value
    },
    "nullOdd" -> (value => if (modulo(value, 2) == 1) null else value),
    "withOne" -> (value => (value, 1)),
    "byMod5" -> (value => (modulo(value, 5), value)),
    "byText" -> (value => (show(value).take(3), value)),
    "byHalf" -> (value => (modulo(value, 3) + 0.5, value)),
    "byParity" -> (value => (modulo(value, 2) == 0, value)),
    "byNullable" -> (value => (if (modulo(value, 3) == 0) null else modulo(value, 4), value)),
    "byPair" -> (value => ((modulo(value, 2), show(value).take(1)), value)),
    "twin" -> (value => (value, value)),
    "swap" -> (value => sides(value).swap),
    "first" -> (value => sides(value)._1),
    "second" -> (value => sides(value)._2))

  val predicates: Map[String, Any => Boolean] = Map(
    "even" -> (value => modulo(value, 2) == 0),
    "small" -> (value => measure(value) < 4),
    "some" -> (value => modulo(value, 5) != 0),
    "notNull" -> (value => value != null),
    "none" -> (_ => false),
    "positive" -> (value => measure(sides(value)._2) > 0))

  val expanding: Map[String, Any => Seq[Any]] = Map(
    "repeat" -> (value => Seq.fill(modulo(value, 3))(value)),
    "letters" -> (value => show(value).take(3).map(_.toString)),
    "upTo" -> (value => 0 until modulo(value, 4)))

  val binary: Map[String, (Any, Any) => Any] = Map(
    "add" -> ((a, b) => measure(a) + measure(b)),
    "subtract" -> ((a, b) => measure(a) - measure(b)),
    "max" -> ((a, b) => if (compare(a, b) >= 0) a else b),
    "min" -> ((a, b) => if (compare(a, b) <= 0) a else b),
    "left" -> ((a, _) => a),
    "right" -> ((_, b) => b),
    "concat" -> ((a, b) => (show(a) + show(b)).takeRight(10)),
    "both" -> ((a, b) => (measure(a), measure(b))))

  val ofPartition: Map[String, Iterator[Any] => Iterator[Any]] = Map(
    "size" -> (records => Iterator(records.size)),
    "backwards" -> (records => records.toSeq.reverseIterator),
    "firstOnly" -> (records => records.take(1)),
    "total" -> (records => Iterator(sum(records))))

  val updates: Map[String, (Seq[Any], Option[Any]) => Option[Any]] = Map(
    "running" -> ((values, state) => Some(measure(state.orNull) + measure(values))),
    "current" -> ((values, _) => if (values.isEmpty) None else Some(values.size)),
    "history" -> ((values, state) =>
      Some((state.fold("")(show) + show(values)).takeRight(12))),
    "fading" -> ((values, state) => {
      val left = measure(state.orNull) + values.size - 1
      if (left < 0) None else Some(left)
    }))

  /** What `mapWithState` is given. */
  val mappings: Map[String, (Any, Option[Any], State[Int]) => Any] = Map(
    "sum" -> ((key, value, state) => {
      val sum = state.getOption.getOrElse(0) + measure(value)
      if (!state.isTimingOut()) state.update(sum)
      (key, if (state.isTimingOut()) null else sum)
    }),
    "uneven" -> ((key, value, state) => {
      val known = state.getOption.getOrElse(-1)
      if (!state.isTimingOut()) {
        if (known >= 0 && modulo(value, 4) == 0) state.remove()
        else if (modulo(value, 3) != 0) state.update(modulo(known + 1, 9))
      }
      (key, known)
    }))
}
