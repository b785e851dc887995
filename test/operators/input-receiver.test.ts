// Goal: receivers take in records as Spark's do: on a core of their own, in blocks, and with the
// losses that follow from it.
// Method: whole runs in simulated worlds; what batches held is read from foreachRDD.
import { expect, test } from "vitest";
import {
  type DStream,
  describeEvent,
  type FaultSpec,
  linesSocket,
  Receiver,
  Run,
  type StreamingContext,
  type WorldSpec,
} from "streamscope";

interface Seen {
  readonly run: Run;
  /** By batch, the records of each partition. */
  readonly batches: readonly {
    readonly timeMs: number;
    readonly partitions: readonly (readonly unknown[])[];
  }[];
  readonly lines: readonly string[];
}

function play(
  make: (ssc: StreamingContext) => DStream<unknown>,
  world: WorldSpec,
  faults: readonly FaultSpec[] = [],
): Seen {
  const batches: { timeMs: number; partitions: readonly (readonly unknown[])[] }[] = [];
  const lines: string[] = [];
  const run = new Run({
    world,
    faults,
    program: (ssc) => {
      make(ssc).foreachRDD((rdd, timeMs) => {
        batches.push({ timeMs, partitions: rdd.glom().collect() });
      });
    },
  });
  run.trace.listen((event) => lines.push(describeEvent(event)));
  run.runToEnd();
  return { run, batches, lines };
}

/** Stores a number each so many ms, so many times. */
class Numbers extends Receiver<number> {
  readonly #everyMs: number;
  readonly #count: number;
  #next = 0;

  constructor(everyMs: number, count: number, level?: "MEMORY_ONLY" | "MEMORY_AND_DISK_SER_2") {
    super(level);
    this.#everyMs = everyMs;
    this.#count = count;
  }

  onStart(): void {
    this.schedule(this.#everyMs, () => this.#step());
  }

  onStop(): void {}

  #step(): void {
    this.store(this.#next);
    this.#next += 1;
    if (this.#next < this.#count) this.schedule(this.#everyMs, () => this.#step());
  }
}

const sent = (words: readonly string[], ratePerSecond: number) => ({
  "localhost:9999": linesSocket({ lines: words, ratePerSecond }),
});
const words = Array.from({ length: 12 }, (_, index) => `w${index}`);

test("socketTextStream gives each line once, a partition per block of 200 ms", () => {
  const { run, batches } = play((ssc) => ssc.socketTextStream("localhost", 9999), {
    sockets: sent(words, 10),
  });
  expect(run.failure).toBeNull();
  expect(run.ended).toBe("input consumed");
  expect(batches.flatMap(({ partitions }) => partitions.flat())).toEqual(words);
  expect(batches[0]?.partitions.length).toBe(4);
});

test("a receiver keeps a core: with one core in all, no batch with records is processed", () => {
  const world = { sockets: sent(words, 10), executors: [{ cores: 1 }], untilMs: 8000 };
  const { run, batches, lines } = play((ssc) => ssc.socketTextStream("localhost", 9999), world);
  expect(batches.every(({ partitions }) => partitions.flat().length === 0)).toBe(true);
  expect(run.summary().records).toBe(0);
  expect(lines.some((line) => line.includes("receiver.blockStored"))).toBe(true);
});

test("spark.streaming.blockInterval sets how many partitions a batch has", () => {
  const conf = { "spark.streaming.blockInterval": "500ms" };
  const { batches } = play((ssc) => ssc.receiverStream(new Numbers(50, 60)), { conf });
  expect(batches.map(({ partitions }) => partitions.length).slice(1, 3)).toEqual([2, 2]);
});

test("a block lost with its only executor is left out; a copy on another keeps it", () => {
  const faults = [{ kind: "loseExecutor", executor: 1, atMs: 1850, backMs: 500 }] as const;
  const numbers = (level: "MEMORY_ONLY" | "MEMORY_AND_DISK_SER_2") =>
    play(
      (ssc) => ssc.receiverStream(new Numbers(100, 40, level)),
      {
        executors: [{ cores: 2 }, { cores: 2 }],
      },
      faults,
    );
  const once = numbers("MEMORY_ONLY");
  const twice = numbers("MEMORY_AND_DISK_SER_2");
  const all = (seen: Seen) => seen.batches.flatMap(({ partitions }) => partitions.flat());
  expect(once.lines.some((line) => line.includes("receiver.blocksLost"))).toBe(true);
  expect(twice.lines.some((line) => line.includes("receiver.blocksLost"))).toBe(false);
  expect(all(once).length).toBeLessThan(all(twice).length);
});

test("a receiver whose executor is lost is started on another", () => {
  const faults = [{ kind: "loseExecutor", executor: 1, atMs: 1500, backMs: 60_000 }] as const;
  const { lines } = play(
    (ssc) => ssc.receiverStream(new Numbers(100, 40)),
    {
      executors: [{ cores: 2 }, { cores: 2 }],
      untilMs: 5000,
    },
    faults,
  );
  const started = lines.filter((line) => line.includes("receiver.started"));
  expect(started.map((line) => line.replace(/^\d+ /u, ""))).toEqual([
    " receiver.started  stream 0, Numbers on executor 1",
    " receiver.started  stream 0, Numbers on executor 2",
  ]);
});

test("a socket that closes is connected to again after two seconds", () => {
  const { batches, lines } = play((ssc) => ssc.socketTextStream("localhost", 9999), {
    sockets: {
      "localhost:9999": {
        lines: () => [
          { atMs: 100, line: "a" },
          { atMs: 300, closes: true },
          { atMs: 400, line: "b" },
        ],
      },
    },
  });
  expect(batches.flatMap(({ partitions }) => partitions.flat())).toEqual(["a", "b"]);
  expect(lines.find((line) => line.includes("receiver.stopped"))).toContain(
    "Restarting receiver with delay 2000ms: Socket data stream had no more data",
  );
});

test("a port where nobody listens is tried again, and the run still ends", () => {
  const { run, lines } = play((ssc) => ssc.socketTextStream("nowhere", 1), {});
  expect(run.ended).toBe("input consumed");
  expect(lines.find((line) => line.includes("receiver.stopped"))).toContain(
    "Restarting receiver with delay 2000ms: Error connecting to nowhere:1 - " +
      "java.net.ConnectException: Connection refused",
  );
});

test("spark.streaming.receiver.maxRate spaces single records", () => {
  const conf = { "spark.streaming.receiver.maxRate": "10" };
  const burst = { "localhost:9999": linesSocket({ lines: words, ratePerSecond: 1000 }) };
  const { batches } = play((ssc) => ssc.socketTextStream("localhost", 9999), {
    conf,
    sockets: burst,
  });
  const sizes = batches.map(({ partitions }) => partitions.flat().length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(words.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
});

test("the log brings back blocks that waited when the driver died; else they are gone", () => {
  const crash = [{ kind: "crashDriver", atMs: 1950, downMs: 500 }] as const;
  const numbers = (isLogged: boolean) =>
    play(
      (ssc) => {
        ssc.checkpoint("checkpoints");
        return ssc.receiverStream(new Numbers(100, 15));
      },
      {
        conf: { "spark.streaming.receiver.writeAheadLog.enable": String(isLogged) },
        untilMs: 3000,
      },
      crash,
    );
  const before = (seen: Seen) =>
    seen.batches
      .filter(({ timeMs }) => timeMs === 2000)
      .flatMap(({ partitions }) => partitions.flat());
  expect(before(numbers(true)).length).toBeGreaterThan(0);
  expect(before(numbers(false))).toEqual([]);
});

test("the log needs a checkpoint directory", () => {
  const conf = { "spark.streaming.receiver.writeAheadLog.enable": "true" };
  const { run } = play((ssc) => ssc.receiverStream(new Numbers(100, 5)), { conf });
  expect(run.failure?.message).toBe(
    "Cannot enable receiver write-ahead log without checkpoint directory set. Please use " +
      "streamingContext.checkpoint() to set the checkpoint directory. See documentation for more " +
      "details.",
  );
});

test("two runs of the same world are the same, event by event", () => {
  const once = () =>
    play((ssc) => ssc.socketTextStream("localhost", 9999), { sockets: sent(words, 7) }).run.trace
      .hash;
  expect(once()).toBe(once());
});

test("back-pressure slows a receiver down to what batches are processed at", () => {
  const conf = {
    "spark.streaming.backpressure.enabled": "true",
    "spark.streaming.backpressure.pid.minRate": "1",
  };
  const { lines, run } = play((ssc) => ssc.receiverStream(new Numbers(5, 2000)), {
    conf,
    cost: { recordUs: 10_000 },
    untilMs: 8000,
  });
  expect(run.failure).toBeNull();
  const rates = lines.filter((line) => line.includes("receiver.rateUpdated"));
  expect(rates[0]).toMatch(/stream 0, at most \d+ records\/s$/u);
  const perBatch = lines.filter((line) => line.includes("batch.submitted"));
  const sizes = perBatch.map((line) => Number(/: (\d+) record/u.exec(line)?.[1]));
  expect(Number(sizes.at(-1))).toBeLessThan(Math.max(...sizes));
});

test("a socket of the world has a host and a port", () => {
  const nowhere = { localhost: linesSocket({ lines: words, ratePerSecond: 1 }) };
  expect(() =>
    play((ssc) => ssc.socketTextStream("localhost", 9999), { sockets: nowhere }),
  ).toThrow('socket "localhost" of the world has no port; name it as "localhost:9999"');
});
