// Which partition a record goes to: keys by their hash.
import type { KeysScenario, StepsScenario } from "./scenario.ts";
import type { Step } from "./step.ts";

const counts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

const byTitle: readonly (readonly [title: string, keys: readonly string[]])[] = [
  ["the empty key is a key", [""]],
  ["keys of each length to beyond two words", ["a", "ab", "abc", "abcd", "abcde", "abcdefghi"]],
  ["numbers as text", ["0", "1", "2", "21", "007", "12345678", "-1", "3.14"]],
  ["keys that differ in one digit", Array.from({ length: 20 }, (_, index) => `key-${index}`)],
  ["names, dates and links", ["user-1001", "order:2024-10-25", "kafka", "https://a.example/?q=1"]],
  ["sentences", ["hello world", "The quick brown fox jumps over the lazy dog", " ", "\n"]],
  ["letters beyond ASCII, in UTF-8", ["zażółć", "naïve", "日本語", "ключ", "مفتاح", "ß"]],
  ["characters beyond 16 bits", ["😀", "a😀", "👩‍👩‍👧", "𝄞"]],
  ["control characters", ["\u0000", "\u0000\u0000\u0000\u0000", "\u007f\u0080\u00ff"]],
  ["a key of a thousand bytes", ["x".repeat(1000), `${"x".repeat(999)}y`]],
];

const byKey: readonly KeysScenario[] = byTitle.map(([title, keys]) => ({
  name: `partitioning/${title}`,
  kind: "partition",
  counts,
  keys,
}));

const roundRobin = "org.apache.kafka.clients.producer.RoundRobinPartitioner";
const create: Step = { op: "createTopic", topic: "t", partitions: 4 };
const producer = (config: Readonly<Record<string, string | number | boolean>> = {}): Step => ({
  op: "producer",
  as: "p",
  config,
});
const send = (records: readonly (readonly [string | null, string])[], more = {}): Step => ({
  op: "send",
  by: "p",
  topic: "t",
  records,
  ...more,
});
const without = (count: number): [null, string][] =>
  Array.from({ length: count }, (_, index) => [null, `v${index}`]);
const keyed: [string, string][] = ["a", "b", "c", "a", "b", "c"].map((key) => [key, key]);

const cases: readonly (readonly [title: string, ...steps: readonly Step[]])[] = [
  ["a producer hashes keys", create, producer(), send(keyed)],
  [
    "a producer goes where it is told, key or not",
    create,
    producer(),
    send(keyed, { partition: 3 }),
  ],
  [
    "a producer told a partition that is not there",
    create,
    producer({ "max.block.ms": 500 }),
    send(keyed.slice(0, 1), { partition: 4 }),
    send(keyed.slice(0, 1), { partition: -1 }),
  ],
  [
    "records without a key stick to one partition, batch by batch",
    create,
    producer({ "linger.ms": 200 }),
    send(without(50), { shows: "distinct" }),
  ],
  [
    "keys that are ignored stick, too",
    create,
    producer({ "partitioner.ignore.keys": true, "linger.ms": 200 }),
    send(keyed, { shows: "distinct" }),
  ],
  [
    "round robin leaves out every other partition, since each batch turns it twice",
    create,
    producer({ "partitioner.class": roundRobin, "batch.size": 0 }),
    send(without(8), { shows: "distinct" }),
  ],
  [
    "round robin takes no notice of keys",
    create,
    producer({ "partitioner.class": roundRobin, "batch.size": 0 }),
    send(
      Array.from({ length: 8 }, () => ["same", "value"] as const),
      { shows: "distinct" },
    ),
  ],
];

const byProducer: readonly StepsScenario[] = cases.map(([title, ...steps]) => ({
  name: `partitioning/${title}`,
  kind: "steps",
  cluster: { brokers: 1 },
  steps,
}));

export const partitioning: readonly (KeysScenario | StepsScenario)[] = [...byKey, ...byProducer];
