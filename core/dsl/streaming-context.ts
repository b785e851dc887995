/** Where a pipeline begins. Like Spark: org.apache.spark.streaming.StreamingContext. The world the
 *  program runs in makes it, starts it and, after a crash, calls the program again and restores the
 *  checkpoint, as `StreamingContext.getOrCreate(directory, create)` does in Spark. */

import { PipelineError } from "../base/errors.ts";
import type { Duration } from "../base/time.ts";
import { inputFiles } from "../operators/input-files.ts";
import { inputQueue } from "../operators/input-queue.ts";
import { transformStream } from "../operators/transform.ts";
import { inputReceiver } from "../operators/input-receiver.ts";
import { unionStream } from "../operators/union.ts";
import type { RDDContext } from "../rdd/rdd.ts";
import type { ContextLifecycle, StreamingContextState } from "../stream/context-lifecycle.ts";
import type { StreamGraph } from "../stream/graph.ts";
import type { ReceiverStorageLevel } from "../stream/receiver-port.ts";
import type { StreamingListener } from "../stream/streaming-listener.ts";
import { DStream } from "./dstream.ts";
import { RDD } from "./rdd.ts";
import type { Receiver } from "./receiver.ts";
import { type SocketConverter, socketLines, SocketReceiver } from "./socket-receiver.ts";
import { SparkContext } from "./spark-context.ts";

export class StreamingContext {
  readonly sparkContext: SparkContext;
  /** What the engine runs. */
  readonly graph: StreamGraph;

  readonly #lifecycle: ContextLifecycle;

  constructor(graph: StreamGraph, rdds: RDDContext, lifecycle: ContextLifecycle) {
    this.graph = graph;
    this.#lifecycle = lifecycle;
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

  /** Starts the streams. A program that does not call it is started when it ends, and awaits the
   *  termination; one that does and does not await it goes on after errors, until the world ends.
   *  Throws: PipelineError for a graph that cannot be; CONTEXT_STATE once it is stopped. */
  start(): void {
    this.#lifecycle.start("program");
  }

  /** The first error of an output or of making a batch ends the run. It must be the program's last
   *  statement: it does not wait, so what stands after it would run before the first batch. */
  awaitTermination(): void {
    this.#lifecycle.awaitTermination();
  }

  /** Waits in virtual time; true when the context has stopped.
   *  Throws: the first error that was reported; PipelineError CONTEXT_STATE on the real clock. */
  awaitTerminationOrTimeout(timeout: number): boolean {
    return this.#lifecycle.awaitTerminationOrTimeout(timeout);
  }

  getState(): StreamingContextState {
    return this.#lifecycle.state;
  }

  /** Stops the streams: at once, or when all that was received is through. Called in a function of
   *  an output operation it waits for that very function: for 2 s, or gracefully for an hour, as in
   *  Spark. Throws: PipelineError CONTEXT_STATE inside a listener. */
  stop(stopSparkContext = true, stopGracefully = false): void {
    this.#lifecycle.stop({ stopSparkContext, stopGracefully });
  }

  addStreamingListener(listener: StreamingListener): void {
    this.#lifecycle.listeners.add(listener);
  }

  removeStreamingListener(listener: StreamingListener): void {
    this.#lifecycle.listeners.remove(listener);
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
    this.sparkContext.setCheckpointDir(name);
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

  /** One batch per item of the queue: an RDD, or an array, dealt over the default parallelism. With
   *  `oneAtATime` false a batch takes all there is. Items may be pushed while the streams run. A
   *  batch that finds none has `defaultRDD`: unless given, an empty one of one partition; for null
   *  one without partitions. */
  queueStream<T>(
    queue: readonly (readonly T[] | RDD<T>)[],
    oneAtATime = true,
    defaultRDD?: RDD<T> | null,
  ): DStream<T> {
    // One empty partition, the same RDD for every batch.
    const idle = defaultRDD === undefined ? this.sparkContext.makeRDD<T>([], 1) : defaultRDD;
    return new DStream(
      inputQueue<T>(this.graph, {
        length: () => queue.length,
        item: (index) => {
          const item = queue[index] ?? [];
          return item instanceof RDD ? { rdd: item.node } : item;
        },
        oneAtATime,
        idle: idle?.node ?? null,
      }),
    );
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

  /** A function of the RDDs of several streams, called on the driver for each batch.
   *  Throws: PipelineError GRAPH_INVALID for no streams, or streams of different slides. */
  transform<S extends readonly DStream<unknown>[], U>(
    streams: readonly [...S],
    f: (rdds: RDDsOf<S>, timeMs: number) => RDD<U>,
  ): DStream<U> {
    const [first, ...others] = streams.map(({ node }) => node);
    if (first === undefined) {
      throw new PipelineError(
        "GRAPH_INVALID",
        "java.util.NoSuchElementException: head of empty list; transform needs one stream or more",
      );
    }
    return new DStream(
      transformStream<U>({
        operator: "transform",
        parents: [first, ...others],
        parameters: [f],
        // One RDD for each stream, in their order.
        f: (rdds, timeMs) => f(rdds.map((rdd) => new RDD(rdd)) as RDDsOf<S>, timeMs)?.node,
      }),
    );
  }

  /** What a receiver of the person's own stores. */
  receiverStream<T>(receiver: Receiver<T>): DStream<T> {
    return new DStream(
      inputReceiver<T>(this.graph, {
        operator: "receiverStream",
        className: "PluggableInputDStream",
        parameters: [receiver.name, receiver.storageLevel],
        receiver,
      }),
    );
  }

  /** The lines that a host sends over a connection: one named in the world's `sockets`, or a real
   *  one in a live run. */
  socketTextStream(
    host: string,
    port: number,
    storageLevel: ReceiverStorageLevel = "MEMORY_AND_DISK_SER_2",
  ): DStream<string> {
    return this.#socketStream("socketTextStream", {
      host,
      port,
      converter: socketLines,
      storageLevel,
    });
  }

  /** What `converter` makes of the text that a host sends. */
  socketStream<T>(
    host: string,
    port: number,
    converter: SocketConverter<T>,
    storageLevel: ReceiverStorageLevel = "MEMORY_AND_DISK_SER_2",
  ): DStream<T> {
    return this.#socketStream("socketStream", { host, port, converter, storageLevel });
  }

  #socketStream<T>(
    operator: string,
    options: ConstructorParameters<typeof SocketReceiver<T>>[0],
  ): DStream<T> {
    const { host, port, converter, storageLevel } = options;
    return new DStream(
      inputReceiver<T>(this.graph, {
        operator,
        className: "SocketInputDStream",
        parameters: [host, port, converter, storageLevel],
        receiver: new SocketReceiver<T>(options),
      }),
    );
  }

  /** Throws: PipelineError GRAPH_INVALID for no streams, or streams of different slides. */
  union<T>(streams: readonly DStream<T>[]): DStream<T> {
    const [first, ...others] = streams;
    if (first === undefined) {
      throw new PipelineError(
        "GRAPH_INVALID",
        "java.util.NoSuchElementException: next on empty iterator; union needs one stream or more",
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

/** The RDDs of several streams, in their order. */
type RDDsOf<S extends readonly DStream<unknown>[]> = {
  readonly [I in keyof S]: S[I] extends DStream<infer T> ? RDD<T> : never;
};
