// Goal: what only a simulated cluster can be made to do: stop, start, and forget.
// Method: requests at chosen moments of virtual time. The contract suite has what any broker does.
import { describe, expect, test } from "vitest";
import type { ReplyOf, RequestKind, RequestOf } from "../../core/broker/broker.ts";
import { makeCoordinators } from "../../core/broker/make-coordinators.ts";
import { SimulatedCluster } from "../../core/broker/simulated-cluster.ts";
import { Simulation } from "../../core/sim/simulation.ts";
import type { TraceEvent } from "../../core/trace/event.ts";
import { Trace } from "../../core/trace/trace.ts";
import { eventsOf } from "../kit/run-world.ts";

function cluster(brokers: number, retentionCheckMs = 10_000) {
  const trace = new Trace();
  const events: TraceEvent[] = [];
  trace.listen((event) => events.push(event));
  const runtime = new Simulation({ seed: 1, trace });
  const settings = { retentionCheckMs };
  const broker = new SimulatedCluster({
    runtime,
    brokers,
    requestMs: 2,
    settings,
    makeCoordinators,
  });
  const ask = <K extends RequestKind>(request: RequestOf<K>): ReplyOf<K> => {
    const replies: ReplyOf<K>[] = [];
    broker.send<K>(request, (reply) => replies.push(reply));
    runtime.runUntil(() => replies.length > 0);
    const [reply] = replies;
    if (reply === undefined) throw new Error("a reply was waited for");
    return reply;
  };
  /** One by one; the reply to the last. A batch of one takes 100 bytes. */
  const produce = (partition: number, count: number, timestampMs = runtime.now()) => {
    const replies = Array.from({ length: count }, (_, index) => {
      const value = `${index}`.padEnd(32, ".");
      const records = [{ key: null, value, timestampMs, headers: [] }];
      return ask<"produce">({ kind: "produce", topic: "t", partition, records });
    });
    const last = replies.at(-1);
    if (last === undefined) throw new Error("at least one record is produced");
    return last;
  };
  const fetch = (partition: number, fromOffset: number) => {
    const limits = { untilOffset: 1_000, maxRecords: 1_000, maxBytes: 1_000_000 };
    return ask<"fetch">({ kind: "fetch", topic: "t", partition, fromOffset, ...limits });
  };
  const leaders = () => {
    const { topics } = ask<"metadata">({ kind: "metadata", topics: ["t"] });
    return topics[0]?.partitions.map(({ leader }) => leader);
  };
  const runTo = (endMs: number): void => {
    runtime.schedule(Math.max(0, endMs - runtime.now()), () => {
      // So that the clock gets there.
    });
    while ((runtime.nextAtMs ?? Infinity) <= endMs) runtime.step();
  };
  /** Stopping and starting take a few messages between brokers and controllers. */
  const stop = (id: number): void => {
    broker.stopBroker(id);
    runTo(runtime.now() + 4);
  };
  const start = (id: number): void => {
    broker.startBroker(id);
    runTo(runtime.now() + 8);
  };
  return { broker, runtime, events, ask, produce, fetch, leaders, runTo, stop, start };
}

describe("a stopped broker", () => {
  test("leaves its partitions without a leader, and no others", () => {
    const { broker, leaders, produce, fetch, stop, start } = cluster(3);
    broker.createTopic("t", { partitions: 4 });
    expect(leaders()).toEqual([1, 2, 3, 1]);
    stop(1);
    expect(leaders()).toEqual([-1, 2, 3, -1]);
    expect([0, 1, 2, 3].map((partition) => produce(partition, 1).error)).toEqual([
      "LEADER_NOT_AVAILABLE",
      null,
      null,
      "LEADER_NOT_AVAILABLE",
    ]);
    expect(fetch(0, 0).error).toBe("LEADER_NOT_AVAILABLE");
    expect(fetch(1, 0).records.length).toBe(1);
    start(1);
    expect(leaders()).toEqual([1, 2, 3, 1]);
  });

  test("comes back with all it had: records, offsets, topics, committed offsets", () => {
    const { broker, ask, produce, fetch, stop, start } = cluster(1);
    broker.createTopic("t", { partitions: 1 });
    produce(0, 5);
    const group = "g";
    const offsets = [{ topic: "t", partition: 0, offset: 3 }];
    ask<"commitOffsets">({ kind: "commitOffsets", group, offsets });
    stop(1);
    start(1);
    expect(produce(0, 1).baseOffset).toBe(5);
    expect(fetch(0, 0).records.length).toBe(6);
    const partitions = [{ topic: "t", partition: 0 }];
    expect(ask<"fetchCommitted">({ kind: "fetchCommitted", group, partitions }).offsets).toEqual(
      offsets,
    );
  });

  test("as the only one answers nothing at all", () => {
    const { broker, ask, produce, fetch, stop } = cluster(1);
    broker.createTopic("t", { partitions: 1 });
    stop(1);
    const at = { topic: "t", partition: 0 };
    const config = { partitions: 1 };
    const errors = [
      ask<"createTopic">({ kind: "createTopic", topic: "u", config }),
      ask<"metadata">({ kind: "metadata", topics: ["t"] }),
      ask<"listOffsets">({ kind: "listOffsets", ...at, at: "latest" }),
      ask<"commitOffsets">({ kind: "commitOffsets", group: "g", offsets: [] }),
      ask<"fetchCommitted">({ kind: "fetchCommitted", group: "g", partitions: [at] }),
      produce(0, 1),
      fetch(0, 0),
    ].map(({ error }) => error);
    expect(new Set(errors)).toEqual(new Set(["NETWORK_EXCEPTION"]));
  });

  test("that stops between a request and its reply has answered: nothing is written twice", () => {
    const { broker, runtime, produce } = cluster(1);
    broker.createTopic("t", { partitions: 1 });
    // A request of 2 ms arrives after 1; the reply is on its way when the broker stops.
    runtime.schedule(1, () => runtime.schedule(0, () => broker.stopBroker(1)));
    expect(produce(0, 1)).toMatchObject({ error: null, baseOffset: 0 });
    expect(broker.logEndOffset("t", 0)).toBe(1);
  });

  test("stops and starts once, however often it is told to", () => {
    const { events, stop, start } = cluster(2);
    for (const act of ["stop", "stop", "start", "start"] as const) {
      if (act === "stop") stop(2);
      else start(2);
    }
    expect(events.map(({ kind }) => kind)).toEqual([
      "broker.stopped",
      "broker.fenced",
      "broker.started",
      "broker.unfenced",
    ]);
  });
});

describe("retention", () => {
  test("comes at each check, and readers below it are OFFSET_OUT_OF_RANGE", () => {
    const { broker, events, produce, fetch, runTo } = cluster(1);
    broker.createTopic("t", {
      partitions: 1,
      retentionMs: -1,
      retentionBytes: 200,
      segmentBytes: 100,
    });
    produce(0, 5);
    expect(fetch(0, 0).records.length).toBe(5);
    runTo(9_999);
    expect(eventsOf(events, "logStart.advanced")).toEqual([]);
    runTo(10_000);
    expect(eventsOf(events, "logStart.advanced")).toMatchObject([
      { atMs: 10_000, logStartOffset: 3, reason: "retention.bytes" },
    ]);
    expect(fetch(0, 2)).toMatchObject({ error: "OFFSET_OUT_OF_RANGE", records: [] });
    expect(fetch(0, 3)).toMatchObject({ error: null, nextOffset: 5, logStartOffset: 3 });
    produce(0, 1);
    runTo(20_000);
    expect(fetch(0, 4).records.map(({ offset }) => offset)).toEqual([4, 5]);
    expect(broker.readLog("t", 0).map(({ offset }) => offset)).toEqual([4, 5]);
  });

  test("by time empties a log that nobody writes to, and then is looked at no more", () => {
    const { broker, runtime, ask, produce, fetch, runTo } = cluster(1);
    broker.createTopic("t", { partitions: 1, retentionMs: 15_000 });
    produce(0, 5, 0);
    runTo(15_000);
    expect(fetch(0, 0).records.length).toBe(5);
    runTo(20_000);
    expect(fetch(0, 0).error).toBe("OFFSET_OUT_OF_RANGE");
    expect(fetch(0, 5)).toMatchObject({ error: null, records: [], logStartOffset: 5 });
    const at = { timestampMs: 0 };
    const of = { topic: "t", partition: 0, at };
    expect(ask<"listOffsets">({ kind: "listOffsets", ...of }).offset).toBe(-1);
    expect(runtime.nextAtMs).toBeNull();
  });

  test("waits while the broker is stopped", () => {
    const { broker, produce, fetch, runTo, stop, start } = cluster(1);
    broker.createTopic("t", { partitions: 1, retentionMs: 1_000 });
    produce(0, 5, 0);
    stop(1);
    runTo(10_000);
    start(1);
    expect(fetch(0, 0).records.length).toBe(5);
    runTo(20_000);
    expect(fetch(0, 0).error).toBe("OFFSET_OUT_OF_RANGE");
  });
});
