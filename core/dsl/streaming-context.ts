/** Where a pipeline begins. Like Spark: org.apache.spark.streaming.StreamingContext. The world the
 *  program runs in makes it, starts it and, after a crash, calls the program again and restores the
 *  checkpoint, as `StreamingContext.getOrCreate(directory, create)` does in Spark. */

import { PipelineError } from "../base/errors.ts";
import type { Duration } from "../base/time.ts";
import { inputFiles } from "../operators/input-files.ts";
import { inputQueue, type QueueItem } from "../operators/input-queue.ts";
import { unionStream } from "../operators/union.ts";
import type { RDDContext } from "../rdd/rdd.ts";
import type { StreamGraph } from "../stream/graph.ts";
import { DStream } from "./dstream.ts";
import { RDD } from "./rdd.ts";
import { SparkContext } from "./spark-context.ts";

export class StreamingContext {
  readonly sparkContext: SparkContext;
  /** What the engine runs. */
  readonly graph: StreamGraph;

  constructor(graph: StreamGraph, rdds: RDDContext) {
    this.graph = graph;
    graph.context = this;
    this.sparkContext = new SparkContext(rdds);
  }

  /** A program that checkpoints below a directory: the world restores the newest readable
   *  checkpoint there, or starts afresh when there is none. `create` runs in both cases:
   *  JavaScript cannot restore functions, so the graph is made again and compared with the
   *  checkpoint's. */
  static getOrCreate(
    checkpointDirectory: string,
    create: (ssc: StreamingContext) => void,
  ): (ssc: StreamingContext) => void {
    return (ssc) => {
      ssc.checkpoint(checkpointDirectory);
      create(ssc);
    };
  }

  /** The batch interval of the world, in ms. */
  get batchDuration(): Duration {
    return this.graph.batchIntervalMs;
  }

  /** Writes checkpoints below a directory; needed by streams with state. */
  checkpoint(directory: string): void {
    const name = directory.replace(/\/+$/u, "");
    if (name === "") {
      throw new PipelineError(
        "GRAPH_INVALID",
        'checkpoint directory "" has no name; use one such as "checkpoints/word-count"',
      );
    }
    this.graph.checkpointDirectory = name;
  }

  /** Keeps the RDDs of the outputs at least this long.
   *  Throws: PipelineError GRAPH_INVALID the second time. */
  remember(duration: Duration): void {
    const known = this.graph.rememberMs;
    if (known !== null) {
      throw new PipelineError(
        "GRAPH_INVALID",
        `requirement failed: Remember duration already set as ${known} ms. Cannot set it again.`,
      );
    }
    this.graph.rememberMs = duration;
  }

  /** One batch per item of the queue: an array, dealt over the default parallelism, or an RDD.
   *  After the last, empty batches. */
  queueStream<T>(queue: readonly (readonly T[] | RDD<T>)[]): DStream<T> {
    const items = queue.map((item): QueueItem<T> =>
      item instanceof RDD ? { rdd: item.node } : item,
    );
    // One empty partition, the same RDD for every batch after the queue's end.
    const exhausted = this.sparkContext.makeRDD<T>([], 1).node;
    return new DStream(inputQueue(this.graph, items, exhausted));
  }

  /** The lines of the files that appear in a directory. A batch takes files whose modification time
   *  lies after the start of the stream, is not later than the batch, and not longer ago than
   *  `spark.streaming.fileStream.minRememberDuration` (60 s); each name once; none that begins with
   *  a dot. */
  textFileStream(directory: string): DStream<string> {
    return new DStream(inputFiles(this.graph, { directory, newFilesOnly: true })).map(
      (line) => line,
    );
  }

  /** Throws: PipelineError GRAPH_INVALID for no streams, or streams of different slides. */
  union<T>(streams: readonly DStream<T>[]): DStream<T> {
    const [first, ...others] = streams;
    if (first === undefined) {
      throw new PipelineError(
        "GRAPH_INVALID",
        "requirement failed: List of DStreams to union is empty",
      );
    }
    return new DStream(
      unionStream(
        first.node,
        others.map((other) => other.node),
      ),
    );
  }
}
