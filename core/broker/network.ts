/** Links between brokers, controllers and clients. Messages take their time; a cut link keeps them
 *  as TCP does, and hands them over when it is whole again; a lossy one sends them again after
 *  a retransmission time-out. So nothing is lost on a link: what is lost is lost with an end of it.
 *  Order in one direction of a link is kept, as in one connection that is not given up.
 *
 *  What is wrong with a link is the sum of all holds on it, by the names of its ends or by
 *  `clients`: it is whole again when the last is released. */

import type { Runtime } from "../sim/runtime.ts";
import type { LinkState } from "./cluster-controls.ts";

/** TCP's first retransmission time-out; it doubles. */
const RETRANSMIT_MS = 200;
const RETRANSMITS_MAX = 8;
/** `socket.connection.setup.timeout.max.ms`, and about what a request waits for its reply. */
const CONNECTION_GIVEN_UP_MS = 30_000;

/** Every client, in `hold`. */
export const CLIENTS = "clients";
export const CONTROLLER = "controller";

/** What all holds on a link come to. */
interface Effect {
  readonly state: "up" | LinkState["state"];
  readonly latencyMs: number;
  readonly lossPercent: number;
}

const UP: Effect = { state: "up", latencyMs: 0, lossPercent: 0 };
const CUT: Effect = { state: "cut", latencyMs: 0, lossPercent: 0 };

/** A pair of names, and the holds on it. */
interface Held {
  readonly between: readonly [string, string];
  readonly states: LinkState[];
  /** What was last told of it. */
  told: Effect;
}

/** One direction of a link that was not up when something was sent. */
interface Lane {
  readonly from: string;
  readonly to: string;
  /** Kept while the link is cut, oldest first. */
  readonly kept: { readonly latencyMs: number; readonly deliver: () => void }[];
  /** When the last message sent so far arrives. */
  lastArrivalMs: number;
}

export class Network {
  readonly #runtime: Runtime;
  /** By pair, as long as there is something wrong with it. */
  readonly #held = new Map<string, Held>();
  readonly #lanes = new Map<string, Lane>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Hands a message over at the other end. `from` and `to` name nodes; a client goes by its name
   *  and by `clients`. */
  send(from: string, to: string, latencyMs: number, deliver: () => void): void {
    const effect = this.#effect(from, to);
    const lane = this.#lane(from, to, effect);
    if (lane === undefined) this.#runtime.schedule(latencyMs, deliver);
    else if (effect.state === "cut") lane.kept.push({ latencyMs, deliver });
    else this.#carry(lane, effect, { latencyMs, deliver });
  }

  #lane(from: string, to: string, { state }: Effect): Lane | undefined {
    if (state === "up" && this.#lanes.size === 0) return undefined;
    const name = `${from}>${to}`;
    let lane = this.#lanes.get(name);
    if (lane === undefined && state !== "up") {
      lane = { from, to, kept: [], lastArrivalMs: 0 };
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  #carry(lane: Lane, effect: Effect, { latencyMs, deliver }: Lane["kept"][number]): void {
    const nowMs = this.#runtime.now();
    // Who has waited for so long takes a new connection, and is not behind the old one.
    if (lane.lastArrivalMs > nowMs + CONNECTION_GIVEN_UP_MS) lane.lastArrivalMs = nowMs;
    const ownMs = nowMs + latencyMs + effect.latencyMs + this.#resentMs(effect);
    lane.lastArrivalMs = Math.max(ownMs, lane.lastArrivalMs);
    this.#runtime.schedule(lane.lastArrivalMs - nowMs, deliver);
  }

  #resentMs({ lossPercent }: Effect): number {
    if (lossPercent === 0) return 0;
    const random = this.#runtime.random("network");
    let laterMs = 0;
    for (let sent = 0; sent < RETRANSMITS_MAX; sent += 1) {
      if (random.below(100) >= lossPercent) break;
      laterMs += RETRANSMIT_MS << sent;
    }
    return laterMs;
  }

  /** True while all is as usual. */
  isUp(a: string, b: string): boolean {
    return this.#effect(a, b).state === "up";
  }

  /** True when nothing gets through now. */
  isCut(a: string, b: string): boolean {
    return this.#effect(a, b).state === "cut";
  }

  /** One more thing that is wrong with a link, or with those of all clients to a node. Shape: ends
   *  it; once.
   *  Emits: link.changed, for each pair of which something else holds now. */
  hold(a: string, b: string, state: LinkState): () => void {
    const name = linkName(a, b);
    const held: Held = this.#held.get(name) ?? { between: [a, b], states: [], told: UP };
    this.#held.set(name, held);
    // A copy: the same state may be given for several holds.
    const own = { ...state };
    held.states.push(own);
    this.#changed();
    return () => {
      const at = held.states.indexOf(own);
      if (at < 0) return;
      held.states.splice(at, 1);
      this.#changed();
    };
  }

  #changed(): void {
    for (const [name, held] of this.#held) {
      const effect = this.#effect(...held.between);
      if (!isSame(effect, held.told)) {
        held.told = effect;
        this.#runtime.emit({ kind: "link.changed", between: held.between, ...effect });
      }
      if (effect.state === "up") this.#held.delete(name);
    }
    for (const lane of this.#lanes.values()) {
      if (lane.kept.length === 0) continue;
      const effect = this.#effect(lane.from, lane.to);
      if (effect.state === "cut") continue;
      for (const message of lane.kept.splice(0)) this.#carry(lane, effect, message);
    }
  }

  #effect(a: string, b: string): Effect {
    if (this.#held.size === 0) return UP;
    const states = [
      ...this.#statesOf(a, b),
      ...(isServer(a) ? [] : this.#statesOf(CLIENTS, b)),
      ...(isServer(b) ? [] : this.#statesOf(a, CLIENTS)),
    ];
    return states.length === 0 ? UP : effectOf(states);
  }

  #statesOf(a: string, b: string): readonly LinkState[] {
    return this.#held.get(linkName(a, b))?.states ?? [];
  }
}

/** A cut is the worst, then loss; of several losses, and of several delays, the largest counts. */
function effectOf(states: readonly LinkState[]): Effect {
  let latencyMs = 0;
  let lossPercent = 0;
  for (const one of states) {
    if (one.state === "cut") return CUT;
    if (one.state === "slow") latencyMs = Math.max(latencyMs, one.latencyMs);
    else lossPercent = Math.max(lossPercent, one.lossPercent);
  }
  return { state: lossPercent > 0 ? "lossy" : "slow", latencyMs, lossPercent };
}

function isSame(a: Effect, b: Effect): boolean {
  return a.state === b.state && a.latencyMs === b.latencyMs && a.lossPercent === b.lossPercent;
}

function isServer(node: string): boolean {
  return node === CONTROLLER || /^\d+$/u.test(node);
}

function linkName(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}
