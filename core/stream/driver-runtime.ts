/** The runtime of one driver: everything it scheduled dies with it. */

import type { RandomStream } from "../base/random.ts";
import type { KafkaClient, KafkaReply } from "../broker/admin-request.ts";
import type { Broker, BrokerReply } from "../broker/broker.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { TraceFact } from "../trace/event.ts";

/** Ends a function of the person's that waits for a job of a driver that is dead. */
export class DriverDied extends Error {
  override readonly name = "DriverDied";

  constructor() {
    super("the driver died while this action waited for its job");
  }
}

export class DriverRuntime implements Runtime {
  readonly canWait: boolean;
  readonly #world: Runtime;
  readonly #isRunOver: () => boolean;
  #isAlive = true;

  /** `isRunOver` ends a wait for something that will never come: with every core taken, say. */
  constructor(world: Runtime, isRunOver: () => boolean = () => false) {
    this.#world = world;
    this.#isRunOver = isRunOver;
    this.canWait = world.canWait;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  kill(): void {
    this.#isAlive = false;
  }

  now(): number {
    return this.#world.now();
  }

  schedule(delayMs: number, action: () => void): void {
    this.#world.schedule(delayMs, () => {
      if (this.#isAlive) action();
    });
  }

  random(name: string): RandomStream {
    return this.#world.random(name);
  }

  /** The dead say nothing. */
  emit(fact: TraceFact): number {
    return this.#isAlive ? this.#world.emit(fact) : -1;
  }

  runUntil(condition: () => boolean): void {
    let isOver = !this.#isAlive;
    if (!isOver) {
      this.#world.runUntil(() => {
        if (this.#isAlive && condition()) return true;
        isOver = !this.#isAlive || this.#isRunOver();
        return isOver;
      });
    }
    if (isOver) throw new DriverDied();
  }

  /** A broker whose replies reach only a living driver. */
  guard(broker: Broker): Broker {
    const { kafka } = broker;
    return {
      ...(kafka === undefined ? {} : { kafka: this.#guardWhole(kafka) }),
      send: (request, reply) => {
        broker.send(request, (answer: Extract<BrokerReply, { kind: typeof request.kind }>) => {
          if (this.#isAlive) reply(answer);
        });
      },
    };
  }

  #guardWhole(kafka: KafkaClient): KafkaClient {
    return {
      send: (request, reply) => {
        if (!this.#isAlive) return;
        kafka.send(request, (answer: Extract<KafkaReply, { kind: typeof request.kind }>) => {
          if (this.#isAlive) reply(answer);
        });
      },
    };
  }
}
