/** Goal: state that costs what a batch touches, times out when it is scanned, and survives a crash.
 *  Method: what Spark gives is in the vectors; here the facts of the trace, and every crash. */

import { describe, expect, it } from "vitest";
import {
  type DStream,
  inspectBatch,
  KafkaUtils,
  type MapWithStateDStream,
  None,
  type Option,
  PreferConsistent,
  Seconds,
  Some,
  type State,
  StateSpec,
  type StreamingContext,
  Subscribe,
} from "streamscope";
import { clicksWorld, finalCounts } from "../kit/clicks.ts";
import { runOperator, sorted } from "../kit/run-operator.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

function counting(word: string, one: Option<number>, state: State<number>) {
  const count = state.getOption().getOrElse(0) + one.getOrElse(0);
  state.update(count);
  return [word, count] as const;
}

function farewell(
  timeMs: number,
  word: string,
  _one: Option<number>,
  state: State<number>,
): Option<string> {
  if (state.isTimingOut()) return Some(`${word} until ${timeMs}`);
  state.update(1);
  return None;
}

type Counted = MapWithStateDStream<string, number, readonly [string, number]>;

const counted = (words: DStream<string>): Counted =>
  words.map((word) => [word, 1] as const).mapWithState(StateSpec.function(counting));

const program =
  (build: (words: DStream<string>) => DStream<unknown>, input: readonly string[][]) =>
  (ssc: StreamingContext): void => {
    ssc.checkpoint("checkpoints");
    build(ssc.queueStream(input)).print();
  };

describe("mapWithState(spec)", () => {
  it("gives a record for each record, in their order", () => {
    const { batches } = runOperator([["a", "a"], [], ["a"]], counted);
    expect(batches).toEqual([
      [
        ["a", 1],
        ["a", 2],
      ],
      [],
      [["a", 3]],
    ]);
  });

  it("touches only keys with records, and tells how many there are", () => {
    const input = [["a", "b", "c", "d"], ["a"], [], ["b", "b"]];
    const { events } = runWorld({
      program: program(counted, input),
      world: { batches: input.length },
    });
    const perBatch = [1000, 2000, 3000, 4000].map((batchTimeMs) => {
      const updates = eventsOf(events, "state.updated").filter(
        (event) => event.batchTimeMs === batchTimeMs,
      );
      const sum = (of: (event: (typeof updates)[number]) => number): number =>
        updates.reduce((total, event) => total + of(event), 0);
      return [
        sum(({ keysTouched }) => keysTouched),
        sum(({ keysWithValues }) => keysWithValues),
        sum(({ keysKept }) => keysKept),
      ];
    });
    expect(perBatch).toEqual([
      [4, 4, 4],
      [1, 1, 4],
      [0, 0, 4],
      [1, 1, 4],
    ]);
  });

  it("counts keys that time out among those touched and removed", () => {
    const input = [["a", "b"], ["a"], [], []];
    const { events } = runWorld({
      program: program(
        (words) =>
          words
            .map((word) => [word, 1] as const)
            .mapWithState(StateSpec.function(farewell).timeout(Seconds(1)))
            .checkpoint(Seconds(2)),
        input,
      ),
      world: { batches: input.length },
    });
    const removed = eventsOf(events, "state.updated")
      .filter(({ keysRemoved }) => keysRemoved > 0)
      .map((event) => [event.batchTimeMs, event.keysTouched, event.keysRemoved, event.keysKept]);
    // Looked for at every second batch: at 2 s both keys are idle for no more than a second.
    expect(removed).toEqual([
      [4000, 1, 1, 0],
      [4000, 1, 1, 0],
    ]);
  });

  it("shows under a lens what it kept, and each state touched before and after", () => {
    const input = [["a", "b"], ["a"]];
    const { flows, states } = inspectBatch(
      { program: program(counted, input), world: { batches: 2 } },
      2000,
    );
    const kept = flows.filter(({ operator, total }) => operator === "mapWithState" && total === 1);
    expect(kept.flatMap(({ records }) => records)).toContain(
      "MapWithStateRDDRecord(StateMap of 1,ArrayBuffer((a,2)))",
    );
    expect(states.map(({ key, before, after }) => [key, before, after])).toEqual([["a", "1", "2"]]);
  });

  it("has the right states after a crash at any moment", () => {
    const pages = (ssc: StreamingContext): void => {
      ssc.checkpoint("checkpoints/pages");
      const params = { "group.id": "g", "auto.offset.reset": "earliest" };
      const clicks = KafkaUtils.createDirectStream(
        ssc,
        PreferConsistent,
        Subscribe(["clicks"], params),
      );
      counted(clicks.map((record) => record.value))
        .checkpoint(Seconds(2))
        .stateSnapshots()
        .print();
    };
    const world = { program: pages, world: clicksWorld, collectOutputs: true };
    const healthy = runWorld(world);
    expect(sorted(healthy.outputs.at(-1)?.records ?? [])).toEqual(finalCounts);
    const last = eventsOf(healthy.events, "batch.completed").at(-1)?.seq ?? 0;
    for (let seq = 1; seq <= last; seq += 7) {
      const crashed = runWorld({
        ...world,
        faults: [{ kind: "crashDriver", afterSeq: seq, downMs: 1500 }],
      });
      expect({ seq, failure: crashed.run.failure?.message }).toEqual({ seq, failure: undefined });
      expect({ seq, states: sorted(crashed.outputs.at(-1)?.records ?? []) }).toEqual({
        seq,
        states: finalCounts,
      });
    }
  });
});
