/** A record comes that no program expects. */

import { defineFault } from "./fault.ts";

const POISON = "\u0000{not a record";

export const poisonRecord = defineFault({
  kind: "sendPoison",
  target: "data",
  phrase: "send poison record to {topic}[ with {value}]",
  fields: { topic: { type: "topic" }, value: { type: "text", optional: true } },
  shows:
    "a function that cannot parse it throws: its task fails spark.task.maxFailures times and the " +
    "batch with it, at every attempt and after every restart, until the program skips it",
  inject: (spec, targets) => targets.data.send(spec.topic, spec.value ?? POISON),
});
