/** The coordinators that every broker has. */

import { type Coordinator, OFFSETS_TOPIC } from "./coordinator.ts";
import type { MakeCoordinators } from "./coordinators.ts";
import { failedReply } from "./failed-reply.ts";
import { GroupCoordinator } from "./group-coordinator.ts";

export const makeCoordinators: MakeCoordinators = (host) => ({
  groups: new GroupCoordinator(host(OFFSETS_TOPIC)),
  transactions: absent,
});

const absent: Coordinator = {
  lead: () => undefined,
  resign: () => undefined,
  handle: (_partition, request, _from, reply) => reply(failedReply(request, "UNSUPPORTED_VERSION")),
};
