/** One coordinator of groups on its own, with a log that takes a millisecond to write, and members
 *  that ask and remember. */

import { expect } from "vitest";
import type {
  KafkaReply,
  KafkaReplyOf,
  KafkaRequest,
  KafkaRequestOf,
} from "../../core/broker/admin-request.ts";
import type { BrokerError } from "../../core/broker/broker-error.ts";
import {
  type ClusterSettings,
  defaultClusterSettings,
} from "../../core/broker/cluster-settings.ts";
import type { CoordinatorEntry, CoordinatorHost } from "../../core/broker/coordinator.ts";
import { GroupCoordinator } from "../../core/broker/group-coordinator.ts";
import type { CommitMember } from "../../core/broker/group-request.ts";
import type { TopicPartition } from "../../core/record/topic-partition.ts";
import { Simulation } from "../../core/sim/simulation.ts";
import type { EventOf, TraceEvent } from "../../core/trace/event.ts";
import { Trace } from "../../core/trace/trace.ts";

type Box<R> = { reply: R | null };

const PARTITION = 0;

export class GroupKit {
  readonly simulation: Simulation;
  readonly events: TraceEvent[] = [];
  readonly log: CoordinatorEntry[] = [];
  /** What becomes of appends; null writes. */
  appendError: BrokerError | null = null;
  topics: Readonly<Record<string, number>> = { t: 4, u: 2 };
  coordinator: GroupCoordinator;
  readonly #settings: ClusterSettings;

  constructor(settings: Partial<ClusterSettings> = {}) {
    const trace = new Trace();
    trace.listen((event) => this.events.push(event));
    this.simulation = new Simulation({ seed: 1, trace });
    this.#settings = { ...defaultClusterSettings, ...settings };
    this.coordinator = this.coordinatorOn(1);
  }

  coordinatorOn(broker: number): GroupCoordinator {
    const coordinator = new GroupCoordinator(this.#host(broker));
    coordinator.lead(PARTITION, broker, this.log);
    return coordinator;
  }

  /** Another broker leads the partition. */
  move(broker: number, options: { processEnded?: boolean } = {}): void {
    this.coordinator.resign(PARTITION, options.processEnded ?? false);
    this.coordinator = this.coordinatorOn(broker);
  }

  #host(broker: number): CoordinatorHost {
    return {
      runtime: this.simulation,
      settings: this.#settings,
      broker,
      append: (_partition, records, done, from) => {
        const error = this.appendError;
        if (error === null) this.log.push({ kind: "records", records, from: from ?? null });
        this.simulation.schedule(1, () => done(error));
      },
      hasPartition: ({ topic, partition }) => partition < (this.topics[topic] ?? 0),
      partitionCount: (topic) => this.topics[topic] ?? 0,
      writeMarkers: (_partitions, _marker, done) => this.simulation.schedule(1, done),
    };
  }

  /** A marker was written to the partition. */
  mark(producerId: number, control: "COMMIT" | "ABORT"): void {
    const from = { producerId, producerEpoch: 0 };
    this.log.push({ kind: "marker", from, control });
    this.coordinator.marked(PARTITION, from, control);
  }

  /** Runs all that is due within so many milliseconds. */
  pass(ms: number): void {
    const untilMs = this.simulation.now() + ms;
    this.simulation.schedule(ms, () => undefined);
    while ((this.simulation.nextAtMs ?? Infinity) <= untilMs) this.simulation.step();
  }

  ask<K extends KafkaRequest["kind"]>(request: KafkaRequestOf<K>): Box<KafkaReplyOf<K>> {
    const box: Box<KafkaReplyOf<K>> = { reply: null };
    this.coordinator.handle(PARTITION, request, "client", (reply: KafkaReply) => {
      expect(box.reply, "a request is answered once").toBe(null);
      // Of the kind that was asked for, as each case of the coordinator says.
      box.reply = reply as KafkaReplyOf<K>;
    });
    return box;
  }

  commit(
    offsets: Readonly<Record<number, number>>,
    from?: CommitMember,
    topic = "t",
  ): Box<KafkaReplyOf<"commitOffsets">> {
    return this.ask<"commitOffsets">({
      kind: "commitOffsets",
      group: "g",
      offsets: Object.entries(offsets).map(([partition, offset]) => ({
        topic,
        partition: Number(partition),
        offset,
      })),
      ...(from === undefined ? {} : { from }),
    });
  }

  committed(partition = 0, requireStable = false, topic = "t"): number | BrokerError | null {
    const partitions = [{ topic, partition }];
    const request = { kind: "fetchCommitted", group: "g", requireStable, partitions } as const;
    const { reply } = this.ask<"fetchCommitted">(request);
    return reply?.error ?? reply?.offsets[0]?.offset ?? null;
  }

  changes(): readonly EventOf<"group.changed">[] {
    return this.events.filter((event) => event.kind === "group.changed");
  }

  /** `Stable 3`: the state and the generation, one after the other. */
  get states(): readonly string[] {
    return this.changes().map(({ state, generation }) => `${state} ${generation}`);
  }
}

/** A member that asks as a consumer would, when a test tells it to. */
export class KitMember {
  readonly #kit: GroupKit;
  readonly clientId: string;
  instance: string | null;
  topics: readonly string[] = ["t"];
  protocols: readonly string[] = ["range"];
  sessionTimeoutMs = 10_000;
  rebalanceTimeoutMs = 60_000;
  id = "";
  generation = -1;
  joined: Box<KafkaReplyOf<"joinGroup">> = { reply: null };
  synced: Box<KafkaReplyOf<"syncGroup">> = { reply: null };

  constructor(kit: GroupKit, clientId: string, instance: string | null = null) {
    this.#kit = kit;
    this.clientId = clientId;
    this.instance = instance;
  }

  get identity(): CommitMember {
    return { member: this.id, generation: this.generation, instance: this.instance };
  }

  /** Asks to join; a second time with the id it is given. */
  join(): Box<KafkaReplyOf<"joinGroup">> {
    this.joined = this.#kit.ask<"joinGroup">({
      kind: "joinGroup",
      group: "g",
      member: this.id,
      instance: this.instance,
      clientId: this.clientId,
      sessionTimeoutMs: this.sessionTimeoutMs,
      rebalanceTimeoutMs: this.rebalanceTimeoutMs,
      protocols: this.protocols,
      subscription: {
        topics: this.topics,
        ownedPartitions: [],
        generation: -1,
        lastAssignment: null,
      },
    });
    if (this.joined.reply?.error !== "MEMBER_ID_REQUIRED") return this.joined;
    this.id = this.joined.reply.member;
    return this.join();
  }

  /** Asks for its assignment; the leader gives one partition of `t` to each member. */
  sync(): Box<KafkaReplyOf<"syncGroup">> {
    const { reply } = this.joined;
    if (reply?.error === null) {
      this.id = reply.member;
      this.generation = reply.generation;
    }
    const partitions = (index: number): TopicPartition[] => [{ topic: "t", partition: index }];
    this.synced = this.#kit.ask<"syncGroup">({
      kind: "syncGroup",
      group: "g",
      member: this.id,
      instance: this.instance,
      generation: this.generation,
      assignments: (reply?.members ?? []).map(({ member }, index) => ({
        member,
        partitions: partitions(index),
      })),
    });
    return this.synced;
  }

  heartbeat(): BrokerError | null | undefined {
    const { id: member, instance, generation } = this;
    return this.#kit.ask<"heartbeat">({
      kind: "heartbeat",
      group: "g",
      member,
      instance,
      generation,
    }).reply?.error;
  }

  leave(): BrokerError | null | undefined {
    const { id: member, instance } = this;
    return this.#kit.ask<"leaveGroup">({ kind: "leaveGroup", group: "g", member, instance }).reply
      ?.error;
  }
}

/** A group of members who hold one partition each, in its first generation. */
export function stableGroup(kit: GroupKit, members: readonly KitMember[]): void {
  for (const member of members) member.join();
  kit.pass(6_000);
  for (const member of members) member.sync();
  kit.pass(1);
  expect(members.map(({ synced }) => synced.reply?.error)).toEqual(members.map(() => null));
}
