/** Goal: what each fault of the cluster is said to show is seen in the trace.
 *  Method: one world of three brokers and three copies of everything, a stream that reads it, and
 *  a script each. */

import { describe, expect, it } from "vitest";
import {
  faults,
  KafkaUtils,
  parseFaults,
  PreferConsistent,
  type StreamingContext,
  Subscribe,
  type TopicConfig,
  type WorldSpec,
} from "streamscope";
import { eventsOf, runWorld, type WorldRun } from "../kit/run-world.ts";

const records = 200;

function worldOf(config: Partial<TopicConfig>, untilMs: number, idempotence = true): WorldSpec {
  return {
    brokers: 3,
    untilMs,
    topics: { clicks: { partitions: 3, replicationFactor: 3, minInsyncReplicas: 2, ...config } },
    workload: [
      {
        topic: "clicks",
        producer: { idempotence },
        records: function* () {
          for (let n = 0; n < records; n += 1) {
            yield { atMs: n * 100, key: `k${n % 7}`, value: `v${n}` };
          }
        },
      },
    ],
  };
}

function copies(ssc: StreamingContext): void {
  const params = { "group.id": "g", "auto.offset.reset": "earliest" };
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["clicks"], params))
    .map(({ value }) => value)
    .foreachRDD((rdd) => {
      rdd.collect();
    });
}

interface Seen extends WorldRun {
  /** How often each value was in a log, in the end. */
  readonly written: ReadonlyMap<string, number>;
}

const kinds = new Set<string>();

function see(
  script: string,
  config: Partial<TopicConfig> = {},
  untilMs = 60_000,
  idempotence = true,
): Seen {
  for (const { kind } of parseFaults(script)) kinds.add(kind);
  const world = worldOf(config, untilMs, idempotence);
  const seen = runWorld({ program: copies, world, faults: script });
  const written = new Map<string, number>();
  for (let partition = 0; partition < (config.partitions ?? 3); partition += 1) {
    for (const { value } of seen.run.readLog("clicks", partition)) {
      written.set(value ?? "", (written.get(value ?? "") ?? 0) + 1);
    }
  }
  return { ...seen, written };
}

function isWholeAndOnce({ written }: Seen): boolean {
  return written.size === records && [...written.values()].every((times) => times === 1);
}

const changes = ({ events }: Seen) => eventsOf(events, "partition.changed");
const failures = ({ events }: Seen) => eventsOf(events, "request.failed");

describe("a broker that crashes", () => {
  it("is fenced after its session, others lead, and nothing acknowledged by all is lost", () => {
    const seen = see("at 5000 for 20000 crash broker 1");
    const [crashed] = eventsOf(seen.events, "broker.crashed");
    const [fenced] = eventsOf(seen.events, "broker.fenced");
    expect(crashed?.atMs).toBe(5000);
    expect((fenced?.atMs ?? 0) - 5000).toBeGreaterThanOrEqual(7000);
    expect((fenced?.atMs ?? 0) - 5000).toBeLessThanOrEqual(9000 + 2000);
    expect(changes(seen).map(({ reason }) => reason)).toContain("leader failed");
    const back = changes(seen).filter(({ reason }) => reason === "isr expanded");
    expect(back.at(-1)?.isr.toSorted()).toEqual([1, 2, 3]);
    expect([...seen.written.keys()].length).toBe(records);
  });

  it("that loses its disk copies everything again", () => {
    const seen = see("at 5000 for 20000 crash broker 1, losing disk");
    expect(eventsOf(seen.events, "log.truncated").map(({ reason }) => reason)).toContain("disk");
    expect(seen.written.size).toBe(records);
  });
});

it("a broker that is stopped hands its leadership over first: nothing waits for a session", () => {
  const seen = see("at 5000 for 5000 stop broker 1");
  const moved = changes(seen).filter(({ reason }) => reason === "controlled shutdown");
  const [stopped] = eventsOf(seen.events, "broker.stopped");
  expect(moved.length).toBeGreaterThan(0);
  expect(moved.every(({ seq }) => seq < (stopped?.seq ?? -1))).toBe(true);
  expect((stopped?.atMs ?? 0) - 5000).toBeLessThan(1000);
  expect(isWholeAndOnce(seen)).toBe(true);
});

it("a slow broker delays its requests, stays unfenced, and loses nothing", () => {
  const [calm, slow] = [see(""), see("from 5000 to 15000 slow broker 1 by 300")];
  const longest = ({ events }: Seen): number =>
    Math.max(...eventsOf(events, "batch.completed").map((batch) => batch.processingDelayMs));
  expect(longest(slow)).toBeGreaterThan(longest(calm) + 250);
  expect(eventsOf(slow.events, "broker.fenced")).toEqual([]);
  expect(isWholeAndOnce(slow)).toBe(true);
});

it("a broker whose disk fails stops, and acks=all goes on with the others", () => {
  const seen = see("at 5000 fail disk of broker 2");
  expect(eventsOf(seen.events, "broker.crashed").map(({ broker }) => broker)).toEqual([2]);
  expect(changes(seen).map(({ reason }) => reason)).toContain("leader failed");
  expect(seen.written.size).toBe(records);
});

it("a broker's wrong clock moves LogAppendTime, and no leader", () => {
  const config = { timestampType: "LogAppendTime" } as const;
  const seen = see("at 5000 skew clock of broker 1 by 3600000", config);
  const times = [0, 1, 2].flatMap((partition) =>
    seen.run.readLog("clicks", partition).map(({ timestampMs }) => timestampMs),
  );
  expect(Math.max(...times)).toBeGreaterThan(3_600_000);
  expect(changes(seen).filter(({ reason }) => reason !== "created")).toEqual([]);
});

it("a broker that is isolated is fenced, and follows again when it is back", () => {
  const seen = see("from 5000 to 25000 isolate broker 1", {}, 90_000);
  expect(eventsOf(seen.events, "broker.fenced").map(({ broker }) => broker)).toEqual([1]);
  expect(changes(seen).map(({ reason }) => reason)).toContain("leader failed");
  expect(changes(seen).at(-1)?.isr.toSorted()).toEqual([1, 2, 3]);
  expect(seen.written.size).toBe(records);
});

describe("a link", () => {
  it("that drops between leader and follower shrinks the in-sync set; no leader changes", () => {
    const seen = see("from 2000 to 50000 drop link 1-2", {}, 90_000);
    const shrunk = changes(seen).filter(({ reason }) => reason === "isr shrank");
    expect(shrunk.length).toBeGreaterThan(0);
    expect(shrunk[0]?.atMs ?? 0).toBeGreaterThanOrEqual(32_000);
    expect(new Set(changes(seen).map(({ leaderEpoch }) => leaderEpoch)).size).toBe(1);
    expect(changes(seen).map(({ reason }) => reason)).toContain("isr expanded");
    expect(seen.written.size).toBe(records);
  });

  it("that drops between a broker and the controller gets the broker fenced", () => {
    const seen = see("from 2000 to 30000 drop link 1-controller");
    const [fenced] = eventsOf(seen.events, "broker.fenced");
    expect(fenced?.broker).toBe(1);
    expect(eventsOf(seen.events, "broker.unfenced").map(({ broker }) => broker)).toContain(1);
  });

  it("that is slow delays what waits for a follower", () => {
    const slow = see("at 2000 slow link 2-1 by 400");
    const [calm] = [see("")];
    const lag = ({ events }: Seen): number => {
      const moved = eventsOf(events, "produce.acknowledged");
      return moved.at(-1)?.atMs ?? eventsOf(events, "highWatermark.advanced").at(-1)?.atMs ?? 0;
    };
    expect(lag(slow)).toBeGreaterThan(lag(calm) + 300);
    expect(isWholeAndOnce(slow)).toBe(true);
  });

  it("that loses packets delays, and loses nothing", () => {
    const seen = see("from 2000 to 20000 lose 10% on link 1-clients", {}, 120_000);
    expect(eventsOf(seen.events, "link.changed")[0]).toMatchObject({
      state: "lossy",
      lossPercent: 10,
    });
    expect(seen.written.size).toBe(records);
    expect(seen.lines).not.toEqual(see("").lines);
  });
});

describe("the controller", () => {
  it("that crashes is followed by another in a higher epoch", () => {
    const seen = see("at 3000 crash controller");
    const [none, next] = eventsOf(seen.events, "controller.changed").filter(
      ({ atMs }) => atMs >= 3000,
    );
    expect(none?.controller).toBeNull();
    expect(next?.epoch).toBeGreaterThan(none?.epoch ?? Infinity);
    expect((next?.atMs ?? 0) - 3000).toBeLessThanOrEqual(4000);
    expect(isWholeAndOnce(seen)).toBe(true);
  });

  it("without a majority elects nobody for a broker that dies", () => {
    const seen = see("from 3000 to 30000 lose controller quorum\nat 4000 crash broker 1");
    const failed = changes(seen).filter(({ reason }) => reason === "leader failed");
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every(({ atMs }) => atMs >= 30_000)).toBe(true);
  });
});

describe("replies and requests", () => {
  it.each([
    ["at 4000 drop 1 replies to producer", 30_000, "REQUEST_TIMED_OUT"],
    ["at 4000 break 1 connections of producer", 0, "NETWORK_EXCEPTION"],
    ["at 4000 duplicate 1 requests of producer", 0, null],
  ])("%s: known by its sequence, or written twice", (script, afterMs, error) => {
    const idempotent = see(script, {}, 120_000);
    expect(isWholeAndOnce(idempotent)).toBe(true);
    const [duplicate] = eventsOf(idempotent.events, "duplicate.refused");
    expect(duplicate?.atMs).toBeGreaterThanOrEqual(4_000 + afterMs);
    expect(duplicate?.atMs).toBeLessThan(4_500 + afterMs);
    const told = failures(idempotent).filter((one) => one.client === "producer");
    expect([...new Set(told.map((one) => one.error))]).toEqual(error === null ? [] : [error]);
    const plain = see(script, {}, 120_000, false);
    expect(plain.written.size).toBe(records);
    expect([...plain.written.values()].filter((times) => times > 1).length).toBeGreaterThan(0);
    expect(eventsOf(plain.events, "duplicate.refused")).toEqual([]);
  });
});

describe("a topic", () => {
  it("goes back to its preferred leaders", () => {
    const seen = see("at 4000 for 4000 stop broker 1\nat 20000 elect preferred leaders");
    const elected = changes(seen).filter(({ reason }) => reason === "preferred election");
    expect(elected.length).toBeGreaterThan(0);
    expect(elected.every(({ leader, replicas }) => leader === replicas[0])).toBe(true);
    expect(isWholeAndOnce(seen)).toBe(true);
  });

  it("that is deleted is unknown to who uses it", () => {
    const seen = see("at 10000 delete topic clicks, create it again after 3000");
    expect(eventsOf(seen.events, "topic.deleted").map(({ topic }) => topic)).toEqual(["clicks"]);
    expect(failures(seen).map(({ error }) => error)).toContain("UNKNOWN_TOPIC_OR_PARTITION");
    expect(
      eventsOf(seen.events, "topic.created").filter(({ topic }) => topic === "clicks").length,
    ).toBe(2);
  });

  it("whose records are deleted starts later", () => {
    const seen = see("at 10000 delete records of partition 0 of clicks before 5");
    expect(eventsOf(seen.events, "logStart.advanced")[0]).toMatchObject({
      partition: 0,
      logStartOffset: 5,
      reason: "deleteRecords",
    });
  });

  it("with a short retention loses whole segments at the next check", () => {
    const config = { segmentBytes: 200 };
    const seen = see("at 10000 set retention.ms of clicks to 1000", config, 310_000);
    const gone = eventsOf(seen.events, "logStart.advanced");
    expect(gone.length).toBeGreaterThan(0);
    expect(gone[0]?.reason).toBe("retention.ms");
    expect(seen.written.size).toBeLessThan(records);
  });

  it("that is compacted keeps the last record of each key", () => {
    const seen = see("at 10000 compact topic clicks", { segmentBytes: 300 });
    expect(eventsOf(seen.events, "log.compacted").length).toBeGreaterThan(0);
    expect(seen.written.size).toBeLessThan(records);
    for (let last = records - 7; last < records; last += 1) {
      expect(seen.written.has(`v${last}`)).toBe(true);
    }
  });

  it("that asks for more in sync than there are refuses acks=all, until they are back", () => {
    const replicas = [
      [1, 2, 3],
      [2, 1, 3],
      [1, 2, 3],
    ];
    const script = "at 3000 set min.insync.replicas of clicks to 3\nat 4000 for 9000 stop broker 3";
    const seen = see(script, { replicas }, 120_000);
    expect(failures(seen).map(({ error }) => error)).toContain("NOT_ENOUGH_REPLICAS");
    const moved = eventsOf(seen.events, "highWatermark.advanced").filter(
      ({ topic, atMs }) => topic === "clicks" && atMs > 4100 && atMs < 13_000,
    );
    expect(moved).toEqual([]);
    expect(seen.written.size).toBe(records);
  });

  it("that allows it is led by a replica out of sync, and loses what only the leader had", () => {
    // Brokers 2 and 3 fall behind; the one that is in sync dies, and broker 2 is back alone.
    const script =
      "at 100 allow unclean election of clicks\nat 3000 for 20000 crash broker 2\n" +
      "at 3000 crash broker 3\nat 22000 for 30000 crash broker 1\n";
    const seen = see(script, { minInsyncReplicas: 1 }, 120_000);
    expect(changes(seen).map(({ reason }) => reason)).toContain("unclean election");
    expect(seen.written.size).toBeLessThan(records);
  });
});

it("every fault of brokers, links, controllers and topics is seen here", () => {
  const of = new Set(["broker", "link", "controller"]);
  const elsewhere = new Set(["crashCoordinator", "unplugBroker"]);
  const known = faults.filter(({ target }) => of.has(target)).map(({ kind }) => kind);
  expect(known.filter((kind) => !kinds.has(kind) && !elsewhere.has(kind))).toEqual([]);
});
