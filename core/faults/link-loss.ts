/** Packets between two nodes are lost, and sent again by TCP. */

import { defineFault, forMs } from "./fault.ts";

export const linkLoss = defineFault({
  kind: "loseOnLink",
  target: "link",
  phrase: "lose {lossPercent}% on link {a}-{b}",
  fields: {
    lossPercent: { type: "whole", min: 1, max: 100 },
    a: { type: "node" },
    b: { type: "node" },
    forMs,
  },
  isCondition: true,
  shows:
    "some requests take 200 ms and more longer, those behind them on the connection as well; " +
    "nothing is lost for good",
  inject: ({ a, b, lossPercent }, { cluster }) =>
    cluster.holdLink(a, b, { state: "lossy", lossPercent }),
});
