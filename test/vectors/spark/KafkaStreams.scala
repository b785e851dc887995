// Direct streams on a real Kafka; test/vectors/kafka-streams.test.ts runs the same scripts.
package org.apache.spark.streaming.vectors

object KafkaStreams {
  import KafkaStep._
  import KafkaSubscription._

  private val earliest = Seq("auto.offset.reset" -> "earliest", "enable.auto.commit" -> false)
  private val latest = Seq("auto.offset.reset" -> "latest", "enable.auto.commit" -> false)
  private val none = Seq("auto.offset.reset" -> "none", "enable.auto.commit" -> false)
  private val backpressure = Seq("spark.streaming.backpressure.enabled" -> "true")
  /** The consumer looks at its topics again all the time. */
  private val alert = Seq("metadata.max.age.ms" -> "100")

  private def script(
      what: String,
      subscription: KafkaSubscription = Topics(Seq("t")),
      params: Seq[(String, Any)] = earliest,
      offsets: Seq[(String, Int, Long)] = Nil,
      settings: Seq[(String, String)] = Nil,
      topics: Seq[(String, Int)] = Seq("t" -> 2),
      group: Boolean = true)(steps: KafkaStep*): SparkVector =
    KafkaScript(s"kafkaStreams/$what", steps, subscription, offsets, params, settings, topics,
      group)

  private val starts: Seq[SparkVector] = Seq(
    script("starts at the earliest offsets")(
      Produce("t", 0, 5), Produce("t", 1, 3), Start, Batch, Read, Produce("t", 1, 2), Batch, Batch),
    script("starts at the latest offsets", params = latest)(
      Produce("t", 0, 5), Start, Produce("t", 0, 2), Produce("t", 1, 3), Batch, Read),
    script("starts at the latest offsets when nothing else is said",
      params = Seq("enable.auto.commit" -> false))(
      Produce("t", 0, 5), Start, Produce("t", 0, 2), Batch),
    script("starts at the earliest offsets that are left")(
      Produce("t", 0, 9), DeleteRecords("t", 0, 4), Start, Batch, Read),
    script("starts at given offsets", offsets = Seq(("t", 0, 2), ("t", 1, 1)))(
      Produce("t", 0, 5), Produce("t", 1, 3), Start, Batch, Read),
    script("starts at given offsets where there are some", offsets = Seq(("t", 1, 2)))(
      Produce("t", 0, 5), Produce("t", 1, 3), Start, Batch),
    script("given offsets win over committed ones", offsets = Seq(("t", 0, 2)))(
      Produce("t", 0, 5), Produce("t", 1, 3), Committed("t", 0, 4), Committed("t", 1, 1),
      Start, Batch),
    script("starts at committed offsets")(
      Produce("t", 0, 5), Produce("t", 1, 3), Committed("t", 0, 4), Start, Batch, Read),
    script("starts at committed offsets though latest is asked for", params = latest)(
      Produce("t", 0, 5), Produce("t", 1, 3), Committed("t", 0, 4), Start, Batch),
    script("none, and all partitions committed", params = none)(
      Produce("t", 0, 5), Committed("t", 0, 4), Committed("t", 1, 0), Start, Batch),
    script("none, and nothing committed", params = none)(Start),
    script("none, and one partition not committed", params = none)(Committed("t", 0, 0), Start),
    script("none, and all offsets given", params = none, offsets = Seq(("t", 0, 2), ("t", 1, 0)))(
      Produce("t", 0, 5), Start, Batch),
    script("none, and one offset given", params = none, offsets = Seq(("t", 0, 2)))(
      Produce("t", 0, 5), Start, Batch),
    script("a given offset of a topic not subscribed to", offsets = Seq(("u", 0, 2)),
      topics = Seq("t" -> 1, "u" -> 1))(Start),
    script("a given offset of a partition there is not", offsets = Seq(("t", 7, 2)))(Start),
    script("a given offset beyond the end", offsets = Seq(("t", 0, 50)))(
      Produce("t", 0, 5), Start, Batch),
    script("a given offset beyond the end, made up for by another partition",
      offsets = Seq(("t", 0, 5)))(
      Produce("t", 0, 3), Produce("t", 1, 9), Start, Batch, Read),
    script("a given offset no longer there", offsets = Seq(("t", 0, 1)))(
      Produce("t", 0, 9), DeleteRecords("t", 0, 4), Start, Batch, Read),
    script("a committed offset no longer there")(
      Produce("t", 0, 9), DeleteRecords("t", 0, 4), Committed("t", 0, 1), Start, Batch, Read),
    script("several topics", Topics(Seq("u", "t")), topics = Seq("t" -> 1, "u" -> 2))(
      Produce("t", 0, 2), Produce("u", 1, 3), Start, Batch, Read),
    script("records deleted before they are read")(
      Produce("t", 0, 9), Start, Batch, DeleteRecords("t", 0, 9), Read),
    script("an empty batch has all its partitions")(Start, Batch, Read))

  private val strategies: Seq[SparkVector] = Seq(
    script("a pattern takes the topics it matches whole", ByPattern("a.*"),
      topics = Seq("a" -> 1, "ab" -> 1, "ba" -> 1))(
      Produce("a", 0, 1), Produce("ab", 0, 2), Produce("ba", 0, 3), Start, Batch),
    script("a pattern of part of a name takes nothing", ByPattern("a"),
      topics = Seq("ab" -> 1, "ba" -> 1))(Produce("ab", 0, 2), Start, Batch, Read),
    script("a pattern finds topics made later", ByPattern("a.*"), params = earliest ++ alert,
      topics = Seq("a" -> 1))(
      Produce("a", 0, 1), Start, Batch, CreateTopic("ab", 2), Produce("ab", 1, 3),
      RefreshMetadata, Batch, Read, Batch),
    script("a pattern with offsets given", ByPattern("a.*"), offsets = Seq(("ab", 0, 1)),
      topics = Seq("a" -> 1, "ab" -> 1))(
      Produce("a", 0, 2), Produce("ab", 0, 2), Start, Batch),
    script("partitions assigned", Partitions(Seq(("t", 1))))(
      Produce("t", 0, 5), Produce("t", 1, 3), Start, Batch, Read),
    script("partitions assigned, with offsets", Partitions(Seq(("t", 1), ("t", 0))),
      offsets = Seq(("t", 1, 2)))(Produce("t", 0, 5), Produce("t", 1, 3), Start, Batch),
    script("partitions assigned without a group", Partitions(Seq(("t", 1))), group = false)(
      Produce("t", 1, 3), Start, Batch, Read),
    script("partitions assigned start where their group has committed", Partitions(Seq(("t", 0))))(
      Produce("t", 0, 5), Committed("t", 0, 3), Start, Batch),
    script("partitions assigned stay the same", Partitions(Seq(("t", 0))),
      params = earliest ++ alert)(
      Start, Batch, AddPartitions("t", 3), Produce("t", 2, 4), RefreshMetadata, Batch),
    script("an offset given for a partition not assigned", Partitions(Seq(("t", 0))),
      offsets = Seq(("t", 1, 2)))(Start),
    script("a subscription without a group", group = false)(Start),
    script("a pattern without a group", ByPattern("t"), group = false)(Start),
    script("no topic", Topics(Nil))(Start, Batch, Read))

  private val growth: Seq[SparkVector] = Seq(
    script("added partitions are read from the earliest offset", params = earliest ++ alert)(
      Produce("t", 0, 2), Start, Batch, AddPartitions("t", 3), Produce("t", 2, 4),
      RefreshMetadata, Batch, Read, Batch),
    script("added partitions lose what came before them with latest", params = latest ++ alert)(
      Start, Produce("t", 0, 2), Batch, AddPartitions("t", 3), Produce("t", 2, 4),
      RefreshMetadata, Batch, Produce("t", 2, 1), Batch),
    script("added partitions wait until the topics are looked at again")(
      Start, Batch, AddPartitions("t", 3), Produce("t", 2, 4), Batch, Batch),
    script("added partitions with none", params = none ++ alert)(
      Committed("t", 0, 0), Committed("t", 1, 0), Start, Batch, AddPartitions("t", 3),
      RefreshMetadata, Batch))

  private val commits: Seq[SparkVector] = Seq(
    script("a commit is sent when the next batch is planned")(
      Produce("t", 0, 5), Start, Batch, CommitBatch(), Batch, Batch),
    script("a callback is called at the batch after")(
      Produce("t", 0, 5), Start, Batch, CommitBatch("a"), Batch, Batch, Batch),
    script("only the last callback is called")(
      Produce("t", 0, 5), Start, Batch, Commit(Seq(("t", 0, 0, 2)), "a"),
      Commit(Seq(("t", 0, 2, 4)), "b"), Batch, Batch, Batch),
    script("a commit without a callback takes the callback away")(
      Produce("t", 0, 5), Start, Batch, Commit(Seq(("t", 0, 0, 2)), "a"),
      Commit(Seq(("t", 1, 0, 0))), Batch, Batch, Batch),
    script("a callback stays for commits to come")(
      Produce("t", 0, 5), Start, Batch, CommitBatch("a"), Batch,
      Commit(Seq(("t", 0, 0, 3)), "b"), Batch, Batch),
    script("the greatest offset asked for is committed")(
      Produce("t", 0, 9), Start, Batch, Commit(Seq(("t", 0, 4, 7), ("t", 0, 0, 4))), Batch),
    script("an offset may be committed again lower")(
      Produce("t", 0, 9), Start, Batch, Commit(Seq(("t", 0, 0, 7))), Batch,
      Commit(Seq(("t", 0, 0, 3))), Batch),
    script("empty ranges are committed")(
      Start, Batch, CommitBatch(), Batch),
    script("a commit queued when the driver stops is lost")(
      Produce("t", 0, 5), Start, Batch, CommitBatch(), Stop, Start, Batch),
    script("the next driver starts where the last has committed")(
      Produce("t", 0, 5), Start, Batch, CommitBatch(), Produce("t", 0, 2), Batch, Stop,
      Start, Batch),
    script("a commit before the first batch")(
      Produce("t", 0, 5), Start, Commit(Seq(("t", 0, 0, 1)), "a"), Batch, Batch),
    script("a commit of a partition there is not")(
      Start, Batch, Commit(Seq(("t", 9, 0, 1)), "a"), Batch, Batch),
    script("a commit without a group", Partitions(Seq(("t", 0))), group = false)(
      Produce("t", 0, 5), Start, Batch, CommitBatch("a"), Batch),
    script("auto commit runs ahead of the batches",
      params = Seq("auto.offset.reset" -> "earliest", "auto.commit.interval.ms" -> "1"))(
      Produce("t", 0, 5), Start, Produce("t", 1, 3), Batch, Produce("t", 0, 2), Batch, Batch),
    script("auto commit takes what a limit has left",
      params = Seq("auto.offset.reset" -> "earliest", "auto.commit.interval.ms" -> "1"),
      settings = Seq("spark.streaming.kafka.maxRatePerPartition" -> "2"))(
      Produce("t", 0, 9), Start, Batch, Batch, Stop, Start, Batch),
    script("auto commit once more when the stream stops",
      params = Seq("auto.offset.reset" -> "earliest", "enable.auto.commit" -> true))(
      Produce("t", 0, 9), Start, Batch, Stop, Start, Batch))

  private val rates: Seq[SparkVector] = Seq(
    script("a rate per partition", settings = Seq(
      "spark.streaming.kafka.maxRatePerPartition" -> "4"))(
      Produce("t", 0, 9), Produce("t", 1, 3), Start, Batch, Batch, Batch, Batch, Read),
    script("an initial rate until there is an estimate", settings = backpressure ++ Seq(
      "spark.streaming.backpressure.initialRate" -> "100"))(
      Produce("t", 0, 900), Produce("t", 1, 300), Start, Batch, Batch),
    script("without an initial rate the first batch takes all", settings = backpressure)(
      Produce("t", 0, 900), Produce("t", 1, 300), Start, Batch, Processed(2500, 2500, 0),
      Produce("t", 0, 900), Batch, Processed(5000, 2000, 500), Batch),
    script("an estimate from the second batch on", settings = backpressure ++ Seq(
      "spark.streaming.backpressure.initialRate" -> "500"))(
      Produce("t", 0, 6000), Produce("t", 1, 2000), Start, Batch, Processed(2250, 1250, 0),
      Batch, Processed(3500, 1250, 250), Batch, Processed(4400, 900, 500), Batch,
      Processed(5200, 800, 400), Batch, Processed(6000, 800, 0), Batch),
    script("empty batches keep the estimate", settings = backpressure)(
      Produce("t", 0, 1000), Start, Batch, Processed(2000, 1000, 0), Produce("t", 1, 800), Batch,
      Processed(3000, 1000, 0), Batch, Processed(4000, 10, 0), Batch, Processed(5000, 10, 0),
      Produce("t", 0, 5000), Batch),
    script("a minimum rate", settings = backpressure ++ Seq(
      "spark.streaming.backpressure.pid.minRate" -> "7"))(
      Produce("t", 0, 100), Start, Batch, Processed(9000, 9000, 0), Produce("t", 0, 100), Batch,
      Processed(30000, 21000, 8000), Produce("t", 0, 100), Batch, Processed(40000, 900, 20000),
      Batch),
    script("an estimate and a rate per partition", settings = backpressure ++ Seq(
      "spark.streaming.kafka.maxRatePerPartition" -> "300"))(
      Produce("t", 0, 6000), Produce("t", 1, 500), Start, Batch, Processed(2000, 1000, 0), Batch,
      Processed(3000, 1000, 0), Batch, Processed(4000, 400, 0), Batch),
    script("a new driver knows no rate", settings = backpressure)(
      Produce("t", 0, 1000), Start, Batch, CommitBatch(), Processed(2000, 1000, 0),
      Produce("t", 0, 500), Batch, Processed(3000, 1000, 0), Stop,
      Produce("t", 0, 900), Start, Batch))

  private val parameters: Seq[SparkVector] = Seq(
    script("a reset there is not", params = Seq("auto.offset.reset" -> "smallest"))(Start),
    script("a flag that is none", params = Seq("enable.auto.commit" -> "perhaps"))(Start),
    script("a number that is none", params = Seq("auto.commit.interval.ms" -> "soon"))(Start),
    script("a flag as text", params = Seq("enable.auto.commit" -> "FALSE"))(Start, Batch),
    script("a group of an empty name", params = earliest :+ ("group.id" -> ""), group = false)(
      Start),
    script("auto commit without a group", Partitions(Seq(("t", 0))), group = false,
      params = Seq("enable.auto.commit" -> true))(Start),
    script("an isolation level there is not", params = Seq("isolation.level" -> "some"))(Start),
    script("a time below its least", params = Seq("auto.commit.interval.ms" -> -1))(Start),
    script("a receive buffer as text", params = earliest :+ ("receive.buffer.bytes" -> "70000"))(
      Start))

  val all: Seq[SparkVector] = starts ++ strategies ++ growth ++ commits ++ rates ++ parameters
}
