// Goal: what a producer does about batches too large, about time, and about partitions added.
// Method: a producer on a simulated broker; its batches are read off the trace.
import { describe, expect, test } from "vitest";
import { eventsOf } from "../kit/run-world.ts";
import { everyMs, startSending, valuesIn } from "./sending.ts";

describe("a batch too large for the broker", () => {
  const records = Array.from({ length: 9 }, (_, n) => {
    return { atMs: 0, value: `${n}`.repeat(500), partition: 0 };
  });

  test("is split until its parts fit; the records keep their order and come once", () => {
    const sending = startSending(records, { maxMessageBytes: 1_200 });
    sending.runTo(1_000);
    expect(sending.errors).toEqual([]);
    expect(sending.done).toEqual([9]);
    expect(valuesIn(sending, 0)).toEqual(records.map(({ value }) => value));
    expect(sending.batches().map(({ count }) => count)).toEqual([2, 2, 2, 2, 1]);
    for (const failed of eventsOf(sending.events, "request.failed")) {
      expect(failed).toMatchObject({ error: "MESSAGE_TOO_LARGE", retryInMs: 0 });
    }
  });

  test("is given up where one record alone does not fit", () => {
    const large = { atMs: 0, value: "x".repeat(2_000), partition: 0 };
    const sending = startSending([...records, large], { maxMessageBytes: 1_200 });
    sending.runTo(1_000);
    expect(sending.errors[0]?.message).toContain("RecordTooLargeException");
    expect(sending.batches().reduce((sum, { count }) => sum + count, 0)).toBe(9);
  });
});

describe("partitions added while it sends", () => {
  const late = { atMs: 0, value: "late", partition: 3 };

  test("are found by send, which waits for them", () => {
    const sending = startSending([late]);
    sending.simulation.schedule(5_000, () => {
      const request = { kind: "createPartitions", topic: "t", partitions: 4 } as const;
      sending.broker.send<"createPartitions">(request, () => {});
    });
    sending.runTo(5_300);
    expect(sending.done).toEqual([1]);
    expect(valuesIn(sending, 3)).toEqual(["late"]);
  });

  test("take records without a key only after metadata.max.age.ms", () => {
    const partitioner = "RoundRobinPartitioner";
    const atMs = [0, 1, 2, 3, 299_000, 299_001, 301_000, 301_100, 301_200, 301_300, 301_400];
    const sending = startSending(
      atMs.map((at) => ({ atMs: at, value: `${at}` })),
      { partitioner },
    );
    const request = { kind: "createPartitions", topic: "t", partitions: 4 } as const;
    sending.broker.send<"createPartitions">(request, () => {});
    sending.runTo(302_000);
    expect(valuesIn(sending, 3)).toEqual(["301400"]);
  });
});

test("delivery.timeout.ms counts from when a batch was created, not from when it is sent", () => {
  const sending = startSending(everyMs(2, { partition: 1 }), { lingerMs: 50_000 });
  sending.broker.stopBroker(1);
  sending.runTo(300_000);
  const failed = eventsOf(sending.events, "request.failed");
  expect(failed[0]?.atMs).toBeGreaterThanOrEqual(50_000);
  expect(failed.at(-1)?.atMs).toBeLessThan(120_300);
  expect(sending.errors[0]?.message).toContain("120000 ms has passed since batch creation");
});

test("request.timeout.ms is how long one attempt takes, delivery.timeout.ms all of them", () => {
  const record = { atMs: 100, value: "v", partition: 0 };
  const producer = { requestTimeoutMs: 1_000, deliveryTimeoutMs: 5_000 };
  const sending = startSending([record], { lingerMs: 0, producer });
  sending.simulation.schedule(50, () => sending.broker.holdLink("producer", "1", { state: "cut" }));
  sending.runTo(60_000);
  const failed = eventsOf(sending.events, "request.failed");
  expect(failed[0]).toMatchObject({ atMs: 1_100, error: "REQUEST_TIMED_OUT" });
  expect(failed.at(-1)).toMatchObject({ atMs: 5_100, retryInMs: null });
  expect(failed.length).toBeGreaterThan(3);
  expect(sending.errors[0]?.message).toContain("5000 ms has passed since batch creation");
});
