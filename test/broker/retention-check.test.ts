// Goal: brokers look for what retention may remove only while there may be some, so that a world in
// which nothing else happens comes to rest.
// Method: appends at chosen moments; then how much is left, and whether anything is still due.
import { describe, expect, test } from "vitest";
import type { TopicConfig } from "../../core/broker/broker.ts";
import { makeCoordinators } from "../../core/broker/make-coordinators.ts";
import { SimulatedCluster } from "../../core/broker/simulated-cluster.ts";
import { Simulation } from "../../core/sim/simulation.ts";
import { Trace } from "../../core/trace/trace.ts";

/** Its batch of one record takes 100 bytes. */
const value = "x".repeat(32);

function world(config: Omit<TopicConfig, "partitions">) {
  const runtime = new Simulation({ seed: 1, trace: new Trace() });
  const settings = { retentionCheckMs: 10_000 };
  const options = { runtime, brokers: 1, requestMs: 2, settings, makeCoordinators };
  const broker = new SimulatedCluster(options);
  broker.createTopic("t", { partitions: 1, segmentBytes: 100, ...config });
  const produce = (timesMs: readonly number[]): void => {
    for (const timestampMs of timesMs) {
      const records = [{ key: null, value, timestampMs, headers: [] }];
      const request = { kind: "produce", topic: "t", partition: 0, records } as const;
      broker.send<"produce">(request, (reply) => expect(reply.error).toBeNull());
    }
  };
  const runTo = (endMs: number): void => {
    while ((runtime.nextAtMs ?? Infinity) <= endMs) runtime.step();
  };
  /** Records that are left, and when something is due. */
  const state = () => [broker.readLog("t", 0).length, runtime.nextAtMs];
  return { broker, runtime, produce, runTo, state };
}

describe("the check of retention", () => {
  test("by size rests once it has been, until more is written", () => {
    const { produce, runTo, state } = world({ retentionMs: -1, retentionBytes: 200 });
    produce([0, 0, 0, 0, 0]);
    runTo(9_999);
    expect(state()).toEqual([5, 10_000]);
    runTo(10_000);
    expect(state()).toEqual([2, null]);
    produce([0]);
    runTo(20_000);
    expect(state()).toEqual([2, null]);
  });

  test("by size does not begin below its bytes", () => {
    const { produce, runTo, state } = world({ retentionMs: -1, retentionBytes: 10_000 });
    produce([0, 0]);
    runTo(2);
    expect(state()).toEqual([2, null]);
  });

  test("by size waits for a stopped broker", () => {
    const { broker, produce, runTo, state } = world({ retentionMs: -1, retentionBytes: 200 });
    produce([0, 0, 0, 0, 0]);
    runTo(5);
    broker.stopBroker(1);
    runTo(10_000);
    expect(state()).toEqual([5, null]);
    broker.startBroker(1);
    runTo(20_000);
    expect(state()).toEqual([2, null]);
  });

  test("by time goes on until nothing is left, though nobody writes", () => {
    const { produce, runTo, state } = world({ retentionMs: 15_000 });
    produce([0, 9_000]);
    runTo(10_000);
    expect(state()).toEqual([2, 20_000]);
    runTo(20_000);
    expect(state()).toEqual([1, 30_000]);
    runTo(30_000);
    expect(state()).toEqual([0, null]);
  });
});
