/** Runs one receiver on one executor: starts it, keeps what it stores, starts it again when it
 *  asks, and ends with it. What is not stored yet dies with the executor.
 *  Like Spark: ReceiverSupervisorImpl (S/receiver/ReceiverSupervisorImpl.scala). */

import { describeThrown } from "../base/errors.ts";
import type { RandomStream } from "../base/random.ts";
import type { Broker, BrokerReply } from "../broker/broker.ts";
import type { Runtime } from "../sim/runtime.ts";
import { BlockGenerator, streamBlockName } from "./receiver-block-generator.ts";
import type {
  ReceiverHost,
  RunnableReceiver,
  SocketAddress,
  SocketConnection,
  SocketListener,
  Sockets,
} from "./receiver-port.ts";
import { ReceiverRateLimiter } from "./receiver-rate-limiter.ts";
import type { ReceiverSettings } from "./receiver-settings.ts";

export interface SupervisorOptions {
  readonly streamId: number;
  readonly executor: number;
  readonly receiver: RunnableReceiver;
  readonly settings: ReceiverSettings;
  /** Of back pressure; null where it is off. */
  readonly initialRate: number | null;
  readonly runtime: Runtime;
  readonly broker: Broker;
  readonly sockets: Sockets;
  /** Keeps a block and tells the tracker; `error` where it could not. */
  readonly keep: (
    block: string,
    records: readonly unknown[],
    done: (error: string | null) => void,
  ) => void;
  readonly started: () => void;
  readonly stopped: (message: string, error: string | null) => void;
  readonly reported: (message: string, error: string | null) => void;
  /** The receiver has ended for good, and all it stored is kept. */
  readonly ended: (error: Error | null) => void;
}

export class ReceiverSupervisor implements ReceiverHost {
  readonly streamId: number;
  readonly broker: Broker;
  readonly #options: SupervisorOptions;
  readonly #limiter: ReceiverRateLimiter;
  readonly #generator: BlockGenerator;
  readonly #connections = new Set<SocketConnection>();
  #state: "initialized" | "started" | "stopped" = "initialized";
  #isAlive = true;
  #isEnding = false;
  /** Counts starts: what an earlier one scheduled no longer comes. */
  #life = 0;
  #scheduled = 0;
  #restarts = 0;
  #restartsInVain = 0;
  #keeping = 0;
  #nextBlock: number;

  constructor(options: SupervisorOptions) {
    const { streamId, runtime, settings, initialRate, broker } = options;
    this.#options = options;
    this.streamId = streamId;
    this.broker = this.#guard(broker);
    this.#nextBlock = runtime.now();
    const { maxRate } = settings;
    this.#limiter = new ReceiverRateLimiter({
      maxRate,
      initialRate: initialRate ?? maxRate ?? UNLIMITED_RATE,
      nowUs: runtime.now() * 1000,
    });
    this.#generator = new BlockGenerator({
      streamId,
      blockIntervalMs: settings.blockIntervalMs,
      queueSize: settings.blockQueueSize,
      limiter: this.#limiter,
      now: () => runtime.now(),
      schedule: (delayMs, action) => this.#whileAlive(delayMs, action),
      push: (block, records, done) => this.#keep(block, records, done),
    });
  }

  get executor(): number {
    return this.#options.executor;
  }

  /** Records a second; null without a limit. */
  get rateLimit(): number | null {
    const { rate } = this.#limiter;
    return rate === UNLIMITED_RATE ? null : rate;
  }

  updateRate(rate: number): void {
    this.#limiter.updateRate(rate, this.now() * 1000);
  }

  /** Something it has taken in is not stored, or it may take in more by itself. A receiver that
   *  only tries to connect again and again does neither. */
  get isBusy(): boolean {
    const triesAgain = this.#restarts > 0 && this.#restartsInVain < RESTARTS_IN_VAIN_MAX;
    return !this.#generator.isEmpty || this.#scheduled > 0 || this.#keeping > 0 || triesAgain;
  }

  start(): void {
    this.#startReceiver();
  }

  #startReceiver(): void {
    const { receiver, started } = this.#options;
    this.#life += 1;
    this.#scheduled = 0;
    this.#state = "started";
    started();
    try {
      receiver.attach(this);
      receiver.onStart();
    } catch (thrown) {
      this.stop(`Error starting receiver ${this.streamId}`, thrown);
    }
  }

  #stopReceiver(message: string, error: string | null): void {
    if (this.#state !== "started") return;
    const { receiver, stopped, reported } = this.#options;
    this.#state = "stopped";
    this.#scheduled = 0;
    try {
      receiver.onStop();
    } catch (thrown) {
      reported(`Error stopping receiver ${this.streamId}`, describeThrown(thrown));
    }
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
    stopped(message, error);
  }

  isStarted(): boolean {
    return this.#state === "started";
  }

  isStopped(): boolean {
    return this.#state === "stopped";
  }

  store(record: unknown): void {
    this.#restartsInVain = 0;
    this.#generator.add(record);
  }

  storeBlock(records: readonly unknown[], stored: () => void): void {
    this.#restartsInVain = 0;
    const block = streamBlockName(this.streamId, this.#nextBlock);
    this.#nextBlock += 1;
    const life = this.#life;
    this.#keep(block, records, () => {
      if (life === this.#life && this.isStarted()) this.#call(stored);
    });
  }

  #keep(block: string, records: readonly unknown[], done: () => void): void {
    this.#keeping += 1;
    this.#options.keep(block, records, (error) => {
      this.#keeping -= 1;
      if (!this.#isAlive) return;
      if (error === null) done();
      else this.reportError(`Error in block pushing thread`, error);
    });
  }

  restart(message: string, error: unknown, delayMs: number | null): void {
    const delay = delayMs ?? this.#options.settings.restartDelayMs;
    // In a turn of its own, as in Spark: what called goes on to its end first.
    this.#whileAlive(0, () => {
      if (this.#isEnding) return;
      this.#stopReceiver(`Restarting receiver with delay ${delay}ms: ${message}`, textOf(error));
      this.#restarts += 1;
      this.#restartsInVain += 1;
      this.#whileAlive(delay, () => {
        this.#restarts -= 1;
        if (!this.#isEnding && this.isStopped()) this.#startReceiver();
      });
    });
  }

  stop(message: string, error: unknown): void {
    if (this.#isEnding || !this.#isAlive) return;
    this.#isEnding = true;
    this.#stopReceiver(message, textOf(error));
    this.#generator.stop(() => {
      this.#options.ended(error === null || error === undefined ? null : asError(error));
    });
  }

  /** The executor is lost: nothing more is heard of it, and the rest of its block is gone. */
  kill(): void {
    this.#isAlive = false;
    this.#isEnding = true;
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
  }

  reportError(message: string, error: unknown): void {
    if (this.#isAlive) this.#options.reported(message, textOf(error));
  }

  now(): number {
    return this.#options.runtime.now();
  }

  schedule(delayMs: number, action: () => void, onlyLooks = false): void {
    if (!this.isStarted()) return;
    const counts = onlyLooks ? 0 : 1;
    this.#scheduled += counts;
    const life = this.#life;
    this.#whileAlive(delayMs, () => {
      if (life !== this.#life || !this.isStarted()) return;
      this.#scheduled -= counts;
      this.#call(action);
    });
  }

  random(name: string): RandomStream {
    return this.#options.runtime.random(`receiver ${this.streamId} ${name}`);
  }

  connect(address: SocketAddress, listener: SocketListener): SocketConnection {
    const life = this.#life;
    const heard =
      <A extends readonly unknown[]>(hear: (...of: A) => void) =>
      (...of: A): void => {
        if (this.#isAlive && life === this.#life && this.isStarted()) {
          this.#call(() => hear(...of));
        }
      };
    const connection = this.#options.sockets.connect(address, {
      connected: heard(listener.connected),
      received: heard(listener.received),
      closed: heard(listener.closed),
      refused: heard(listener.refused),
    });
    this.#connections.add(connection);
    return {
      close: () => {
        this.#connections.delete(connection);
        connection.close();
      },
    };
  }

  /** A function of the receiver's that throws has it started again, as its thread's end would. */
  #call(action: () => void): void {
    try {
      action();
    } catch (thrown) {
      this.restart("Error receiving data", thrown, null);
    }
  }

  #whileAlive(delayMs: number, action: () => void): void {
    this.#options.runtime.schedule(delayMs, () => {
      if (this.#isAlive) action();
    });
  }

  #guard(broker: Broker): Broker {
    return {
      send: (request, reply) => {
        const life = this.#life;
        this.#scheduled += 1;
        broker.send(request, (answer: Extract<BrokerReply, { kind: typeof request.kind }>) => {
          if (!this.#isAlive || life !== this.#life || !this.isStarted()) return;
          this.#scheduled -= 1;
          this.#call(() => reply(answer));
        });
      },
    };
  }
}

/** Spark's default of `spark.streaming.receiver.maxRate`, as far as numbers are exact. */
const UNLIMITED_RATE = Number.MAX_SAFE_INTEGER;
/** So many restarts without a record are taken for a wait that nothing will end. */
const RESTARTS_IN_VAIN_MAX = 10;

function textOf(error: unknown): string | null {
  if (error === null || error === undefined) return null;
  return typeof error === "string" ? error : describeThrown(error);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
