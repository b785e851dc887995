// Vectors in which ours does not do what Kafka does, and how. Each must go on to differ, or else
// leave this list.

export const differences: ReadonlyMap<string, string> = new Map([
  [
    "transactions/a batch of no transaction that is known",
    "INVALID_TXN_STATE, as older producers are told, not TRANSACTION_ABORTABLE",
  ],
  [
    "transactions/a batch of another partition than those added",
    "INVALID_TXN_STATE, as older producers are told, not TRANSACTION_ABORTABLE",
  ],
  [
    "transactions/offsets that no transaction was told of",
    "offsets are taken before the transaction was told of the group",
  ],
  ["topics/partitions and copies that cannot be", "-1 partitions are not the broker's default"],
  ["topics/settings that cannot be", "settings of topics are not checked"],
]);
