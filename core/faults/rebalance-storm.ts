/** A consumer leaves and joins its group again and again. */

import { defineFault } from "./fault.ts";

export const rebalanceStorm = defineFault({
  kind: "shakeGroup",
  target: "consumer",
  phrase: "restart consumer {consumer} {times} times, every {everyMs}",
  fields: {
    consumer: { type: "consumer" },
    times: { type: "whole", min: 1, max: 1000 },
    everyMs: { type: "whole", min: 2 },
  },
  shows:
    "a generation after another; eager members give everything up each time and read next to " +
    "nothing, cooperative ones keep what they have",
  inject: ({ consumer, times, everyMs }, { consumers, schedule }) => {
    for (let time = 0; time < times; time += 1) {
      schedule(time * everyMs, () => {
        schedule(Math.floor(everyMs / 2), consumers.close(consumer));
      });
    }
  },
});
