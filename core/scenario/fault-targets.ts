/** The handles of a world that its faults may touch. */

import type { SimulatedCluster } from "../broker/simulated-cluster.ts";
import {
  newestCheckpoint,
  type StoreCondition,
  type StoredFiles,
  tearNewest,
} from "../checkpoint/simulated-store.ts";
import type { FaultTargets } from "../faults/fault.ts";
import type { Simulation } from "../sim/simulation.ts";
import type { Driver } from "../stream/driver.ts";

export interface FaultWorld {
  readonly simulation: Simulation;
  readonly cluster: SimulatedCluster;
  readonly files: StoredFiles;
  readonly storeCondition: StoreCondition;
  /** The driver there is; null before the first. */
  readonly driver: () => Driver | null;
  /** Starts one when none is alive. */
  readonly startDriver: FaultTargets["startDriver"];
  readonly stopDriver: FaultTargets["stopDriver"];
}

export function faultTargets(world: FaultWorld): FaultTargets {
  const { simulation, cluster, files, storeCondition, driver } = world;
  return {
    schedule: (delayMs, action) => simulation.schedule(delayMs, action),
    cluster,
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
