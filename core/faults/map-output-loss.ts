/** The output of one map task is gone, and nothing else. */

import { defineFault } from "./fault.ts";

export const mapOutputLoss = defineFault({
  kind: "loseMapOutput",
  target: "executor",
  phrase: "lose map output {partition} of shuffle {shuffle}",
  fields: { partition: { type: "whole", min: 0 }, shuffle: { type: "whole", min: 0 } },
  shows:
    "the task that reads it next fails with a fetch failure, or the next job finds it missing; " +
    "the map stage runs again for that partition alone, then the failed stage for what it lacks",
  isPossible: (targets, { shuffle, partition }) => targets.hasMapOutput(shuffle, partition),
  inject: (spec, targets) => targets.loseMapOutput(spec.shuffle, spec.partition),
});
