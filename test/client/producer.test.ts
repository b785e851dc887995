// Goal: when, where and in what batches an application's records reach the log.
// Method: a producer on a simulated broker; its batches are read off the trace.
import { describe, expect, test } from "vitest";
import type { ProducerOptions } from "../../core/client/producer.ts";
import { eventsOf } from "../kit/run-world.ts";
import { everyMs, startSending, valuesIn } from "./sending.ts";

describe("linger.ms", () => {
  test("gathers what comes in its time into one batch", () => {
    const sending = startSending(everyMs(20, { partition: 0 }), { lingerMs: 5 });
    sending.runTo(1_000);
    // Records 0-5 leave at 5 and are half a request away; 6-11 at 11; 12-17 at 17; the rest at 23.
    expect(sending.batches().map(({ atMs, count }) => [atMs, count])).toEqual([
      [6, 6],
      [12, 6],
      [18, 6],
      [24, 2],
    ]);
    expect(sending.done).toEqual([20]);
  });

  test("of 0 sends what is there at once", () => {
    const sending = startSending(everyMs(4, { partition: 0 }), { lingerMs: 0 });
    sending.runTo(1_000);
    expect(
      sending
        .batches()
        .map(({ count }) => count)
        .reduce((a, b) => a + b),
    ).toBe(4);
    // The producer has its id at 2.
    expect(sending.batches()[0]).toMatchObject({ atMs: 3, count: 2 });
  });
});

describe("batch.size", () => {
  test("closes a batch at 16 384 bytes", () => {
    const value = "x".repeat(992);
    const all = Array.from({ length: 100 }, () => ({ atMs: 0, value, partition: 0 }));
    const sending = startSending(all);
    sending.runTo(1_000);
    expect(sending.batches().map(({ count, sizeBytes }) => [count, sizeBytes])).toEqual([
      ...Array.from({ length: 6 }, () => [16, 16_077]),
      [4, 4_065],
    ]);
  });

  test("does not keep a larger record from being sent, in a batch of its own", () => {
    const large = "x".repeat(100_000);
    const values = ["a", large, "b"];
    const sending = startSending(values.map((value) => ({ atMs: 0, value, partition: 0 })));
    sending.runTo(1_000);
    expect(sending.batches().map(({ count }) => count)).toEqual([1, 1, 1]);
    expect(valuesIn(sending, 0)).toEqual(values);
  });
});

describe("a batch goes on filling while the one before it", () => {
  test("is in flight: a round trip longer than linger.ms does not slow the producer down", () => {
    const sending = startSending(everyMs(1_000, { partition: 0 }), { requestMs: 50 });
    sending.runTo(60_000);
    expect(sending.done).toEqual([1_000]);
    // The last record is handed over at 999, may wait for one request, and takes one itself.
    expect(sending.batches().at(-1)?.atMs).toBeLessThanOrEqual(999 + 5 + 50 + 25);
    expect(valuesIn(sending, 0)).toEqual(Array.from({ length: 1_000 }, (_, n) => `${n}`));
  });

  test("is tried again: what came in an outage leaves in full batches", () => {
    const sending = startSending(everyMs(1_000, { partition: 0 }));
    sending.simulation.schedule(100, () => sending.broker.stopBroker(1));
    sending.simulation.schedule(900, () => sending.broker.startBroker(1));
    sending.runTo(60_000);
    const afterwards = sending.batches().filter(({ atMs }) => atMs > 900);
    // The batch that was tried again, then all that came since.
    expect(afterwards[0]?.count).toBeLessThan(10);
    expect(afterwards[1]?.count).toBeGreaterThan(700);
    expect(valuesIn(sending, 0)).toEqual(Array.from({ length: 1_000 }, (_, n) => `${n}`));
  });
});

describe("partitions", () => {
  test("the record's own wins over its key", () => {
    const sending = startSending([{ atMs: 0, key: "a", value: "v", partition: 2 }]);
    sending.runTo(100);
    expect(valuesIn(sending, 2)).toEqual(["v"]);
  });

  test("one that the topic does not have is said in Kafka's words", () => {
    const sending = startSending([{ atMs: 0, value: "v", partition: 3 }]);
    sending.runTo(200_000);
    expect(sending.errors.map(({ code }) => code)).toEqual(["BAD_WORLD"]);
    expect(sending.errors[0]?.message).toContain(
      "Partition 3 of topic t with partition count 3 is not present in metadata",
    );
  });

  test("a key always goes to its own, as Kafka's clients put it", () => {
    const keys = ["a", "abc", "key-1", "user-1001"];
    const all = Array.from({ length: 40 }, (_, n) => {
      const key = keys[n % 4] ?? null;
      return { atMs: n, key, value: key };
    });
    const sending = startSending(all);
    sending.runTo(1_000);
    // murmur2 modulo 3: a 1, abc 0, key-1 0, user-1001 1.
    expect(new Set(valuesIn(sending, 0))).toEqual(new Set(["abc", "key-1"]));
    expect(new Set(valuesIn(sending, 1))).toEqual(new Set(["a", "user-1001"]));
    expect(valuesIn(sending, 2)).toEqual([]);
  });

  test("without a key: stuck to one by default, dealt out by RoundRobinPartitioner", () => {
    const counts = (partitioner: ProducerOptions["partitioner"]): number[] => {
      const sending = startSending(everyMs(30), { partitioner });
      sending.runTo(1_000);
      return [0, 1, 2].map((partition) => valuesIn(sending, partition).length);
    };
    expect(counts("default").toSorted((a, b) => a - b)).toEqual([0, 0, 30]);
    expect(counts("RoundRobinPartitioner")).toEqual([10, 10, 10]);
  });
});

test("a time stamp is the record's own, or when the application handed it over", () => {
  const sending = startSending([
    { atMs: 3, value: "a", partition: 0 },
    { atMs: 4, value: "b", partition: 0, timestampMs: 1 },
  ]);
  sending.runTo(100);
  expect(sending.broker.readLog("t", 0).map(({ timestampMs }) => timestampMs)).toEqual([3, 1]);
});

describe("records without end", () => {
  test("are drawn only as their time comes", () => {
    let drawn = 0;
    const sending = startSending(
      (function* () {
        for (;;) {
          yield { atMs: drawn, value: "x", partition: 0 };
          drawn += 1;
        }
      })(),
    );
    sending.runTo(1_000);
    // One beyond the present, to know when to wake.
    expect(drawn).toBeLessThanOrEqual(1_001);
    expect(drawn).toBeGreaterThan(980);
  });

  test("of one moment are held to buffer.memory, and go on as space comes", () => {
    let drawn = 0;
    const value = "x".repeat(9_992);
    const sending = startSending(
      (function* () {
        for (;;) {
          drawn += 1;
          yield { atMs: 0, value, partition: 0 };
        }
      })(),
    );
    sending.broker.stopBroker(1);
    sending.runTo(5_000);
    // 32 MiB of records of 10 000 bytes, and the one in the hand.
    expect(drawn).toBe(Math.ceil(33_554_432 / 10_000) + 1);
    sending.broker.startBroker(1);
    sending.runTo(6_000);
    const appended = sending.batches().length;
    expect(appended).toBeGreaterThan(100);
    expect(drawn - appended).toBeLessThanOrEqual(Math.ceil(33_554_432 / 10_000) + 1);
    expect(sending.errors).toEqual([]);
  });

  test("a million are sent without being held", () => {
    let drawn = 0;
    let mostHeld = 0;
    const sending = startSending(
      (function* () {
        for (; drawn < 1_000_000; drawn += 1) yield { atMs: drawn >> 10, value: "x" };
      })(),
      { retentionBytes: 20_000, segmentBytes: 20_000 },
    );
    while (sending.done.length === 0 && sending.simulation.step()) {
      const acknowledged = sending.batches().at(-1)?.seq ?? 0;
      if (acknowledged === 0) continue;
      const appended = [0, 1, 2].reduce((sum, p) => sum + sending.broker.logEndOffset("t", p), 0);
      mostHeld = Math.max(mostHeld, drawn - appended);
    }
    expect(sending.done).toEqual([1_000_000]);
    // What comes in a few windows of 5 ms, 1024 records a millisecond.
    expect(mostHeld).toBeLessThan(20_000);
  });
});

describe("a broker that is away", () => {
  test("delays: nothing is lost, written twice or out of order", () => {
    const sending = startSending(everyMs(3_000), {
      brokers: 3,
      partitioner: "RoundRobinPartitioner",
    });
    for (const [stopMs, startMs, broker] of [
      [100, 400, 1],
      [350, 351, 2],
      [1_000, 2_500, 3],
      [2_900, 9_000, 1],
    ] as const) {
      sending.simulation.schedule(stopMs, () => sending.broker.stopBroker(broker));
      sending.simulation.schedule(startMs, () => sending.broker.startBroker(broker));
    }
    sending.runTo(10_000);
    expect(sending.done).toEqual([3_000]);
    expect(eventsOf(sending.events, "request.failed").length).toBeGreaterThan(20);
    for (const partition of [0, 1, 2]) {
      expect(valuesIn(sending, partition)).toEqual(
        Array.from({ length: 1_000 }, (_, n) => `${n * 3 + partition}`),
      );
    }
  });

  test("is given up after delivery.timeout.ms, in Kafka's words", () => {
    const sending = startSending(everyMs(10, { partition: 1 }));
    sending.broker.stopBroker(1);
    sending.runTo(300_000);
    expect(sending.done).toEqual([]);
    expect(sending.errors.map(({ code, message }) => [code, message])).toEqual([
      [
        "BROKER_UNREACHABLE",
        "org.apache.kafka.common.errors.TimeoutException: Expiring 6 record(s) for t-1:120000 ms " +
          "has passed since batch creation",
      ],
    ]);
    const failed = eventsOf(sending.events, "request.failed");
    expect(failed.at(-1)).toMatchObject({ client: "producer", partition: 1, retryInMs: null });
    const waits = failed.slice(0, -1).map(({ retryInMs }) => retryInMs ?? 0);
    // retry.backoff.ms, doubled up to retry.backoff.max.ms, give or take a fifth.
    for (const [index, wait] of waits.entries()) {
      const whole = Math.min(100 * 2 ** index, 1_000);
      expect(wait).toBeGreaterThanOrEqual(whole * 0.8);
      expect(wait).toBeLessThanOrEqual(Math.min(whole * 1.2, 1_000));
    }
    expect(failed.at(-1)?.atMs).toBeGreaterThanOrEqual(120_000);
    expect(failed.at(-1)?.atMs).toBeLessThan(120_300);
  });

  test("is not asked again where it would not help: a record too large", () => {
    const sending = startSending([{ atMs: 0, value: "x".repeat(2_000), partition: 0 }], {
      maxMessageBytes: 1_000,
    });
    sending.runTo(1_000);
    expect(eventsOf(sending.events, "request.failed")).toMatchObject([
      { error: "MESSAGE_TOO_LARGE", retryInMs: null },
    ]);
    expect(sending.errors[0]?.message).toBe(
      "org.apache.kafka.common.errors.RecordTooLargeException: The request included a message " +
        "larger than the max message size the server will accept: 2008 bytes for t-0; shorten " +
        "the record, or raise maxMessageBytes of the topic",
    );
  });
});

test.each([0.5, -1, Number.NaN, Infinity])("a record of the time %d is refused", (atMs) => {
  const sending = startSending([{ atMs, value: "v" }]);
  sending.runTo(100);
  expect(sending.errors.map(({ code }) => code)).toEqual(["BAD_WORLD"]);
  expect(sending.errors[0]?.message).toContain(`atMs ${atMs}`);
});

/** Fields that only a world in plain JavaScript can have; parsed, so that no type is in the way. */
test.each([
  ["value", '{"value":5}', "Can't convert value of class number to class"],
  ["value", '{"value":{"a":1}}', "specified in value.serializer; give a string or null"],
  ["value", "{}", "Can't convert value of class undefined to class"],
  ["key", '{"key":7,"value":"v"}', "specified in key.serializer; give a string or null"],
  ["header", '{"value":"v","headers":[{"key":"h","value":3}]}', "has key h and value 3"],
  ["time stamp", '{"value":"v","timestampMs":-5}', "Invalid timestamp: -5. Timestamp should"],
  ["time stamp", '{"value":"v","timestampMs":1.5}', "Invalid timestamp: 1.5. Timestamp should"],
])("a %s that Kafka's client would not take is refused: %s", (_, fields, message) => {
  const sending = startSending([{ atMs: 0, ...JSON.parse(fields) }]);
  sending.runTo(1_000);
  expect(sending.errors.map(({ code }) => code)).toEqual(["BAD_WORLD"]);
  expect(sending.errors[0]?.message).toContain(message);
  expect(sending.batches()).toEqual([]);
});

test("what drawing a record throws ends the producer, with its cause", () => {
  const cause = new RangeError("no more words");
  const sending = startSending(
    (function* () {
      yield { atMs: 0, value: "a" };
      throw cause;
    })(),
  );
  sending.runTo(100);
  expect(sending.errors.map(({ code, message }) => [code, message])).toEqual([
    ["BAD_WORLD", "the workload of topic t failed: RangeError: no more words"],
  ]);
  expect(sending.errors[0]?.cause).toBe(cause);
  expect(sending.done).toEqual([]);
});

test("no records at all are done at once", () => {
  expect(startSending([]).done).toEqual([0]);
});

test("one seed gives one trace, another seed another", () => {
  const hashOf = (seed: number): string => {
    // Enough for keyless records to move on to partitions chosen at random.
    const sending = startSending(everyMs(2_000, { value: "x".repeat(100) }), { seed });
    sending.runTo(10_000);
    return sending.trace.hash;
  };
  expect(hashOf(1)).toBe(hashOf(1));
  expect(hashOf(1)).not.toBe(hashOf(2));
});
