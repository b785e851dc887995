/** Goal: what faults of data, sinks, tasks and executors are said to show is seen in the trace.
 *  Method: a small world, a program that groups or writes, and a script each. */

import { expect, it } from "vitest";
import {
  KafkaUtils,
  PreferConsistent,
  type StreamingContext,
  Subscribe,
  type WorldSpec,
} from "streamscope";
import { eventsOf, runWorld, type WorldRun } from "../kit/run-world.ts";

const world: WorldSpec = {
  topics: { clicks: { partitions: 2 }, copies: { partitions: 1 } },
  workload: [
    {
      topic: "clicks",
      records: function* () {
        for (let n = 0; n < 60; n += 1) yield { atMs: n * 100, key: `k${n % 6}`, value: `${n}` };
      },
    },
  ],
  untilMs: 12_000,
};

function read(ssc: StreamingContext) {
  const params = { "group.id": "g", "auto.offset.reset": "earliest" };
  return KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["clicks"], params));
}

function counting(ssc: StreamingContext): void {
  read(ssc)
    .map(({ key }) => [key ?? "", 1] as const)
    .reduceByKey((a, b) => a + b)
    .print();
}

function copying(ssc: StreamingContext): void {
  read(ssc)
    .map(({ value }) => value)
    .foreachRDD((rdd) =>
      rdd.foreachPartition((values, task) => {
        for (const value of values) task.send({ topic: "copies", key: null, value, headers: [] });
      }),
    );
}

const see = (program: (ssc: StreamingContext) => void, faults: string): WorldRun =>
  runWorld({ program, world, faults, collectOutputs: true });

const failedTasks = ({ events }: WorldRun): readonly string[] =>
  eventsOf(events, "task.failed").map(({ error }) => error);

function copiesOf({ run }: WorldRun): readonly string[] {
  return run.readLog("copies", 0).map(({ value }) => value ?? "");
}

const all = Array.from({ length: 60 }, (_, n) => `${n}`);

it("a poison record fails the tasks of a function that cannot parse it, again and again", () => {
  const parsing = (ssc: StreamingContext): void => {
    read(ssc)
      .map(({ value }) => {
        if (!/^\d+$/u.test(value ?? "")) throw new SyntaxError(`not a number: ${value}`);
        return Number(value);
      })
      .print();
  };
  const seen = see(parsing, "at 2500 send poison record to clicks");
  expect(failedTasks(seen).length).toBeGreaterThanOrEqual(1);
  expect(failedTasks(seen)[0]).toContain("not a number");
  expect(seen.run.failure?.message).toContain("not a number");
  expect(see(counting, "at 2500 send poison record to clicks").run.failure).toBeNull();
});

it("an oversized record is refused, and a smaller one is read", () => {
  const refused = see(counting, "at 2500 send record of 2000000 bytes to clicks");
  expect(eventsOf(refused.events, "request.failed")[0]).toMatchObject({
    client: "intruder",
    error: "MESSAGE_TOO_LARGE",
    retryInMs: null,
  });
  const taken = see(counting, "at 2500 send record of 500000 bytes to clicks");
  expect(eventsOf(taken.events, "request.failed")).toEqual([]);
  const ends = taken.run.readLog("clicks", 0).length + taken.run.readLog("clicks", 1).length;
  expect(ends).toBe(61);
});

it("a hot key fills one partition while it lasts", () => {
  const seen = see(counting, "from 2000 to 4000 give key k1 to 100% of records to clicks");
  const keys = [0, 1].flatMap((partition) => seen.run.readLog("clicks", partition));
  expect(keys.length).toBe(60);
  const hot = keys.filter(({ key }) => key === "k1").length;
  expect(hot).toBeGreaterThanOrEqual(10 + 15);
  const sizes = [0, 1].map((partition) => seen.run.readLog("clicks", partition).length);
  const calm = see(counting, "");
  const even = [0, 1].map((partition) => calm.run.readLog("clicks", partition).length);
  const skew = ([a = 0, b = 0]: readonly number[]): number => Math.abs(a - b);
  expect(skew(sizes)).not.toBe(skew(even));
});

it("late records come in the batch of their arrival, with earlier timestamps", () => {
  const seen = see(counting, "from 3000 to 4000 date records to clicks back by 2000");
  const records = [0, 1].flatMap((partition) => seen.run.readLog("clicks", partition));
  const late = records.filter(({ value, timestampMs }) => timestampMs < Number(value) * 100);
  expect(late.length).toBeGreaterThanOrEqual(9);
  expect(late.every(({ value, timestampMs }) => timestampMs === Number(value) * 100 - 2000)).toBe(
    true,
  );
  const counts = ({ outputs }: WorldRun): unknown => outputs.map(({ records: of }) => of);
  expect(counts(seen)).toEqual(counts(see(counting, "")));
});

it("a sink that fails for a while makes tasks run again, and loses nothing", () => {
  const seen = see(copying, "at 2900 for 120 break sink");
  expect(failedTasks(seen)[0]).toContain("the sink is not available");
  expect(seen.run.failure).toBeNull();
  expect(copiesOf(seen).toSorted()).toEqual(all.toSorted());
  const duplicating = see(copying, "at 2900 for 122 break sink after writing");
  expect(new Set(copiesOf(duplicating))).toEqual(new Set(all));
  expect(copiesOf(duplicating).length).toBeGreaterThan(all.length);
});

it("a sink that stays broken fails the batch", () => {
  const seen = see(copying, "at 2900 break sink");
  expect(seen.run.failure?.message).toContain("the sink is not available");
});

it("a lost executor's tasks run again elsewhere", () => {
  const seen = see(counting, "after task 6 starts lose executor 1, back after 500");
  expect(eventsOf(seen.events, "executor.lost")[0]?.executor).toBe(1);
  const outputs = ({ outputs: of }: WorldRun): unknown =>
    of.map(({ records }) => JSON.stringify(records));
  expect(outputs(seen)).toEqual(outputs(see(counting, "")));
});

it("a slow executor's tasks take longer", () => {
  const longest = (executor: number, { events }: WorldRun): number =>
    Math.max(
      ...eventsOf(events, "task.finished")
        .filter((task) => task.executor === executor)
        .map(({ durationMs }) => durationMs),
    );
  const slow = "from 2000 to 5000 slow executor 1 to 5%";
  const costly = { ...world, cost: { recordUs: 2_000 } };
  const seen = runWorld({ program: counting, world: costly, faults: slow });
  expect(longest(1, seen)).toBeGreaterThan(2 * longest(2, seen));
});

it("tasks that fail are tried again", () => {
  const seen = see(counting, 'at 2000 fail tasks on executor 1, 2 times, with "x.Oops: y"');
  expect(failedTasks(seen)).toHaveLength(2);
  expect(failedTasks(seen)[0]).toContain("x.Oops: y");
  expect(seen.run.failure).toBeNull();
});

it("a full disk fails map tasks alone", () => {
  const seen = see(counting, "from 2000 to 2021 fill disk of executor 1");
  expect(failedTasks(seen).every((error) => error.includes("No space left on device"))).toBe(true);
  expect(failedTasks(seen).length).toBeGreaterThan(0);
});

it("a lost map output is computed again, for its partition alone", () => {
  const script = "after stage 0 is completed lose map output 0 of shuffle 0";
  const maps = ({ events }: WorldRun): unknown =>
    eventsOf(events, "stage.submitted")
      .filter(({ type, atMs }) => type === "ShuffleMapStage" && atMs < 2000)
      .map(({ partitions }) => partitions);
  // print takes the partitions one by one: the second job finds the output missing.
  const [calm, lost] = ["", script].map((faults) => runWorld({ program: counting, world, faults }));
  if (calm === undefined || lost === undefined) throw new Error("two runs are there");
  expect(maps(calm)).toEqual([[0, 1]]);
  expect(maps(lost)).toEqual([[0, 1], [0]]);
  const printed = ({ outputs }: WorldRun): unknown => outputs.map(({ lines }) => lines);
  expect(printed(lost)).toEqual(printed(calm));
});

it("more partitions are read once the consumer looks again, and keys move", () => {
  const seen = see(counting, "at 2000 add partitions to clicks: 4");
  expect(eventsOf(seen.events, "partitions.added")[0]?.topic).toBe("clicks");
  const planned = eventsOf(seen.events, "batch.planned").at(-1);
  expect(planned?.ranges.map(({ partition }) => partition)).toEqual([0, 1]);
});

it("a driver that is stopped finishes what it has begun", () => {
  const seen = see(counting, "at 3500 stop driver gracefully");
  expect(eventsOf(seen.events, "driver.stopping")[0]?.gracefully).toBe(true);
  expect(seen.run.ended).toBe("stopped");
});
