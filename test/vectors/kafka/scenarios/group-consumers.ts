// Groups of applications, with Kafka's own consumer.
import type { GroupCase } from "./group-steps.ts";
import type { Step } from "./step.ts";

const assignors = "org.apache.kafka.clients.consumer.";
const topic = (partitions: number): Step => ({ op: "createTopic", topic: "t", partitions });
const consumer = (as: string, assignor: string, more: Record<string, string> = {}): Step[] => [
  {
    op: "consumer",
    as,
    config: {
      "group.id": "g",
      "client.id": as,
      "auto.offset.reset": "earliest",
      "heartbeat.interval.ms": 100,
      "metadata.max.age.ms": 500,
      "partition.assignment.strategy": `${assignors}${assignor}`,
      ...more,
    },
  },
  { op: "subscribe", by: as, topics: ["t"] },
];
const settle = (holding: Record<string, number>): Step => ({ op: "rebalance", holding });
/** Where members work together, one may be told of a round that gives it nothing, or not, and two
 *  who give something up may do so in one round or in two. */
const settleSomehow = (holding: Record<string, number>): Step => ({
  op: "rebalance",
  holding,
  shows: "holds",
});
const close = (by: string): Step => ({ op: "closeConsumer", by });
const write = (partition: number, ...records: string[]): Step => ({
  op: "produce",
  partition: `t-${partition}`,
  records,
});
const committed: Step = { op: "fetchCommitted", group: "g", partitions: ["t-0", "t-1"] };

const comesAndGoes = (assignor: string, settled = settle): Step[] => [
  topic(6),
  ...consumer("c1", assignor),
  settle({ c1: 6 }),
  ...consumer("c2", assignor),
  settled({ c1: 3, c2: 3 }),
  ...consumer("c3", assignor),
  settled({ c1: 2, c2: 2, c3: 2 }),
  close("c2"),
  settle({ c1: 3, c3: 3 }),
];

export const groupConsumers: readonly GroupCase[] = [
  ...["RangeAssignor", "RoundRobinAssignor", "StickyAssignor"].map((assignor): GroupCase => [
    `consumers come and go with the ${assignor}`,
    ...comesAndGoes(assignor),
  ]),
  [
    "consumers come and go with the CooperativeStickyAssignor",
    ...comesAndGoes("CooperativeStickyAssignor", settleSomehow),
  ],
  [
    "partitions are added to a topic that is read, with the RangeAssignor",
    topic(2),
    ...consumer("c1", "RangeAssignor"),
    settle({ c1: 2 }),
    { op: "createPartitions", topic: "t", partitions: 4 },
    settle({ c1: 4 }),
  ],
  [
    "partitions are added to a topic that is read, with the CooperativeStickyAssignor",
    topic(2),
    ...consumer("c1", "CooperativeStickyAssignor"),
    settle({ c1: 2 }),
    { op: "createPartitions", topic: "t", partitions: 4 },
    settle({ c1: 4 }),
  ],
  [
    "who takes over goes on at what was committed",
    topic(1),
    write(0, "a", "b", "c"),
    ...consumer("c1", "RangeAssignor"),
    settle({ c1: 1 }),
    { op: "seek", by: "c1", partition: "t-0", to: 0 },
    { op: "poll", by: "c1", records: 3 },
    { op: "commit", by: "c1", offsets: { "t-0": 1 } },
    close("c1"),
    ...consumer("c2", "RangeAssignor"),
    { op: "poll", by: "c2", records: 2 },
    { op: "commit", by: "c2" },
    committed,
  ],
  [
    "a static consumer comes back to its partitions",
    topic(4),
    ...consumer("c1", "RangeAssignor", { "group.instance.id": "i1" }),
    settle({ c1: 4 }),
    ...consumer("c2", "RangeAssignor", { "group.instance.id": "i2" }),
    settle({ c1: 2, c2: 2 }),
    close("c2"),
    ...consumer("c3", "RangeAssignor", { "group.instance.id": "i2" }),
    settle({ c1: 2, c3: 2 }),
  ],
  [
    "a commit of partitions that one does not hold",
    topic(2),
    ...consumer("c1", "RangeAssignor"),
    settle({ c1: 2 }),
    { op: "commit", by: "c1", offsets: { "t-1": 3 } },
    committed,
  ],
  [
    "an application that subscribes cannot assign",
    topic(1),
    ...consumer("c1", "RangeAssignor"),
    { op: "assign", by: "c1", partitions: ["t-0"] },
  ],
  [
    "a consumer without a group commits nothing",
    topic(1),
    { op: "consumer", as: "c1" },
    { op: "assign", by: "c1", partitions: ["t-0"] },
    { op: "commit", by: "c1", offsets: { "t-0": 1 } },
    { op: "subscribe", by: "c1", topics: ["t"] },
  ],
];
