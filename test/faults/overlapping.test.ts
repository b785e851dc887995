/** Goal: faults that overlap on one target: the first to end does not heal what the other still
 *  holds, whichever came first.
 *  Method: two lines each over a world of three brokers, and when the target is whole again. */

import { describe, expect, it } from "vitest";
import {
  KafkaUtils,
  PreferConsistent,
  type Program,
  type StreamingContext,
  Subscribe,
  type TraceEvent,
  type WorldSpec,
} from "streamscope";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const world: WorldSpec = {
  brokers: 3,
  untilMs: 40_000,
  topics: { clicks: { partitions: 3, replicationFactor: 3 } },
  workload: [
    {
      topic: "clicks",
      records: function* () {
        for (let n = 0; n < 100; n += 1) yield { atMs: n * 100, key: `k${n % 7}`, value: `v${n}` };
      },
    },
  ],
};

function program(ssc: StreamingContext): void {
  const params = { "group.id": "g", "auto.offset.reset": "earliest" };
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["clicks"], params))
    .map(({ value }) => value)
    .print();
}

/** Reads no topic, and so minds no lost record. */
function alone(ssc: StreamingContext): void {
  ssc.queueStream([[1]]).print();
}

function see(
  faults: string,
  more: Partial<WorldSpec> = {},
  what: Program = program,
): readonly TraceEvent[] {
  const { run, events } = runWorld({ program: what, world: { ...world, ...more }, faults });
  expect(run.failure).toBeNull();
  return events;
}

/** When a link was told to be so, after everything that was told at that time. */
function linkTimes(events: readonly TraceEvent[], pair: string): readonly string[] {
  return eventsOf(events, "link.changed")
    .filter(({ between }) => between.join("-") === pair)
    .map(({ atMs, state }) => `${atMs} ${state}`);
}

describe("a link", () => {
  it("that two faults cut is whole when the second ends", () => {
    const script = "from 4000 to 6000 drop link 1-3\nfrom 5000 to 9000 drop link 1-3";
    expect(linkTimes(see(script), "1-3")).toEqual(["4000 cut", "9000 up"]);
  });

  it("that is cut stays so when one that was slow is fast again", () => {
    const script = "from 4000 to 9000 drop link 1-3\nfrom 5000 to 6000 slow link 1-3 by 50";
    expect(linkTimes(see(script), "1-3")).toEqual(["4000 cut", "9000 up"]);
  });

  it("between two isolated brokers is whole when both are back", () => {
    const script = "from 3000 to 9000 isolate broker 1\nfrom 5000 to 12000 isolate broker 2";
    const events = see(script);
    const both = [...linkTimes(events, "1-2"), ...linkTimes(events, "2-1")];
    expect(both).toEqual(["3000 cut", "12000 up"]);
    expect(linkTimes(events, "1-3")).toEqual(["3000 cut", "9000 up"]);
  });
});

describe("a broker", () => {
  const starts = (script: string): readonly number[] =>
    eventsOf(see(script), "broker.started").map(({ atMs }) => atMs);

  it.each([
    "at 5000 for 4000 crash broker 1\nat 6000 for 20000 crash broker 1",
    "at 5000 for 21000 crash broker 1\nat 6000 for 2000 stop broker 1",
    "at 5000 for 21000 crash broker 1\nat 6000 for 2000 fail disk of broker 1",
    "at 5000 for 3000 stop broker 1\nat 5001 for 20999 stop broker 1",
    "at 5000 for 21000 stop broker 1\nat 5001 for 3000 crash broker 1",
    "at 5000 for 3000 stop broker 1\nat 5001 for 20999 crash broker 1",
  ])("starts once nobody holds it down: %j", (script) => {
    expect(starts(script)).toEqual([26_000]);
  });

  it.each([
    "at 5000 for 3000 crash broker 1\nat 6000 crash broker 1",
    "at 5000 crash broker 1\nat 6000 for 2000 stop broker 1",
  ])("that somebody holds down for good never starts: %j", (script) => {
    expect(starts(script)).toEqual([]);
  });

  it("that is to start before it has stopped starts once it has", () => {
    const events = see("from 4000 to 9000 lose controller quorum\nat 5000 for 1000 stop broker 1");
    const [stopped] = eventsOf(events, "broker.stopped");
    const [started] = eventsOf(events, "broker.started");
    expect(stopped?.atMs).toBeGreaterThan(9000);
    expect(started?.atMs).toBe(stopped?.atMs);
  });

  it("that crashes while it is being stopped is not stopped when it is back", () => {
    const script =
      "from 4000 to 20000 lose controller quorum\nat 5000 for 1000 stop broker 1\n" +
      "at 5500 for 4000 crash broker 1";
    const events = see(script);
    expect(eventsOf(events, "broker.stopped")).toEqual([]);
    expect(eventsOf(events, "broker.started").map(({ atMs }) => atMs)).toEqual([9500]);
  });

  it("that two faults slow is as slow as the slower says, until the last ends", () => {
    const lastMs = (script: string): number =>
      Math.max(...eventsOf(see(script), "batch.completed").map((one) => one.processingDelayMs));
    const both = "from 3000 to 9000 slow broker 1 by 400\nfrom 5000 to 6000 slow broker 1 by 20";
    const one = "from 3000 to 9000 slow broker 1 by 400";
    expect(lastMs(both)).toBe(lastMs(one));
    const after = (script: string): readonly number[] =>
      eventsOf(see(script), "batch.completed")
        .filter(({ batchTimeMs }) => batchTimeMs >= 7000)
        .map(({ processingDelayMs }) => processingDelayMs);
    expect(after(both)).toEqual(after(one));
    expect(after(both)).not.toEqual(after(""));
  });

  it("whose clock two faults set wrong is right when both have ended", () => {
    const script =
      "from 3000 to 4000 skew clock of broker 1 by 3600000\n" +
      "from 3500 to 6000 skew clock of broker 1 by 7200000";
    const topics = { clicks: { partitions: 1, timestampType: "LogAppendTime" } } as const;
    const { run } = runWorld({ program, world: { ...world, brokers: 1, topics }, faults: script });
    const stamps = run.readLog("clicks", 0).map(({ timestampMs }) => timestampMs);
    const hours = stamps.map((stampMs) => Math.floor(stampMs / 3_600_000));
    expect([...new Set(hours)]).toEqual([0, 1, 2]);
    expect(hours.at(-1)).toBe(0);
    expect(hours.lastIndexOf(2)).toBeGreaterThan(hours.lastIndexOf(1));
  });
});

describe("a broker that is down", () => {
  const dropped = (script: string): readonly string[] =>
    eventsOf(see(script), "log.truncated").map(
      ({ atMs, topic, broker, reason, toOffset }) =>
        `${atMs} ${topic} ${reason} on ${broker}: from ${toOffset}`,
    );

  it.each([
    "at 5000 for 10000 crash broker 1\nat 6000 for 1000 crash broker 1, losing disk",
    "at 5000 for 10000 stop broker 1\nat 6000 for 1000 crash broker 1, losing disk",
    "at 5000 for 10000 crash broker 1, losing disk\nat 6000 for 1000 crash broker 1",
  ])("loses its disk, and starts with empty logs: %j", (script) => {
    const lost = dropped(script);
    expect(lost.length).toBe(3);
    expect(new Set(lost)).toEqual(new Set(["15000 clicks disk on 1: from 0"]));
  });

  it("loses with its power what had not been flushed by then, and not more", () => {
    const cluster = { flushMs: 3000 };
    const topics = { clicks: { partitions: 1 } };
    const tails = (script: string): readonly (number | undefined)[] => {
      const events = see(script, { brokers: 1, topics, cluster }, alone);
      return eventsOf(events, "log.truncated").map(({ toOffset }) => toOffset);
    };
    // What was written until 2000 was on disk at 5000, whenever the broker comes back.
    const [atOnce] = tails("at 5000 for 100 crash broker 1, losing unflushed");
    const [later] = tails("at 5000 for 20000 crash broker 1, losing unflushed");
    expect(atOnce).toBeGreaterThan(15);
    expect(atOnce).toBeLessThan(25);
    expect(later).toBe(atOnce);
    const [cut] = tails(
      "at 5000 for 9000 crash broker 1\nat 6000 crash broker 1, losing unflushed",
    );
    expect(cut).toBeUndefined();
    const script =
      "at 5000 for 9000 crash broker 1\nat 6000 for 1 crash broker 1, losing unflushed";
    expect(tails(script)[0]).toBeGreaterThan(atOnce ?? 0);
    const stopped =
      "at 5000 for 9000 stop broker 1\nat 6000 for 1 crash broker 1, losing unflushed";
    expect(tails(stopped)).toEqual([]);
  });
});

describe("the controllers", () => {
  it("have a majority again when the last loss of it ends", () => {
    const events = see(
      "from 4000 to 6000 lose controller quorum\nfrom 5000 to 12000 lose controller quorum",
    );
    const elected = eventsOf(events, "controller.changed").filter(
      ({ controller }) => controller !== null,
    );
    expect(elected.map(({ atMs }) => atMs >= 12_000)).toEqual([true]);
  });
});
