// What Scheduling.scala runs under the same names.
import { Seconds } from "streamscope";
import { failsAt, notAt, type Play, type PlayPrograms, slowSee } from "./play.ts";

const slowPrint = (play: Play): void => play.slow(play.in).print();
const slowPrints =
  (...factors: readonly number[]) =>
  (play: Play): void => {
    slowPrint(play);
    for (const factor of factors) play.slow(play.in.map((n) => n * factor)).print();
  };
const failsFirst =
  (atMs: number) =>
  (play: Play): void => {
    failsAt(play, atMs);
    play.see(play.in);
  };

const batches: PlayPrograms = [
  ["a batch that fits its interval", slowSee],
  ["slow batches queue", slowSee],
  [
    "outputs of a batch run one after the other",
    (play) => {
      play.see(play.slow(play.in), "first");
      play.see(play.slow(play.in), "second");
    },
  ],
  ["a batch without records runs too", (play) => play.see(play.in)],
  [
    "an output whose slide is longer is not due in every batch",
    (play) => {
      play.see(play.in.window(Seconds(2), Seconds(2)), "window");
      play.see(play.in, "each");
    },
  ],
  [
    "outputs are numbered by the jobs of their batch",
    (play) => {
      play.see(play.in.window(Seconds(3), Seconds(3)), "window");
      play.see(play.in, "each");
      play.see(
        play.in.map((n) => n * 10),
        "tens",
      );
    },
  ],
  [
    "print, count and foreachRDD by their names",
    (play) => {
      play.in.print();
      play.in.foreachRDD((rdd) => {
        rdd.count();
      });
    },
  ],
  [
    "a graph whose outputs are never due in the first batches",
    (play) => play.see(play.in.window(Seconds(3), Seconds(3)), "window"),
  ],
];

const concurrency: PlayPrograms = [
  ["two jobs at once: the outputs of one batch", slowPrints(10)],
  ["two jobs at once: two batches", slowPrint],
  ["two jobs at once: the later batch completes first", slowPrint],
  ["two jobs at once, three outputs", slowPrints(10, 100)],
  ["three jobs at once and batches that queue", slowPrints(10)],
  ["one job at once is the default", slowPrint],
  [
    "two jobs at once: one fails while the other runs",
    (play) => {
      failsAt(play, 1000);
      slowPrint(play);
    },
  ],
  ["two jobs at once with checkpoints", slowPrint],
];

const failures: PlayPrograms = [
  ["an output that fails, and the batches after it", failsFirst(1000)],
  [
    "the last output fails: the batch stays pending",
    (play) => {
      play.see(play.in);
      failsAt(play, 1000);
    },
  ],
  ["the first output fails: the batch does not stay pending", failsFirst(1000)],
  [
    "both outputs fail",
    (play) => {
      failsAt(play, 1000);
      failsAt(play, 1000);
    },
  ],
  [
    "two batches fail: the first error is the one thrown",
    (play) => {
      failsAt(play, 2000);
      failsAt(play, 3000);
    },
  ],
  [
    "a task that fails",
    (play) =>
      play.see(
        play.in.map((n) => {
          if (n === 2) throw new Error("no twos");
          return n;
        }),
      ),
  ],
  [
    "transform fails while a batch is made: the next is made",
    (play) => play.see(notAt(play, 2000)),
  ],
  [
    "a batch that could not be made is checkpointed all the same",
    (play) => play.see(notAt(play, 2000)),
  ],
  [
    "a batch that could not be made loses its outputs, also those before",
    (play) => {
      play.see(play.in, "before");
      play.see(notAt(play, 2000), "after");
    },
  ],
  [
    "a window over a batch that could not be made",
    (play) => play.see(notAt(play, 2000).window(Seconds(3))),
  ],
];

const stops: PlayPrograms = [
  ["graceful stop: two more batches are made", slowSee],
  ["graceful stop with checkpoints", slowSee],
  ["graceful stop waits for the queue", slowSee],
  ["graceful stop before the first batch", slowSee],
  [
    "graceful stop after an output failed",
    (play) => {
      failsAt(play, 2000);
      slowSee(play);
    },
  ],
  ["graceful stop, two jobs at once", slowPrint],
  ["abrupt stop between batches", slowSee],
  ["abrupt stop interrupts a job that takes longer", slowSee],
  ["abrupt stop runs queued batches for two seconds", slowSee],
  ["abrupt stop with checkpoints writes no more of them", slowSee],
];

export const scheduling: PlayPrograms = [batches, concurrency, failures, stops]
  .flat()
  .map(([name, build]) => [`scheduling/${name}`, build] as const);
