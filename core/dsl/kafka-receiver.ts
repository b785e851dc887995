/** A receiver that reads topics as a member of no group would and commits for one: an example of a
 *  reliable receiver. It stores what it fetched as a block and commits its offsets only when the
 *  block is kept, so that every record is stored at least once; with the write-ahead log, what is
 *  committed survives the driver too, and without it that is lost.
 *  Like Spark 2's ReliableKafkaReceiver (spark-streaming-kafka-0-8, gone in Spark 3); unlike it:
 *  every receiver reads all partitions of its topics. */

import { type BrokerError, isRetriable } from "../broker/broker-error.ts";
import type { ConsumerRecord } from "../record/record.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { ReceiverStorageLevel } from "../stream/receiver-port.ts";
import { Receiver } from "./receiver.ts";

export interface KafkaReceiverOptions {
  readonly topics: readonly string[];
  /** `group.id`: whose offsets it starts from and commits. */
  readonly group: string;
  /** `auto.offset.reset`, where the group has committed nothing: `latest`. */
  readonly autoOffsetReset?: "earliest" | "latest";
  /** `max.poll.records`: 500. A fetch of a partition is a block. */
  readonly maxPollRecords?: number;
  readonly storageLevel?: ReceiverStorageLevel;
}

/** Looks again so long after a fetch that found nothing, and after a failed request. */
const LOOK_AGAIN_MS = 100;
/** `fetch.max.bytes`. */
const FETCH_BYTES_MAX = 52_428_800;

export class KafkaReceiver extends Receiver<ConsumerRecord> {
  readonly #options: KafkaReceiverOptions;

  constructor(options: KafkaReceiverOptions) {
    super(options.storageLevel ?? "MEMORY_AND_DISK_SER_2");
    this.#options = options;
  }

  onStart(): void {
    const { topics } = this.#options;
    this.broker.send<"metadata">({ kind: "metadata", topics }, (reply) => {
      const error = reply.error ?? reply.topics.find((topic) => topic.error !== null)?.error;
      if (error === null || error === undefined) {
        this.#findOffsets(
          reply.topics.flatMap(({ topic, partitions }) =>
            partitions.map(({ partition }) => ({ topic, partition })),
          ),
        );
      } else this.#failed(`metadata of ${topics.join(", ")}`, error, () => this.onStart());
    });
  }

  onStop(): void {}

  #findOffsets(partitions: readonly TopicPartition[]): void {
    const { group } = this.#options;
    const request = { kind: "fetchCommitted", group, partitions, requireStable: true } as const;
    this.broker.send<"fetchCommitted">(request, (reply) => {
      if (reply.error !== null) {
        this.#failed(`offsets of ${group}`, reply.error, () => this.#findOffsets(partitions));
        return;
      }
      for (const { topic, partition, offset } of reply.offsets) {
        if (offset === null) this.#reset({ topic, partition });
        else this.#fetch({ topic, partition }, offset);
      }
    });
  }

  #reset(of: TopicPartition): void {
    const { autoOffsetReset: at = "latest" } = this.#options;
    this.broker.send<"listOffsets">({ kind: "listOffsets", ...of, at }, (reply) => {
      if (reply.error === null) this.#fetch(of, reply.offset);
      else this.#failed(`offset of ${topicPartitionName(of)}`, reply.error, () => this.#reset(of));
    });
  }

  #fetch(of: TopicPartition, fromOffset: number): void {
    const { maxPollRecords: maxRecords = 500 } = this.#options;
    const untilOffset = Number.MAX_SAFE_INTEGER;
    const limits = { fromOffset, untilOffset, maxRecords, maxBytes: FETCH_BYTES_MAX };
    this.broker.send<"fetch">({ kind: "fetch", ...of, ...limits }, (reply) => {
      if (reply.error === "OFFSET_OUT_OF_RANGE") this.#reset(of);
      else if (reply.error !== null) {
        const again = (): void => this.#fetch(of, fromOffset);
        this.#failed(`fetch of ${topicPartitionName(of)}`, reply.error, again);
      } else if (reply.records.length === 0) {
        this.lookAgain(LOOK_AGAIN_MS, () => this.#fetch(of, reply.nextOffset));
      } else {
        this.storeAll(reply.records, () => this.#commit(of, reply.nextOffset));
      }
    });
  }

  /** Only now: what is committed is never read again. */
  #commit(of: TopicPartition, offset: number): void {
    const { group } = this.#options;
    const offsets = [{ ...of, offset }];
    this.broker.send<"commitOffsets">({ kind: "commitOffsets", group, offsets }, (reply) => {
      if (reply.error === null) this.#fetch(of, offset);
      else {
        const again = (): void => this.#commit(of, offset);
        this.#failed(`commit of ${topicPartitionName(of)}`, reply.error, again);
      }
    });
  }

  #failed(what: string, error: BrokerError, again: () => void): void {
    if (isRetriable(error)) this.schedule(LOOK_AGAIN_MS, again);
    else this.restart(`Error in ${what}`, `org.apache.kafka.common.errors: ${error}`);
  }
}
