/** A consumer's thread is stuck in what it does with records, while its heartbeats go on. */

import { defineFault, forMs } from "./fault.ts";

const A_DAY_MS = 86_400_000;

export const consumerStall = defineFault({
  kind: "stallConsumer",
  target: "consumer",
  phrase: "stall consumer {consumer}",
  fields: { consumer: { type: "consumer" }, forMs },
  isCondition: true,
  shows:
    "after max.poll.interval.ms it leaves its group and others read on from its last commit; " +
    "when it wakes up its own commit is refused, and it joins again",
  isPossible: ({ consumers }, { consumer }) => consumers.isRunning(consumer),
  inject: (spec, targets) => targets.consumers.stall(spec.consumer, spec.forMs ?? A_DAY_MS),
});
