/** The output of one map task is gone, and nothing else. */

import type { Fault } from "./fault.ts";

export const mapOutputLoss: Fault<"loseMapOutput"> = {
  kind: "loseMapOutput",
  shows:
    "the task that reads it next fails with a fetch failure; the map stage runs again for that " +
    "partition alone, then the failed stage for what it lacks",
  inject: ({ shuffle, partition }, targets) => {
    const fault = `lose map output ${partition} of shuffle ${shuffle}`;
    targets.emit({ kind: "fault.injected", fault });
    targets.loseMapOutput(shuffle, partition);
  },
};
