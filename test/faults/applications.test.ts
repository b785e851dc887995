/** Goal: what faults of producers and consumers are said to show is seen in the trace.
 *  Method: a world of three brokers with a group of two and a producer with transactions. */

import { describe, expect, it } from "vitest";
import { faults, parseFaults, Run, type StreamingContext, type WorldSpec } from "streamscope";
import { eventsOf, runWorld, type WorldRun } from "../kit/run-world.ts";

const records = 120;

const world: WorldSpec = {
  brokers: 3,
  untilMs: 150_000,
  topics: { clicks: { partitions: 2, replicationFactor: 3, minInsyncReplicas: 2 } },
  workload: [
    {
      topic: "clicks",
      name: "shop",
      producer: { transactionalId: "orders", transactionTimeoutMs: 20_000 },
      transactions: { recordsPerTransaction: 10 },
      records: function* () {
        for (let n = 0; n < records; n += 1) {
          yield { atMs: 4000 + n * 100, key: `k${n % 5}`, value: `v${n}` };
        }
      },
    },
  ],
  consumers: [
    {
      group: "readers",
      topics: ["clicks"],
      count: 2,
      settings: {
        isolationLevel: "read_committed",
        maxPollIntervalMs: 30_000,
        autoOffsetReset: "earliest",
      },
    },
  ],
};

/** The pipeline does nothing here. */
function idle(ssc: StreamingContext): void {
  ssc.queueStream([]).foreachRDD(() => {});
}

const kinds = new Set<string>();

function see(script: string, change: Partial<WorldSpec> = {}): WorldRun {
  for (const { kind } of parseFaults(script)) kinds.add(kind);
  return runWorld({ program: idle, world: { ...world, ...change }, faults: script });
}

const groups = ({ events }: WorldRun) => eventsOf(events, "group.changed");
const states = ({ events }: WorldRun) => eventsOf(events, "transaction.changed");

function polled({ events }: WorldRun, client?: string): number {
  return eventsOf(events, "records.polled")
    .filter((event) => client === undefined || event.client === client)
    .reduce((sum, { count }) => sum + count, 0);
}

describe("a consumer", () => {
  it("that crashes is missed after its session, and what it had read comes again", () => {
    const seen = see("at 9000 crash consumer readers-1");
    const [left] = groups(seen).filter(({ atMs }) => atMs > 9000);
    expect((left?.atMs ?? 0) - 9000).toBeGreaterThan(35_000);
    expect((left?.atMs ?? 0) - 9000).toBeLessThanOrEqual(46_000);
    expect(groups(seen).at(-1)?.members).toHaveLength(1);
    expect(polled(seen)).toBeGreaterThanOrEqual(records);
  });

  it("that is stalled leaves after max.poll.interval.ms, and joins again", () => {
    const seen = see("from 9000 to 60000 stall consumer readers-1");
    const left = groups(seen).find(({ members, atMs }) => atMs > 9000 && members.length === 1);
    expect((left?.atMs ?? 0) - 9000).toBeGreaterThanOrEqual(25_000);
    expect((left?.atMs ?? 0) - 9000).toBeLessThanOrEqual(35_000);
    expect(groups(seen).at(-1)?.members).toHaveLength(2);
  });

  it("that is closed leaves at once", () => {
    const seen = see("at 9000 close consumer readers-1, back after 5000");
    const [left] = groups(seen).filter(({ atMs }) => atMs >= 9000);
    expect((left?.atMs ?? 0) - 9000).toBeLessThan(100);
    expect(groups(seen).at(-1)).toMatchObject({ state: "Stable" });
    expect(groups(seen).at(-1)?.members).toHaveLength(2);
  });

  it("that comes and goes makes generation after generation", () => {
    const [storm, calm] = [see("at 9000 restart consumer readers-1 5 times, every 8000"), see("")];
    const last = (seen: WorldRun): number => groups(seen).at(-1)?.generation ?? 0;
    expect(last(storm)).toBeGreaterThanOrEqual(last(calm) + 5);
  });
});

describe("a producer", () => {
  it("that dies leaves its transaction open until it times out", () => {
    const seen = see("after transaction orders begins crash producer shop");
    const [begun] = states(seen).filter(({ state }) => state === "Ongoing");
    const [aborted] = states(seen).filter(({ state }) => state === "PrepareAbort");
    expect(aborted?.reason).toBe("timed out");
    expect((aborted?.atMs ?? 0) - (begun?.atMs ?? 0)).toBeGreaterThanOrEqual(20_000);
    expect((aborted?.atMs ?? 0) - (begun?.atMs ?? 0)).toBeLessThanOrEqual(30_100);
    expect(polled(seen)).toBe(0);
  });

  it("that is back aborts what it had begun, and goes on", () => {
    const seen = see("after transaction orders begins crash producer shop, back after 1000");
    const [aborted] = states(seen).filter(({ state }) => state === "PrepareAbort");
    expect((aborted?.atMs ?? 0) - 4000).toBeLessThan(3000);
    expect(new Set(states(seen).map(({ producerEpoch }) => producerEpoch)).size).toBeGreaterThan(1);
    expect(polled(seen)).toBeGreaterThan(records - 20);
  });

  it("that is started twice is fenced the first time", () => {
    const seen = see("at 6050 start producer shop a second time");
    const initialised = eventsOf(seen.events, "producer.initialised");
    expect(initialised).toHaveLength(2);
    expect(initialised[1]?.producerEpoch).toBeGreaterThan(initialised[0]?.producerEpoch ?? 99);
    expect(
      eventsOf(seen.events, "error.reported")
        .map(({ message }) => message)
        .join(),
    ).toMatch(/fenced|newer producer|ProducerFenced|InvalidProducerEpoch/iu);
    expect(seen.run.failure).toBeNull();
  });
});

describe("a coordinator", () => {
  it("of a group that crashes is followed by one that knows the generation", () => {
    const seen = see("at 12000 for 20000 crash coordinator of group readers");
    const before = groups(seen).findLast(({ atMs }) => atMs < 12_000);
    const [crashed] = eventsOf(seen.events, "broker.crashed");
    expect(crashed?.broker).toBe(before?.coordinator);
    expect(groups(seen).at(-1)?.generation).toBeGreaterThanOrEqual(before?.generation ?? 99);
    expect(polled(seen)).toBeGreaterThanOrEqual(records);
  });

  const crash = "crash coordinator of transaction orders";

  it("of a transaction that crashes has decided for good", () => {
    const seen = see(`after transaction orders prepares commit ${crash}`);
    const decided = states(seen).filter(({ state }) => state.startsWith("Prepare"));
    expect(decided[0]?.state).toBe("PrepareCommit");
    const [done] = states(seen).filter(({ state }) => state.startsWith("Complete"));
    expect(done?.state).toBe("CompleteCommit");
    expect(polled(seen)).toBeGreaterThanOrEqual(records);
  });
});

it("names are those of the world", () => {
  const refused = (line: string): (() => unknown) => {
    return () => new Run({ program: idle, world, faults: line });
  };
  expect(refused("at 1 crash consumer reader-1")).toThrow("did you mean readers-1?");
  expect(refused("at 1 crash producer cart")).toThrow("known producers: shop");
});

it("every fault of producers and consumers is seen here or among the cluster's", () => {
  const known = faults.filter(({ target }) => target === "producer" || target === "consumer");
  const elsewhere = new Set(["dropReplies", "duplicateRequests", "breakConnections"]);
  for (const kind of ["delayRequests", "reorderRequests"]) elsewhere.add(kind);
  for (const kind of ["throttleClient", "holdMetadata"]) elsewhere.add(kind);
  const left = known.filter(({ kind }) => !kinds.has(kind) && !elsewhere.has(kind));
  expect(left.map(({ kind }) => kind)).toEqual([]);
});
