// What a program of the lines of time is given, and how it is said again for our engine.
import { batchStream } from "../../kit/batch-stream.ts";
import { type DStream, scalaText, type StreamingContext } from "streamscope";

export interface Play {
  readonly ssc: StreamingContext;
  readonly in: DStream<number>;
  /** Each record takes 700 ms, as the whole of its task: in our runs the world's cost says so. */
  slow<T>(stream: DStream<T>): DStream<T>;
  /** Writes down the records of each batch. */
  see(stream: DStream<unknown>, label?: string): void;
  say(line: string): void;
}

/** Programs by the name that spark/*.scala gives them. */
export type PlayPrograms = readonly (readonly [name: string, build: (play: Play) => void])[];

export function playOn(
  ssc: StreamingContext,
  counts: readonly number[],
  say: (line: string) => void,
): Play {
  let next = 1;
  const batches = counts.map((count) => Array.from({ length: count }, () => next++));
  const input = batchStream(
    ssc,
    batches.map((batch) => ssc.sparkContext.makeRDD(batch, 1)),
  );
  return {
    ssc,
    in: input,
    slow: (stream) => stream,
    see: (stream, label = "saw") =>
      stream.foreachRDD((rdd, timeMs) => {
        const records = rdd.collect().map((record) => scalaText(record));
        say(`${label} ${timeMs}: ${records.toSorted().join(" ")}`.trimEnd());
      }),
    say,
  };
}

export function failsAt({ in: stream }: Play, atMs: number): void {
  stream.foreachRDD((_, timeMs) => {
    if (timeMs === atMs) throw new Error(`refused ${timeMs}`);
  });
}

/** The stream itself, but for one batch that cannot be made. */
export function notAt({ in: stream }: Play, atMs: number): DStream<number> {
  return stream.transform((rdd, timeMs) => {
    if (timeMs === atMs) throw new Error("not now");
    return rdd;
  });
}

export const slowSee = (play: Play): void => play.see(play.slow(play.in));
