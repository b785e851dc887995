/** The handles of a world that its faults may touch. */

import { assert } from "../base/assert.ts";
import type { SimulatedCluster } from "../broker/simulated-cluster.ts";
import {
  newestCheckpoint,
  type StoreCondition,
  type StoredFiles,
  tearNewest,
} from "../checkpoint/simulated-store.ts";
import type { FaultTargets } from "../faults/fault.ts";
import type { SinkCondition } from "../scheduler/sink-condition.ts";
import type { Simulation } from "../sim/simulation.ts";
import type { Driver } from "../stream/driver.ts";
import type { DataConditions } from "./data-conditions.ts";
import type { WorldSpec } from "./scenario.ts";

export interface FaultWorld {
  readonly spec: WorldSpec;
  readonly simulation: Simulation;
  readonly cluster: SimulatedCluster;
  readonly files: StoredFiles;
  readonly storeCondition: StoreCondition;
  readonly data: DataConditions;
  readonly sink: SinkCondition;
  /** The driver there is; null before the first. */
  readonly driver: () => Driver | null;
  /** Starts one when none is alive. */
  readonly startDriver: FaultTargets["startDriver"];
  readonly stopDriver: FaultTargets["stopDriver"];
}

export function faultTargets(world: FaultWorld): FaultTargets {
  const { spec, simulation, cluster, files, storeCondition, driver } = world;
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
    breakSink: (when) => world.sink.change(when),
    get isDriverAlive() {
      return driver()?.isAlive === true;
    },
    crashDriver: () => driver()?.kill(),
    startDriver: world.startDriver,
    changeStore: (change) => storeCondition.change(change),
    newestCheckpoint: () => newestCheckpoint(files),
    tearCheckpoint: () => tearNewest(files),
    stopDriver: world.stopDriver,
    loseExecutor: (executor, loss) => driver()?.loseExecutor(executor, loss),
    changeSpeed: (executor, speed) => driver()?.changeSpeed(executor, speed),
    breakExecutor: (executor, broken) => driver()?.breakExecutor(executor, broken),
    loseMapOutput: (shuffle, partition) => driver()?.loseMapOutput(shuffle, partition),
    addExecutor: (executor) => {
      const alive = driver();
      if (alive?.isAlive === true) alive.replaceExecutor(executor);
    },
  };
}
