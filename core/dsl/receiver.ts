/** What a person writes to take in records of their own. Like Spark:
 *  org.apache.spark.streaming.receiver.Receiver. A receiver never blocks: it has no thread, and
 *  asks with `schedule` to be called again.
 *
 *      class Ticks extends Receiver<number> {
 *        onStart() { this.#tick(0); }
 *        onStop() {}
 *        #tick(n: number) {
 *          this.store(n);
 *          this.schedule(100, () => this.#tick(n + 1));
 *        }
 *      } */

import { assert } from "../base/assert.ts";
import type { RandomStream } from "../base/random.ts";
import type { Broker } from "../broker/broker.ts";
import type {
  ReceiverHost,
  ReceiverStorageLevel,
  RunnableReceiver,
  SocketConnection,
  SocketListener,
} from "../stream/receiver-port.ts";

export abstract class Receiver<T> implements RunnableReceiver {
  readonly storageLevel: ReceiverStorageLevel;
  /** What it stores; for the type of its stream. */
  declare readonly stores: T;
  #host: ReceiverHost | null = null;

  constructor(storageLevel: ReceiverStorageLevel = "MEMORY_AND_DISK_SER_2") {
    this.storageLevel = storageLevel;
  }

  /** Begins to take in records; comes again after each restart, on another executor after a loss.
   *  Returns at once. */
  abstract onStart(): void;

  /** Gives back what `onStart` took; connections are closed and scheduled actions dropped too. */
  abstract onStop(): void;

  get name(): string {
    return this.constructor.name;
  }

  attach(host: ReceiverHost): void {
    this.#host = host;
  }

  get #attached(): ReceiverHost {
    assert(this.#host !== null, "a receiver must be started before it is used", {
      receiver: this.name,
    });
    return this.#host;
  }

  /** The number of the stream among the inputs of its context. */
  get streamId(): number {
    return this.#attached.streamId;
  }

  /** One record goes into the block that is being filled, at the rate the limit allows. */
  store(record: T): void {
    this.#attached.store(record);
  }

  /** The records are a block of their own, at once and without a limit; `stored` comes when it is
   *  kept (and logged, where the write-ahead log is on): the time to acknowledge them.
   *  Like Spark: `store` of an ArrayBuffer, which returns at that time. A name of its own, since
   *  here a pair is an array too. */
  storeAll(records: readonly T[], stored: () => void = () => {}): void {
    this.#attached.storeBlock(records, stored);
  }

  /** Stops, waits (`spark.streaming.receiverRestartDelay`, 2 s) and starts again. */
  restart(message: string, error: unknown = null, delayMs: number | null = null): void {
    this.#attached.restart(message, error, delayMs);
  }

  /** Ends this run of the receiver; the driver then starts it anew, as Spark's does. */
  stop(message: string, error: unknown = null): void {
    this.#attached.stop(message, error);
  }

  reportError(message: string, error: unknown): void {
    this.#attached.reportError(message, error);
  }

  isStarted(): boolean {
    return this.#attached.isStarted();
  }

  isStopped(): boolean {
    return this.#attached.isStopped();
  }

  /** The time of the world, in ms. */
  protected now(): number {
    return this.#attached.now();
  }

  /** Runs an action later, unless the receiver has stopped by then. */
  protected schedule(delayMs: number, action: () => void): void {
    this.#attached.schedule(delayMs, action);
  }

  /** The same, for looking again whether there is something to take in: a run whose input is
   *  consumed does not wait for it. */
  protected lookAgain(delayMs: number, action: () => void): void {
    this.#attached.schedule(delayMs, action, true);
  }

  /** A random stream of the world's seed. */
  protected random(name: string): RandomStream {
    return this.#attached.random(name);
  }

  /** The world's Kafka cluster. */
  protected get broker(): Broker {
    return this.#attached.broker;
  }

  /** Connects to a host and port of the world's `sockets`, or over TCP in a live run. */
  protected connect(host: string, port: number, listener: SocketListener): SocketConnection {
    return this.#attached.connect({ host, port }, listener);
  }
}
