/** The consumers of a world: starts them when it is time, and lets faults strike them. */

import { get } from "../base/assert.ts";
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
      this.#applications.set(name, { spec, instance, consumer: null });
      this.#runtime.schedule(startMs, () => this.start(name));
      if (stopMs !== undefined) this.#runtime.schedule(stopMs, () => this.close(name));
    }
  }

  get names(): readonly string[] {
    return [...this.#applications.keys()];
  }

  /** Starts one whose process is down. */
  start(name: string): void {
    const application = this.#applicationOf(name);
    if (application.consumer !== null) return;
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
        if (error === null) return;
        this.#runtime.emit({ kind: "error.reported", message: error.message });
      },
    });
    application.consumer = consumer;
    consumer.start();
  }

  /** Its process dies, and nobody is told; it starts again after `downMs`, or never. */
  crash(name: string, downMs: number | null): void {
    const application = this.#applicationOf(name);
    if (application.consumer === null) return;
    application.consumer.crash();
    application.consumer = null;
    if (downMs !== null) this.#runtime.schedule(downMs, () => this.start(name));
  }

  /** Its thread is stuck for so long, while its heartbeats go on. */
  stall(name: string, forMs: number): void {
    this.#applicationOf(name).consumer?.stall(forMs);
  }

  /** It commits and leaves in an orderly way. */
  close(name: string): void {
    this.#applicationOf(name).consumer?.close();
  }

  #applicationOf(name: string): Application {
    return get(this.#applications, name, "a consumer of the world");
  }
}
