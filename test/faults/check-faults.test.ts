/** Goal: a fault that could do nothing, or what nobody can, is refused before the run, with what to
 *  write instead; what an administrator is refused in a run is told.
 *  Method: one line each over a world with a producer, two consumers and three brokers; then lines
 *  drawn at odd moments, which must never break an assertion of the engine. */

import { describe, expect, it } from "vitest";
import { Run, type StreamingContext, type WorldSpec } from "streamscope";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const world: WorldSpec = {
  brokers: 3,
  untilMs: 20_000,
  topics: { clicks: { partitions: 2, replicationFactor: 2 } },
  workload: [
    {
      topic: "clicks",
      name: "shop",
      records: function* () {
        for (let n = 0; n < 50; n += 1) yield { atMs: n * 100, key: `k${n % 5}`, value: `v${n}` };
      },
    },
  ],
  consumers: [{ group: "readers", topics: ["clicks"], count: 2 }],
};

function idle(ssc: StreamingContext): void {
  ssc.queueStream([[1]]).print();
}

const start = (faults: string, more: Partial<WorldSpec> = {}): Run =>
  new Run({ program: idle, world: { ...world, ...more }, faults });

const inKRaft = "clients do not talk to controllers in KRaft, brokers pass on what they ask";

describe("a fault is refused", () => {
  it.each([
    ["at 5 drop link clients-controller", inKRaft],
    ["at 5 drop link controller-shop", "give 1-shop or 1-controller, by the number of a broker"],
    ["at 5 slow link driver-shop by 5", "clients talk to brokers alone; give 1-shop"],
    ["at 5 drop link 1-1", "both ends of the link"],
    ["at 5 drop link 1-nobody", "b of"],
    ["at 5 drop link 1-nobody", "known ends of links: controller, clients, shop, driver, intruder"],
    ["at 5 lose 5% on link 1-shopp", "did you mean shop?"],
    ["at 5 drop link 1-4", "is 4, and the world has 1 to 3"],
    ["at 5 drop 3 replies to nobody", "known clients: shop, driver, intruder, readers-1"],
    ["at 5 drop 3 replies to reders-1", "did you mean readers-1?"],
    ["at 5 break 3 connections of nobody", "known clients: shop"],
    ["at 5 duplicate 1 requests of nobody", "known clients that write: shop, driver, intruder"],
    ["at 5 duplicate 1 requests of readers-1", "which the world does not have"],
    ["at 5 delete records of partition 99 of clicks before 3", "is 99, and clicks has 2; give 0"],
    ["at 5 for 9007199254740991 crash broker 1", "and at most 1000000000000, not 9007199254740991"],
    ["at 9007199254740991 crash broker 1", "at most 1000000000000"],
    ["at 5 skew clock of broker 1 by -9007199254740991", "at least -1000000000000"],
    ["at 5 lose 101% on link 1-2", "of at least 1 and at most 100, not 101"],
  ])("with what to write instead: %j", (script, message) => {
    expect(() => start(script)).toThrow(message);
    expect(() => start(script)).toThrow(expect.objectContaining({ code: "FAULT_SCRIPT" }));
  });

  it("where it names a partition that only another fault adds, it is not", () => {
    const script =
      "at 5 add partitions to clicks: 4\nat 900 delete records of partition 3 of clicks before 0";
    expect(start(script).failure).toBeNull();
  });

  it.each([
    "at 5 drop link 1-driver",
    'at 5 drop link 2-"readers-1"',
    "at 5 drop link 2-admin",
    "at 5 drop 3 replies to readers-2",
    "at 5 duplicate 2 requests of driver",
  ])("not where the world has what it names: %j", (script) => {
    expect(start(script).failure).toBeNull();
  });
});

describe("an administrator", () => {
  it("who deletes records beyond the high watermark is told OFFSET_OUT_OF_RANGE", () => {
    const faults = "at 3000 delete records of partition 0 of clicks before 9999";
    const { events } = runWorld({ program: idle, world, faults });
    expect(eventsOf(events, "request.failed")).toMatchObject([
      {
        client: "admin",
        request: "deleteRecords",
        topic: "clicks",
        partition: 0,
        error: "OFFSET_OUT_OF_RANGE",
        retryInMs: null,
      },
    ]);
    expect(eventsOf(events, "logStart.advanced")).toEqual([]);
  });

  it("who is told that the leader has gone asks again", () => {
    const faults =
      "at 6000 for 3000 stop broker 1\nat 6000 for 3000 stop broker 2\n" +
      "at 6000 for 3000 stop broker 3\nat 7000 delete records of partition 0 of clicks before 2";
    const { events } = runWorld({ program: idle, world, faults });
    const refused = eventsOf(events, "request.failed").filter(({ client }) => client === "admin");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.at(-1)?.retryInMs).toBe(100);
    expect(eventsOf(events, "logStart.advanced")).toMatchObject([{ logStartOffset: 2 }]);
  });
});

describe("whenever it comes", () => {
  const actions = [
    "delete topic clicks",
    "delete topic clicks, create it again after 3000",
    "add partitions to clicks: 5",
    "delete records of partition 1 of clicks before 3",
    "compact topic clicks",
    "elect preferred leaders",
    "allow unclean election of clicks",
    "send poison record to clicks",
    "give key a to 50% of records to clicks",
    "crash coordinator of group readers",
    "crash broker 1, losing disk",
    "stop broker 2",
    "crash controller",
    "isolate broker 3",
    "crash producer shop, back after 500",
    "start producer shop a second time",
    "crash consumer readers-1, back after 500",
    "restart consumer readers-2 3 times, every 400",
    "crash driver, back after 500",
    "stop driver gracefully",
    "lose executor 1",
    "fail tasks on executor 2",
    "lose map output 7 of shuffle 9",
    "tear newest checkpoint",
    "drop link 1-controller",
  ];
  const times = ["after event 0", "after event 1", "at 0", "at 1", "at 2500", "at 5000"];

  it.each(times)(
    "%s, no fault breaks an assertion of the engine, alone or after another",
    (when) => {
      for (const [index, action] of actions.entries()) {
        const before = actions[(index * 7 + 3) % actions.length] ?? "";
        for (const script of [`${when} ${action}`, `${when} ${before}\n${when} ${action}`]) {
          const run = start(script, { untilMs: 9000 });
          run.runToEnd();
          expect([script, run.ended]).not.toEqual([script, null]);
          run.readLog("clicks", 1);
        }
      }
    },
  );
});
