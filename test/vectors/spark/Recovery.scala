// What lies in the checkpoint directory, and what a new driver makes of it.
// test/vectors/programs/recovery.ts says each program again for our engine, by its name.
package streamscope.vectors

import org.apache.spark.streaming.{Seconds, State, StateSpec}
import org.apache.spark.streaming.vectors._
import org.apache.spark.streaming.vectors.Step._
import org.apache.spark.streaming.vectors.Timeline.{see, slow}

object Recovery {
  private def program(
      name: String,
      input: Seq[Int],
      steps: Seq[Step],
      conf: Seq[(String, String)] = Nil)(build: Play => Unit): SparkVector =
    SchedulingProgram(s"recovery/$name", input, steps, conf, checkpoints = true)(build)

  private val ones = Seq.fill(40)(1)
  private val two = Seq("spark.streaming.concurrentJobs" -> "2")

  private def slowSee(play: Play): Unit = see(slow(play.in))

  private def fails(play: Play, timeMs: Long): Unit = play.in.foreachRDD { (rdd, time) =>
    if (time.milliseconds == timeMs) throw new RuntimeException(s"refused ${time.milliseconds}")
  }

  // Restarts are at times that let no batch end where another begins: the two would race.
  private val crashes = Seq(
    program("crash between batches", ones,
      Seq(Until(2900), Crash(), Restart(4500), Until(6900), LookAtFiles()))(slowSee),
    program("crash while a batch runs", ones,
      Seq(Until(2300), Crash(), Restart(2650), Until(4900)))(slowSee),
    program("crash while a batch runs, down for long", ones,
      Seq(Until(2300), Crash(), Restart(7450), Until(13900), LookAtFiles()))(slowSee),
    program("crash with batches in the queue", Seq(4, 1, 1, 1, 1),
      Seq(Until(3500), Crash(), Restart(4450), Until(9900), LookAtFiles()))(slowSee),
    program("crash after the first batch", ones,
      Seq(Until(1900), Crash(), Restart(2500), Until(4900)))(slowSee),
    program("crash before the first batch leaves no checkpoint", ones,
      Seq(Until(900), Crash(), Restart(2500)))(slowSee),
    program("restart at a batch time", ones,
      Seq(Until(2900), Crash(), Restart(4000), Until(6900)))(slowSee),
    program("restart at the time of the crash", ones,
      Seq(Until(2900), Crash(), Restart(2900), Until(4900)))(slowSee),
    program("two crashes", ones,
      Seq(Until(2900), Crash(), Restart(4450), Until(5300), Crash(), Restart(6450), Until(12900),
        LookAtFiles()))(slowSee),
    program("crash, two jobs at once, the older batch still runs", Seq(6, 1, 1, 1, 1),
      Seq(Until(3900), Crash(), Restart(4500), Until(9900), LookAtFiles()), two) { play =>
      slow(play.in).print()
    },
    program("two outputs, crash between them", ones,
      Seq(Until(2900), Crash(), Restart(3450), Until(8900))) { play =>
      see(slow(play.in), "first")
      see(slow(play.in), "second")
    },
    program("a batch whose last output failed runs again", ones,
      Seq(Until(3900), Crash(), Restart(4500), Until(6900), LookAtFiles())) { play =>
      see(play.in)
      fails(play, 1000)
    },
    program("a batch whose first output failed does not", ones,
      Seq(Until(3900), Crash(), Restart(4500), Until(6900))) { play =>
      fails(play, 1000)
      see(play.in)
    },
    program("a batch that could not be made is lost", ones,
      Seq(Until(3900), Crash(), Restart(4500), Until(6900))) { play =>
      see(play.in.transform { (rdd, time) =>
        if (time.milliseconds == 2000) throw new RuntimeException("not now")
        rdd
      })
    })

  private val stops = Seq(
    program("graceful stop and restart: the last batch runs again", ones,
      Seq(Until(2500), Stop(gracefully = true), Until(5900), Restart(7500), Until(10900)))(slowSee),
    program("abrupt stop and restart", 1 +: 6 +: ones,
      Seq(Until(2300), Stop(gracefully = false), Restart(6500), Until(12900)))(slowSee),
    program("abrupt stop, and the queue is pending", Seq(4, 4, 1, 1),
      Seq(Until(3500), Stop(gracefully = false), LookAtFiles(), Restart(6500),
        Until(15900)))(slowSee))

  private val files = Seq(
    program("ten metadata files are kept", ones, Seq(Until(12500), LookAtFiles())) { play =>
      see(play.in)
    },
    program("an overloaded driver writes under the newest time", Seq(3, 3, 3, 3),
      Seq(Until(8900), LookAtFiles()))(slowSee),
    program("the newest file is torn: its backup is read", ones,
      Seq(Until(3900), Crash(), Tear("checkpoint-3000"), Restart(4500), Until(6900),
        LookAtFiles()))(slowSee),
    program("the newest time is torn in both files", ones,
      Seq(Until(3900), Crash(), Tear("checkpoint-3000"), Tear("checkpoint-3000.bk"), Restart(4450),
        Until(8900), LookAtFiles()))(slowSee),
    program("no file can be read", ones,
      Seq(Until(1900), Crash(), Tear("checkpoint-1000"), Tear("checkpoint-1000.bk"),
        Restart(2500)))(slowSee),
    program("the newest file is missing: its backup is read", ones,
      Seq(Until(2900), Crash(), Remove("checkpoint-2000"), Restart(4500), Until(6900)))(slowSee),
    program("all files are missing", ones,
      Seq(Until(1900), Crash(), Remove("checkpoint-1000"), Remove("checkpoint-1000.bk"),
        Restart(2500)))(slowSee))

  private def total(play: Play) = play.in.map(n => (n % 2, n))
    .updateStateByKey[Int]((ns: Seq[Int], sum: Option[Int]) => Some(sum.getOrElse(0) + ns.sum))

  private val state = Seq(
    program("state before its first checkpoint is computed again from the input", ones,
      Seq(Until(3900), Crash(), Restart(4500), Until(6900), LookAtFiles())) { play =>
      see(total(play))
    },
    program("state from its checkpoint", ones,
      Seq(Until(11900), Crash(), Restart(13500), Until(15900), LookAtFiles())) { play =>
      see(total(play))
    },
    program("state: how many files are kept", ones,
      Seq(Until(9500), LookAtFiles(), Until(10500), LookAtFiles(), Until(20500), LookAtFiles(),
        Until(31500), LookAtFiles())) { play =>
      see(total(play))
    },
    program("state checkpointed every 2 s", ones,
      Seq(Until(1500), LookAtFiles(), Until(2500), LookAtFiles(), Until(4500), LookAtFiles(),
        Until(7500), LookAtFiles(), Crash(), Restart(8500), Until(11500), LookAtFiles())) { play =>
      val totals = total(play)
      totals.checkpoint(Seconds(2))
      see(totals)
    },
    program("state checkpointed in every batch", ones,
      Seq(Until(5500), LookAtFiles(), Crash(), Restart(6500), Until(9500), LookAtFiles())) { play =>
      val totals = total(play)
      totals.checkpoint(Seconds(1))
      see(totals)
    },
    program("a window over a crash", ones,
      Seq(Until(4900), Crash(), Restart(6500), Until(9900))) { play =>
      see(play.in.window(Seconds(3)))
    },
    program("an inverse window over a crash", ones,
      Seq(Until(4900), Crash(), Restart(6500), Until(9900))) { play =>
      see(play.in.map(n => (n % 2, n))
        .reduceByKeyAndWindow((a: Int, b: Int) => a + b, (a: Int, b: Int) => a - b, Seconds(3)))
    },
    program("an inverse window from its checkpoint", ones,
      Seq(Until(12900), Crash(), Restart(14500), Until(16900), LookAtFiles())) { play =>
      see(play.in.map(n => (n % 2, n))
        .reduceByKeyAndWindow((a: Int, b: Int) => a + b, (a: Int, b: Int) => a - b, Seconds(3)))
    },
    program("a plain stream checkpointed", ones,
      Seq(Until(3500), LookAtFiles(), Until(7500), LookAtFiles(), Crash(), Restart(8500),
        Until(10500))) { play =>
        val tens = play.in.map(_ * 10).persist()
        tens.checkpoint(Seconds(2))
        see(tens)
    },
    program("mapWithState over a crash", ones,
      Seq(Until(4900), Crash(), Restart(6500), Until(8900))) { play =>
      val spec = StateSpec.function { (key: Int, n: Option[Int], sum: State[Int]) =>
        sum.update(sum.getOption.getOrElse(0) + n.getOrElse(0))
        (key, sum.get)
      }
      see(play.in.map(n => (n % 2, n)).mapWithState(spec))
    },
    program("mapWithState from its checkpoint", ones,
      Seq(Until(11900), Crash(), Restart(13500), Until(15900), LookAtFiles())) { play =>
      val spec = StateSpec.function { (key: Int, n: Option[Int], sum: State[Int]) =>
        sum.update(sum.getOption.getOrElse(0) + n.getOrElse(0))
        (key, sum.get)
      }
      see(play.in.map(n => (n % 2, n)).mapWithState(spec))
    })

  private val queues = Seq(
    program("queueStream: its checkpoint is written, and cannot be read", ones,
      Seq(Until(2900), LookAtFiles(), Crash(), Restart(4500))) { play =>
      val batches = Seq(Seq(1), Seq(2), Seq(3)).map(play.ssc.sparkContext.makeRDD(_, 1))
      see(play.ssc.queueStream(scala.collection.mutable.Queue(batches: _*)))
    },
    program("queueStream beside another stream: its checkpoint cannot be read either", ones,
      Seq(Until(2900), Crash(), Restart(4500))) { play =>
      see(play.in)
      play.ssc.queueStream(scala.collection.mutable.Queue.empty[org.apache.spark.rdd.RDD[Int]]).print()
    })

  private val settings = Seq(
    program("settings come from the checkpoint: two jobs at once, one is asked for", Seq(3, 1, 1, 1, 1),
      Seq(Until(1900), Crash(), Reconfigure(Nil), Restart(4500), Until(9900)), two) { play =>
      slow(play.in).print()
    },
    program("settings come from the checkpoint: one job at once, two are asked for", Seq(3, 1, 1, 1, 1),
      Seq(Until(1900), Crash(), Reconfigure(two), Restart(4450), Until(9900))) { play =>
      slow(play.in).print()
    },
    program("settings asked for are taken where there is no checkpoint yet", Seq(3, 1, 1, 1, 1),
      Seq(Until(900), Crash(), Reconfigure(two), Restart(2500), Until(9900))) { play =>
      slow(play.in).print()
    },
    program("settings of the checkpoint are those of the first driver, two restarts later",
      Seq(3, 1, 1, 1, 1),
      Seq(Until(1900), Crash(), Reconfigure(Nil), Restart(2500), Until(3600), Crash(), Restart(4500),
        Until(9900)), two) { play =>
      slow(play.in).print()
    })

  val all: Seq[SparkVector] = crashes ++ stops ++ files ++ state ++ queues ++ settings
}
