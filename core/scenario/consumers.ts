/** The consumers of a world: starts them when it is time, and lets faults strike them. */

import { get } from "../base/assert.ts";
import { Conditions, type Release } from "../base/conditions.ts";
import type { KafkaClient } from "../broker/admin-request.ts";
import { defaultConsumerSettings } from "../client/consumer-settings.ts";
import { GroupConsumer } from "../client/group-consumer.ts";
import type { Runtime } from "../sim/runtime.ts";
import { type ConsumerSpec, consumerNames } from "./consumer-spec.ts";

interface Application {
  readonly spec: ConsumerSpec;
  readonly instance: string | null;
  /** Null while its process is down. */
  consumer: GroupConsumer | null;
  /** The world has started it, and not closed it. */
  isWanted: boolean;
  /** Who holds it down. */
  readonly down: Conditions<null>;
  /** Until when its thread is stuck. */
  stalledUntilMs: number;
}

export class Consumers {
  readonly #runtime: Runtime;
  readonly #client: (name: string) => KafkaClient;
  /** By name, in the order of the world. */
  readonly #applications = new Map<string, Application>();

  constructor(runtime: Runtime, client: (name: string) => KafkaClient) {
    this.#runtime = runtime;
    this.#client = client;
  }

  add(spec: ConsumerSpec): void {
    const { startMs = 0, stopMs, instanceIds = [] } = spec;
    for (const [index, name] of consumerNames(spec).entries()) {
      const instance = instanceIds[index] ?? null;
      const application: Application = {
        spec,
        instance,
        consumer: null,
        isWanted: false,
        down: new Conditions(() => this.#startIfFree(name)),
        stalledUntilMs: 0,
      };
      this.#applications.set(name, application);
      this.#runtime.schedule(startMs, () => {
        application.isWanted = true;
        this.#startIfFree(name);
      });
      if (stopMs === undefined) continue;
      this.#runtime.schedule(stopMs, () => {
        application.isWanted = false;
        application.consumer?.close();
      });
    }
  }

  get names(): readonly string[] {
    return [...this.#applications.keys()];
  }

  /** Starts one that the world wants and nobody holds down. */
  #startIfFree(name: string): void {
    const application = this.#applicationOf(name);
    const { isWanted, down } = application;
    if (isWanted && down.isEmpty && application.consumer === null) this.#start(name, application);
  }

  #start(name: string, application: Application): void {
    const { spec, instance } = application;
    const { group, topics, settings = {}, processMs = 1, commits = "never" } = spec;
    const consumer = new GroupConsumer({
      runtime: this.#runtime,
      client: this.#client(name),
      name,
      group,
      topics,
      instance,
      settings: { ...defaultConsumerSettings, ...settings },
      processMs,
      commits,
      onEnd: (error) => {
        if (application.consumer === consumer) application.consumer = null;
        if (error === null) this.#startIfFree(name);
        else this.#runtime.emit({ kind: "error.reported", message: error.message });
      },
    });
    application.consumer = consumer;
    application.stalledUntilMs = 0;
    consumer.start();
  }

  /** Its process dies, and nobody is told. */
  crash(name: string): Release {
    const application = this.#applicationOf(name);
    application.consumer?.crash();
    application.consumer = null;
    return application.down.hold(null);
  }

  isRunning(name: string): boolean {
    return this.#applicationOf(name).consumer !== null;
  }

  /** Its thread is stuck for so long, while its heartbeats go on. */
  stall(name: string, forMs: number): void {
    const application = this.#applicationOf(name);
    const nowMs = this.#runtime.now();
    const longerMs = nowMs + forMs - Math.max(nowMs, application.stalledUntilMs);
    if (application.consumer === null || longerMs <= 0) return;
    application.stalledUntilMs = nowMs + forMs;
    application.consumer.stall(longerMs);
  }

  /** It commits and leaves in an orderly way. */
  close(name: string): Release {
    const application = this.#applicationOf(name);
    const release = application.down.hold(null);
    application.consumer?.close();
    return release;
  }

  #applicationOf(name: string): Application {
    return get(this.#applications, name, "a consumer of the world");
  }
}
