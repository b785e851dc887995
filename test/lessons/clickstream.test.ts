// Goal: what lesson 2 says of its run is so, and each wrong answer people give gets its own hint.
// Method: the facts are computed from the trace and the log; the wrong answers are programs that
// run.
import { KafkaUtils, linesWorkload, PreferConsistent, type Program, Subscribe } from "streamscope";
import { readTopic } from "streamscope/lesson";
import { describe, expect, test } from "vitest";
import { check } from "../../lessons/02-clickstream/check.ts";
import pipeline from "../../lessons/02-clickstream/pipeline.ts";
import { pages, world } from "../../lessons/02-clickstream/world.ts";
import { sorted } from "../kit/run-operator.ts";
import { eventsOf, runWorld, type WorldRun } from "../kit/run-world.ts";
import { judge } from "./judge.ts";

type Pair = readonly [string, number];

const calm = runWorld({ program: pipeline, world, collectOutputs: true });
const log = readTopic(world, "clicks");

interface Visit {
  readonly page: string;
  readonly clicks: number;
  readonly score: number;
}

/** The visits of each batch, by its offset ranges. */
const visits = new Map(
  eventsOf(calm.events, "batch.planned").map(({ batchTimeMs, ranges }) => {
    const records = ranges.flatMap(
      ({ partition, fromOffset, untilOffset }) =>
        log[partition]?.slice(fromOffset, untilOffset) ?? [],
    );
    const read = records.map(({ value }): Visit => {
      const [page = "", clicks, dwellSeconds, like] = (value ?? "").split(",");
      const score = Number(clicks) + Number(dwellSeconds) / 10 + 2 * Number(like);
      return { page, clicks: Number(clicks), score: Math.round(10 * score) };
    });
    return [batchTimeMs, read] as const;
  }),
);

function sums(all: readonly Visit[], what: "clicks" | "score"): Pair[] {
  const totals = new Map<string, number>();
  for (const visit of all) totals.set(visit.page, (totals.get(visit.page) ?? 0) + visit[what]);
  return [...totals];
}

function outputsOf(run: WorldRun, output: number): (readonly [number, readonly unknown[]])[] {
  return run.outputs.flatMap((one) =>
    one.output === output ? [[one.timeMs, one.records ?? []] as const] : [],
  );
}

describe("the prose", () => {
  test("each ranking is the ten best running scores", () => {
    const rankings = outputsOf(calm, 0);
    expect(rankings.length).toBe(12);
    for (const [timeMs, ranking] of rankings) {
      const until = [...visits].flatMap(([at, all]) => (at <= timeMs ? all : []));
      const best = sums(until, "score")
        .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .slice(0, 10);
      expect(ranking).toEqual(best);
    }
    const last = rankings.at(-1);
    expect([last?.[0], last?.[1][0]]).toEqual([12_000, ["pancakes", 1006]]);
  });

  test("each window is the clicks of three batches, counted afresh", () => {
    for (const [timeMs, window] of outputsOf(calm, 1)) {
      const times = [timeMs - 2000, timeMs - 1000, timeMs];
      const all = times.flatMap((at) => visits.get(at) ?? []);
      expect(sorted(window)).toEqual(sorted(sums(all, "clicks")));
    }
  });

  test("some of forty pages are visited once, and the update function sees every page", () => {
    const all = [...visits.values()].flat();
    const counts = sums(
      all.map((visit) => ({ ...visit, clicks: 1 })),
      "clicks",
    );
    expect(pages.length).toBe(40);
    expect(new Set(pages).size).toBe(40);
    expect(counts.filter(([, count]) => count === 1).length).toBeGreaterThanOrEqual(2);
    const updates = eventsOf(calm.events, "state.updated").filter(
      ({ batchTimeMs }) => batchTimeMs === 12_000,
    );
    const total = (key: "keysTouched" | "keysWithValues"): number =>
      updates.reduce((sum, update) => sum + update[key], 0);
    expect(total("keysTouched")).toBe(counts.length);
    expect(total("keysWithValues")).toBe(sums(visits.get(12_000) ?? [], "clicks").length);
    expect(total("keysTouched")).toBeGreaterThan(2 * total("keysWithValues"));
  });

  test("top runs a job of its own while the batch is planned", () => {
    const submitted = eventsOf(calm.events, "batch.submitted");
    for (const { batchTimeMs, seq } of submitted) {
      const early = eventsOf(calm.events, "job.submitted").filter(
        (job) => job.seq < seq && job.batchTimeMs === batchTimeMs,
      );
      expect(early[0]?.action).toBe("top");
    }
  });

  test("state is checkpointed in batch 10, offset ranges with every batch", () => {
    const written = eventsOf(calm.events, "checkpoint.written");
    const data = written.filter(({ type }) => type === "rdd");
    expect(new Set(data.map(({ batchTimeMs }) => batchTimeMs))).toEqual(new Set([10_000]));
    const metadata = written.filter(({ type }) => type === "metadata");
    for (const timeMs of visits.keys()) {
      const file = metadata.find(({ batchTimeMs }) => batchTimeMs === timeMs);
      expect(file?.ranges.some((range) => range.batchTimeMs === timeMs)).toBe(true);
    }
  });

  test("a crash in or after batch 6 changes no final ranking", () => {
    const final = (run: WorldRun): unknown => outputsOf(run, 0).at(-1)?.[1];
    const around = calm.events.filter(({ atMs }) => atMs >= 6000 && atMs <= 6300);
    for (const { seq } of around.filter((_, index) => index % 5 === 0)) {
      const faults = [{ kind: "crashDriver", afterSeq: seq } as const];
      const crashed = runWorld({ program: pipeline, world, faults, collectOutputs: true });
      expect(crashed.run.failure).toBe(null);
      const [, second] = eventsOf(crashed.events, "driver.started");
      expect(second?.recoveredFrom).toMatch(/checkpoint-/);
      expect(final(crashed), `after event ${seq}`).toEqual(final(calm));
    }
  });

  test("partitions wait for broker 1, and for no other", () => {
    const leaders = eventsOf(calm.events, "topic.created")[0]?.leaders ?? [];
    const faults = [{ kind: "stopBroker", broker: 1, atMs: 6300, forMs: 2000 } as const];
    const { events } = runWorld({ program: pipeline, world, faults });
    const waiting = new Set(eventsOf(events, "request.failed").map(({ partition }) => partition));
    expect(waiting.size).toBeGreaterThan(0);
    expect([...waiting].map((partition) => leaders[partition])).toEqual(
      Array.from({ length: waiting.size }, () => 1),
    );
    expect(new Set(leaders)).toEqual(new Set([1, 2]));
  });
});

test("the pipeline skips lines that are no visits", () => {
  const lines = ["home,1,10,1", "", "home", "a,b,c,d", "home,1,5,2", "home,2,5,-1", "x,1,1,0,0"];
  const workload = [linesWorkload({ topic: "clicks", lines, ratePerSecond: 100 })];
  const { outputs, run } = runWorld({
    program: pipeline,
    world: { ...world, workload },
    collectOutputs: true,
  });
  expect(run.failure).toBe(null);
  expect(outputs.map(({ records }) => records)).toEqual([[["home", 45]], [["home", 3]]]);
});

interface PageState {
  readonly score: number;
  readonly quiet: number;
}
type Update = (scores: readonly number[], state: PageState | null) => PageState | null;

/** The exercise with another way to update, and perhaps to show, the state. */
function ranking(update: Update, shows: (state: PageState) => boolean = () => true): Program {
  return (ssc) => {
    ssc.checkpoint("checkpoints/ranking");
    const params = { "group.id": "g", "auto.offset.reset": "earliest" };
    KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["clicks"], params))
      .map((record) => record.value.split(","))
      .map(([page = "", clicks, dwellSeconds, like]) => {
        return [page, 10 * Number(clicks) + Number(dwellSeconds) + 20 * Number(like)] as const;
      })
      .updateStateByKey<PageState>(update, 4)
      .filter(([, state]) => shows(state))
      .mapValues(({ score }) => score)
      .transform((rdd) =>
        ssc.sparkContext.parallelize(
          rdd.top(10, (a, b) => a[1] - b[1]),
          1,
        ),
      )
      .print();
  };
}

const sum = (scores: readonly number[], before = 0): number =>
  scores.reduce((total, score) => total + score, before);

/** Forgets at the n-th quiet batch. */
const forgetAt =
  (n: number): Update =>
  (scores, state) => {
    const quiet = scores.length > 0 ? 0 : (state?.quiet ?? 0) + 1;
    return quiet >= n ? null : { score: sum(scores, state?.score), quiet };
  };

describe("the check", () => {
  test("passes another right answer: counting down, ties in any order, four partitions", () => {
    const countdown: Update = (scores, state) => {
      if (scores.length > 0) return { score: sum(scores, state?.score), quiet: 2 };
      return state === null || state.quiet === 0 ? null : { ...state, quiet: state.quiet - 1 };
    };
    expect(judge(check, { program: ranking(countdown), world })).toEqual({ verdict: "pass" });
  });

  const right = forgetAt(3);
  const hide: Update = (scores, state) => {
    const kept = right(scores, state);
    return kept ?? { score: 0, quiet: 3 };
  };
  test.each([
    ["never forgetting", ranking(forgetAt(Infinity)), "No page ever leaves the state"],
    ["setting to zero", ranking(hide), "No page ever leaves the state"],
    ["hiding", ranking(hide, ({ quiet }) => quiet < 3), "No page ever leaves the state"],
    ["forgetting at once", ranking(forgetAt(1)), "in their first quiet batch"],
    ["forgetting too early", ranking(forgetAt(2)), "one batch early"],
    ["forgetting too late", ranking(forgetAt(4)), "one batch late"],
    [
      "a count that no visit resets",
      ranking((scores, state) => {
        const quiet = (state?.quiet ?? 0) + (scores.length > 0 ? 0 : 1);
        return quiet === 3 ? null : { score: sum(scores, state?.score), quiet };
      }),
      "must set the number back to zero",
    ],
    ["forgetting far too late", ranking(forgetAt(6)), "the state holds"],
    [
      "losing the score on a visit",
      ranking((scores, state) => {
        const next = right(scores, state);
        return next === null || scores.length === 0 ? next : { ...next, score: sum(scores) };
      }),
      "by the visits it is",
    ],
  ])("has a hint for %s", (_, program, hint) => {
    const verdict = judge(check, { program, world });
    if (verdict.verdict !== "fail") throw new Error(`verdict: ${verdict.verdict}`);
    expect(verdict.because.en).toContain(hint);
    expect(verdict.because.zh).toMatch(/[\u4e00-\u9fff].*。$/);
  });
});
