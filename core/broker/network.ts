/** Links between brokers, controllers and clients. Messages take their time; a cut link keeps them
 *  as TCP does, and hands them over when it is whole again; a lossy one sends them again after
 *  a retransmission time-out. So nothing is lost on a link: what is lost is lost with an end of it.
 *  Order on one link is kept, as in one connection. */

import type { Runtime } from "../sim/runtime.ts";
import type { LinkState } from "./cluster-controls.ts";

/** TCP's first retransmission time-out; it doubles. */
const RETRANSMIT_MS = 200;
const RETRANSMITS_MAX = 8;
/** `socket.connection.setup.timeout.max.ms`, and about what a request waits for its reply. */
const CONNECTION_GIVEN_UP_MS = 30_000;

/** Every client, in `setLink`. */
export const CLIENTS = "clients";
export const CONTROLLER = "controller";

interface Link {
  state: LinkState;
  /** Held up while it is cut, oldest first. */
  readonly held: { readonly latencyMs: number; readonly deliver: () => void }[];
  /** When the last message sent so far arrives. */
  lastArrivalMs: number;
}

export class Network {
  readonly #runtime: Runtime;
  /** Links that were ever touched, by their ends; all others are up. */
  readonly #links = new Map<string, Link>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Hands a message over at the other end. `from` and `to` name nodes; a client goes by its name
   *  and by `clients`. */
  send(from: string, to: string, latencyMs: number, deliver: () => void): void {
    const link = this.#links.size === 0 ? undefined : this.#linkOf(from, to);
    if (link === undefined) {
      this.#runtime.schedule(latencyMs, deliver);
      return;
    }
    if (link.state.state === "cut") link.held.push({ latencyMs, deliver });
    else this.#carry(link, latencyMs, deliver);
  }

  #carry(link: Link, latencyMs: number, deliver: () => void): void {
    const nowMs = this.#runtime.now();
    // Who has waited for so long takes a new connection, and is not behind the old one.
    if (link.lastArrivalMs > nowMs + CONNECTION_GIVEN_UP_MS) link.lastArrivalMs = nowMs;
    const arrivalMs = Math.max(nowMs + latencyMs + this.#extraMs(link), link.lastArrivalMs);
    link.lastArrivalMs = arrivalMs;
    this.#runtime.schedule(arrivalMs - nowMs, deliver);
  }

  #extraMs({ state }: Link): number {
    if (state.state === "slow") return state.latencyMs;
    if (state.state !== "lossy") return 0;
    const random = this.#runtime.random("network");
    let extraMs = 0;
    for (let sent = 0; sent < RETRANSMITS_MAX; sent += 1) {
      if (random.below(100) >= state.lossPercent) break;
      extraMs += RETRANSMIT_MS << sent;
    }
    return extraMs;
  }

  /** True when nothing gets through now. */
  isCut(a: string, b: string): boolean {
    return this.#linkOf(a, b)?.state.state === "cut";
  }

  set(a: string, b: string, state: LinkState): void {
    const name = linkName(a, b);
    const link = this.#links.get(name) ?? { state, held: [], lastArrivalMs: 0 };
    this.#links.set(name, link);
    link.state = state;
    this.#runtime.emit({
      kind: "link.changed",
      between: [a, b],
      state: state.state,
      latencyMs: state.state === "slow" ? state.latencyMs : 0,
      lossPercent: state.state === "lossy" ? state.lossPercent : 0,
    });
    if (state.state === "cut") return;
    for (const { latencyMs, deliver } of link.held.splice(0)) this.#carry(link, latencyMs, deliver);
  }

  #linkOf(a: string, b: string): Link | undefined {
    return (
      this.#links.get(linkName(a, b)) ??
      (isServer(a) ? undefined : this.#links.get(linkName(CLIENTS, b))) ??
      (isServer(b) ? undefined : this.#links.get(linkName(a, CLIENTS)))
    );
  }
}

function isServer(node: string): boolean {
  return node === CONTROLLER || /^\d+$/u.test(node);
}

function linkName(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}
