/** The broker as a live run sees it: what it did becomes facts of the trace, and for topics the run
 *  writes itself, "earliest" is where the run began, so that only its own records count. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type {
  Broker,
  BrokerRequest,
  BrokerReply,
  ReplyOf,
  RequestKind,
  RequestOf,
} from "../broker/broker.ts";
import { recordSizeBytes } from "../record/record.ts";
import type { Runtime } from "../sim/runtime.ts";

export class ObservedBroker implements Broker {
  readonly #runtime: Runtime;
  readonly #broker: Broker;
  /** Offsets, by partition name. */
  readonly #starts = new Map<string, number>();
  readonly #ends = new Map<string, number>();

  constructor(runtime: Runtime, broker: Broker) {
    this.#runtime = runtime;
    this.#broker = broker;
  }

  /** From now on the log of a partition begins here, for whoever asks for the earliest offset. */
  setStart(topic: string, partition: number, offset: number): void {
    this.#starts.set(topicPartitionName({ topic, partition }), offset);
  }

  /** The log is known to reach this far. */
  setEnd(topic: string, partition: number, offset: number): void {
    const name = topicPartitionName({ topic, partition });
    this.#ends.set(name, Math.max(offset, this.#ends.get(name) ?? 0));
  }

  /** Whether all that is known to be in the log lies before these positions. */
  isConsumed(positions: readonly { topic: string; partition: number; offset: number }[]): boolean {
    return positions.every((at) => at.offset >= (this.#ends.get(topicPartitionName(at)) ?? 0));
  }

  send<K extends RequestKind>(request: RequestOf<K>, reply: (reply: ReplyOf<K>) => void): void {
    this.#broker.send<K>(request, (answer) => {
      this.#observe(request, answer);
      reply(this.#fromStart(request, answer));
    });
  }

  #fromStart<R extends BrokerReply>(request: BrokerRequest, reply: R): R {
    if (request.kind !== "listOffsets" || request.at !== "earliest") return reply;
    if (reply.kind !== "listOffsets" || reply.error !== null) return reply;
    const start = this.#starts.get(topicPartitionName(request)) ?? 0;
    return { ...reply, offset: Math.max(reply.offset, start) };
  }

  #observe(request: BrokerRequest, reply: BrokerReply): void {
    if (reply.error !== null) return;
    if (request.kind === "commitOffsets") {
      const { group, offsets } = request;
      this.#runtime.emit({ kind: "offsets.committed", group, offsets });
      return;
    }
    if (request.kind !== "produce" || reply.kind !== "produce") return;
    const { topic, partition, records } = request;
    const logEndOffset = reply.baseOffset + records.length;
    this.setEnd(topic, partition, logEndOffset);
    this.#runtime.emit({
      kind: "records.appended",
      topic,
      partition,
      baseOffset: reply.baseOffset,
      count: records.length,
      sizeBytes: records.reduce((sum, record) => sum + recordSizeBytes(record), 0),
      logEndOffset,
      // acks=all: what is acknowledged is below the high watermark.
      highWatermark: logEndOffset,
      leaderEpoch: -1,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
    });
  }
}
