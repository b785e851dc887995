/** The border between a receiver, which is a program of a person's, and the engine that runs it: a
 *  long task on an executor. Nothing blocks: a receiver is called, and asks to be called again.
 *
 *      world ──▶ connection ──▶ receiver ──store──▶ supervisor ──▶ blocks on executors
 *
 *  Like Spark: Receiver and ReceiverSupervisor (S/receiver). */

import type { RandomStream } from "../base/random.ts";
import type { Broker } from "../broker/broker.ts";
import type { StorageLevel } from "../rdd/storage-level.ts";

/** Levels that end in `_2` keep a second copy on another executor, where there is one. */
export type ReceiverStorageLevel = Exclude<StorageLevel, "NONE">;

/** What the engine asks of a receiver. */
export interface RunnableReceiver {
  readonly storageLevel: ReceiverStorageLevel;
  /** Its class, for the trace: `SocketReceiver`. */
  readonly name: string;
  /** Comes before each `onStart`. */
  attach(host: ReceiverHost): void;
  onStart(): void;
  onStop(): void;
}

/** What a receiver may ask of the executor it runs on. */
export interface ReceiverHost {
  readonly streamId: number;
  isStarted(): boolean;
  isStopped(): boolean;
  /** One record, for the block that is being filled. Throws: PipelineError CONTEXT_STATE. */
  store(record: unknown): void;
  /** A block of its own; `stored` comes when it is kept, and in the log where there is one. */
  storeBlock(records: readonly unknown[], stored: () => void): void;
  restart(message: string, error: unknown, delayMs: number | null): void;
  stop(message: string, error: unknown): void;
  reportError(message: string, error: unknown): void;
  now(): number;
  /** The action does not come once the receiver has stopped or its executor is lost. A run does not
   *  wait for one that only looks again whether there is something. */
  schedule(delayMs: number, action: () => void, onlyLooks?: boolean): void;
  random(name: string): RandomStream;
  /** The Kafka cluster of the world; replies come while the receiver lives. */
  readonly broker: Broker;
  connect(address: SocketAddress, listener: SocketListener): SocketConnection;
}

export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

/** What a connection tells, each call an event of the runtime. */
export interface SocketListener {
  readonly connected: () => void;
  readonly received: (text: string) => void;
  /** The other side closed it: null; or what went wrong. */
  readonly closed: (error: string | null) => void;
  /** Nobody listens there. */
  readonly refused: (error: string) => void;
}

export interface SocketConnection {
  close(): void;
}

/** The port to sockets: named hosts of the simulated world, or TCP at the live edge. */
export interface Sockets {
  connect(address: SocketAddress, listener: SocketListener): SocketConnection;
}
