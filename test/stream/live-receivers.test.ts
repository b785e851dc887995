// Goal: receivers take in records over real sockets: TCP, and ZeroMQ where its package is there.
// Method: a live run without Kafka beside a server in this process; it ends when its records have
// come through, so that no time is waited for.
import { createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { type DStream, type StreamingContext, Trace } from "streamscope";
import { LiveRun, ZeroMQReceiver } from "streamscope/live";

/** Runs until so many records have come through; gives them. */
async function receive(
  count: number,
  make: (ssc: StreamingContext) => DStream<string>,
): Promise<string[]> {
  const seen: string[] = [];
  const live: LiveRun = new LiveRun({
    program: (ssc) => make(ssc).print(1000),
    world: { batchIntervalMs: 200, conf: { "spark.streaming.blockInterval": "50ms" } },
    bootstrap: null,
    root: ".",
    trace: new Trace(),
    collectOutputs: true,
    onOutput: ({ records }) => {
      for (const record of records ?? []) seen.push(String(record));
      if (seen.length >= count) live.stop();
    },
  });
  const { failure } = await live.run();
  expect(failure).toBeNull();
  return seen;
}

test(
  "socketTextStream reads the lines of a TCP server, cut anywhere",
  { timeout: 20_000 },
  async () => {
    const clients: Socket[] = [];
    const server = createServer((client) => {
      clients.push(client);
      client.write("one\ntw");
      client.write("o\nthree\n");
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(address === null || typeof address === "string" ? 0 : address.port);
      });
    });
    try {
      const seen = await receive(3, (ssc) => ssc.socketTextStream("127.0.0.1", port));
      expect(seen).toEqual(["one", "two", "three"]);
    } finally {
      for (const client of clients) client.destroy();
      server.close();
    }
  },
);

const zeromq = await import("zeromq").catch(() => null);
if (zeromq === null && process.env["CI"] !== "true") {
  process.stderr.write("zeromq is not installed: its receiver is not tested here\n");
}

test.skipIf(zeromq === null && process.env["CI"] !== "true")(
  "ZeroMQReceiver reads what a publisher sends under its topic",
  { timeout: 20_000 },
  async () => {
    if (zeromq === null) throw new Error("CI has to install the optional package zeromq");
    const publisher = new zeromq.Publisher();
    await publisher.bind("tcp://127.0.0.1:*");
    let next = 0;
    // A publisher does not know who listens; it sends again and again until the run has enough.
    const timer = setInterval(() => {
      next += 1;
      void publisher.send(["words", `w${next}`]);
      void publisher.send(["others", `x${next}`]);
    }, 5);
    const text = new TextDecoder();
    try {
      const seen = await receive(3, (ssc) =>
        ssc.receiverStream(
          new ZeroMQReceiver<string>({
            publisherUrl: publisher.lastEndpoint ?? "",
            topic: "words",
            framesToRecords: (frames) => frames.slice(1).map((frame) => text.decode(frame)),
          }),
        ),
      );
      const first = Number(seen[0]?.slice(1));
      expect(seen).toEqual(seen.map((_, index) => `w${first + index}`));
    } finally {
      clearInterval(timer);
      publisher.close();
    }
  },
);
