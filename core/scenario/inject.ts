/** Hands a fault to the file that says what it does. */

import { brokerStop } from "../faults/broker-stop.ts";
import { driverCrash } from "../faults/driver-crash.ts";
import { driverStop } from "../faults/driver-stop.ts";
import { executorLoss } from "../faults/executor-loss.ts";
import type { FaultSpec, FaultTargets } from "../faults/fault.ts";

/** A driver that is already down neither dies nor stops twice. */
import { mapOutputLoss } from "../faults/map-output-loss.ts";
import { partitionGrowth } from "../faults/partition-growth.ts";
import { taskFailures } from "../faults/task-failures.ts";
export function injectFault(fault: FaultSpec, targets: FaultTargets, driverIsAlive: boolean): void {
  switch (fault.kind) {
    case "stopBroker":
      brokerStop.inject(fault, targets);
      return;
    case "crashDriver":
      if (driverIsAlive) driverCrash.inject(fault, targets);
    case "addPartitions":
      partitionGrowth.inject(fault, targets);
      return;
      return;
    case "stopDriver":
      if (driverIsAlive) driverStop.inject(fault, targets);
      return;
    case "loseExecutor":
      executorLoss.inject(fault, targets);
      return;
  }
}
