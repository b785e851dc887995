// What the cases of the contract ask a broker with.
import { expect } from "vitest";
import type {
  Broker,
  ProduceRecord,
  ReplyOf,
  RequestKind,
  RequestOf,
  TopicConfig,
} from "../../core/broker/broker.ts";

/** A broker under test, and what its world adds to it. */
export interface BrokerUnderTest {
  readonly broker: Broker;
  /** Lets time pass until every request sent so far has been answered. */
  readonly settle: () => Promise<void>;
  /** A name nobody used before; good for topics and for groups. */
  readonly uniqueTopic: () => string;
  readonly stop: () => Promise<void>;
}

/** Limits that no case reaches. */
export const unlimited = { maxRecords: 10_000, maxBytes: 52_428_800 };

/** Asks, and keeps count of how often each request was answered. */
export class Client {
  readonly answers: number[] = [];
  #world: BrokerUnderTest | null = null;

  set world(world: BrokerUnderTest) {
    this.#world = world;
  }

  get world(): BrokerUnderTest {
    if (this.#world === null) throw new Error("the broker is set up before the first case");
    return this.#world;
  }

  /** Sends all at once; gives the replies in the order of the requests. */
  async askAll<K extends RequestKind>(requests: readonly RequestOf<K>[]): Promise<ReplyOf<K>[]> {
    const replies = new Map<number, ReplyOf<K>>();
    requests.forEach((request, index) => {
      const number = this.answers.push(0) - 1;
      this.world.broker.send<K>(request, (reply) => {
        this.answers[number] = (this.answers[number] ?? 0) + 1;
        replies.set(index, reply);
      });
      expect(this.answers[number], "answers inside send()").toBe(0);
    });
    await this.world.settle();
    return requests.map((request, index) => {
      const reply = replies.get(index);
      if (reply === undefined) throw new Error(`no reply to ${JSON.stringify(request)}`);
      return reply;
    });
  }

  async ask<K extends RequestKind>(request: RequestOf<K>): Promise<ReplyOf<K>> {
    const [reply] = await this.askAll<K>([request]);
    if (reply === undefined) throw new Error("one request has one reply");
    return reply;
  }

  create(topic: string, config: TopicConfig): Promise<ReplyOf<"createTopic">> {
    return this.ask<"createTopic">({ kind: "createTopic", topic, config });
  }

  async newTopic(partitions: number): Promise<string> {
    const topic = this.world.uniqueTopic();
    expect(await this.create(topic, { partitions })).toEqual({ kind: "createTopic", error: null });
    return topic;
  }

  produce(
    topic: string,
    partition: number,
    records: readonly ProduceRecord[],
  ): Promise<ReplyOf<"produce">> {
    return this.ask<"produce">({ kind: "produce", topic, partition, records });
  }

  fetch(
    topic: string,
    fromOffset: number,
    limits: Partial<RequestOf<"fetch">> = {},
  ): Promise<ReplyOf<"fetch">> {
    const untilOffset = Number.MAX_SAFE_INTEGER;
    const where = { topic, partition: 0, fromOffset, untilOffset };
    return this.ask<"fetch">({ kind: "fetch", ...where, ...unlimited, ...limits });
  }

  async offset(
    topic: string,
    partition: number,
    at: RequestOf<"listOffsets">["at"],
  ): Promise<number> {
    const reply = await this.ask<"listOffsets">({ kind: "listOffsets", topic, partition, at });
    expect(reply.error).toBeNull();
    return reply.offset;
  }
}

/** A record without a key. */
export function text(value: string, timestampMs = 1_000): ProduceRecord {
  return { key: null, value, timestampMs, headers: [] };
}

/** Records "0", "1" and so on. */
export function numbered(count: number, from = 0): ProduceRecord[] {
  return Array.from({ length: count }, (_, index) => text(`${from + index}`));
}

export function offsetsOf(reply: ReplyOf<"fetch">): number[] {
  return reply.records.map(({ offset }) => offset);
}
