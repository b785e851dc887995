// Goal: the simulated Kafka keeps the promises of the port.
import { makeCoordinators } from "../../core/broker/make-coordinators.ts";
import { SimulatedCluster } from "../../core/broker/simulated-cluster.ts";
import { Simulation } from "../../core/sim/simulation.ts";
import { Trace } from "../../core/trace/trace.ts";
import type { BrokerUnderTest } from "./broker-client.ts";
import { brokerContract } from "./broker-contract.ts";

function simulated(brokers: number, requestMs: number): () => Promise<BrokerUnderTest> {
  return async () => {
    const runtime = new Simulation({ seed: 1, trace: new Trace() });
    // Records of the contract are of the year 1970: retention is not what it is about.
    const retentionCheckMs = Number.MAX_SAFE_INTEGER;
    const broker = new SimulatedCluster({
      runtime,
      brokers,
      requestMs,
      settings: { retentionCheckMs },
      makeCoordinators,
    });
    let topics = 0;
    return {
      broker,
      settle: async () => {
        // What a broker asks its controller for takes another round trip.
        const endMs = runtime.now() + 3 * requestMs;
        while ((runtime.nextAtMs ?? Infinity) <= endMs) runtime.step();
      },
      uniqueTopic: () => {
        topics += 1;
        return `contract-${topics}`;
      },
      stop: async () => {},
    };
  };
}

brokerContract("one simulated broker", simulated(1, 2));
brokerContract("three simulated brokers", simulated(3, 2));
brokerContract("a simulated broker that takes no time", simulated(1, 0));
