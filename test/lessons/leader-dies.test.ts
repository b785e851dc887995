// Goal: what lesson 3 says of its run is so, each wrong setting gets its own hint, and a cell can
// change no more than what its world says.
// Method: the facts are computed from the trace; the wrong answers are settings that run.
import {
  applyEvent,
  emptySnapshot,
  KafkaUtils,
  PreferConsistent,
  type Program,
  Subscribe,
} from "streamscope";
import { withSettings } from "streamscope/lesson";
import { describe, expect, test } from "vitest";
import { check } from "../../lessons/03-leader-dies/check.ts";
import pipeline from "../../lessons/03-leader-dies/pipeline.ts";
import solution, { settings as right } from "../../lessons/03-leader-dies/solution.ts";
import start, { settings as wrong } from "../../lessons/03-leader-dies/start.ts";
import { orders, world } from "../../lessons/03-leader-dies/world.ts";
import { breakageLine } from "../../playground/fault-script.ts";
import { eventsOf, runWorld, type WorldRun } from "../kit/run-world.ts";
import { judge } from "./judge.ts";

const run = runWorld({ program: pipeline, world });
const { events } = run;
const fixed = runWorld({ program: solution, world: withSettings(world, right) });
const acknowledged = eventsOf(events, "produce.acknowledged");
const [crash] = eventsOf(events, "broker.crashed");
const [election] = eventsOf(events, "partition.changed").filter(
  ({ topic, reason }) => topic === "orders" && reason === "leader failed",
);

/** The partition after everything that had happened before a moment. */
function partitionAt(atMs: number) {
  const snapshot = events.filter((event) => event.atMs < atMs).reduce(applyEvent, emptySnapshot);
  const [partition] = snapshot.topics.find(({ topic }) => topic === "orders")?.partitions ?? [];
  if (partition === undefined) throw new Error(`no partition at ${atMs} ms`);
  return partition;
}

const linesOf = ({ outputs }: WorldRun, timeMs: number): readonly string[] =>
  outputs.filter((one) => one.timeMs === timeMs).flatMap(({ lines }) => lines);
const totalOf = (all: readonly { readonly count: number }[]): number =>
  all.reduce((sum, { count }) => sum + count, 0);

describe("the prose", () => {
  test("all 60 orders are acknowledged, and add up to 1830", () => {
    expect([orders, totalOf(acknowledged)]).toEqual([60, 60]);
    const numbers = Array.from({ length: orders }, (_, index) => index + 1);
    expect(numbers.reduce((a, b) => a + b)).toBe(1830);
    expect(eventsOf(events, "batch.completed").at(-1)?.batchTimeMs).toBe(6000);
    expect(run.run.failure).toBe(null);
  });

  test("broker 1 leads three copies, loses touch at 3.0 s and dies at 3.5 s", () => {
    const before = partitionAt(3000);
    expect([before.leader, before.replicas.length, before.isr]).toEqual([1, 3, [1, 2, 3]]);
    expect([before.leaderEpoch, before.highWatermark, before.logEndOffset]).toEqual([0, 30, 30]);
    const cuts = eventsOf(events, "link.changed").filter(({ state }) => state === "cut");
    expect(cuts.map(({ between, atMs }) => [...between, atMs])).toEqual([
      ["1", "2", 3000],
      ["1", "3", 3000],
    ]);
    expect([crash?.atMs, crash?.broker, crash?.loses]).toEqual([3500, 1, "nothing"]);
  });

  test("orders 31 to 35 are on the leader alone, acknowledged, above the high watermark", () => {
    const late = acknowledged.filter(({ atMs }) => atMs >= 3000 && atMs < 3500);
    expect(late.flatMap(({ baseOffset, count }) => [baseOffset, count])).toEqual(
      [30, 31, 32, 33, 34].flatMap((offset) => [offset, 1]),
    );
    const { replicas, isr, highWatermark } = partitionAt(3500);
    const ends = new Map(replicas.map(({ broker, logEndOffset }) => [broker, logEndOffset]));
    expect(ends).toEqual(
      new Map([
        [1, 35],
        [2, 30],
        [3, 30],
      ]),
    );
    expect([isr, highWatermark]).toEqual([[1, 2, 3], 30]);
  });

  test("a second later broker 2 leads in epoch 1, and order 36 gets the offset of order 31", () => {
    expect([election?.atMs, election?.leader, election?.leaderEpoch]).toEqual([4500, 2, 1]);
    const next = acknowledged.find(({ leaderEpoch }) => leaderEpoch === 1);
    expect(next?.baseOffset).toBe(30);
    expect(run.run.readLog("orders", 0)[30]?.value).toBe("36");
  });

  test("Spark reads offsets without a gap", () => {
    const planned = eventsOf(events, "batch.planned").flatMap(({ ranges }) => ranges);
    expect(planned.map(({ fromOffset }) => fromOffset)).toEqual([
      0,
      ...planned.slice(0, -1).map(({ untilOffset }) => untilOffset),
    ]);
  });

  test("at 5.5 s broker 1 is back and drops offsets 30 to 34", () => {
    expect(eventsOf(events, "broker.started").map(({ atMs }) => atMs)).toEqual([5500]);
    const cut = eventsOf(events, "log.truncated").filter(({ topic }) => topic === "orders");
    expect(cut.map(({ broker, toOffset, fromOffset }) => [broker, toOffset, fromOffset])).toEqual([
      [1, 30, 35],
    ]);
  });

  test("stopped in good order at batch 2, broker 1 leaves nothing behind", () => {
    const end = events.findLast(
      (event) => event.kind === "batch.completed" && event.batchTimeMs === 2000,
    );
    const faults = breakageLine({ kind: "stopBroker", broker: 1 }, end?.seq ?? -1);
    const stopped = runWorld({ program: pipeline, world, faults });
    expect(linesOf(stopped, 6000)).toEqual(expect.arrayContaining(["(orders,60)", "(sum,1830)"]));
    const reasons = eventsOf(stopped.events, "partition.changed").map(({ reason }) => reason);
    expect(reasons).not.toContain("leader failed");
  });

  test("with acks=all nobody is told that an order is safe while the followers are away", () => {
    expect(linesOf(fixed, 6000)).toEqual(expect.arrayContaining(["(orders,60)", "(sum,1830)"]));
    const told = eventsOf(fixed.events, "produce.acknowledged");
    expect(totalOf(told)).toBe(60);
    expect(told.filter(({ atMs }) => atMs > 3000 && atMs < 4500)).toEqual([]);
  });

  test("with it the death of any one broker, at any time, loses nothing", () => {
    const { faults: _, ...calm } = withSettings(world, right);
    for (const broker of [1, 2, 3]) {
      for (let atMs = 520; atMs < 6000; atMs += 610) {
        const faults = [{ kind: "crashBroker", broker, atMs, forMs: 1500 } as const];
        const one = runWorld({ program: solution, world: calm, faults });
        const last = one.outputs.at(-1)?.lines;
        expect(last, `broker ${broker} at ${atMs} ms`).toContain("(sum,1830)");
      }
    }
  });
});

const by = (acks: string, minInsync: number | string): unknown => ({
  producers: { shop: { acks } },
  topics: { orders: { "min.insync.replicas": minInsync } },
});

describe("the check", () => {
  const judged = (settings: unknown, program: Program = solution) =>
    judge(check, { program, world: withSettings(world, settings) });

  test.each([
    ["all and 2", by("all", 2)],
    ["-1 and 2", by("-1", "2")],
    ["all and 3", by("all", 3)],
  ])("passes another right answer: %s", (_, settings) => {
    expect(judged(settings)).toEqual({ verdict: "pass" });
  });

  test.each([
    ["acks=1", wrong, start, "60 orders are safe, and 55 are counted"],
    ["acks=1 with a minimum", by("1", 2), solution, "had offsets [30, 35), and dropped them"],
    ["acks=0", by("0", 2), solution, "waits for no answer"],
  ])("has a hint for %s", (_, settings, program, hint) => {
    const verdict = judged(settings, program);
    if (verdict.verdict !== "fail") throw new Error(`verdict: ${verdict.verdict}`);
    expect(verdict.because.en).toContain(hint);
    expect(verdict.because.zh).toMatch(/[\u4e00-\u9fff].*。$/);
  });

  test("has a hint for totals that are wrong although nothing is lost", () => {
    const perBatch: Program = (ssc) => {
      const params = { "group.id": "g", "auto.offset.reset": "earliest" };
      KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["orders"], params))
        .map(({ value }) => ["sum", Number(value)] as const)
        .reduceByKey((a, b) => a + b)
        .print();
    };
    expect(judged(right, perBatch)).toMatchObject({
      verdict: "fail",
      because: { en: expect.stringContaining('it should print ("orders", 60) and ("sum", 1830)') },
    });
  });

  test("acks=all alone is luck, and so is a leader that was stopped in time", () => {
    expect(judged(by("all", 1))).toMatchObject({
      verdict: "not proved",
      because: { en: expect.stringContaining("min.insync.replicas of at least 2") },
    });
    const faults = "at 2200 for 2000 stop broker 1";
    expect(judge(check, { program: start, world, faults }).verdict).toBe("not proved");
  });
});

describe("settings of a cell", () => {
  test("without any the world is as it was, and the start's are the world's own", () => {
    expect(withSettings(world, undefined)).toBe(world);
    expect(withSettings(world, wrong)).toEqual(world);
  });

  test.each([
    [by("2", 2), "Invalid value 2 for configuration acks: String must be one of: all, -1, 0, 1"],
    [by("all", "two"), "Invalid value two for configuration min.insync.replicas: Not a number"],
    [{ topic: {} }, "settings.topic is not known in this lesson; known: topics, producers"],
    [{ topics: { order: {} } }, "settings.topics.order is not known in this lesson; known: orders"],
    [
      { producers: { shop: { "linger.ms": 5 } } },
      'settings.producers.shop["linger.ms"] is not known in this lesson; known: acks',
    ],
    [{ topics: 2 }, "settings.topics must be an object, not 2"],
  ])("say what is wrong with %j", (settings, message) => {
    expect(() => withSettings(world, settings)).toThrow(message);
  });

  test.each([
    [by("all", 0), "Value must be at least 1; correct minInsyncReplicas of topic orders"],
    [{ topics: { orders: { partitions: 3 } } }, "replicas of topic orders"],
  ])("the world says what cannot be: %j", (settings, message) => {
    const changed = withSettings(world, settings);
    expect(() => runWorld({ program: solution, world: changed })).toThrow(message);
  });
});
