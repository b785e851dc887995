/** Sockets over TCP: what comes in is delivered to the runtime as its next event. */

import { connect, type Socket } from "node:net";
import type {
  SocketAddress,
  SocketConnection,
  SocketListener,
  Sockets,
} from "../stream/receiver-port.ts";

export class LiveSockets implements Sockets {
  readonly #deliver: (action: () => void) => void;
  readonly #open = new Set<Socket>();

  /** `deliver` makes an action the runtime's next event. */
  constructor(deliver: (action: () => void) => void) {
    this.#deliver = deliver;
  }

  connect(address: SocketAddress, listener: SocketListener): SocketConnection {
    const socket = connect({ host: address.host, port: address.port });
    let isConnected = false;
    let isOver = false;
    const end = (tell: () => void): void => {
      if (isOver) return;
      isOver = true;
      this.#open.delete(socket);
      this.#deliver(tell);
    };
    this.#open.add(socket);
    socket.setEncoding("utf8");
    socket.on("connect", () => {
      isConnected = true;
      this.#deliver(() => listener.connected());
    });
    socket.on("data", (text) => this.#deliver(() => listener.received(String(text))));
    socket.on("end", () => end(() => listener.closed(null)));
    socket.on("error", (error) => {
      const text = `${error.name}: ${error.message}`;
      end(() => (isConnected ? listener.closed(text) : listener.refused(text)));
    });
    return {
      close: () => {
        isOver = true;
        this.#open.delete(socket);
        socket.destroy();
      },
    };
  }

  /** Leaves nothing behind that would keep the process. */
  close(): void {
    for (const socket of this.#open) socket.destroy();
    this.#open.clear();
  }
}
