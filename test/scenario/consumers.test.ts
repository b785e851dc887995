// Goal: worlds have consumers beside the pipeline, and refuse those that cannot be.
// Method: whole runs of small worlds; what the trace says the consumers were given and told.
import { expect, test } from "vitest";
import { Run } from "../../core/scenario/run.ts";
import type { ConsumerSpec } from "../../core/scenario/consumer-spec.ts";
import type { WorldSpec } from "../../core/scenario/scenario.ts";
import type { EventOf, TraceEvent, TraceKind } from "../../core/trace/event.ts";

function world(consumers: readonly ConsumerSpec[], rest: Partial<WorldSpec> = {}): WorldSpec {
  return {
    topics: { orders: { partitions: 4 } },
    workload: [
      {
        topic: "orders",
        records: function* () {
          for (let n = 0; n < 100; n += 1) yield { atMs: n * 200, key: `k${n}`, value: "v" };
        },
      },
    ],
    untilMs: 30_000,
    consumers,
    ...rest,
  };
}

class Played {
  readonly #events: TraceEvent[] = [];

  constructor(spec: WorldSpec) {
    const run = new Run({ program: (ssc) => void ssc.queueStream([]).print(), world: spec });
    run.trace.listen((event) => this.#events.push(event));
    run.runToEnd();
    expect(run.failure).toBe(null);
  }

  of<K extends TraceKind>(kind: K): EventOf<K>[] {
    // The filter has just compared the kind.
    return this.#events.filter((event) => event.kind === kind) as EventOf<K>[];
  }

  given(): number {
    return this.of("records.polled").reduce((sum, { count }) => sum + count, 0);
  }
}

const shipping: ConsumerSpec = {
  group: "shipping",
  topics: ["orders"],
  count: 2,
  settings: { autoOffsetReset: "earliest" },
};

test("consumers of a world share its topic, and are given every record once", () => {
  const played = new Played(world([shipping]));
  const clients = new Set(played.of("records.polled").map(({ client }) => client));
  expect([...clients].sort((a, b) => (a < b ? -1 : 1))).toEqual(["shipping-1", "shipping-2"]);
  expect(played.given()).toBe(100);
  expect(played.of("group.changed").at(-1)).toMatchObject({ state: "Stable", generation: 1 });
});

test("two groups are given every record each", () => {
  const played = new Played(world([shipping, { ...shipping, group: "billing", count: 1 }]));
  expect(played.given()).toBe(200);
});

test("a consumer that is stopped hands its partitions over", () => {
  const played = new Played(
    world([
      { ...shipping, names: ["early"], count: 1, stopMs: 12_000 },
      { ...shipping, names: ["late"], count: 1, startMs: 8_000 },
    ]),
  );
  expect(played.given()).toBe(100);
  const last = played.of("group.changed").at(-1);
  expect(last?.members.map(({ clientId }) => clientId)).toEqual(["late"]);
});

test("a consumer that fails says why, and the world goes on", () => {
  const played = new Played(
    world([{ ...shipping, count: 1, settings: { autoOffsetReset: "none" } }]),
  );
  const [reported] = played.of("error.reported");
  expect(reported?.message).toContain(
    "consumer shipping-1 of group shipping has failed: org.apache.kafka.clients.consumer." +
      "NoOffsetForPartitionException: Undefined offset with no reset policy for partitions: [",
  );
  expect(played.of("run.ended")).toMatchObject([{ reason: "until" }]);
});

test.each([
  [{ group: "" }, "consumers without a group; give each a group, as group.id does"],
  [{ topics: [] }, "the consumers of group shipping subscribe to no topic"],
  [
    { topics: ["nothing"] },
    'the consumers of group shipping read topic "nothing", which the world does not have; known ' +
      "topics: orders",
  ],
  [{ count: 0 }, "count of the consumers of group shipping must be a whole number of at least 1"],
  [{ names: ["a", "a"] }, "two consumers are called a; give them names of their own"],
  [
    { instanceIds: ["i"] },
    "group shipping has 2 consumers and 1 instanceIds; give one to each, or leave them out",
  ],
  [
    { settings: { heartbeatIntervalMs: 45_000 } },
    "Heartbeat must be set lower than the session timeout: heartbeatIntervalMs is 45000 and " +
      "sessionTimeoutMs 45000; correct one of them, of the consumers of group shipping",
  ],
  [
    { settings: { partitionAssignmentStrategy: [] } },
    "partitionAssignmentStrategy of the consumers of group shipping is empty; choose from range, " +
      "roundrobin, sticky, cooperative-sticky",
  ],
])("consumers that cannot be are refused: %o", (changed: Partial<ConsumerSpec>, message) => {
  const spec = world([{ ...shipping, ...changed }]);
  expect(() => new Run({ program: () => undefined, world: spec })).toThrow(message);
});
