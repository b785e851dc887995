/** The coordinators that every broker has. */

import type { Coordinator } from "./coordinator.ts";
import type { MakeCoordinators } from "./coordinators.ts";
import { failedReply } from "./failed-reply.ts";

export const makeCoordinators: MakeCoordinators = () => ({
  groups: absent,
  transactions: absent,
});

const absent: Coordinator = {
  lead: () => undefined,
  resign: () => undefined,
  handle: (_partition, request, _from, reply) => reply(failedReply(request, "UNSUPPORTED_VERSION")),
};
