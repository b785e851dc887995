/** One connection pair to one broker, over the parts of kafkajs below its public surface: its
 *  connections, its encoders and its decoders, but none of its consumers, retries or caches.
 *  Why: its consumer always joins a group and stalls on empty batches, its admin reads the last
 *  stable offset for the high watermark, and one bad partition spoils a whole reply. Here every
 *  reply is handed on as it came, with an error code per partition. kafkajs is pinned exactly. */

import { createRequire } from "node:module";

/** The calls we make, and the fields of their replies that we read. Offsets are decimal texts. */
export interface WireReplies {
  readonly Metadata: {
    readonly brokers: readonly { nodeId: number; host: string; port: number }[];
    readonly controllerId: number;
    readonly topicMetadata: readonly {
      readonly topicErrorCode: number;
      readonly topic: string;
      readonly partitionMetadata: readonly {
        readonly partitionErrorCode: number;
        readonly partitionId: number;
        readonly leader: number;
      }[];
    }[];
  };
  readonly CreateTopics: {
    readonly topicErrors: readonly { errorCode: number; errorMessage?: string | null }[];
  };
  readonly CreatePartitions: WireReplies["CreateTopics"];
  readonly DeleteRecords: {
    readonly topics: readonly {
      readonly partitions: readonly { errorCode: number; lowWatermark: string }[];
    }[];
  };
  readonly Produce: {
    readonly topics: readonly {
      readonly partitions: readonly { errorCode: number; baseOffset: string }[];
    }[];
  };
  readonly ListOffsets: {
    readonly responses: readonly {
      readonly partitions: readonly { errorCode: number; offset: string }[];
    }[];
  };
  readonly GroupCoordinator: {
    readonly errorCode: number;
    readonly coordinator: { readonly nodeId: number };
  };
  readonly OffsetCommit: {
    readonly responses: readonly { readonly partitions: readonly { errorCode: number }[] }[];
  };
  readonly OffsetFetch: {
    readonly errorCode: number;
    readonly responses: readonly {
      readonly topic: string;
      readonly partitions: readonly { partition: number; errorCode: number; offset: string }[];
    }[];
  };
}

export type WireApi = keyof WireReplies;

export interface WireConnection {
  readonly host: string;
  readonly port: number;
  /** False once either connection has been closed, by us or by the broker. */
  readonly isOpen: boolean;
  /** Sends one request. Throws: kafkajs's own errors, about the connection only. */
  call<A extends WireApi>(api: A, parameters: object): Promise<WireReplies[A]>;
  /** Sends one Fetch, version 11, and gives the body of the reply as bytes. */
  fetch(parameters: object): Promise<Buffer>;
  close(): Promise<void>;
}

const connectWithinMs = 3_000;
const answerWithinMs = 15_000;
const fetchVersion = 11;
const fetchKey = 1;

interface Codec {
  readonly request: object;
  readonly response: { decode(body: Buffer): Promise<unknown> };
}

interface Connection {
  readonly requestQueue: {
    readonly pending: readonly unknown[];
    readonly throttledUntil: number;
    scheduleCheckPendingRequests(): void;
  };
  isConnected(): boolean;
}

interface ConnectionPool {
  readonly pool: readonly Connection[];
  getConnection(index: number): Promise<Connection>;
  send(request: object): Promise<unknown>;
}

interface KafkajsBroker {
  readonly versions: Readonly<Record<number, { readonly maxVersion: number } | undefined>>;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  lookupRequest(key: number, definition: unknown): (parameters: object) => Codec;
}

// kafkajs types only its public surface, so what is used below it is described above, by hand.
const load = createRequire(import.meta.url);
const Broker = load("kafkajs/src/broker") as new (options: object) => KafkajsBroker;
const Pool = load("kafkajs/src/network/connectionPool") as new (options: object) => ConnectionPool;
const socketFactory = load("kafkajs/src/network/socketFactory") as () => unknown;
const apiKeys = load("kafkajs/src/protocol/requests/apiKeys") as Readonly<Record<string, number>>;
const { requests } = load("kafkajs/src/protocol/requests") as {
  readonly requests: Readonly<Record<string, unknown>>;
};
const encodeFetch = load("kafkajs/src/protocol/requests/fetch") as {
  protocol(of: { version: number }): (parameters: object) => Codec;
};

const silent = (): void => {};
const logger = {
  info: silent,
  error: silent,
  warn: silent,
  debug: silent,
  namespace: () => logger,
};

/** Opens both connections of a broker and asks for its versions.
 *  Throws: kafkajs's own errors; Error for a broker too old for Fetch version 11. */
export async function openWire(host: string, port: number): Promise<WireConnection> {
  const pool = new Pool({
    host,
    port,
    clientId: "streamscope",
    connectionTimeout: connectWithinMs,
    // Until the first answer there is no telling whether a Kafka listens there at all.
    requestTimeout: connectWithinMs,
    enforceRequestTimeout: true,
    socketFactory: socketFactory(),
    logger,
  });
  for (const connection of pool.pool) stopIdlePolling(connection);
  const broker = new Broker({ connectionPool: pool, logger, allowAutoTopicCreation: false });
  try {
    await broker.connect();
    // The second one carries Fetch. Opened now, since kafkajs would open it once per waiting call.
    await pool.getConnection(1);
  } catch (error) {
    await broker.disconnect();
    throw error;
  }
  const newest = broker.versions[fetchKey]?.maxVersion ?? 0;
  if (newest < fetchVersion) {
    await broker.disconnect();
    throw new Error(
      `it knows Fetch up to version ${newest}, not ${fetchVersion}: use Kafka 2.3 or newer`,
    );
  }
  return wireOver(broker, pool, { host, port });
}

function wireOver(
  broker: KafkajsBroker,
  pool: ConnectionPool,
  address: { readonly host: string; readonly port: number },
): WireConnection {
  let isClosed = false;
  return {
    ...address,
    get isOpen() {
      return !isClosed && pool.pool.every((connection) => connection.isConnected());
    },
    async call(api, parameters) {
      const key = apiKeys[api];
      if (key === undefined) throw new Error(`kafkajs does not know the request ${api}`);
      const { request, response } = broker.lookupRequest(key, requests[api])(parameters);
      const reply = await pool.send({
        request,
        // The parse step of kafkajs throws at the first error code; the codes are ours to read.
        response: { decode: response.decode, parse: async (data: unknown) => data },
        requestTimeout: answerWithinMs,
      });
      // kafkajs decodes by the request's own layout, which WireReplies describes.
      return reply as WireReplies[typeof api];
    },
    async fetch(parameters) {
      const { request } = encodeFetch.protocol({ version: fetchVersion })(parameters);
      const response = {
        decode: async (body: Buffer) => ({ body, clientSideThrottleTime: body.readInt32BE(0) }),
        parse: async (data: unknown) => data,
      };
      const reply = await pool.send({ request, response, requestTimeout: answerWithinMs });
      return (reply as { readonly body: Buffer }).body;
    },
    async close() {
      isClosed = true;
      await broker.disconnect();
    },
  };
}

/** kafkajs looks at its queue every millisecond for ever once it was used, by a timer with a
 *  negative delay, of which newer Nodes warn; there is nothing to look for while nothing waits. */
function stopIdlePolling({ requestQueue: queue }: Connection): void {
  const schedule = queue.scheduleCheckPendingRequests.bind(queue);
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0 || queue.throttledUntil > Date.now()) schedule();
  };
}
