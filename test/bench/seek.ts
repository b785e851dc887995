/** Time travel: going to a random position in a long run must cost what it costs in a short one. */

import { performance } from "node:perf_hooks";
import { Run, TraceCursor, type TraceEvent } from "streamscope";

/** A cursor over the trace of a word count of that many batches. */
export function cursorOver(batches: number): TraceCursor {
  const events: TraceEvent[] = [];
  const run = new Run({
    program: (ssc) => {
      ssc
        .queueStream(Array.from({ length: batches }, (_, n) => ["a", "b", `c${n % 7}`]))
        .map((word) => [word, 1] as const)
        .reduceByKey((a, b) => a + b)
        .print();
    },
    world: {},
  });
  run.trace.listen((event) => events.push(event));
  run.runToEnd();
  const cursor = new TraceCursor();
  cursor.append(events);
  return cursor;
}

/** Microseconds of a seek to a random position: the median of many. */
export function seekMicros(cursor: TraceCursor, seeks: number): number {
  let state = 99;
  const times: number[] = [];
  for (let n = 0; n < seeks; n += 1) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const target = state % cursor.length;
    const start = performance.now();
    cursor.seek(target);
    times.push((performance.now() - start) * 1000);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}
