// What Spark's receivers do: blocks cut by the clock, waits at a rate limit, blocks given to
// batches, the RDDs of batches, restarts, and what a new driver finds in the write-ahead log. Each
// vector holds its script; test/vectors/receivers.test.ts plays the same script on our engine.
package streamscope.vectors

import org.apache.spark.streaming.vectors._

object Receivers {
  private val cuts: Seq[SparkVector] = Seq(
    BlockCuts("receivers/cut: blocks at each multiple of the interval", 200, 2000,
      Seq(10 -> 3, 190 -> 2, 210 -> 1, 399 -> 4)),
    BlockCuts("receivers/cut: an interval without records makes no block", 200, 2000,
      Seq(50 -> 1, 450 -> 1, 1050 -> 1)),
    BlockCuts("receivers/cut: blocks of 100 ms", 100, 1000,
      Seq(10 -> 1, 110 -> 1, 120 -> 1, 250 -> 2)),
    BlockCuts("receivers/cut: a block interval as long as a batch", 1000, 3500,
      Seq(10 -> 1, 700 -> 2, 1200 -> 3, 2900 -> 1)),
    BlockCuts("receivers/cut: started between two multiples", 200, 2000,
      Seq(150 -> 1, 250 -> 1, 420 -> 1), startMs = 130),
    BlockCuts("receivers/cut: what is left when it stops is a block", 200, 550,
      Seq(510 -> 2, 540 -> 1)))

  private val limits: Seq[SparkVector] = Seq(
    RateWaits("receivers/rate: ten a second", 10, Seq.fill(5)(0L)),
    RateWaits("receivers/rate: a pause is saved for one second at most", 10,
      Seq(0L, 0L) ++ Seq.fill(14)(5000000L)),
    RateWaits("receivers/rate: an even stream below the limit never waits", 10,
      (0 to 9).map(_ * 150000L)),
    RateWaits("receivers/rate: an even stream above the limit waits longer and longer", 10,
      (0 to 9).map(_ * 50000L)),
    RateWaits("receivers/rate: three a second, whose interval is no whole number", 3,
      Seq.fill(7)(0L)),
    RateWaits("receivers/rate: a new rate holds after what is already promised", 10,
      Seq.fill(8)(0L), Seq(3 -> 100)),
    RateWaits("receivers/rate: a lower rate takes saved permits down with it", 10,
      Seq(0L, 0L, 0L) ++ Seq.fill(9)(3000000L), Seq(4 -> 2)))

  private def script(
      name: String,
      steps: Seq[ReceiverStep],
      conf: Seq[(String, String)] = Nil,
      streams: Int = 1,
      checkpoints: Boolean = false,
      isWindowed: Boolean = false): SparkVector =
    ReceiverScript(s"receivers/$name", steps, conf, streams, checkpoints, isWindowed)

  private val wal = Seq("spark.streaming.receiver.writeAheadLog.enable" -> "true")
  private val quick = Seq("spark.streaming.receiverRestartDelay" -> "100")

  private val batches: Seq[SparkVector] = Seq(
    script("batch: one partition a block", Seq(
      Store(200, 0, Seq(1, 2, 3)), Store(400, 0, Seq(4)), Store(600, 0, Seq(5, 6)), UntilMs(2500))),
    script("batch: no blocks, no partitions", Seq(UntilMs(1500))),
    script("batch: no blocks, no partitions, with the log", Seq(UntilMs(1500)), wal,
      checkpoints = true),
    script("batch: an empty block is a partition", Seq(
      Store(200, 0, Nil), Store(400, 0, Seq(1)), UntilMs(1500))),
    script("batch: blocks go to the next batch", Seq(
      Store(300, 0, Seq(1)), Store(1300, 0, Seq(2)), Store(1600, 0, Seq(3)), Store(3300, 0, Seq(4)),
      UntilMs(4500))),
    script("batch: each stream has its own blocks", Seq(
      Store(200, 0, Seq(1)), Store(300, 1, Seq(10)), Store(400, 1, Seq(11)), UntilMs(2500)),
      streams = 2),
    script("batch: with the log, of blocks in the log", Seq(
      Store(200, 0, Seq(1, 2)), Store(400, 0, Seq(3)), UntilMs(1500)), wal, checkpoints = true),
    script("batch: a block that is lost before is left out", Seq(
      Store(200, 0, Seq(1, 2)), Lose(300), Store(400, 0, Seq(3)), UntilMs(1500))),
    script("batch: with the log, a block that is lost is read from it", Seq(
      Store(200, 0, Seq(1, 2)), Lose(300), Store(400, 0, Seq(3)), UntilMs(1500)), wal,
      checkpoints = true))

  private val lives: Seq[SparkVector] = Seq(
    script("life: restart with a message", Seq(
      Store(200, 0, Seq(1)), Again(400, 0, "gone away", withError = false), UntilMs(1500)), quick),
    script("life: restart with an error", Seq(
      Again(400, 0, "gone away", withError = true), Store(900, 0, Seq(1)), UntilMs(1500)), quick),
    script("life: an error reported changes nothing else", Seq(
      Complain(300, 0, "odd", withError = true), Store(400, 0, Seq(1)), UntilMs(1500))),
    script("life: an error reported without an exception", Seq(
      Complain(300, 0, "odd", withError = false), UntilMs(1500))),
    script("life: a receiver that stops is started anew", Seq(
      Store(200, 0, Seq(1)), Halt(400, 0, "enough", withError = false), Store(900, 0, Seq(2)),
      UntilMs(1500))),
    script("life: a receiver that stops with an error is started anew", Seq(
      Halt(400, 0, "broken", withError = true), Store(900, 0, Seq(2)), UntilMs(1500))),
    script("life: two restarts in a row", Seq(
      Again(300, 0, "once", withError = false), Again(700, 0, "twice", withError = false),
      Store(950, 0, Seq(1)), UntilMs(1500)), quick))

  private val recoveries: Seq[SparkVector] = Seq(
    script("recovery: without the log, blocks that wait are lost", Seq(
      Store(1200, 0, Seq(1, 2)), CrashAndRestart(1500, 1700), UntilMs(3500)), checkpoints = true),
    script("recovery: with the log, blocks that wait come back", Seq(
      Store(1200, 0, Seq(1, 2)), Store(1400, 0, Seq(3)), CrashAndRestart(1500, 1700),
      UntilMs(3500)),
      wal, checkpoints = true),
    script("recovery: with the log, old and new blocks go to one batch", Seq(
      Store(1200, 0, Seq(1)), CrashAndRestart(1500, 1700), Store(2300, 0, Seq(2)), UntilMs(3500)),
      wal, checkpoints = true),
    script("recovery: with the log, down for three batches", Seq(
      Store(1200, 0, Seq(1)), CrashAndRestart(1500, 4700), Store(4900, 0, Seq(2)), UntilMs(6500)),
      wal, checkpoints = true),
    script("recovery: with the log, of two streams", Seq(
      Store(1200, 0, Seq(1)), Store(1300, 1, Seq(10)), CrashAndRestart(1500, 1700), UntilMs(3500)),
      wal, streams = 2, checkpoints = true))

  private val lost: Seq[SparkVector] = Seq(
    script("lost: a block that is lost after its batch was made cannot be computed", Seq(
      Store(200, 0, Seq(1, 2)), Lose(1300), Store(1600, 0, Seq(3)), UntilMs(4500)),
      isWindowed = true),
    script("lost: all blocks of a window but the newest", Seq(
      Store(200, 0, Seq(1)), Store(400, 0, Seq(2)), Lose(1300), Store(1600, 0, Seq(3)),
      Store(2300, 0, Seq(4)), UntilMs(4500)), isWindowed = true),
    script("lost: no block is lost from a window", Seq(
      Store(200, 0, Seq(1, 2)), Store(1600, 0, Seq(3)), UntilMs(2500)), isWindowed = true),
    script("lost: with the log, a block that is lost after its batch was made is read from it", Seq(
      Store(200, 0, Seq(1, 2)), Lose(1300), Store(1600, 0, Seq(3)), UntilMs(2500)), wal,
      checkpoints = true, isWindowed = true))

  private def minRate(rate: Int) = "spark.streaming.backpressure.pid.minRate" -> rate.toString
  private val counts = Seq(100, 20, 60, 0, 150, 10, 10, 120)

  private val rates: Seq[SparkVector] = Seq(
    ReceiverRates("the limit follows the batches", counts, 100, 5, Seq(minRate(1))),
    ReceiverRates("never below the least rate", counts, 100, 5, Nil),
    ReceiverRates("never above spark.streaming.receiver.maxRate", counts, 100, 5,
      Seq(minRate(1), "spark.streaming.receiver.maxRate" -> "60")),
    ReceiverRates("an initial rate holds until there is an estimate", Seq(0, 0, 50, 50), 100, 5,
      Seq(minRate(1), "spark.streaming.backpressure.initialRate" -> "30")),
    ReceiverRates("other gains", counts, 50, 4, Seq(minRate(1),
      "spark.streaming.backpressure.pid.proportional" -> "0.5",
      "spark.streaming.backpressure.pid.integral" -> "0.4",
      "spark.streaming.backpressure.pid.derived" -> "0.1")))

  val all: Seq[SparkVector] = cuts ++ limits ++ batches ++ lives ++ recoveries ++ lost ++ rates
}
