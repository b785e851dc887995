// Goal: what only a real broker can show: markers, gzip, time stamps, and silence.
// Method: kafkajs's own producer writes what ours does not; the port reads it. The rest of the port
// is in the contract suite.
import { createServer, type Server, type Socket } from "node:net";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ReplyOf, RequestKind, RequestOf } from "../../core/broker/broker.ts";
import { KafkajsBroker } from "../../core/live/kafkajs-broker.ts";
import type { LiveError } from "../../core/base/errors.ts";
import { describeWithKafka } from "../kafka/describe-with-kafka.ts";

/** Speaks just enough Kafka to be asked where its brokers are: ApiVersions 2 and Metadata 6. */
function answerAsKafka(socket: Socket, advertised: { host: string; port: number }): void {
  const int32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const int16s = (...values: number[]): Buffer =>
    Buffer.concat(values.map((value) => int32(value).subarray(2)));
  const text = (value: string): Buffer => Buffer.concat([int16s(value.length), Buffer.from(value)]);
  const versions = [
    [1, 4, 11],
    [3, 0, 6],
    [18, 0, 2],
  ].map((range) => int16s(...range));
  const replies = new Map([
    [18, Buffer.concat([int16s(0), int32(versions.length), ...versions, int32(0)])],
    [
      3,
      Buffer.concat([
        int32(0), // throttle
        int32(1),
        int32(1), // broker
        text(advertised.host),
        int32(advertised.port),
        int16s(-1), // no rack
        text("cluster"),
        int32(1), // controller
        int32(0), // topics
      ]),
    ],
  ]);
  socket.on("error", () => {});
  socket.on("data", (request) => {
    const reply = replies.get(request.readInt16BE(4));
    if (reply === undefined) socket.destroy();
    else socket.write(Buffer.concat([int32(reply.length + 4), request.subarray(8, 12), reply]));
  });
}

const run = `${process.pid}-${Date.now()}`;

function openBroker(bootstrap: string): { broker: KafkajsBroker; errors: LiveError[] } {
  const errors: LiveError[] = [];
  const broker = new KafkajsBroker({
    bootstrap,
    replyTo: () => (action) => action(),
    onError: (error) => errors.push(error),
  });
  return { broker, errors };
}

function ask<K extends RequestKind>(
  broker: KafkajsBroker,
  request: RequestOf<K>,
): Promise<ReplyOf<K>> {
  return new Promise((resolve) => broker.send<K>(request, resolve));
}

describeWithKafka("KafkajsBroker on a real broker", (bootstrap) => {
  const topic = `edge-${run}`;
  const { broker, errors } = openBroker(bootstrap);
  const kafka = new Kafka({ brokers: bootstrap.split(","), logLevel: logLevel.NOTHING });

  const fetch = (partition: number, fromOffset: number, untilOffset: number) =>
    ask<"fetch">(broker, {
      kind: "fetch",
      topic,
      partition,
      fromOffset,
      untilOffset,
      maxRecords: 10_000,
      maxBytes: 1_048_576,
    });

  beforeAll(async () => {
    await broker.connect();
    const config = { partitions: 4 };
    const created = await ask<"createTopic">(broker, { kind: "createTopic", topic, config });
    expect(created).toEqual({ kind: "createTopic", error: null });
  });

  afterAll(() => broker.close());
  afterEach(() => expect(errors).toEqual([]));

  test("fetch passes transaction markers, and shows what was aborted, as Spark does", async () => {
    const producer = kafka.producer({
      transactionalId: `tx-${run}`,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    for (const [value, isKept] of [
      ["kept", true],
      ["dropped", false],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value, partition: 1 }] });
      await (isKept ? transaction.commit() : transaction.abort());
    }
    await producer.disconnect();
    // The broker answers the end of a transaction before its marker is in the log.
    const end = async (): Promise<number> => {
      const latest = { kind: "listOffsets", topic, partition: 1, at: "latest" } as const;
      return (await ask<"listOffsets">(broker, latest)).offset;
    };
    await expect.poll(end, { timeout: 10_000 }).toBe(4);
    const fetched = await fetch(1, 0, 4);
    expect(fetched.records.map(({ offset, value }) => [offset, value])).toEqual([
      [0, "kept"],
      [2, "dropped"],
    ]);
    expect(fetched.nextOffset).toBe(4);
    expect(await fetch(1, 3, 4)).toMatchObject({ error: null, records: [], nextOffset: 4 });
  });

  test("latest is the high watermark, also while a transaction is open", async () => {
    const producer = kafka.producer({
      transactionalId: `open-${run}`,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: "pending", partition: 2 }] });
    const end = await ask<"listOffsets">(broker, {
      kind: "listOffsets",
      topic,
      partition: 2,
      at: "latest",
    });
    await transaction.abort();
    await producer.disconnect();
    expect(end.offset).toBe(1);
  });

  test("fetch reads gzip from the middle of a batch to the middle of another", async () => {
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    for (let batch = 0; batch < 3; batch += 1) {
      const messages = Array.from({ length: 500 }, (_, i) => ({
        value: `${batch * 500 + i}`,
        partition: 3,
      }));
      await producer.send({ topic, compression: 1, messages });
    }
    await producer.disconnect();
    const fetched = await fetch(3, 250, 1_250);
    expect(fetched.records.map(({ value }) => Number(value))).toEqual(
      Array.from({ length: 1_000 }, (_, i) => 250 + i),
    );
    expect(fetched.nextOffset).toBe(1_250);
  });

  test("a hundred requests at once are each answered with their own records", async () => {
    const other = openBroker(bootstrap);
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        ask<"fetch">(other.broker, {
          kind: "fetch",
          topic,
          partition: 3,
          fromOffset: index,
          untilOffset: index + 1,
          maxRecords: 1,
          maxBytes: 1_024,
        }).then((reply) => expect(reply.records.map(({ offset }) => offset)).toEqual([index])),
      ),
    );
    expect(other.errors).toEqual([]);
    await other.broker.close();
  });
});

describe("KafkajsBroker without a broker", () => {
  const servers: Server[] = [];

  /** A server on loopback that is not Kafka; gives its port. */
  function listen(onSocket: (socket: Socket) => void): Promise<number> {
    const server = createServer(onSocket);
    servers.push(server);
    return new Promise((resolve, reject) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        if (address === null || typeof address === "string") reject(new Error("no port"));
        else resolve(address.port);
      });
    });
  }

  afterAll(() => {
    for (const server of servers) server.close();
  });

  async function whyNot(bootstrap: string): Promise<string> {
    const { broker } = openBroker(bootstrap);
    try {
      await broker.connect();
      return "connected";
    } catch (thrown) {
      expect(thrown).toMatchObject({ name: "LiveError", code: "BROKER_UNREACHABLE" });
      return thrown instanceof Error ? thrown.message : String(thrown);
    } finally {
      await broker.close();
    }
  }

  test("a port where nothing listens", async () => {
    const port = await listen(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await whyNot(`127.0.0.1:${port}`)).toBe(
      `no Kafka broker answers at 127.0.0.1:${port}: the connection was refused, so nothing ` +
        "listens there; start it, or correct host:port",
    );
  });

  test("a host that does not exist", async () => {
    expect(await whyNot("no-such-host.invalid:9092")).toBe(
      "no Kafka broker answers at no-such-host.invalid:9092: there is no host of that name; " +
        "start it, or correct host:port",
    );
  });

  test("a server that takes the connection and says nothing", async () => {
    const port = await listen((socket) => socket.resume());
    expect(await whyNot(`127.0.0.1:${port}`)).toContain(
      "it took the connection but did not answer as a Kafka broker does",
    );
  });

  test("a server that hangs up", async () => {
    const port = await listen((socket) => socket.destroy());
    expect(await whyNot(`127.0.0.1:${port}`)).toMatch(/it closed the connection/);
  });

  test("a broker that sends its clients where they cannot go", async () => {
    const closed = await listen(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const port = await listen((socket) =>
      answerAsKafka(socket, { host: "127.0.0.1", port: closed }),
    );
    expect(await whyNot(`127.0.0.1:${port}`)).toBe(
      `Kafka answers at 127.0.0.1:${port} but sends its clients to addresses that cannot be ` +
        `reached from here (broker 1 at 127.0.0.1:${closed}: the connection was refused, so ` +
        "nothing listens there); set advertised.listeners of the broker to an address this " +
        "machine can reach",
    );
  });

  test("every broker of a list is tried, and each is named with its own reason", async () => {
    const port = await listen((socket) => socket.destroy());
    const why = await whyNot(`no-such-host.invalid:9092,127.0.0.1:${port}`);
    expect(why).toContain("no-such-host.invalid:9092: there is no host of that name");
    expect(why).toContain(`127.0.0.1:${port}: it closed the connection`);
  });

  test.each(["localhost", "localhost:", ":9092", "localhost:99999", "a b:9092"])(
    "%j is refused as an address",
    (bootstrap) => {
      expect(() => openBroker(bootstrap)).toThrow("does not name a broker; write host:port");
    },
  );

  test("a request sent meanwhile is answered NETWORK_EXCEPTION, which is retried", async () => {
    const port = await listen((socket) => socket.destroy());
    const { broker, errors } = openBroker(`127.0.0.1:${port}`);
    const reply = await ask<"listOffsets">(broker, {
      kind: "listOffsets",
      topic: "t",
      partition: 0,
      at: "latest",
    });
    expect(reply).toEqual({ kind: "listOffsets", error: "NETWORK_EXCEPTION", offset: -1 });
    expect(errors).toEqual([]);
    await broker.close();
  });
});
