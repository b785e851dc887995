// What KafkaProducer.ensureValidRecordSize refuses, before any broker is asked.
import { describe, expect, test } from "vitest";
import { tooLarge } from "../../core/client/producer-errors.ts";
import { startSending, valuesIn } from "./sending.ts";

const limits = { maxRequestBytes: 1_048_576, bufferBytes: 33_554_432 };
const record = (value: string | null, key: string | null = null) => ({ key, value, headers: [] });

test("a record is estimated with the most that its batch and itself may add", () => {
  expect(tooLarge("t", record("x".repeat(2_000_000)), limits)?.message).toBe(
    "org.apache.kafka.common.errors.RecordTooLargeException: The message is 2000088 bytes when " +
      "serialized which is larger than 1048576, which is the value of the max.request.size " +
      "configuration.",
  );
  const roomy = { maxRequestBytes: 2_147_483_647, bufferBytes: 1_000 };
  expect(tooLarge("t", record("x".repeat(1_000)), roomy)?.message).toContain(
    "The message is 1086 bytes when serialized which is larger than the total memory buffer you " +
      "have configured with the buffer.memory configuration.",
  );
});

test.each([
  [record(null), 85],
  [record("é"), 87],
  [record("v", "k"), 87],
  [{ ...record(""), headers: [{ key: "h", value: "12" }] }, 90],
])("%o is %i bytes at most", (given, bytes) => {
  expect(tooLarge("t", given, { ...limits, maxRequestBytes: bytes })).toBeNull();
  expect(tooLarge("t", given, { ...limits, maxRequestBytes: bytes - 1 })?.message).toContain(
    `The message is ${bytes} bytes when serialized`,
  );
});

describe("a workload with a record that is too large", () => {
  const records = ["a", "x".repeat(2_000_000), "b"].map((value, atMs) => ({ atMs, value }));

  test("fails in the client, and no broker hears of it", () => {
    const sending = startSending(records, { partitions: 1 });
    sending.runTo(10_000);
    expect(sending.errors[0]?.message).toContain("The message is 2000088 bytes when serialized");
    expect(sending.events.filter(({ kind }) => kind === "request.failed")).toEqual([]);
  });

  test("goes on without it, and says so, where it continues after errors", () => {
    const sending = startSending(records, { partitions: 1, continuesAfterError: true });
    sending.runTo(10_000);
    expect(sending.errors).toEqual([]);
    expect(sending.done).toEqual([2]);
    expect(valuesIn(sending, 0)).toEqual(["a", "b"]);
    const told = sending.events.filter(({ kind }) => kind === "error.reported");
    expect(told).toMatchObject([{ message: expect.stringContaining("2000088 bytes") }]);
  });
});

test("one request carries no more batches than fit in max.request.size", () => {
  const big = "x".repeat(600);
  const records = [0, 1, 2].map((partition) => ({ atMs: 100, value: big, partition }));
  const sending = startSending(records, {
    producer: { maxRequestBytes: 1_000, maxInFlight: 1 },
    lingerMs: 0,
  });
  sending.runTo(1_000);
  const times = sending.batches().map(({ atMs }) => atMs);
  expect(new Set(times).size).toBe(3);
});
