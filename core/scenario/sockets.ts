/** Hosts of the simulated world that send lines to whoever connects, as `nc -lk` sends what is
 *  typed into it: what nobody is there to read waits for the next connection. Nothing is sent
 *  twice. */

import { ScenarioError } from "../base/errors.ts";
import type { RandomStream } from "../base/random.ts";
import type { Runtime } from "../sim/runtime.ts";
import type {
  SocketAddress,
  SocketConnection,
  SocketListener,
  Sockets,
} from "../stream/receiver-port.ts";

/** A line sent at a time, or the end of the connection. */
export type SocketLine =
  | { readonly atMs: number; readonly line: string }
  | { readonly atMs: number; readonly closes: true };

/** What a host and port of the world sends. */
export interface SocketSpec {
  /** In the order of their times; drawn lazily, may be endless. */
  readonly lines: (random: RandomStream) => Iterable<SocketLine>;
  /** Connections are refused before; 0. */
  readonly listensFromMs?: number;
}

/** Lines at an even rate: line i is sent at `floor(i * 1000 / ratePerSecond)` ms.
 *  Throws: ScenarioError BAD_WORLD for a rate that is not above 0. */
export function linesSocket(options: {
  readonly lines: Iterable<string>;
  readonly ratePerSecond: number;
}): SocketSpec {
  const { lines, ratePerSecond } = options;
  if (!(ratePerSecond > 0 && Number.isFinite(ratePerSecond))) {
    throw new ScenarioError(
      "BAD_WORLD",
      `ratePerSecond of a socket must be above 0, not ${ratePerSecond}`,
    );
  }
  return {
    lines: function* () {
      let index = 0;
      for (const line of lines) {
        yield { atMs: Math.floor((index * 1000) / ratePerSecond), line };
        index += 1;
      }
    },
  };
}

export class SimulatedSockets implements Sockets {
  readonly #runtime: Runtime;
  readonly #hosts = new Map<string, SocketHost>();
  readonly #requestMs: number;

  /** Throws: ScenarioError BAD_WORLD for a name that is no `host:port`. */
  constructor(options: {
    readonly runtime: Runtime;
    /** By `host:port`. */
    readonly sockets: Readonly<Record<string, SocketSpec>>;
    /** The time a connection takes. */
    readonly requestMs: number;
  }) {
    this.#runtime = options.runtime;
    this.#requestMs = options.requestMs;
    for (const [name, spec] of Object.entries(options.sockets)) {
      if (!/^[^:]+:\d+$/u.test(name)) {
        throw new ScenarioError(
          "BAD_WORLD",
          `socket "${name}" of the world has no port; name it as "localhost:9999"`,
        );
      }
      this.#hosts.set(name, new SocketHost(options.runtime, name, spec));
    }
  }

  /** Lines are still to be sent, or will be once somebody connects. */
  get hasMore(): boolean {
    return [...this.#hosts.values()].some((host) => host.hasMore);
  }

  connect({ host, port }: SocketAddress, listener: SocketListener): SocketConnection {
    let isClosed = false;
    const at = this.#hosts.get(`${host}:${port}`);
    this.#runtime.schedule(this.#requestMs, () => {
      if (isClosed) return;
      if (at === undefined || !at.listens) {
        listener.refused("java.net.ConnectException: Connection refused (Connection refused)");
        return;
      }
      listener.connected();
      at.accept(listener);
    });
    return {
      close: () => {
        isClosed = true;
        at?.leave(listener);
      },
    };
  }
}

/** Each line goes to the connection that is open; a later one takes its place. */
class SocketHost {
  readonly #runtime: Runtime;
  readonly #lines: Iterator<SocketLine>;
  readonly #listensFromMs: number;
  #next: SocketLine | null = null;
  #listener: SocketListener | null = null;
  /** Counts connections: what was scheduled for one does not reach the next. */
  #connection = 0;

  constructor(runtime: Runtime, name: string, spec: SocketSpec) {
    this.#runtime = runtime;
    this.#lines = spec.lines(runtime.random(`socket ${name}`))[Symbol.iterator]();
    this.#listensFromMs = spec.listensFromMs ?? 0;
    this.#draw();
  }

  #draw(): void {
    const drawn = this.#lines.next();
    this.#next = drawn.done === true ? null : drawn.value;
  }

  get listens(): boolean {
    return this.#runtime.now() >= this.#listensFromMs;
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  accept(listener: SocketListener): void {
    this.#listener = listener;
    this.#connection += 1;
    this.#sendNext(this.#connection);
  }

  leave(listener: SocketListener): void {
    if (this.#listener !== listener) return;
    this.#listener = null;
    this.#connection += 1;
  }

  #sendNext(connection: number): void {
    const next = this.#next;
    if (next === null) return;
    this.#runtime.schedule(Math.max(0, next.atMs - this.#runtime.now()), () => {
      const listener = this.#listener;
      if (connection !== this.#connection || listener === null) return;
      this.#draw();
      if ("closes" in next) {
        this.leave(listener);
        listener.closed(null);
        return;
      }
      listener.received(`${next.line}\n`);
      this.#sendNext(connection);
    });
  }
}
