/** What one broker is held in, and by how many: its process runs while nobody holds it down; how
 *  slow it is and how wrong its clock follow from all that hold it so. */

import { Conditions, type Release } from "../base/conditions.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { BrokerNode } from "./broker-node.ts";
import type { BrokerLoss, CrashLoss } from "./cluster-controls.ts";

export interface BrokerConditionsOptions {
  readonly runtime: Runtime;
  readonly node: BrokerNode;
  /** Asks the controller for a shutdown, and calls back when the process may end. */
  readonly shutDown: (mayEnd: () => void) => void;
  /** The process has just ended: in an orderly way, or by a crash. */
  readonly ended: (isOrderly: boolean) => void;
  readonly started: () => void;
}

export class BrokerConditions {
  readonly #options: BrokerConditionsOptions;
  readonly #down = new Conditions<null>(() => this.#startIfFree());
  readonly #slow = new Conditions<number>(() => {
    const { node, runtime } = this.#options;
    const byMs = Math.max(0, ...this.#slow.inForce);
    if (byMs === node.slowMs) return;
    node.slowMs = byMs;
    runtime.emit({ kind: "broker.slowed", broker: node.broker, byMs });
  });
  readonly #skew = new Conditions<number>(() => {
    // Whoever set the clock last.
    this.#options.node.skewMs = this.#skew.inForce.at(-1) ?? 0;
  });
  /** The shutdown that is under way; null for none. */
  #shutdown: object | null = null;
  /** What went when its process ended last, and since. */
  #loss: BrokerLoss = { loses: null, atMs: 0 };

  constructor(options: BrokerConditionsOptions) {
    this.#options = options;
  }

  /** What is lost with it is lost also when its process is down already. */
  crash(loses: CrashLoss): Release {
    const { node, runtime, ended } = this.#options;
    const wasRunning = node.isRunning;
    if (wasRunning || losesMore(this.#loss.loses, loses)) {
      this.#loss = { loses, atMs: runtime.now() };
      runtime.emit({ kind: "broker.crashed", broker: node.broker, loses });
    }
    if (wasRunning) {
      this.#shutdown = null;
      node.halt();
      ended(false);
    }
    return this.#down.hold(null);
  }

  stop(): Release {
    const { node, runtime, shutDown, ended } = this.#options;
    const release = this.#down.hold(null);
    if (!node.isRunning || this.#shutdown !== null) return release;
    const shutdown = {};
    this.#shutdown = shutdown;
    shutDown(() => {
      if (this.#shutdown !== shutdown) return;
      this.#shutdown = null;
      this.#loss = { loses: null, atMs: runtime.now() };
      runtime.emit({ kind: "broker.stopped", broker: node.broker });
      node.halt();
      ended(true);
      this.#startIfFree();
    });
    return release;
  }

  /** Whoever holds it down does no longer. One that is about to stop starts once it has. */
  start(): void {
    this.#down.end();
  }

  slow(byMs: number): Release {
    return this.#slow.hold(byMs);
  }

  skewClock(byMs: number): Release {
    return this.#skew.hold(byMs);
  }

  #startIfFree(): void {
    const { node, runtime, started } = this.#options;
    if (!this.#down.isEmpty || node.isRunning) return;
    runtime.emit({ kind: "broker.started", broker: node.broker });
    node.start(this.#loss);
    started();
  }
}

/** A process that ended in an orderly way had flushed everything: its disk is left to lose. */
function losesMore(before: CrashLoss | null, loses: CrashLoss): boolean {
  if (loses === "disk") return before !== "disk";
  return loses === "unflushed" && before === "nothing";
}
