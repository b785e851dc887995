/** The stream that `KafkaUtils.createDirectStream` gives. Like Spark: CanCommitOffsets, which its
 *  DirectKafkaInputDStream is. */

import type { OffsetRange } from "../record/offset-range.ts";
import type { CommitQueue, OffsetCommitCallback } from "../stream/commit-queue.ts";
import type { StreamNode } from "../stream/node.ts";
import { DStream } from "./dstream.ts";

export class DirectKafkaInputDStream<T> extends DStream<T> {
  readonly #commits: CommitQueue;

  constructor(node: StreamNode<T>, commits: CommitQueue) {
    super(node);
    this.#commits = commits;
  }

  /** Commits the ends of the ranges for the stream's group: not now, but when the next batch is
   *  planned. A driver that ends before has committed nothing. The callback given last is called
   *  when the batch after that one is planned. */
  commitAsync(offsetRanges: readonly OffsetRange[], callback?: OffsetCommitCallback): void {
    this.#commits.add(offsetRanges, callback ?? null);
  }
}
