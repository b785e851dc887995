// Brokers that are registered and away: what they are given, and elections that come to be allowed
// while nobody leads.
import {
  comesBack,
  create,
  dies,
  isr,
  leaderless,
  leads,
  metadata,
  p,
  read,
  type ReplicationCase,
  seenTo,
} from "./replication-steps.ts";
import type { Step } from "./step.ts";

const other = (topic: string, more: Readonly<Record<string, unknown>>): Step =>
  ({ op: "createTopic", topic, ...more }) as Step;
const seen = (topic: string): Step => ({ op: "metadata", topic });
const allowed = { "unclean.leader.election.enable": true };

const allow: readonly Step[] = [
  { op: "alterTopic", topic: "t", config: allowed },
  { op: "awaitConfig", topic: "t", config: allowed },
];

/** Looks come after minutes. */
export const replicationFenced: readonly ReplicationCase[] = [
  [
    "brokers that are fenced are given copies, which are not in sync until they are back",
    create(),
    dies(2),
    dies(3),
    isr(1),
    other("u", { partitions: 2, replicationFactor: 3 }),
    seen("u"),
    { op: "createPartitions", topic: "u", partitions: 4 },
    seen("u"),
    other("v", { replicas: [[2, 1]] }),
    seen("v"),
    other("w", { replicas: [[2, 3]] }),
    other("w", { replicas: [[1], [2]] }),
    other("w", { replicationFactor: 4 }),
    ...comesBack(2),
    ...comesBack(3),
    ...["u-0", "u-1", "u-2", "u-3"].map((partition): Step => ({
      op: "await",
      partition,
      isr: [1, 2, 3],
    })),
    seen("u"),
    { op: "electLeader", partition: "v-0", election: "preferred" },
    { op: "await", partition: "v-0", leader: 2 },
    seen("v"),
  ],
  [
    "a topic that comes to allow unclean elections waits, unless somebody asks",
    ...leaderless,
    ...allow,
    metadata,
    { op: "electLeader", partition: p, election: "preferred" },
    metadata,
    { op: "electLeader", partition: p, election: "unclean" },
    leads(3, [3]),
    seenTo(1),
    read,
  ],
  [
    "a topic that comes to allow unclean elections elects who comes back next",
    ...leaderless,
    ...allow,
    metadata,
    ...comesBack(2),
    leads(2, [2, 3]),
    seenTo(1),
    metadata,
    read,
  ],
];

/** Looks come soon. */
export const replicationLooks: readonly ReplicationCase[] = [
  [
    "a topic that comes to allow unclean elections elects when the controller looks",
    ...leaderless,
    ...allow,
    leads(3, [3]),
    seenTo(1),
    metadata,
    read,
  ],
];
