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
    const told = eventsOf(see(both), "broker.slowed").map(({ atMs, byMs }) => `${atMs} ${byMs}`);
    expect(told).toEqual(["3000 400", "9000 0"]);
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

describe("an executor", () => {
  it("that two faults slow has its own speed when the last ends", () => {
    const events = see(
      "from 3000 to 6000 slow executor 1 to 20%\nfrom 4000 to 9000 slow executor 1 to 50%",
    );
    const speeds = eventsOf(events, "executor.speedChanged").map(
      ({ atMs, speedPercent }) => `${atMs} ${speedPercent}`,
    );
    expect(speeds).toEqual(["3000 20", "4000 20", "6000 50", "9000 100"]);
  });

  it("on a slow machine is slow also when it comes again, and for the next driver", () => {
    const events = see(
      "from 3000 to 30000 slow executor 1 to 20%\nat 4000 lose executor 1, back after 1000\n" +
        "at 8000 crash driver, back after 1000",
    );
    const added = eventsOf(events, "executor.added").filter(({ executor }) => executor === 1);
    expect(added.map(({ atMs, speedPercent }) => `${atMs} ${speedPercent}`)).toEqual([
      "0 100",
      "5000 20",
      "9000 20",
    ]);
  });

  it("that two faults take away is back when the second says", () => {
    const events = see(
      "at 3000 lose executor 1, back after 2000\nat 4000 lose executor 1, back after 9000",
    );
    const added = eventsOf(events, "executor.added").filter(({ executor }) => executor === 1);
    expect(added.map(({ atMs }) => atMs)).toEqual([0, 13_000]);
  });

  it("whose disk is full fails map tasks still when other failures are over", () => {
    const script =
      "from 2000 to 9000 fill disk of executor 1\nat 3000 fail tasks on executor 1, 2 times\n" +
      "from 4000 to 5000 fill disk of executor 1";
    const counting = (ssc: StreamingContext): void => {
      const params = { "group.id": "g", "auto.offset.reset": "earliest" };
      KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["clicks"], params))
        .map(({ key }) => [key, 1] as const)
        .reduceByKey((a, b) => a + b)
        .print();
    };
    const conf = { "spark.task.maxFailures": "1000" };
    const failed = eventsOf(see(script, { conf }, counting), "task.failed");
    const full = failed.filter(({ error }) => error.includes("No space left on device"));
    expect(failed.filter(({ error }) => error.includes("Input/output error")).length).toBe(2);
    expect(full.some(({ atMs }) => atMs > 5000)).toBe(true);
    expect(failed.every(({ atMs }) => atMs < 9100)).toBe(true);
  });
});

/** Batches whose tasks failed. */
function failures(script: string, what: Program): readonly number[] {
  const conf = { "spark.task.maxFailures": "100" };
  const failed = eventsOf(see(script, { conf }, what), "task.failed");
  return failed.map(({ atMs }) => atMs);
}

it("a sink that fails before and after writing goes on when the last ends", () => {
  const writing: Program = (ssc) => {
    const params = { "group.id": "g", "auto.offset.reset": "earliest" };
    KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["clicks"], params)).foreachRDD(
      (rdd) =>
        rdd.foreachPartition((records) => {
          for (const _ of records) continue;
        }),
    );
  };
  const script = "from 2990 to 3200 break sink\nfrom 3100 to 3500 break sink after writing";
  const times = failures(script, writing);
  expect(times.some((atMs) => atMs > 3210)).toBe(true);
  expect(times.every((atMs) => atMs < 3600)).toBe(true);
});

it("a checkpoint store is whole when nothing slows or fills it any longer", () => {
  const keeping: Program = (ssc) => {
    ssc.checkpoint("checkpoints/kept");
    program(ssc);
  };
  const written = (script: string): readonly number[] =>
    eventsOf(see(script, {}, keeping), "checkpoint.written").map(({ atMs }) => atMs);
  const full = written(
    "from 3100 to 5100 fill checkpoint store\nfrom 4100 to 9100 fill checkpoint store",
  );
  expect(full.filter((atMs) => atMs > 3150 && atMs < 9100)).toEqual([]);
  expect(full.some((atMs) => atMs > 9100)).toBe(true);
  const slow =
    "from 3100 to 20000 slow checkpoint store to 900 a write\n" +
    "from 4100 to 5100 slow checkpoint store to 30 a write";
  expect(written(slow)).toEqual(written("from 3100 to 20000 slow checkpoint store to 900 a write"));
});

describe("records", () => {
  const read = (script: string) => {
    const topics = { clicks: { partitions: 1 } };
    const { run } = runWorld({ program, world: { ...world, topics }, faults: script });
    return run.readLog("clicks", 0);
  };

  it("have a hot key until the last fault that gave it ends", () => {
    const script =
      "from 2000 to 4000 give key hot to 100% of records to clicks\n" +
      "from 3000 to 6000 give key hot to 100% of records to clicks";
    const hot = read(script).flatMap(({ key }, index) => (key === "hot" ? [index] : []));
    expect(hot[0]).toBeLessThanOrEqual(21);
    expect(hot.length).toBe(40);
  });

  it("of two hot keys have the later one first", () => {
    const script =
      "from 2000 to 6000 give key old to 100% of records to clicks\n" +
      "from 3000 to 4000 give key new to 100% of records to clicks";
    const keys = read(script).map(({ key }) => key);
    expect(keys.filter((key) => key === "new").length).toBe(10);
    expect(keys.filter((key) => key === "old").length).toBe(30);
  });

  it("are dated back until the last fault that does so ends", () => {
    const script =
      "from 5000 to 7000 date records to clicks back by 3000\n" +
      "from 6000 to 9000 date records to clicks back by 1000";
    const back = read(script).map(({ timestampMs }, n) => n * 100 - timestampMs);
    const count = (byMs: number): number => back.filter((ms) => ms === byMs).length;
    expect([count(3000), count(1000), count(0)]).toEqual([10, 30, 60]);
  });
});

describe("an application", () => {
  const applications: Partial<WorldSpec> = {
    consumers: [{ group: "readers", topics: ["clicks"], count: 2 }],
  };
  const joins = (script: string): readonly number[] =>
    eventsOf(see(script, applications, alone), "group.changed")
      .filter(({ state, members }) => state === "Stable" && members.length === 2)
      .map(({ atMs }) => atMs);

  it("that reads is back when the last fault lets it", () => {
    const script =
      "at 5000 close consumer readers-1, back after 2000\n" +
      "at 6000 close consumer readers-1, back after 9000";
    const back = joins(script).filter((atMs) => atMs > 5000);
    expect(back.length).toBeGreaterThan(0);
    expect(Math.min(...back)).toBeGreaterThanOrEqual(15_000);
  });

  it("that has crashed is not started by another fault's restarts", () => {
    const script =
      "at 5000 crash consumer readers-1, back after 10000\n" +
      "at 6000 restart consumer readers-1 2 times, every 1000";
    const joining = eventsOf(see(script, applications, alone), "group.changed")
      .filter(({ state }) => state === "PreparingRebalance")
      .map(({ atMs }) => atMs);
    expect(joining.find((atMs) => atMs > 5000)).toBeGreaterThanOrEqual(15_000);
  });

  it("that is closed and wanted again before it has left comes back", () => {
    const closed = "at 5000 close consumer readers-1, back after 1";
    expect(joins(closed).some((atMs) => atMs > 5000)).toBe(true);
  });

  it("that writes goes on when the last fault lets it", () => {
    const script =
      "at 3000 crash producer producer, back after 1000\n" +
      "at 3500 crash producer producer, back after 5500";
    const appended = eventsOf(see(script), "records.appended")
      .filter(({ topic }) => topic === "clicks")
      .map(({ atMs }) => atMs);
    expect(appended.filter((atMs) => atMs > 3100 && atMs < 9000)).toEqual([]);
    expect(appended.some((atMs) => atMs >= 9000)).toBe(true);
  });
});
