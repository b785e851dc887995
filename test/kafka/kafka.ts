// A real Apache Kafka for tests: one node in KRaft mode on loopback, its data in a temporary
// folder, which can be stopped, killed and started again with what it had on disk.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import { javaCommand, kafkaClassPath } from "./class-path.ts";

export { kafkaAvailable, type KafkaAvailable } from "./class-path.ts";

/** A running broker, and what a test may do to it. Its data outlives `stop` and `kill`. */
export interface TestKafka {
  /** `127.0.0.1:port`; the same after a restart. */
  readonly bootstrap: string;
  /** SIGTERM: it flushes, says good-bye to its controller and ends. */
  stop(): Promise<void>;
  /** SIGKILL: it ends in the middle of what it was doing. */
  kill(): Promise<void>;
  /** Starts it again on its data (stopping it first if it runs) and waits until it answers. */
  restart(): Promise<void>;
  /** Ends it and deletes its data. What is forgotten here is done when the process exits. */
  remove(): Promise<void>;
}

export interface KafkaOptions {
  /** Loopback ports; free ones are chosen by default. */
  readonly ports?: { readonly broker: number; readonly controller: number };
  /** Broker settings over those below, e.g. `{ "log.retention.check.interval.ms": 100 }`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

const readyWithinMs = 90_000;
const stopWithinMs = 30_000;
const askAgainAfterMs = 100;
const startsMax = 3;
const jvm = ["-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
const alive = new Set<{ child: ChildProcess | null; folder: string }>();

process.once("exit", () => {
  for (const node of alive) {
    node.child?.kill("SIGKILL");
    rmSync(node.folder, { recursive: true, force: true, maxRetries: 3 });
  }
});

/** Starts a broker and waits until it answers.
 *  Throws: Error with the end of the broker's log when it does not. */
export async function startKafka(options: KafkaOptions = {}): Promise<TestKafka> {
  for (let start = 1; ; start += 1) {
    const node = await KafkaNode.format(options);
    try {
      await node.start();
      return node;
    } catch (error) {
      await node.remove();
      // Between choosing a free port and using it somebody else may have taken it.
      const isTaken = /Address already in use/.test(String(error));
      if (!isTaken || options.ports !== undefined || start === startsMax) throw error;
    }
  }
}

class KafkaNode implements TestKafka {
  readonly bootstrap: string;
  readonly #classPath: string;
  readonly #node: { child: ChildProcess | null; folder: string };

  private constructor(bootstrap: string, classPath: string, folder: string) {
    this.bootstrap = bootstrap;
    this.#classPath = classPath;
    this.#node = { child: null, folder };
    alive.add(this.#node);
  }

  static async format(options: KafkaOptions): Promise<KafkaNode> {
    const classPath = await kafkaClassPath();
    const ports = options.ports ?? (await freePorts());
    const folder = mkdtempSync(join(tmpdir(), "streamscope-kafka-"));
    const node = new KafkaNode(`127.0.0.1:${ports.broker}`, classPath, folder);
    const settings = { ...nodeSettings(ports, folder), ...options.settings };
    const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(join(folder, "server.properties"), lines.join(""));
    writeFileSync(join(folder, "log4j.properties"), logSettings);
    await node.#format();
    return node;
  }

  async #format(): Promise<void> {
    const child = this.#java("kafka.tools.StorageTool", ["format", "-t", clusterId, "-c"]);
    const code = await ended(child);
    if (code !== 0) throw new Error(`Kafka could not format its storage:\n${this.#log()}`);
  }

  #java(mainClass: string, args: readonly string[]): ChildProcess {
    const { folder } = this.#node;
    const log = openSync(join(folder, "kafka.log"), "a");
    try {
      return spawn(
        javaCommand(),
        [
          ...jvm,
          `-Dlog4j.configuration=file:${join(folder, "log4j.properties")}`,
          "-cp",
          this.#classPath,
          mainClass,
          ...args,
          join(folder, "server.properties"),
        ],
        { cwd: folder, stdio: ["ignore", log, log] },
      );
    } finally {
      closeSync(log);
    }
  }

  async start(): Promise<void> {
    const child = this.#java("kafka.Kafka", []);
    this.#node.child = child;
    await this.#ready(child);
  }

  /** Ready is when it answers as itself: a controller, one broker, a leader for each partition. */
  async #ready(child: ChildProcess): Promise<void> {
    const deadlineMs = Date.now() + readyWithinMs;
    let last: unknown = "it never answered";
    while (Date.now() < deadlineMs) {
      if (hasEnded(child)) throw new Error(`Kafka ended while it started:\n${this.#log()}`);
      try {
        if (await isReady(this.bootstrap)) return;
        last = "it has no leader for some partition";
      } catch (error) {
        last = error;
      }
      await pause(askAgainAfterMs);
    }
    throw new Error(`Kafka was not ready in ${readyWithinMs} ms: ${String(last)}\n${this.#log()}`);
  }

  #log(): string {
    return readFileSync(join(this.#node.folder, "kafka.log"), "utf8").slice(-3000);
  }

  async stop(): Promise<void> {
    const { child } = this.#node;
    if (child === null) return;
    const patience = setTimeout(() => child.kill("SIGKILL"), stopWithinMs);
    await this.#end("SIGTERM");
    clearTimeout(patience);
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this.#node;
    if (child === null) return;
    child.kill(signal);
    await ended(child);
    this.#node.child = null;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async remove(): Promise<void> {
    await this.kill();
    alive.delete(this.#node);
    rmSync(this.#node.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (!hasEnded(child)) {
    await new Promise<void>((resolve, reject) => {
      child.once("exit", () => resolve());
      child.once("error", reject);
    });
  }
  return child.exitCode;
}

async function isReady(bootstrap: string): Promise<boolean> {
  const kafka = new Kafka({
    brokers: [bootstrap],
    clientId: "readiness",
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    if (cluster.controller === null || cluster.brokers.length !== 1) return false;
    const { topics } = await admin.fetchTopicMetadata();
    return topics.every((topic) => topic.partitions.every((partition) => partition.leader >= 0));
  } finally {
    await admin.disconnect();
  }
}

async function freePorts(): Promise<{ broker: number; controller: number }> {
  const servers = await Promise.all([listenAnywhere(), listenAnywhere()]);
  const [broker, controller] = servers.map(({ port }) => port);
  await Promise.all(servers.map(({ close }) => close()));
  if (broker === undefined || controller === undefined) throw new Error("no free ports");
  return { broker, controller };
}

function listenAnywhere(): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("no port"));
      const close = (): Promise<void> => new Promise((done) => server.close(() => done()));
      resolve({ port: address.port, close });
    });
  });
}

/** Any 22-character base64 UUID will do; the same one makes logs comparable. */
const clusterId = "c3RyZWFtc2NvcGUtdGVzdA";

const logSettings = `log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d %p %m (%c)%n
`;

/** One node that is broker and controller, small, and quick to answer. */
function nodeSettings(
  ports: { broker: number; controller: number },
  folder: string,
): Record<string, string | number | boolean> {
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${ports.controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${ports.broker},CONTROLLER://127.0.0.1:${ports.controller}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${ports.broker}`,
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "log.dirs": join(folder, "data").replaceAll("\\", "/"),
    // After a kill the controller lets the broker back in when the session of the dead one ends.
    "broker.session.timeout.ms": 1_500,
    "broker.heartbeat.interval.ms": 300,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 1,
    "group.initial.rebalance.delay.ms": 0,
    "auto.create.topics.enable": false,
    "num.network.threads": 2,
    "num.io.threads": 2,
    "log.cleaner.dedupe.buffer.size": 8_388_608,
    "log.index.size.max.bytes": 1_048_576,
    "log.retention.check.interval.ms": 5_000,
  };
}
