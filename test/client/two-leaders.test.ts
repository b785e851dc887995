// Goal: what becomes of batches under way to a leader that is replaced, with newer ones sent to the
// next: as in Kafka, of which five a leader remembers, and how many may be under way to each.
// Method: a producer on a simulated cluster whose replies are cut off when its batches are in both
// logs; the first leader then loses its place. Kafka's sources say what follows: a batch is sent to
// the new leader while others are under way to the old (RecordAccumulator.
// shouldStopDrainBatchesForPartition); the oldest is then no duplicate (ProducerStateEntry keeps
// five) but out of order (ProducerAppendInfo.checkSequence), and tried again for as long as it is
// not the next (TransactionManager.canRetry).
import { expect, test } from "vitest";
import type { ProducerRecord } from "../../core/record/record.ts";
import { eventsOf } from "../kit/run-world.ts";
import { type Sending, startSending, valuesIn } from "./sending.ts";

/** Records "0", "1" and so on at these times, each a batch of its own. */
function at(...timesMs: readonly number[]): ProducerRecord[] {
  return timesMs.map((atMs, index) => ({ atMs, value: `${index}`, partition: 0 }));
}

const later = Array.from({ length: 300 }, (_, index) => 12_000 + index * 100);

/** Batches come to broker 1 before 130 ms, and their replies no more; from 2 s on its controller
 *  does not hear it, and from 11 s on broker 2 leads. */
function replaceLeader(records: readonly ProducerRecord[]): Sending {
  const sending = startSending(records, {
    brokers: 3,
    partitions: 1,
    replicas: [[1, 2]],
    lingerMs: 0,
    requestMs: 40,
    continuesAfterError: true,
    producer: { metadataMaxAgeMs: 1_000 },
  });
  const { broker, simulation } = sending;
  simulation.schedule(130, () => broker.holdLink("producer", "1", { state: "cut" }));
  simulation.schedule(2_000, () => broker.holdLink("1", "controller", { state: "cut" }));
  sending.runTo(200_000);
  return sending;
}

const inOrder = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`);

function failures({ events }: Sending, error: string): number {
  return eventsOf(events, "request.failed").filter((failed) => failed.error === error).length;
}

test("batches that the new leader remembers are told from new ones", () => {
  const sending = replaceLeader(at(100, 101, 102, 103, ...later.slice(0, 1)));
  expect(valuesIn(sending, 0)).toEqual(inOrder(5));
  // The last went to broker 1, too, before it was known not to lead.
  expect(failures(sending, "REQUEST_TIMED_OUT")).toBe(5);
  expect(failures(sending, "OUT_OF_ORDER_SEQUENCE_NUMBER")).toBe(0);
  expect(sending.errors).toEqual([]);
  expect(sending.done).toEqual([5]);
});

test("those that it has forgotten are tried until delivery.timeout.ms, and yet are written", () => {
  const sending = replaceLeader(at(100, 101, 102, 103, 104, ...later));
  expect(valuesIn(sending, 0)).toEqual(inOrder(305));
  // With their connection, and in the end for good.
  expect(failures(sending, "REQUEST_TIMED_OUT")).toBe(10);
  expect(failures(sending, "OUT_OF_ORDER_SEQUENCE_NUMBER")).toBeGreaterThan(80);
  const failed = eventsOf(sending.events, "request.failed");
  const given = failed.filter(({ retryInMs }) => retryInMs === null).map(({ atMs }) => atMs);
  expect(given).toEqual([120_100, 120_101, 120_102, 120_103, 120_104]);
  expect(sending.done).toEqual([300]);
  // Nothing was in doubt in the end: its epoch goes on.
  expect(eventsOf(sending.events, "producer.initialised")).toHaveLength(1);
});
