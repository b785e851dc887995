/** The coordinators that every broker has. */

import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from "./coordinator.ts";
import { type MakeCoordinators, partitionOf } from "./coordinators.ts";
import { GroupCoordinator } from "./group-coordinator.ts";
import { TransactionCoordinator } from "./transaction-coordinator.ts";

export const makeCoordinators: MakeCoordinators = (host, nextProducerIdBlock) => ({
  groups: new GroupCoordinator(host(OFFSETS_TOPIC)),
  transactions: new TransactionCoordinator(host(TRANSACTIONS_TOPIC), {
    partitionOfGroup: partitionOf,
    nextProducerIdBlock,
  }),
});
