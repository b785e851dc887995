// What Lifecycle.scala runs under the same names: each step gives a line, or throws one.
import { type DStream, Seconds, type StreamingContext } from "streamscope";

export type LifecycleSteps = (
  ssc: StreamingContext,
  input: DStream<number>,
) => readonly (() => unknown)[];

/** The harness of Spark lets a batch's time pass and waits for it; here time passes by waiting. */
const batch = (ssc: StreamingContext): boolean => ssc.awaitTerminationOrTimeout(1500);

const stop = (ssc: StreamingContext) => (): void => ssc.stop(false, false);
const start = (ssc: StreamingContext) => (): void => ssc.start();
const state = (ssc: StreamingContext) => (): string => ssc.getState();

const printing =
  (steps: LifecycleSteps): LifecycleSteps =>
  (ssc, input) => {
    input.print();
    return steps(ssc, input);
  };

export const lifecycle: readonly (readonly [name: string, steps: LifecycleSteps])[] = [
  [
    "lifecycle/states",
    printing((ssc) => [state(ssc), start(ssc), state(ssc), stop(ssc), state(ssc)]),
  ],
  [
    "lifecycle/start twice changes nothing",
    printing((ssc) => [start(ssc), start(ssc), state(ssc)]),
  ],
  [
    "lifecycle/start after stop",
    printing((ssc) => [start(ssc), stop(ssc), start(ssc), state(ssc)]),
  ],
  ["lifecycle/stop before start", printing((ssc) => [stop(ssc), state(ssc), start(ssc)])],
  ["lifecycle/stop twice", printing((ssc) => [start(ssc), stop(ssc), stop(ssc), state(ssc)])],
  ["lifecycle/start without outputs", (ssc) => [start(ssc), state(ssc), start(ssc)]],
  [
    "lifecycle/a transformation after start",
    printing((ssc, input) => [start(ssc), () => input.map((n) => n + 1)]),
  ],
  ["lifecycle/an output after start", printing((ssc, input) => [start(ssc), () => input.print()])],
  [
    "lifecycle/a transformation after stop",
    printing((ssc, input) => [start(ssc), stop(ssc), () => input.map((n) => n + 1)]),
  ],
  [
    "lifecycle/await with a timeout",
    printing((ssc) => [
      start(ssc),
      () => ssc.awaitTerminationOrTimeout(1),
      stop(ssc),
      () => ssc.awaitTerminationOrTimeout(1),
    ]),
  ],
  [
    "lifecycle/await an output that failed",
    (ssc, input) => {
      input.foreachRDD(() => {
        throw new Error("refused");
      });
      return [start(ssc), () => batch(ssc), state(ssc)];
    },
  ],
  [
    "lifecycle/await a batch that could not be made",
    (ssc, input) => {
      input
        .transform((): never => {
          throw new Error("not now");
        })
        .print();
      return [start(ssc), () => batch(ssc)];
    },
  ],
  [
    "lifecycle/a listener that throws is left alone",
    printing((ssc) => {
      let told = 0;
      ssc.addStreamingListener({
        onBatchCompleted: () => {
          told += 1;
          throw new Error("listener");
        },
      });
      const next = (): number => {
        batch(ssc);
        return told;
      };
      return [
        start(ssc),
        next,
        () => ssc.awaitTerminationOrTimeout(1000) || told,
        () => ssc.awaitTerminationOrTimeout(1),
      ];
    }),
  ],
  [
    "lifecycle/remember twice",
    (ssc) => [() => ssc.remember(Seconds(5)), () => ssc.remember(Seconds(6))],
  ],
];
