// Records as JSON.
package org.apache.spark.streaming.vectors

/** Tuples and sequences as arrays, maps as arrays of pairs sorted by their JSON, None as null, NaN and
 *  infinities as text. */
object Json {
  final case class Fields(pairs: Seq[(String, Any)])

  /** JSON already. */
  final case class Raw(json: String)

  def fields(pairs: Seq[(String, Any)]): String =
    pairs.map { case (name, value) => s"${text(name)}: ${of(value)}" }.mkString("{", ", ", "}")

  def of(value: Any): String = value match {
    case null => "null"
    case Fields(pairs) => fields(pairs)
    case text: String => this.text(text)
    case number: Double if number.isNaN || number.isInfinite => this.text(number.toString)
    case _: Boolean | _: Int | _: Long | _: Double => value.toString
    case many: Array[_] => of(many.toSeq)
    case Some(one) => of(one)
    case None => "null"
    case many: scala.collection.Map[_, _] => of(many.toSeq.map(of).sorted.map(Raw))
    case Raw(json) => json
    case many: Iterable[_] => many.map(of).mkString("[", ", ", "]")
    case tuple: Product => tuple.productIterator.map(of).mkString("[", ", ", "]")
    case _ => sys.error(s"no JSON for ${value.getClass}")
  }

  private def text(value: String): String = value.flatMap {
    case '"' => "\\\""
    case '\\' => "\\\\"
    case '\n' => "\\n"
    case char if char < ' ' || char > '~' => f"\\u${char.toInt}%04x"
    case char => char.toString
  }.mkString("\"", "", "\"")
}
