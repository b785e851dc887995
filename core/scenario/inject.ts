/** Hands a fault to the file that says what it does. */

import { brokerStop } from "../faults/broker-stop.ts";
import { diskFull } from "../faults/disk-full.ts";
import { checkpointStoreFull } from "../faults/checkpoint-store-full.ts";
import { checkpointStoreSlow } from "../faults/checkpoint-store-slow.ts";
import { checkpointStoreTorn } from "../faults/checkpoint-store-torn.ts";
import { driverCrash } from "../faults/driver-crash.ts";
import { driverStop } from "../faults/driver-stop.ts";
import { executorLoss } from "../faults/executor-loss.ts";
import { executorSlowdown } from "../faults/executor-slowdown.ts";
import type { FaultSpec, FaultTargets } from "../faults/fault.ts";
import { mapOutputLoss } from "../faults/map-output-loss.ts";
import { partitionGrowth } from "../faults/partition-growth.ts";
import { taskFailures } from "../faults/task-failures.ts";

/** A driver that is already down neither dies nor stops twice. */
export function injectFault(fault: FaultSpec, targets: FaultTargets, driverIsAlive: boolean): void {
  switch (fault.kind) {
    case "stopBroker":
      brokerStop.inject(fault, targets);
      return;
    case "addPartitions":
      partitionGrowth.inject(fault, targets);
      return;
    case "crashDriver":
      if (driverIsAlive) driverCrash.inject(fault, targets);
      return;
    case "slowCheckpoints":
      checkpointStoreSlow.inject(fault, targets);
      return;
    case "fillCheckpoints":
      checkpointStoreFull.inject(fault, targets);
      return;
    case "tearCheckpoint":
      checkpointStoreTorn.inject(fault, targets);
      return;
    case "stopDriver":
      if (driverIsAlive) driverStop.inject(fault, targets);
      return;
    case "loseExecutor":
      executorLoss.inject(fault, targets);
      return;
    case "slowExecutor":
      executorSlowdown.inject(fault, targets);
      return;
    case "failTasks":
      taskFailures.inject(fault, targets);
      return;
    case "fillDisk":
      diskFull.inject(fault, targets);
      return;
    case "loseMapOutput":
      mapOutputLoss.inject(fault, targets);
      return;
  }
}
