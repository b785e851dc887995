/** Goal: what is said to be seen of late, overtaken and throttled requests, of old metadata and of
 *  a machine that vanishes is seen in the trace.
 *  Method: one producer, a partition of three copies and a stream that reads it, a script each. */

import { describe, expect, it } from "vitest";
import {
  KafkaUtils,
  PreferConsistent,
  type StreamingContext,
  Subscribe,
  type WorldSpec,
} from "streamscope";
import { eventsOf, runWorld, type WorldRun } from "../kit/run-world.ts";

type ProducerSpec = NonNullable<NonNullable<WorldSpec["workload"]>[number]["producer"]>;

const records = 100;

function worldOf(producer: ProducerSpec): WorldSpec {
  return {
    brokers: 3,
    untilMs: 120_000,
    topics: { clicks: { partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 } },
    workload: [
      {
        topic: "clicks",
        producer,
        records: function* () {
          for (let n = 0; n < records; n += 1) yield { atMs: n * 100, key: null, value: `${n}` };
        },
      },
    ],
  };
}

function copies(ssc: StreamingContext): void {
  const params = { "group.id": "g", "auto.offset.reset": "earliest" };
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["clicks"], params)).foreachRDD(
    (rdd) => {
      rdd.collect();
    },
  );
}

interface Seen extends WorldRun {
  /** As they lie in the log, as numbers. */
  readonly values: readonly number[];
}

function see(script: string, producer: ProducerSpec = {}): Seen {
  const seen = runWorld({ program: copies, world: worldOf(producer), faults: script });
  return { ...seen, values: seen.run.readLog("clicks", 0).map(({ value }) => Number(value)) };
}

const inOrder = Array.from({ length: records }, (_, n) => n);
const failures = ({ events }: Seen) =>
  eventsOf(events, "request.failed").filter(({ client }) => client === "producer");
const errors = (seen: Seen) => [...new Set(failures(seen).map(({ error }) => error))];
const lastAck = ({ events }: Seen) => eventsOf(events, "produce.acknowledged").at(-1)?.atMs ?? 0;
const firstLeader = ({ events }: Seen) =>
  eventsOf(events, "partition.changed").find(({ topic }) => topic === "clicks")?.leader;

describe("a request that is delayed", () => {
  it("for less than the time-out holds up what is behind it, and nothing fails", () => {
    const seen = see("at 4000 delay 1 requests of producer by 3000");
    expect(errors(seen)).toEqual([]);
    expect(seen.values).toEqual(inOrder);
    const late = eventsOf(seen.events, "produce.acknowledged").filter(
      ({ atMs }) => atMs > 4_100 && atMs < 7_000,
    );
    expect(late).toEqual([]);
  });

  it("for longer comes after its retry: once in the log with idempotence, else twice", () => {
    const script = "at 4000 delay 1 requests of producer by 40000";
    const seen = see(script);
    expect(errors(seen)).toEqual(["REQUEST_TIMED_OUT"]);
    expect(failures(seen)[0]?.atMs).toBeGreaterThanOrEqual(34_000);
    expect(seen.values).toEqual(inOrder);
    const { values } = see(script, { idempotence: false });
    expect(new Set(values).size).toBe(records);
    expect(values.length).toBeGreaterThan(records);
    // What is late lies behind the newest.
    expect(values.at(-1)).toBeLessThan(records - 1);
    expect(values).toContain(records - 1);
  });
});

describe("a request that is overtaken", () => {
  const script = "at 4000 reorder 1 requests of producer";

  it("is written after a later one without idempotence", () => {
    const { values } = see(script, { idempotence: false });
    expect(values.toSorted((a, b) => a - b)).toEqual(inOrder);
    expect(values).not.toEqual(inOrder);
  });

  it("is written first with idempotence: the other is out of order, and comes again", () => {
    const seen = see(script);
    expect(errors(seen)).toEqual(["OUT_OF_ORDER_SEQUENCE_NUMBER"]);
    expect(seen.values).toEqual(inOrder);
  });

  it("is not overtaken with one request in flight", () => {
    const seen = see(script, { idempotence: false, maxInFlight: 1 });
    expect(errors(seen)).toEqual([]);
    expect(seen.values).toEqual(inOrder);
  });
});

describe("a client with a quota", () => {
  it("that produces more is late, and nothing fails", () => {
    const seen = see("from 2000 to 100000 throttle producer to 60 bytes a second");
    const told = eventsOf(seen.events, "client.throttled");
    expect(told.length).toBeGreaterThan(3);
    expect(told.every(({ client, throttleMs }) => client === "producer" && throttleMs > 0)).toBe(
      true,
    );
    expect(errors(seen)).toEqual([]);
    expect(seen.values).toEqual(inOrder);
    expect(lastAck(seen)).toBeGreaterThan(lastAck(see("")) + 5_000);
    // What it is acknowledged in ten seconds is not above its rate but for a batch.
    const sizes = eventsOf(seen.events, "records.appended").filter(
      ({ topic, atMs }) => topic === "clicks" && atMs >= 2_000,
    );
    for (const { atMs } of sizes) {
      const within = sizes.filter((one) => one.atMs <= atMs && one.atMs > atMs - 10_000);
      const bytes = within.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      expect(bytes).toBeLessThan(60 * 10 + 5 * 200);
    }
  });

  it("that fetches more is given nothing for a while", () => {
    const seen = see("from 2000 to 60000 throttle driver to 40 bytes a second");
    const told = eventsOf(seen.events, "client.throttled");
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told.map(({ client }) => client))).toEqual(new Set(["driver"]));
    expect(errors(seen)).toEqual([]);
  });
});

it("old metadata sends a producer to a leader that is none, until it hears of the new one", () => {
  const leader = firstLeader(see(""));
  const stop = `at 4000 for 60000 stop broker ${leader}`;
  const calm = see(stop);
  expect(failures(calm).every(({ atMs }) => atMs < 6_000)).toBe(true);
  const seen = see(`from 3000 to 20000 hold back metadata of producer\n${stop}`);
  const times = failures(seen).map(({ atMs }) => atMs);
  expect(times.some((atMs) => atMs > 18_000)).toBe(true);
  expect(times.every((atMs) => atMs < 22_000)).toBe(true);
  expect(seen.values).toEqual(inOrder);
});

it("a broker that vanishes is missed by its clients only after they have waited long", () => {
  const leader = firstLeader(see(""));
  const crashed = see(`at 4000 for 36000 crash broker ${leader}, losing unflushed`);
  expect(failures(crashed)[0]?.error).toBe("NETWORK_EXCEPTION");
  expect(failures(crashed)[0]?.atMs).toBeLessThan(4_500);
  const seen = see(`from 4000 to 40000 unplug broker ${leader}`);
  expect(failures(seen)[0]?.error).toBe("REQUEST_TIMED_OUT");
  expect(failures(seen)[0]?.atMs).toBeGreaterThanOrEqual(34_000);
  const fenced = eventsOf(seen.events, "broker.fenced");
  expect(fenced.map(({ broker }) => broker)).toEqual([leader]);
  expect(fenced[0]?.atMs).toBeLessThan(15_000);
  expect(eventsOf(seen.events, "broker.unfenced").map(({ broker }) => broker)).toContain(leader);
  expect(seen.values).toEqual(inOrder);
});
