// Goal: what consumers see of transactions, and what becomes of producers that are fenced, too slow
// or unlucky.
// Method: producers with transactions on a simulated cluster; the log as committed readers see it.
import { describe, expect, test } from "vitest";
import { partitionOf } from "../../core/broker/coordinators.ts";
import { KafkaProducer } from "../../core/client/kafka-producer.ts";
import type { KafkaError } from "../../core/client/producer-errors.ts";
import type { Isolation } from "../../core/record/record.ts";
import { ClusterKit } from "../broker/cluster-kit.ts";

class Application {
  readonly kit: ClusterKit;
  readonly producer: KafkaProducer;
  readonly outcomes: (string | null)[] = [];
  readonly failed: string[] = [];

  constructor(kit: ClusterKit, client: string, transactionalId = "tx") {
    this.kit = kit;
    this.producer = new KafkaProducer({
      runtime: kit.simulation,
      broker: kit.cluster.client(client),
      kafka: kit.cluster.client(client),
      client,
      settings: { transactionalId, transactionTimeoutMs: 20_000 },
      onFailed: (_batch, error) => this.failed.push(error.exception),
    });
    this.producer.open("t", 1);
  }

  /** A call and its outcome, once the cluster has had time for it. */
  call(call: (done: (error: KafkaError | null) => void) => void, ms = 2_000): string | null {
    let outcome: string | null = "pending";
    call((error) => {
      outcome = error === null ? null : error.exception;
    });
    this.kit.runTo(this.kit.simulation.now() + ms);
    return outcome;
  }

  init(ms?: number): string | null {
    return this.call((done) => this.producer.transactions.init(done), ms);
  }

  commit(ms?: number): string | null {
    return this.call((done) => this.producer.transactions.commit(done), ms);
  }

  abort(): string | null {
    return this.call((done) => this.producer.transactions.abort(done));
  }

  begin(): void {
    this.producer.transactions.begin();
  }

  send(...values: string[]): void {
    const createdMs = this.kit.simulation.now();
    for (const value of values) {
      const record = { key: null, value, timestampMs: createdMs, headers: [] };
      this.producer.append("t", record, { partition: 0, createdMs });
    }
    this.producer.poke();
    this.kit.runTo(createdMs + 500);
  }
}

function seen(kit: ClusterKit, isolation: Isolation): (string | null)[] {
  const box = kit.ask<"fetch">({
    kind: "fetch",
    topic: "t",
    partition: 0,
    fromOffset: 0,
    untilOffset: Infinity,
    maxRecords: 1_000,
    maxBytes: 1_000_000,
    isolation,
  });
  kit.runTo(kit.simulation.now() + 10);
  return box.reply?.records.map(({ value }) => value) ?? [];
}

function newKit(brokers = 3): ClusterKit {
  const kit = new ClusterKit(brokers);
  kit.topic({ replicationFactor: Math.min(3, brokers) });
  return kit;
}

describe("a transaction", () => {
  test("counts once it is committed; what is aborted never does", () => {
    const kit = newKit();
    const app = new Application(kit, "app");
    expect(app.init()).toBeNull();
    app.begin();
    app.send("a", "b");
    expect(seen(kit, "read_committed")).toEqual([]);
    expect(seen(kit, "read_uncommitted")).toEqual(["a", "b"]);
    expect(app.commit()).toBeNull();
    app.begin();
    app.send("c");
    expect(app.abort()).toBeNull();
    app.begin();
    app.send("d");
    expect(app.commit()).toBeNull();
    expect(seen(kit, "read_committed")).toEqual(["a", "b", "d"]);
    const states = kit.eventsOf("transaction.changed").map(({ state }) => state);
    expect(states.join(" ")).toBe(
      "Empty Ongoing PrepareCommit CompleteCommit Ongoing PrepareAbort CompleteAbort " +
        "Ongoing PrepareCommit CompleteCommit",
    );
  });

  test("takes offsets of a group along, or not", () => {
    const kit = newKit();
    const app = new Application(kit, "app");
    app.init();
    const committed = (): number | null | undefined => {
      const partitions = [{ topic: "t", partition: 0 }];
      const box = kit.ask<"fetchCommitted">({ kind: "fetchCommitted", group: "g", partitions });
      kit.runTo(kit.simulation.now() + 100);
      return box.reply?.offsets[0]?.offset;
    };
    const offsets = (offset: number) => [{ topic: "t", partition: 0, offset }];
    app.begin();
    app.send("a");
    const { transactions } = app.producer;
    expect(app.call((done) => transactions.sendOffsets("g", offsets(4), done))).toBeNull();
    expect(committed()).toBeNull();
    expect(app.commit()).toBeNull();
    expect(committed()).toBe(4);
    app.begin();
    expect(app.call((done) => transactions.sendOffsets("g", offsets(9), done))).toBeNull();
    expect(app.abort()).toBeNull();
    expect(committed()).toBe(4);
  });

  test("of nothing writes nothing", () => {
    const kit = newKit();
    const app = new Application(kit, "app");
    app.init();
    app.begin();
    expect(app.commit()).toBeNull();
    app.begin();
    expect(app.abort()).toBeNull();
    expect(kit.eventsOf("marker.written")).toEqual([]);
  });

  test("that stays open too long is aborted, and its producer fenced", () => {
    const kit = newKit();
    const app = new Application(kit, "app");
    app.init();
    app.begin();
    app.send("a");
    kit.runTo(45_000);
    const aborted = kit.eventsOf("transaction.changed").find(({ reason }) => reason !== null);
    expect(aborted).toMatchObject({ state: "PrepareAbort", reason: "timed out", atMs: 30_002 });
    expect(app.commit()).toBe("ProducerFencedException");
    expect(seen(kit, "read_committed")).toEqual([]);
  });
});

describe("a newer producer of the same name", () => {
  test("fences the older, and what that left open is aborted", () => {
    const kit = newKit();
    const [older, newer] = [new Application(kit, "older"), new Application(kit, "newer")];
    older.init();
    older.begin();
    older.send("x");
    expect(newer.init()).toBeNull();
    older.send("zombie");
    expect(older.failed).toEqual(["InvalidProducerEpochException"]);
    expect(() => older.commit()).toThrow("attempted to produce with an old epoch");
    expect(older.abort()).toBe("ProducerFencedException");
    expect(() => older.begin()).toThrow("has been fenced by another producer with the same");
    newer.begin();
    newer.send("y");
    expect(newer.commit()).toBeNull();
    expect(seen(kit, "read_committed")).toEqual(["y"]);
  });
});

describe("calls in the wrong state", () => {
  test("are refused in Kafka's words", () => {
    const app = new Application(newKit(), "app");
    expect(() => app.begin()).toThrow(
      "TransactionalId tx: Invalid transition attempted from state UNINITIALIZED to state " +
        "IN_TRANSACTION",
    );
    expect(() => app.send("x")).toThrow(
      "Cannot add partition t-0 to transaction before completing a call to initTransactions",
    );
    app.init();
    expect(() => app.commit()).toThrow("from state READY to state COMMITTING_TRANSACTION");
    expect(() => app.send("x")).toThrow(
      "Cannot add partition t-0 to transaction while in state  READY",
    );
    expect(() => app.producer.transactions.sendOffsets("g", [], () => undefined)).toThrow(
      "Cannot send offsets if a transaction is not in progress (currentState= READY)",
    );
    // As in Kafka, the records were taken all the same.
    app.begin();
    app.send("y");
    expect(app.commit()).toBeNull();
    expect(seen(app.kit, "read_committed")).toEqual(["x", "x", "y"]);
  });

  test("need a transactional id", () => {
    const kit = newKit();
    const plain = new KafkaProducer({
      runtime: kit.simulation,
      broker: kit.cluster.client("plain"),
      kafka: kit.cluster.client("plain"),
      client: "plain",
      settings: {},
    });
    expect(() => plain.transactions).toThrow(
      "Transactional method invoked on a non-transactional producer.",
    );
  });
});

test("the broker that coordinates dies after the decision: the next finishes it", () => {
  const kit = newKit();
  const app = new Application(kit, "app");
  app.init();
  app.begin();
  app.send("a");
  const topics = ["__transaction_state"];
  const metadata = kit.ask<"metadata">({ kind: "metadata", topics });
  kit.runTo(kit.simulation.now() + 10);
  const coordinator = metadata.reply?.topics[0]?.partitions[partitionOf("tx")]?.leader ?? -1;
  app.producer.transactions.commit((error) => {
    app.outcomes.push(error === null ? null : error.exception);
  });
  while (kit.eventsOf("transaction.changed").at(-1)?.state !== "PrepareCommit") {
    kit.simulation.step();
  }
  kit.cluster.crashBroker(coordinator, "nothing");
  expect(kit.eventsOf("marker.written")).toEqual([]);
  kit.runTo(kit.simulation.now() + 60_000);
  expect(app.outcomes).toEqual([null]);
  expect(kit.eventsOf("transaction.changed").at(-1)?.state).toBe("CompleteCommit");
  expect(seen(kit, "read_committed")).toEqual(["a"]);
});
