// Goal: every kind of fact about the cluster has one line that says what happened.
// Method: the story made by hand; the first line of each kind against a literal.
import { expect, test } from "vitest";
import { describeEvent } from "../../core/trace/text.ts";
import { clusterStory } from "../kit/cluster-story.ts";

const { events } = clusterStory();

const first: Readonly<Record<string, string>> = {
  "broker.crashed": "broker 1, loses unflushed",
  "broker.fenced": "broker 1, broker epoch 11",
  "broker.unfenced": "broker 1, broker epoch 42",
  "controller.changed": "none, epoch 1",
  "link.changed": "1 - 3 cut",
  "partition.changed": "orders-0 created: leader 1 epoch 0, in sync 1 2 3 of 1 2 3",
  "replica.appended": "orders-0 broker 2 has [0, 4)",
  "highWatermark.advanced": "orders-0 on broker 1 to 4",
  "log.truncated": "orders-0 diverged: broker 1 drops [4, 6)",
  "log.compacted": "orders-0 on broker 2 up to 4, 2 records removed",
  "topic.altered": "orders: retentionMs 60000",
  "produce.acknowledged": "orders-0 [0, 4) to shop, acks -1, epoch 0",
  "client.throttled": "shop by broker 1 for 40 ms",
  "duplicate.refused": "orders-0 producer 4000 epoch 0 sequence 0, is at 0",
  "producer.initialised": "shop: producer 4000 epoch 0",
  "transaction.changed": "copier-1 Ongoing, producer 5000 epoch 3: orders-0 billing",
  "marker.written": "orders-1 ABORT at 3, producer 5001 epoch 0",
  "group.changed": "billing PreparingRebalance, generation 0, billing-1 joins: billing-1-a {}",
  "offsets.expired": "old: orders-0",
  "records.polled": "orders-0 6 records of [0, 6) to billing-1",
  "position.reset": "orders-0 billing-1 from none to 0, earliest",
};

test.each(Object.entries(first))("%s has its line", (kind, line) => {
  const event = events.find((one) => one.kind === kind);
  if (event === undefined) throw new Error(`the story tells no ${kind}`);
  expect(describeEvent(event)).toBe(`${event.atMs}  ${kind}  ${line}`);
});

test("lines tell a slow link from a lossy one, and why a transaction was aborted", () => {
  const lines = events.map(describeEvent);
  expect(lines).toContain("7000  link.changed  2 - controller slow, 40 ms");
  expect(lines).toContain("7000  link.changed  clients - 3 loses 20%");
  expect(lines).toContain(
    "6100  highWatermark.advanced  orders-0 on broker 2 to 10, last stable offset 8",
  );
  expect(lines).toContain(
    "6100  transaction.changed  copier-2 PrepareAbort, timed out, producer 5001 epoch 0: orders-1",
  );
  expect(lines.every((line) => !line.includes("\n") && !line.includes("undefined"))).toBe(true);
});
