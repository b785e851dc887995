// Batches with a producer's id, epoch and sequence, as a leader judges them.
import type { StepsScenario } from "./scenario.ts";
import type { Step } from "./step.ts";

const p = "t-0";
const create: Step = { op: "createTopic", topic: "t", partitions: 2 };
const fetch: Step = { op: "fetch", partition: p };
const latest: Step = { op: "listOffsets", partition: p, at: "latest" };
const init: Step = { op: "initProducerId", as: "p" };

/** A batch of so many records whose first has a sequence. */
const batch = (
  sequence: number,
  size = 1,
  more: { epoch?: number; producerId?: number; partition?: string; acks?: number } = {},
): Step => ({
  op: "produce",
  by: "p",
  partition: more.partition ?? p,
  records: Array.from({ length: size }, (_, index) => `${sequence}+${index}`),
  sequence,
  ...more,
});
const batches = (count: number): Step[] =>
  Array.from({ length: count }, (_, index) => batch(index));

const last = 2_147_483_647;

const cases: readonly (readonly [title: string, ...steps: readonly Step[]])[] = [
  ["each batch follows on", batch(0, 2), batch(2), batch(3, 3), fetch],
  ["the same batch again has its old offset", batch(0, 2), batch(2), batch(0, 2), batch(2), latest],
  [
    "of six batches the last five are known",
    ...batches(6),
    batch(5),
    batch(4),
    batch(3),
    batch(2),
    batch(1),
    batch(0),
    latest,
  ],
  [
    "an old batch that is not known any more",
    ...batches(8),
    batch(2),
    batch(3),
    batch(0, 2),
    latest,
  ],
  ["a gap", batch(0), batch(2), batch(1), batch(2), latest],
  ["the first batch of a producer may have any sequence", batch(7, 2), batch(9), batch(0), latest],
  [
    "a known sequence with another number of records",
    batch(0, 3),
    batch(0, 2),
    batch(0, 4),
    batch(1, 2),
    batch(3),
    latest,
  ],
  ["a batch that overlaps with the one before", batch(0, 3), batch(2, 2), batch(3), latest],
  ["a new epoch begins at 0", batch(0), batch(1), batch(0, 1, { epoch: 1 }), fetch],
  [
    "a new epoch that begins elsewhere",
    batch(0),
    batch(1, 1, { epoch: 1 }),
    batch(0, 1, { epoch: 1 }),
    latest,
  ],
  [
    "a new epoch knows no batches of the old",
    ...batches(2),
    batch(0, 1, { epoch: 1 }),
    batch(0, 1, { epoch: 1 }),
    batch(1, 1, { epoch: 1 }),
    latest,
  ],
  [
    "an epoch that is over",
    batch(0, 1, { epoch: 3 }),
    batch(1, 1, { epoch: 2 }),
    batch(0, 1, { epoch: 2 }),
    batch(1, 1, { epoch: 3 }),
    latest,
  ],
  ["epochs may be left out", batch(0), batch(0, 1, { epoch: 9 }), batch(1), latest],
  [
    "sequences begin again after the last",
    batch(last - 1, 2),
    batch(0, 2),
    batch(2),
    batch(last - 1, 2),
    fetch,
  ],
  ["a batch across the last sequence", batch(last, 3), batch(2), batch(last, 3), fetch],
  ["after the last sequence comes 0, not 1", batch(last), batch(1), batch(0), latest],
  [
    "partitions count apart",
    batch(0),
    batch(1),
    batch(0, 1, { partition: "t-1" }),
    batch(2, 1, { partition: "t-1" }),
    batch(1, 1, { partition: "t-1" }),
    batch(2),
  ],
  [
    "producers count apart",
    batch(0, 1, { producerId: 801, epoch: 0 }),
    batch(0, 1, { producerId: 802, epoch: 0 }),
    batch(1, 1, { producerId: 802, epoch: 0 }),
    batch(0, 1, { producerId: 801, epoch: 0 }),
    batch(1, 1, { producerId: 801, epoch: 0 }),
    fetch,
  ],
  [
    "deleted records leave the sequence",
    ...batches(3),
    { op: "deleteRecords", partition: p, before: -1 },
    batch(2),
    batch(4),
    batch(3),
    latest,
  ],
  [
    "a batch of no producer in between changes nothing",
    batch(0),
    { op: "produce", partition: p, records: ["plain"] },
    batch(1),
    batch(0),
    fetch,
  ],
  [
    "a batch refused takes no sequence",
    batch(0),
    { op: "produce", by: "p", partition: p, records: ["large"], sequence: 1, padding: 2_000_000 },
    batch(1),
    latest,
  ],
  [
    "acks of 1 and 0 are deduplicated, too",
    batch(0, 1, { acks: 1 }),
    batch(0, 1, { acks: 1 }),
    batch(0, 1, { acks: 0 }),
    latest,
  ],
  [
    "each producer without a transactional id is a new one",
    { op: "initProducerId", as: "q" },
    { op: "initProducerId", as: "r" },
  ],
  [
    "Kafka's producer writes each record once, in order",
    { op: "producer", as: "app", config: { "enable.idempotence": true, "batch.size": 100 } },
    {
      op: "send",
      by: "app",
      topic: "t",
      partition: 0,
      records: Array.from({ length: 12 }, (_, index) => `v${index}`),
    },
    { op: "read", partition: p },
  ],
  [
    "Kafka's producer refuses settings that would break order",
    { op: "producer", as: "app", config: { "enable.idempotence": true, acks: "1" } },
    {
      op: "producer",
      as: "app",
      config: { "enable.idempotence": true, "max.in.flight.requests.per.connection": 6 },
    },
    { op: "producer", as: "app", config: { "enable.idempotence": true, retries: 0 } },
  ],
  [
    "Kafka's producer takes no record larger than max.request.size",
    { op: "producer", as: "app", config: { "max.request.size": 200 } },
    sends("a", 113),
    sends("b", 114),
    sends("c", 0),
    { op: "read", partition: p },
  ],
  [
    "a record larger than max.request.size takes its transaction along",
    { op: "producer", as: "app", config: { "max.request.size": 200, "transactional.id": "tx" } },
    { op: "initTransactions", by: "app" },
    { op: "beginTransaction", by: "app" },
    sends("a", 0),
    sends("b", 200),
    sends("c", 0),
    { op: "commitTransaction", by: "app" },
    { op: "abortTransaction", by: "app" },
    { op: "beginTransaction", by: "app" },
    sends("d", 0),
    { op: "commitTransaction", by: "app" },
    { op: "await", partition: p, lastStableOffset: 4 },
    { op: "read", partition: p, isolation: "read_committed" },
  ],
];

function sends(record: string, padding: number): Step {
  return { op: "send", by: "app", topic: "t", partition: 0, records: [record], padding };
}

export const idempotence: readonly StepsScenario[] = cases.map(([title, ...steps]) => ({
  name: `idempotence/${title}`,
  kind: "steps",
  cluster: { brokers: 1 },
  steps: [create, init, ...steps],
}));
