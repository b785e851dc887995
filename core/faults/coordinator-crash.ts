/** The broker that coordinates a group or a transactional id crashes. */

import { defineFault, forMs } from "./fault.ts";

export const coordinatorCrash = defineFault({
  kind: "crashCoordinator",
  target: "broker",
  phrase: "crash coordinator of {of} {name}",
  fields: {
    of: { type: "choice", choices: ["group", "transaction"] },
    name: { type: "name" },
    forMs,
  },
  shows:
    "its clients are told NOT_COORDINATOR and find the next one, which has read everything back " +
    "from its log: generation, offsets and decisions of transactions stay",
  inject: ({ of, name }, { cluster, findCoordinator }) => {
    let release: (() => void) | null = null;
    let isOver = false;
    findCoordinator(of, name, (broker) => {
      if (!isOver) release = cluster.crashBroker(broker, "nothing");
    });
    return () => {
      isOver = true;
      release?.();
    };
  },
});
