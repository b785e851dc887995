/** The brokers of a cluster as a client knows them: how to reach each, who leads a partition, who
 *  coordinates a group. What turns out wrong is forgotten and asked for again, never retried here:
 *  whoever sent a request decides that. */

import type { PartitionMetadata } from "../broker/broker.ts";
import type { BrokerError } from "../broker/broker-error.ts";
import { LiveError } from "../base/errors.ts";
import { brokerErrorOfCode, whyNotConnected } from "./broker-errors.ts";
import { openWire, type WireApi, type WireConnection, type WireReplies } from "./kafkajs-wire.ts";

export interface TopicState {
  readonly topic: string;
  readonly error: BrokerError | null;
  /** Ascending by partition. */
  readonly partitions: readonly PartitionMetadata[];
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** A Kafka error where no connection failed: there is no such topic, no leader now. */
export class KafkaRefusal extends Error {
  override readonly name = "KafkaRefusal";
  readonly error: BrokerError;

  constructor(error: BrokerError) {
    super(error);
    this.error = error;
  }
}

export class KafkaNodes {
  readonly #bootstrap: readonly Address[];
  readonly #addresses = new Map<number, Address>();
  /** By `host:port`: a promise, so that two callers never open the same connection twice. */
  readonly #connections = new Map<string, Promise<WireConnection>>();
  readonly #topics = new Map<string, Promise<TopicState>>();
  readonly #coordinators = new Map<string, number>();
  #controller: number | null = null;
  #isClosed = false;

  /** Throws: LiveError BAD_OPTION where the list is not `host:port,host:port`. */
  constructor(bootstrap: string) {
    this.#bootstrap = bootstrap.split(",").map(parseAddress);
  }

  /** Reaches one of the brokers given, then one of those the cluster advertises.
   *  Throws: LiveError BROKER_UNREACHABLE. */
  async connect(): Promise<void> {
    await this.#connectSeed();
    const { brokers } = await this.#metadataReply([]);
    const failures: string[] = [];
    for (const { nodeId, host, port } of brokers) {
      try {
        await this.#open({ host, port });
        return;
      } catch (thrown) {
        failures.push(`broker ${nodeId} at ${host}:${port}: ${whyNotConnected(thrown)}`);
      }
    }
    throw new LiveError(
      "BROKER_UNREACHABLE",
      `Kafka answers at ${this.#bootstrapText} but sends its clients to addresses that cannot be ` +
        `reached from here (${failures.join("; ")}); set advertised.listeners of the broker to ` +
        `an address this machine can reach`,
      { retriable: true },
    );
  }

  async #connectSeed(): Promise<WireConnection> {
    const failures: string[] = [];
    for (const address of this.#bootstrap) {
      try {
        return await this.#open(address);
      } catch (thrown) {
        failures.push(`${address.host}:${address.port}: ${whyNotConnected(thrown)}`);
      }
    }
    throw new LiveError(
      "BROKER_UNREACHABLE",
      `no Kafka broker answers at ${failures.join("; ")}; start it, or correct host:port`,
      { retriable: true },
    );
  }

  get #bootstrapText(): string {
    return this.#bootstrap.map(({ host, port }) => `${host}:${port}`).join(",");
  }

  /** Sends a request to one broker. */
  async call<A extends WireApi>(node: number, api: A, parameters: object): Promise<WireReplies[A]> {
    return (await this.connection(node)).call(api, parameters);
  }

  /** The open connection to a broker. */
  async connection(node: number): Promise<WireConnection> {
    let address = this.#addresses.get(node);
    if (address === undefined) {
      await this.#metadataReply([]);
      address = this.#addresses.get(node);
    }
    if (address === undefined) throw new KafkaRefusal("NETWORK_EXCEPTION");
    return this.#open(address);
  }

  async #open(address: Address): Promise<WireConnection> {
    if (this.#isClosed) throw new KafkaRefusal("NETWORK_EXCEPTION");
    const name = `${address.host}:${address.port}`;
    const known = this.#connections.get(name);
    if (known !== undefined) {
      const connection = await known;
      if (connection.isOpen) return connection;
      // Two callers may find it closed; only the first of them throws it away.
      if (this.#connections.get(name) === known) this.#connections.delete(name);
      void connection.close();
      return this.#open(address);
    }
    const opening = openWire(address.host, address.port);
    this.#connections.set(name, opening);
    try {
      return await opening;
    } catch (thrown) {
      if (this.#connections.get(name) === opening) this.#connections.delete(name);
      throw thrown;
    }
  }

  /** Forgets leaders, coordinators and closed connections: after anything that did not work. */
  forget(topic: string | null = null): void {
    if (topic === null) this.#topics.clear();
    else this.#topics.delete(topic);
    this.#coordinators.clear();
    this.#controller = null;
  }

  /** Of all topics when null. Always asks a broker. */
  async topics(names: readonly string[] | null): Promise<readonly TopicState[]> {
    const { topicMetadata } = await this.#metadataReply(names ?? []);
    return (names ?? topicMetadata.map(({ topic }) => topic)).map((topic) => {
      const found = topicMetadata.find((metadata) => metadata.topic === topic);
      const error = brokerErrorOfCode(found?.topicErrorCode ?? 3);
      const partitions = (found?.partitionMetadata ?? [])
        .map(({ partitionId, leader }) => ({ partition: partitionId, leader }))
        .toSorted((a, b) => a.partition - b.partition);
      return { topic, error, partitions };
    });
  }

  /** Throws: KafkaRefusal where there is no such partition, or no leader for it now. */
  async leader(topic: string, partition: number): Promise<number> {
    let asked = this.#topics.get(topic);
    if (asked === undefined) {
      asked = this.topics([topic]).then(([state]) => {
        if (state === undefined) throw new KafkaRefusal("UNKNOWN_TOPIC_OR_PARTITION");
        return state;
      });
      this.#topics.set(topic, asked);
    }
    try {
      const { error, partitions } = await asked;
      if (error !== null) throw new KafkaRefusal(error);
      const found = partitions.find((one) => one.partition === partition);
      if (found === undefined) throw new KafkaRefusal("UNKNOWN_TOPIC_OR_PARTITION");
      if (found.leader < 0) throw new KafkaRefusal("LEADER_NOT_AVAILABLE");
      return found.leader;
    } catch (thrown) {
      if (this.#topics.get(topic) === asked) this.#topics.delete(topic);
      throw thrown;
    }
  }

  async coordinator(group: string): Promise<{ readonly node: number; readonly errorCode: number }> {
    const known = this.#coordinators.get(group);
    if (known !== undefined) return { node: known, errorCode: 0 };
    const seed = await this.#any();
    const parameters = { groupId: group, coordinatorType: 0 };
    const reply = await seed.call("GroupCoordinator", parameters);
    const { errorCode, coordinator } = reply;
    if (errorCode === 0) this.#coordinators.set(group, coordinator.nodeId);
    return { node: coordinator.nodeId, errorCode };
  }

  async controller(): Promise<number> {
    if (this.#controller === null) await this.#metadataReply([]);
    if (this.#controller === null) throw new KafkaRefusal("NOT_CONTROLLER");
    return this.#controller;
  }

  get brokerCount(): number {
    return this.#addresses.size;
  }

  async #metadataReply(topics: readonly string[]): Promise<WireReplies["Metadata"]> {
    const broker = await this.#any();
    const reply = await broker.call("Metadata", { topics, allowAutoTopicCreation: false });
    this.#addresses.clear();
    for (const { nodeId, host, port } of reply.brokers) {
      this.#addresses.set(nodeId, { host, port });
    }
    this.#controller = reply.controllerId >= 0 ? reply.controllerId : null;
    return reply;
  }

  async #any(): Promise<WireConnection> {
    for (const known of this.#connections.values()) {
      try {
        const connection = await known;
        if (connection.isOpen) return connection;
      } catch {
        // Whoever opened it has been told; another one may do.
      }
    }
    return this.#connectSeed();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const all = [...this.#connections.values()];
    this.#connections.clear();
    await Promise.all(
      all.map((opening) =>
        opening.then(
          (connection) => connection.close(),
          () => {},
        ),
      ),
    );
  }
}

function parseAddress(text: string): Address {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d+)$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new LiveError(
      "BAD_OPTION",
      `"${text.trim()}" does not name a broker; write host:port, as in localhost:9092`,
    );
  }
  return { host, port };
}
