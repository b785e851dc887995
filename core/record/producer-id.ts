/** How producers are known to brokers. */

/** Who writes, as the coordinator named it. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** How a broker knows a batch that comes twice, or out of order. */
export interface ProducerBatchId extends ProducerIdentity {
  /** Of the first record, counted per producer and partition. */
  readonly baseSequence: number;
  /** Null outside a transaction. */
  readonly transactionalId: string | null;
}
