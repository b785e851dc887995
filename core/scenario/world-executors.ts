/** The executors of a world, its defaults filled in. */

import type { DriverExecutor } from "../stream/driver-options.ts";
import type { WorldSpec } from "./scenario.ts";

/** Two of one core each where the world does not say. */
export function executorsOf({
  executors = [{ cores: 1 }, { cores: 1 }],
}: WorldSpec): readonly DriverExecutor[] {
  return executors.map(({ cores, speedPercent = 100, memoryRecords = null }) => {
    return { cores, speedPercent, memoryRecords };
  });
}
