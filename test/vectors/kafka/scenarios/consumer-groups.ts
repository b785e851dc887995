// Consumer groups: the protocol request by request, static members, and Kafka's own consumers.
import { groupConsumers } from "./group-consumers.ts";
import { groupProtocol } from "./group-protocol.ts";
import { groupStatic } from "./group-static.ts";
import type { StepsScenario } from "./scenario.ts";

export const consumerGroups: readonly StepsScenario[] = [
  ...groupProtocol,
  ...groupStatic,
  ...groupConsumers,
].map(([title, ...steps]) => ({
  name: `groups/${title}`,
  kind: "steps",
  cluster: { brokers: 1, settings: { "group.max.size": 3 } },
  steps,
}));
