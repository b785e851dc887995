/** A second process of a producer is started while the first, taken for dead, goes on. */

import { defineFault } from "./fault.ts";

export const producerZombie = defineFault({
  kind: "doubleProducer",
  target: "producer",
  phrase: "start producer {producer} a second time",
  fields: { producer: { type: "producer" } },
  shows:
    "with a transactional id, the second gets a higher epoch and the first is fenced: nothing " +
    "it writes afterwards counts; without one, both write",
  inject: (spec, targets) => targets.doubleProducer(spec.producer),
});
