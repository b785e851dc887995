// Goal: whatever becomes of consumers and brokers, a group gives every record that stays in the log
// to somebody, at most one member holds a partition in a generation, and nobody goes backwards.
// Method: in worlds drawn from seeds consumers stall, die, lose replies and links and come back,
// and brokers die, for a minute; then all is well for three, and the trace is judged.
import { expect, test } from "vitest";
import { randomStream } from "../../core/base/random.ts";
import type { AssignorName } from "../../core/client/consumer-settings.ts";
import type { GroupConsumer } from "../../core/client/group-consumer.ts";
import { topicPartitionName } from "../../core/record/topic-partition.ts";
import { ConsumerKit } from "./consumer-kit.ts";

const strategies: readonly (readonly AssignorName[])[] = [
  ["range"],
  ["roundrobin"],
  ["sticky"],
  ["cooperative-sticky"],
  ["range", "cooperative-sticky"],
];
const names = ["c1", "c2", "c3"];

function play(seed: number): ConsumerKit {
  const random = randomStream(seed, "chaos");
  const kit = new ConsumerKit(1 + random.below(5), 3);
  const strategy = strategies[random.below(strategies.length)] ?? ["range"];
  const isStatic = random.ratio(1, 3);
  const usesSync = random.ratio(1, 2);
  const settings = {
    partitionAssignmentStrategy: strategy,
    sessionTimeoutMs: 6_000 + random.below(10_000),
    maxPollIntervalMs: 5_000 + random.below(30_000),
    autoCommitIntervalMs: 500 + random.below(3_000),
    enableAutoCommit: !usesSync,
    maxPollRecords: 1 + random.below(50),
  };
  const consumers = new Map<string, GroupConsumer>();
  const start = (name: string): void => {
    if (consumers.get(name)?.isEnded === false) return;
    const instance = isStatic ? `i-${name}` : null;
    const processMs = random.below(20);
    const commits = usesSync ? "sync" : "never";
    consumers.set(name, kit.start(name, settings, { instance, processMs, commits }));
  };
  const releases: (() => void)[] = [];
  // One broker at a time, and long enough for the others to notice.
  let isOneDown = false;
  const crash = (broker: number): void => {
    if (isOneDown) return;
    isOneDown = true;
    kit.cluster.crashBroker(broker, "nothing");
    kit.simulation.schedule(12_000, () => kit.cluster.startBroker(broker));
    kit.simulation.schedule(20_000, () => {
      isOneDown = false;
    });
  };
  for (const name of names) start(name);
  for (let n = 0; n < 60; n += 1) {
    kit.pass(random.below(2_000));
    kit.refresh();
    const partition = random.below(kit.eventsOf("topic.created")[0]?.leaders.length ?? 1);
    kit.fill(partition, 1 + random.below(20));
    const name = names[random.below(names.length)] ?? "c1";
    const consumer = consumers.get(name);
    const broker = 1 + random.below(3);
    const what = random.below(12);
    if (what === 0) consumer?.crash();
    else if (what === 1) consumer?.close();
    else if (what === 2) consumer?.stall(random.below(40_000));
    else if (what === 3) crash(broker);
    else if (what === 4) {
      releases.push(kit.cluster.holdLink(name, String(broker), { state: "cut" }));
    } else if (what === 5) kit.cluster.clients.breakConnections(name, 1 + random.below(3));
    else if (what < 9) start(name);
  }
  for (const release of releases) release();
  for (const name of names) start(name);
  kit.pass(90_000);
  for (const name of names) start(name);
  kit.pass(90_000);
  return kit;
}

/** What the trace says that must not be. */
function judge(kit: ConsumerKit): string[] {
  const problems: string[] = [];
  const seen = new Map<string, number>();
  const until = new Map<string, number>();
  for (const event of kit.events) {
    if (event.kind === "group.changed") {
      const held = event.members.flatMap(({ partitions }) => partitions.map(topicPartitionName));
      if (new Set(held).size < held.length) problems.push(`${event.atMs}: a partition held twice`);
    } else if (event.kind === "records.polled") {
      const name = topicPartitionName(event);
      const before = until.get(name) ?? 0;
      if (event.fromOffset > before)
        problems.push(`${event.atMs}: ${name} skips to ${event.fromOffset}`);
      until.set(name, Math.max(before, event.untilOffset));
      seen.set(name, event.untilOffset);
    } else if (event.kind === "offsets.committed") {
      for (const of of event.offsets) {
        const given = until.get(topicPartitionName(of)) ?? 0;
        if (of.offset > given) problems.push(`${event.atMs}: committed ${of.offset} of ${given}`);
      }
    }
  }
  const partitions = kit.eventsOf("topic.created")[0]?.leaders.length ?? 0;
  for (let partition = 0; partition < partitions; partition += 1) {
    const written = kit.cluster.logEndOffset("t", partition);
    const given = until.get(`t-${partition}`) ?? 0;
    if (given < written) problems.push(`t-${partition}: ${given} of ${written} were given`);
  }
  const last = kit.eventsOf("group.changed").at(-1);
  if (last?.state !== "Stable") problems.push(`the group is ${last?.state} in the end`);
  return problems;
}

test.each(Array.from({ length: 12 }, (_, seed) => seed))("seed %i", (seed) => {
  expect(judge(play(seed))).toEqual([]);
});
