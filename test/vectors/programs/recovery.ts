// What Recovery.scala runs under the same names.
import { type DStream, Seconds, StateSpec } from "streamscope";
import { add, subtract } from "./given.ts";
import { failsAt, notAt, type Play, type PlayPrograms, slowSee } from "./play.ts";

const see = (play: Play): void => play.see(play.in);
const keyed = ({ in: stream }: Play): DStream<readonly [number, number]> =>
  stream.map((n) => [n % 2, n] as const);
const total = (play: Play): DStream<[number, number]> =>
  keyed(play).updateStateByKey<number>((ns, sum) => ns.reduce(add, sum ?? 0));
const inverse = (play: Play): void =>
  play.see(keyed(play).reduceByKeyAndWindow(add, subtract, Seconds(3)));
const mapped = (play: Play): void =>
  play.see(
    keyed(play).mapWithState(
      StateSpec.function<number, number, number, readonly [number, number]>((key, n, sum) => {
        const next = (sum.exists() ? sum.get() : 0) + n.getOrElse(0);
        sum.update(next);
        return [key, next];
      }),
    ),
  );
const totalEvery =
  (ms: number) =>
  (play: Play): void => {
    const totals = total(play);
    totals.checkpoint(ms);
    play.see(totals);
  };

const crashes: PlayPrograms = [
  ["crash between batches", slowSee],
  ["crash while a batch runs", slowSee],
  ["crash while a batch runs, down for long", slowSee],
  ["crash with batches in the queue", slowSee],
  ["crash after the first batch", slowSee],
  ["crash before the first batch leaves no checkpoint", slowSee],
  ["restart at a batch time", slowSee],
  ["restart at the time of the crash", slowSee],
  ["two crashes", slowSee],
  ["crash, two jobs at once, the older batch still runs", (play) => play.slow(play.in).print()],
  [
    "two outputs, crash between them",
    (play) => {
      play.see(play.slow(play.in), "first");
      play.see(play.slow(play.in), "second");
    },
  ],
  [
    "a batch whose last output failed runs again",
    (play) => {
      see(play);
      failsAt(play, 1000);
    },
  ],
  [
    "a batch whose first output failed does not",
    (play) => {
      failsAt(play, 1000);
      see(play);
    },
  ],
  ["a batch that could not be made is lost", (play) => play.see(notAt(play, 2000))],
];

const stops: PlayPrograms = [
  ["graceful stop and restart: the last batch runs again", slowSee],
  ["abrupt stop and restart", slowSee],
  ["abrupt stop, and the queue is pending", slowSee],
];

const files: PlayPrograms = [
  ["ten metadata files are kept", see],
  ["an overloaded driver writes under the newest time", slowSee],
  ["the newest file is torn: its backup is read", slowSee],
  ["the newest time is torn in both files", slowSee],
  ["no file can be read", slowSee],
  ["the newest file is missing: its backup is read", slowSee],
  ["all files are missing", slowSee],
];

const state: PlayPrograms = [
  [
    "state before its first checkpoint is computed again from the input",
    (play) => play.see(total(play)),
  ],
  ["state from its checkpoint", (play) => play.see(total(play))],
  ["state: how many files are kept", (play) => play.see(total(play))],
  ["state checkpointed every 2 s", totalEvery(2000)],
  ["state checkpointed in every batch", totalEvery(1000)],
  ["a window over a crash", (play) => play.see(play.in.window(Seconds(3)))],
  ["an inverse window over a crash", inverse],
  ["an inverse window from its checkpoint", inverse],
  [
    "a plain stream checkpointed",
    (play) => {
      const tens = play.in.map((n) => n * 10).persist();
      tens.checkpoint(Seconds(2));
      play.see(tens);
    },
  ],
  ["mapWithState over a crash", mapped],
  ["mapWithState from its checkpoint", mapped],
];

const queues: PlayPrograms = [
  [
    "queueStream: its checkpoint is written, and cannot be read",
    ({ ssc, see: look }) => {
      const { sparkContext } = ssc;
      look(ssc.queueStream([[1], [2], [3]].map((batch) => sparkContext.makeRDD(batch, 1))));
    },
  ],
  [
    "queueStream beside another stream: its checkpoint cannot be read either",
    (play) => {
      see(play);
      play.ssc.queueStream<number>([]).print();
    },
  ],
];

const slowPrint = (play: Play): void => play.slow(play.in).print();
const settings: PlayPrograms = [
  ["settings come from the checkpoint: two jobs at once, one is asked for", slowPrint],
  ["settings come from the checkpoint: one job at once, two are asked for", slowPrint],
  ["settings asked for are taken where there is no checkpoint yet", slowPrint],
  ["settings of the checkpoint are those of the first driver, two restarts later", slowPrint],
];

export const recovery: PlayPrograms = [crashes, stops, files, state, queues, settings]
  .flat()
  .map(([name, build]) => [`recovery/${name}`, build] as const);
