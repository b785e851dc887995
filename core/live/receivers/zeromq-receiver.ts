/** Takes in what a ZeroMQ publisher sends, in a live run. Needs the npm package `zeromq`, which is
 *  optional. Like Apache Bahir's ZeroMQUtils.createStream. */

import type { Subscriber } from "zeromq";
import { LiveError } from "../../base/errors.ts";
import { Receiver } from "../../dsl/receiver.ts";
import type { ReceiverStorageLevel } from "../../stream/receiver-port.ts";

export interface ZeroMQReceiverOptions<T> {
  /** `tcp://localhost:5555`. */
  readonly publisherUrl: string;
  /** Messages whose first frame begins with it; all when empty, as by default. */
  readonly topic?: string;
  /** The records of one message, whose frames are given as bytes. */
  readonly framesToRecords: (frames: readonly Uint8Array[]) => Iterable<T>;
  readonly storageLevel?: ReceiverStorageLevel;
}

export class ZeroMQReceiver<T> extends Receiver<T> {
  readonly #options: ZeroMQReceiverOptions<T>;
  #socket: Subscriber | null = null;

  constructor(options: ZeroMQReceiverOptions<T>) {
    super(options.storageLevel);
    this.#options = options;
  }

  onStart(): void {
    void this.#receive();
  }

  onStop(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  /** Lives outside the runtime: all it does to the receiver is scheduled as an event of it. */
  async #receive(): Promise<void> {
    const { publisherUrl, topic = "", framesToRecords } = this.#options;
    try {
      const zeromq = await import("zeromq").catch((cause: unknown) => {
        throw missingPackage(cause);
      });
      if (!this.isStarted()) return;
      const socket = new zeromq.Subscriber();
      this.#socket = socket;
      socket.connect(publisherUrl);
      socket.subscribe(topic);
      for await (const frames of socket) {
        this.schedule(0, () => {
          for (const record of framesToRecords(frames)) this.store(record);
        });
      }
    } catch (thrown) {
      this.schedule(0, () => this.restart("Error receiving data", thrown));
    }
  }
}

function missingPackage(cause: unknown): LiveError {
  return new LiveError(
    "BAD_OPTION",
    "ZeroMQReceiver needs the npm package zeromq, which is not installed here: run " +
      "`npm install zeromq@6`",
    { cause },
  );
}
