/** The part of the port that is about producer ids and transactions. Requests that name a
 *  transactional id go to the broker that leads its partition of `__transaction_state`, its
 *  coordinator. */

import type { ProducerIdentity } from "../record/producer-id.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { BrokerError } from "./broker-error.ts";
import type { CommitMember, PartitionOffset } from "./group-request.ts";

export type { ProducerIdentity } from "../record/producer-id.ts";

type InTransaction = ProducerIdentity & { readonly transactionalId: string };

export type TransactionRequest =
  | {
      readonly kind: "initProducerId";
      /** Null for an idempotent producer without transactions. */
      readonly transactionalId: string | null;
      /** `transaction.timeout.ms`. */
      readonly transactionTimeoutMs: number;
      /** What it has, to have its epoch raised (KIP-360); -1 for none. */
      readonly producerId: number;
      readonly producerEpoch: number;
    }
  | ({
      readonly kind: "addPartitionsToTxn";
      readonly partitions: readonly TopicPartition[];
      /** From the leader of a partition, to learn whether they are in it: nothing is added. */
      readonly verifyOnly?: boolean;
    } & InTransaction)
  | ({ readonly kind: "addOffsetsToTxn"; readonly group: string } & InTransaction)
  /** Goes to the group's coordinator: offsets that count once the transaction commits. */
  | ({
      readonly kind: "txnOffsetCommit";
      readonly group: string;
      readonly from: CommitMember;
      readonly offsets: readonly PartitionOffset[];
    } & InTransaction)
  | ({ readonly kind: "endTxn"; readonly commits: boolean } & InTransaction);

export type TransactionReply =
  | {
      readonly kind: "initProducerId";
      readonly error: BrokerError | null;
      /** -1 on error. */
      readonly producerId: number;
      readonly producerEpoch: number;
    }
  | { readonly kind: "addPartitionsToTxn"; readonly error: BrokerError | null }
  | { readonly kind: "addOffsetsToTxn"; readonly error: BrokerError | null }
  | { readonly kind: "txnOffsetCommit"; readonly error: BrokerError | null }
  | { readonly kind: "endTxn"; readonly error: BrokerError | null };
