// When batches and their outputs run, what fails and what goes on, and how a context stops.
// test/vectors/programs/scheduling.ts says each program again for our engine, by its name.
package streamscope.vectors

import org.apache.spark.streaming.Seconds
import org.apache.spark.streaming.vectors._
import org.apache.spark.streaming.vectors.Step._
import org.apache.spark.streaming.vectors.Timeline.{say, see, slow}

object Scheduling {
  private def program(
      name: String,
      input: Seq[Int],
      steps: Seq[Step],
      conf: Seq[(String, String)] = Nil,
      checkpoints: Boolean = false)(build: Play => Unit): SparkVector =
    SchedulingProgram(s"scheduling/$name", input, steps, conf, checkpoints)(build)

  private def concurrent(jobs: Int) = Seq("spark.streaming.concurrentJobs" -> jobs.toString)

  private def fails(play: Play, timeMs: Long): Unit = play.in.foreachRDD { (rdd, time) =>
    if (time.milliseconds == timeMs) throw new RuntimeException(s"refused ${time.milliseconds}")
  }

  private val batches = Seq(
    program("a batch that fits its interval", Seq(1, 1), Seq(Until(3500))) { play =>
      see(slow(play.in))
    },
    program("slow batches queue", Seq(3, 3, 1, 0, 0), Seq(Until(7500))) { play =>
      see(slow(play.in))
    },
    program("outputs of a batch run one after the other", Seq(1, 2), Seq(Until(5500))) { play =>
      see(slow(play.in), "first")
      see(slow(play.in), "second")
    },
    program("a batch without records runs too", Seq(0, 0), Seq(Until(2500)))(play => see(play.in)),
    program("an output whose slide is longer is not due in every batch", Seq(1, 1, 1, 1),
      Seq(Until(4500))) { play =>
      see(play.in.window(Seconds(2), Seconds(2)), "window")
      see(play.in, "each")
    },
    program("outputs are numbered by the jobs of their batch", Seq(1, 1, 1),
      Seq(Until(3500))) { play =>
      see(play.in.window(Seconds(3), Seconds(3)), "window")
      see(play.in, "each")
      see(play.in.map(_ * 10), "tens")
    },
    program("print, count and foreachRDD by their names", Seq(1), Seq(Until(1500))) { play =>
      play.in.print()
      play.in.foreachRDD { rdd => rdd.count(); () }
    },
    program("a graph whose outputs are never due in the first batches", Seq(1, 1, 1),
      Seq(Until(3500))) { play =>
      see(play.in.window(Seconds(3), Seconds(3)), "window")
    })

  private val concurrency = Seq(
    program("two jobs at once: the outputs of one batch", Seq(1, 2), Seq(Until(5500)),
      concurrent(2)) { play =>
      slow(play.in).print()
      slow(play.in.map(_ * 10)).print()
    },
    program("two jobs at once: two batches", Seq(3, 1, 1), Seq(Until(6500)),
      concurrent(2)) { play =>
      slow(play.in).print()
    },
    program("two jobs at once: the later batch completes first", Seq(4, 1), Seq(Until(5500)),
      concurrent(2)) { play =>
      slow(play.in).print()
    },
    program("two jobs at once, three outputs", Seq(2, 1), Seq(Until(6500)), concurrent(2)) { play =>
      slow(play.in).print()
      slow(play.in.map(_ * 10)).print()
      slow(play.in.map(_ * 100)).print()
    },
    program("three jobs at once and batches that queue", Seq(4, 4, 4, 4), Seq(Until(9500)),
      concurrent(3)) { play =>
      slow(play.in).print()
      slow(play.in.map(_ * 10)).print()
    },
    program("one job at once is the default", Seq(1, 1), Seq(Until(3500)), concurrent(1)) { play =>
      slow(play.in).print()
    },
    program("two jobs at once: one fails while the other runs", Seq(2, 1), Seq(Until(5500)),
      concurrent(2)) { play =>
      fails(play, 1000)
      slow(play.in).print()
    },
    program("two jobs at once with checkpoints", Seq(4, 1, 1), Seq(Until(5500), LookAtFiles()),
      concurrent(2), checkpoints = true) { play =>
      slow(play.in).print()
    })

  private val failures = Seq(
    program("an output that fails, and the batches after it", Seq(1, 1, 1),
      Seq(Until(3500))) { play =>
      fails(play, 1000)
      see(play.in)
    },
    program("the last output fails: the batch stays pending", Seq(1, 1, 1),
      Seq(Until(3500), LookAtFiles()), checkpoints = true) { play =>
      see(play.in)
      fails(play, 1000)
    },
    program("the first output fails: the batch does not stay pending", Seq(1, 1, 1),
      Seq(Until(3500), LookAtFiles()), checkpoints = true) { play =>
      fails(play, 1000)
      see(play.in)
    },
    program("both outputs fail", Seq(1, 1, 1), Seq(Until(3500), LookAtFiles()),
      checkpoints = true) { play =>
      fails(play, 1000)
      fails(play, 1000)
    },
    program("two batches fail: the first error is the one thrown", Seq(1, 1, 1),
      Seq(Until(4500))) { play =>
      fails(play, 2000)
      fails(play, 3000)
    },
    program("a task that fails", Seq(1, 2, 1), Seq(Until(3500))) { play =>
      see(play.in.map { n => if (n == 2) throw new RuntimeException("no twos"); n })
    },
    program("transform fails while a batch is made: the next is made", Seq(1, 1, 1),
      Seq(Until(3500))) { play =>
      see(play.in.transform { (rdd, time) =>
        if (time.milliseconds == 2000) throw new RuntimeException("not now")
        rdd
      })
    },
    program("a batch that could not be made is checkpointed all the same", Seq(1, 1, 1),
      Seq(Until(3500), LookAtFiles()), checkpoints = true) { play =>
      see(play.in.transform { (rdd, time) =>
        if (time.milliseconds == 2000) throw new RuntimeException("not now")
        rdd
      })
    },
    program("a batch that could not be made loses its outputs, also those before", Seq(1, 1, 1),
      Seq(Until(3500))) { play =>
      see(play.in, "before")
      see(play.in.transform { (rdd, time) =>
        if (time.milliseconds == 2000) throw new RuntimeException("not now")
        rdd
      }, "after")
    },
    program("a window over a batch that could not be made", Seq(1, 1, 1, 1),
      Seq(Until(5500))) { play =>
      val odd = play.in.transform { (rdd, time) =>
        if (time.milliseconds == 2000) throw new RuntimeException("not now")
        rdd
      }
      see(odd.window(Seconds(3)))
    })

  private val stops = Seq(
    program("graceful stop: two more batches are made", Seq(1, 1, 1, 1, 1),
      Seq(Until(2500), Stop(gracefully = true), Until(7500))) { play =>
      see(slow(play.in))
    },
    program("graceful stop with checkpoints", Seq(1, 1, 1, 1, 1),
      Seq(Until(2500), Stop(gracefully = true), Until(7500), LookAtFiles()),
      checkpoints = true) { play =>
      see(slow(play.in))
    },
    program("graceful stop waits for the queue", Seq(4, 4, 4, 4),
      Seq(Until(2500), Stop(gracefully = true), Until(16500))) { play =>
      see(slow(play.in))
    },
    program("graceful stop before the first batch", Seq(1, 1, 1),
      Seq(Until(500), Stop(gracefully = true), Until(4500))) { play =>
      see(slow(play.in))
    },
    program("graceful stop after an output failed", Seq(1, 1, 1, 1),
      Seq(Until(2500), Stop(gracefully = true), Until(6500))) { play =>
      fails(play, 2000)
      see(slow(play.in))
    },
    program("graceful stop, two jobs at once", Seq(4, 1, 1, 1),
      Seq(Until(2500), Stop(gracefully = true), Until(9500)), concurrent(2)) { play =>
      slow(play.in).print()
    },
    program("abrupt stop between batches", Seq(1, 1, 1),
      Seq(Until(2900), Stop(gracefully = false))) { play =>
      see(slow(play.in))
    },
    program("abrupt stop interrupts a job that takes longer", Seq(1, 6, 1),
      Seq(Until(2500), Stop(gracefully = false))) { play =>
      see(slow(play.in))
    },
    program("abrupt stop runs queued batches for two seconds", Seq(3, 1, 4, 1),
      Seq(Until(3050), Stop(gracefully = false))) { play =>
      see(slow(play.in))
    },
    program("abrupt stop with checkpoints writes no more of them", Seq(1, 6, 1),
      Seq(Until(2500), Stop(gracefully = false), LookAtFiles()), checkpoints = true) { play =>
      see(slow(play.in))
    })

  val all: Seq[SparkVector] = batches ++ concurrency ++ failures ++ stops
}
