// Goal: what retries do to a log, with and without idempotence, and what settings go together.
// Method: a producer on a simulated cluster whose replies are lost or whose broker stops; what the
// log holds in the end, and the facts about it.
import { describe, expect, test } from "vitest";
import { readProducerSettings } from "../../core/client/producer-settings.ts";
import { eventsOf } from "../kit/run-world.ts";
import { everyMs, startSending, valuesIn } from "./sending.ts";

const inOrder = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`);

describe("replies that are lost", () => {
  test("make a producer without idempotence write twice", () => {
    const sending = startSending(everyMs(30, { partition: 0 }), {
      producer: { idempotence: false, maxInFlight: 1 },
    });
    sending.broker.clients.breakConnections("producer", 1);
    sending.simulation.schedule(6, () => sending.broker.clients.breakConnections("producer", 1));
    sending.runTo(5_000);
    expect(sending.done).toEqual([30]);
    expect(valuesIn(sending, 0).length).toBeGreaterThan(30);
    expect(new Set(valuesIn(sending, 0)).size).toBe(30);
  });

  test("leave the log of an idempotent producer as it was meant", () => {
    const sending = startSending(everyMs(300, { partition: 0 }));
    for (const atMs of [6, 30, 31, 90, 200]) {
      sending.simulation.schedule(atMs, () =>
        sending.broker.clients.breakConnections("producer", 2),
      );
    }
    sending.runTo(20_000);
    expect(sending.done).toEqual([300]);
    expect(valuesIn(sending, 0)).toEqual(inOrder(300));
    expect(eventsOf(sending.events, "duplicate.refused").length).toBeGreaterThan(2);
  });
});

describe("several requests in flight while a broker is away", () => {
  const settings = { lingerMs: 0, requestMs: 20 };
  const run = (producer: { idempotence?: boolean; maxInFlight?: number }) => {
    const sending = startSending(everyMs(300, { partition: 0 }), { ...settings, producer });
    sending.simulation.schedule(145, () => sending.broker.stopBroker(1));
    sending.simulation.schedule(160, () => sending.broker.startBroker(1));
    sending.runTo(20_000);
    expect(sending.done).toEqual([300]);
    // Where a record came twice, its first place counts.
    return [...new Set(valuesIn(sending, 0))];
  };

  test("let later records overtake earlier ones without idempotence", () => {
    const values = run({ idempotence: false });
    expect(new Set(values)).toEqual(new Set(inOrder(300)));
    // What failed last goes again first.
    expect(values.toSorted((a, b) => Number(a) - Number(b))).not.toEqual(values);
  });

  test("keep their order with idempotence", () => {
    expect(run({})).toEqual(inOrder(300));
  });

  test("keep their order with one at a time", () => {
    expect(run({ idempotence: false, maxInFlight: 1 })).toEqual(inOrder(300));
  });
});

test("a broker that restarts knows the last batch only: what is not confirmed comes twice", () => {
  const sending = startSending(everyMs(300, { partition: 0 }), { lingerMs: 0, requestMs: 20 });
  sending.simulation.schedule(105, () => sending.broker.clients.breakConnections("producer", 1));
  let start = (): void => {};
  sending.simulation.schedule(145, () => {
    start = sending.broker.stopBroker(1);
  });
  sending.simulation.schedule(160, () => start());
  sending.runTo(200_000);
  const values = valuesIn(sending, 0);
  expect([...new Set(values)]).toEqual(inOrder(300));
  // Several batches were under way on the connection; the first is out of order for the broker.
  expect(values.length).toBeGreaterThan(300);
  const failed = eventsOf(sending.events, "request.failed").map(({ error }) => error);
  expect(failed).toContain("OUT_OF_ORDER_SEQUENCE_NUMBER");
  expect(eventsOf(sending.events, "producer.initialised").map((one) => one.producerEpoch)).toEqual([
    0, 1,
  ]);
});

test("batches that expire make an idempotent producer begin a new epoch, and go on", () => {
  const sending = startSending(everyMs(3_000, { partition: 0 }), {
    continuesAfterError: true,
    producer: { deliveryTimeoutMs: 1_200, requestTimeoutMs: 1_000 },
  });
  sending.simulation.schedule(95, () => sending.broker.clients.breakConnections("producer", 1));
  sending.simulation.schedule(100, () => sending.broker.stopBroker(1));
  sending.simulation.schedule(2_000, () => sending.broker.startBroker(1));
  sending.runTo(20_000);
  const values = valuesIn(sending, 0);
  // In order, without a copy, and with a gap where records were given up.
  expect(values).toEqual([...new Set(values)]);
  expect(values.toSorted((a, b) => Number(a) - Number(b))).toEqual(values);
  expect(values.length).toBeLessThan(3_000);
  expect(values.at(-1)).toBe("2999");
  const epochs = eventsOf(sending.events, "producer.initialised");
  expect(epochs.map(({ producerEpoch }) => producerEpoch)[0]).toBe(0);
  expect(epochs.at(-1)?.producerEpoch).toBeGreaterThan(0);
  const acknowledged = eventsOf(sending.events, "produce.acknowledged");
  expect(acknowledged.reduce((sum, { count }) => sum + count, 0)).toBe(sending.done[0]);
});

test("acks 0 counts what is sent, and does not ask again", () => {
  const sending = startSending(everyMs(100, { partition: 0 }), { producer: { acks: 0 } });
  sending.broker.clients.breakConnections("producer", 5);
  sending.runTo(5_000);
  expect(sending.done).toEqual([100]);
  expect(valuesIn(sending, 0)).toEqual(inOrder(100));
  expect(eventsOf(sending.events, "request.failed")).toEqual([]);
  expect(eventsOf(sending.events, "producer.initialised")).toEqual([]);
  for (const { acks, baseOffset } of eventsOf(sending.events, "produce.acknowledged")) {
    expect([acks, baseOffset]).toEqual([0, -1]);
  }
});

test("retries are counted; then the batch is given up", () => {
  const sending = startSending(everyMs(5, { partition: 0 }), {
    producer: { retries: 2, idempotence: false },
  });
  sending.broker.clients.breakConnections("producer", 100);
  sending.runTo(20_000);
  expect(
    eventsOf(sending.events, "request.failed").map(({ retryInMs }) => retryInMs === null),
  ).toEqual([false, false, true]);
  expect(sending.errors[0]?.message).toContain("NetworkException");
  // The first attempt and two more have all been written.
  expect(valuesIn(sending, 0)).toHaveLength(15);
});

describe("settings", () => {
  test("of idempotence are on by default, and off where acks, retries or in-flight forbid", () => {
    expect(readProducerSettings({})).toMatchObject({ idempotence: true, acks: -1 });
    for (const given of [{ acks: 1 }, { acks: 0 }, { retries: 0 }, { maxInFlight: 6 }] as const) {
      expect(readProducerSettings(given).idempotence).toBe(false);
    }
  });

  test.each([
    [{ idempotence: true, acks: 1 }, "Must set acks to all in order to use the idempotent"],
    [{ idempotence: true, retries: 0 }, "Must set retries to non-zero when using the idempotent"],
    [{ idempotence: true, maxInFlight: 6 }, "connection to at most 5 to use the idempotent"],
    [{ transactionalId: "tx", acks: 1 }, "Cannot set a transactional.id without also enabling"],
    [
      { deliveryTimeoutMs: 10_000 },
      "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms",
    ],
  ] as const)("%o do not go together: %s", (given, message) => {
    expect(() => readProducerSettings(given)).toThrow(message);
  });
});
