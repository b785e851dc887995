/** Takes in what a host sends over a connection. Like Spark: SocketReceiver
 *  (S/dstream/SocketInputDStream.scala), with its messages. */

import type { ReceiverStorageLevel, SocketConnection } from "../stream/receiver-port.ts";
import { Receiver } from "./receiver.ts";

/** Makes, for a connection, what turns its text into records: called with each piece of text as it
 *  comes, and with null at the end. */
export type SocketConverter<T> = () => (text: string | null) => Iterable<T>;

/** Lines of text; the last one may lack its end. Like Spark: SocketReceiver.bytesToLines. */
export const socketLines: SocketConverter<string> = () => {
  let rest = "";
  return (text) => {
    const lines = `${rest}${text ?? ""}`.split(/\r\n|\n/u);
    const open = lines.pop() ?? "";
    rest = text === null ? "" : open;
    return text === null && open !== "" ? [...lines, open] : lines;
  };
};

export class SocketReceiver<T> extends Receiver<T> {
  readonly #host: string;
  readonly #port: number;
  readonly #converter: SocketConverter<T>;
  #connection: SocketConnection | null = null;

  constructor(options: {
    readonly host: string;
    readonly port: number;
    readonly converter: SocketConverter<T>;
    readonly storageLevel: ReceiverStorageLevel;
  }) {
    super(options.storageLevel);
    this.#host = options.host;
    this.#port = options.port;
    this.#converter = options.converter;
  }

  onStart(): void {
    const convert = this.#converter();
    const storeAll = (text: string | null): void => {
      for (const record of convert(text)) this.store(record);
    };
    this.#connection = this.connect(this.#host, this.#port, {
      connected: () => {},
      received: storeAll,
      closed: (error) => {
        if (error !== null) {
          this.restart("Error receiving data", error);
          return;
        }
        storeAll(null);
        this.restart("Socket data stream had no more data");
      },
      refused: (error) => this.restart(`Error connecting to ${this.#host}:${this.#port}`, error),
    });
  }

  onStop(): void {
    this.#connection?.close();
    this.#connection = null;
  }
}
