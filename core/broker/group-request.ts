/** The part of the port that is about consumer groups: Kafka's classic group protocol. All of it
 *  goes to the broker that leads the group's partition of `__consumer_offsets`, its coordinator. */

import type { TopicPartition } from "../record/topic-partition.ts";
import type { BrokerError } from "./broker-error.ts";

export type PartitionOffset = TopicPartition & { readonly offset: number };

/** What a member tells the assignor of its group's leader. Like Kafka:
 *  ConsumerProtocolSubscription. */
export interface MemberSubscription {
  readonly topics: readonly string[];
  /** What it holds as it joins; empty for one that gave everything up. */
  readonly ownedPartitions: readonly TopicPartition[];
  /** In which it is a member; -1 for none. */
  readonly generation: number;
  /** User data of the sticky assignors: what it was given last, though it may have given it up. */
  readonly lastAssignment: {
    readonly partitions: readonly TopicPartition[];
    readonly generation: number;
  } | null;
}

/** Who a commit comes from; `generation` -1 and an empty `member` for one outside the protocol. */
export interface CommitMember {
  readonly member: string;
  readonly generation: number;
  /** `group.instance.id`. */
  readonly instance: string | null;
}

export interface GroupMemberView {
  readonly member: string;
  readonly instance: string | null;
  readonly clientId: string;
  readonly subscription: MemberSubscription;
}

export type GroupRequest =
  | {
      readonly kind: "joinGroup";
      readonly group: string;
      /** Empty the first time: the coordinator gives one with MEMBER_ID_REQUIRED. */
      readonly member: string;
      readonly instance: string | null;
      readonly clientId: string;
      /** `session.timeout.ms`. */
      readonly sessionTimeoutMs: number;
      /** `max.poll.interval.ms`: how long the others wait for it. */
      readonly rebalanceTimeoutMs: number;
      /** Names of assignors, the one it likes best first: `range`, `roundrobin`, `sticky`,
       *  `cooperative-sticky`. */
      readonly protocols: readonly string[];
      readonly subscription: MemberSubscription;
    }
  | {
      readonly kind: "syncGroup";
      readonly group: string;
      readonly member: string;
      readonly instance: string | null;
      readonly generation: number;
      /** From the group's leader: the partitions of each member; empty from the others. */
      readonly assignments: readonly GroupAssignment[];
    }
  | {
      readonly kind: "heartbeat";
      readonly group: string;
      readonly member: string;
      readonly instance: string | null;
      readonly generation: number;
    }
  | {
      readonly kind: "leaveGroup";
      readonly group: string;
      /** Empty for whoever is the static member of the instance. */
      readonly member: string;
      readonly instance: string | null;
    };

export interface GroupAssignment {
  readonly member: string;
  readonly partitions: readonly TopicPartition[];
}

export type GroupReply =
  | {
      readonly kind: "joinGroup";
      readonly error: BrokerError | null;
      /** Its id from now on, also with MEMBER_ID_REQUIRED; empty on other errors. */
      readonly member: string;
      /** -1 on error. */
      readonly generation: number;
      /** The assignor all agree on; empty on error. */
      readonly protocol: string;
      readonly leader: string;
      /** It leads, and the assignment stays as it is: a static member that came back. */
      readonly skipsAssignment: boolean;
      /** For the leader: all members, in the order of their ids; empty for the others. */
      readonly members: readonly GroupMemberView[];
    }
  | {
      readonly kind: "syncGroup";
      readonly error: BrokerError | null;
      readonly partitions: readonly TopicPartition[];
    }
  | { readonly kind: "heartbeat"; readonly error: BrokerError | null }
  | { readonly kind: "leaveGroup"; readonly error: BrokerError | null };
