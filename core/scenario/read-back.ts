/** What topics hold in the end, for audits. */

import type { SimulatedCluster } from "../broker/simulated-cluster.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { WorldSpec } from "./scenario.ts";

/** Tells the contents of the topics that the world asks for; of those it still has. */
export function readBack(world: WorldSpec, cluster: SimulatedCluster, runtime: Runtime): void {
  for (const { topic, isolation } of world.readBack ?? []) {
    const records = cluster.contents(topic, isolation);
    if (records !== null) runtime.emit({ kind: "contents.read", topic, isolation, records });
  }
}
