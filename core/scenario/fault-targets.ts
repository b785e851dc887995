/** The handles of a world that its faults may touch. */

import { assert } from "../base/assert.ts";
import { ConditionsBy } from "../base/conditions.ts";
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from "../broker/coordinator.ts";
import { partitionOf } from "../broker/coordinators.ts";
import type { SimulatedCluster } from "../broker/simulated-cluster.ts";
import { newestCheckpoint, type StoredFiles, tearNewest } from "../checkpoint/simulated-store.ts";
import type { FaultTargets } from "../faults/fault.ts";
import type { Simulation } from "../sim/simulation.ts";
import type { Driver } from "../stream/driver.ts";
import type { Applications } from "./applications.ts";
import type { DataConditions } from "./data-conditions.ts";
import type { WorldSpec } from "./scenario.ts";
import type { WorldConditions } from "./world-conditions.ts";

export interface FaultWorld {
  readonly spec: WorldSpec;
  readonly applications: Applications;
  readonly simulation: Simulation;
  readonly cluster: SimulatedCluster;
  readonly files: StoredFiles;
  readonly conditions: WorldConditions;
  readonly data: DataConditions;
  /** The driver there is; null before the first. */
  readonly driver: () => Driver | null;
  /** Starts one when none is alive. */
  readonly startDriver: FaultTargets["startDriver"];
  readonly stopDriver: FaultTargets["stopDriver"];
}

export function faultTargets(world: FaultWorld): FaultTargets {
  const { spec, applications, simulation, cluster, files, conditions, driver } = world;
  return {
    schedule: (delayMs, action) => simulation.schedule(delayMs, action),
    cluster,
    brokers: Array.from({ length: spec.brokers ?? 1 }, (_, index) => index + 1),
    topicConfig: (topic) => {
      const config = spec.topics?.[topic];
      assert(config !== undefined, "the topic of a fault was checked", { topic });
      return config;
    },
    data: world.data,
    consumers: applications.consumers,
    crashProducer: (name, backMs) => applications.producers.crash(name, backMs),
    doubleProducer: (name) => applications.producers.double(name),
    findCoordinator: (of, name, found) => findCoordinator(cluster, { of, name }, found),
    breakSink: (when) => conditions.sink.fail(when),
    get isDriverAlive() {
      return driver()?.isAlive === true;
    },
    crashDriver: () => driver()?.kill(),
    startDriver: world.startDriver,
    slowStore: (writeMs) => conditions.store.slow(writeMs),
    failStore: (error) => conditions.store.fail(error),
    newestCheckpoint: () => newestCheckpoint(files),
    tearCheckpoint: () => tearNewest(files),
    stopDriver: world.stopDriver,
    ...executorTargets(world),
    hasMapOutput: (shuffle, partition) => driver()?.hasMapOutput(shuffle, partition) === true,
    loseMapOutput: (shuffle, partition) => driver()?.loseMapOutput(shuffle, partition),
  };
}

function executorTargets({
  conditions: { executors },
  driver,
}: FaultWorld): Pick<FaultTargets, "loseExecutor" | "slowExecutor" | "breakExecutor"> {
  const down = new ConditionsBy<number, null>((executor) => {
    const alive = driver();
    if (down.inForce(executor).length === 0 && alive?.isAlive === true) {
      alive.replaceExecutor(executor);
    }
  });
  return {
    loseExecutor: (executor, loss) => {
      driver()?.loseExecutor(executor, loss);
      return down.hold(executor, null);
    },
    slowExecutor: (executor, speedPercent) => {
      const release = executors.slow(executor, speedPercent);
      driver()?.tellSpeed(executor);
      return () => {
        release();
        driver()?.tellSpeed(executor);
      };
    },
    breakExecutor: (executor, fault) => executors.fail(executor, fault),
  };
}

function findCoordinator(
  cluster: SimulatedCluster,
  { of, name }: { readonly of: "group" | "transaction"; readonly name: string },
  found: (broker: number) => void,
): void {
  const topic = of === "group" ? OFFSETS_TOPIC : TRANSACTIONS_TOPIC;
  cluster.client("admin").send<"metadata">({ kind: "metadata", topics: [topic] }, (reply) => {
    const leader = reply.topics[0]?.partitions[partitionOf(name)]?.leader ?? -1;
    if (leader !== -1) found(leader);
  });
}
