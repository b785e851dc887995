// Goal: what Kafka and Spark promise holds through whatever a seed thinks of, and what they do not
// promise is seen to break. Method: 2,000 scenarios, each run to its end and audited.
import { describe, expect, it } from "vitest";
import { chooseScenario } from "../../core/simulate/choose.ts";
import { judge } from "../../core/simulate/judge.ts";
import { shrink } from "../../core/simulate/shrink.ts";
import { Tally } from "../../core/simulate/tally.ts";

const SEEDS = 2_000;
const SEEDS_OF_TEST = 200;

describe("simulate", () => {
  const tally = new Tally();

  for (let from = 1; from <= SEEDS; from += SEEDS_OF_TEST) {
    const to = from + SEEDS_OF_TEST - 1;
    it(`breaks no promise with seeds ${from} to ${to}`, { timeout: 120_000 }, () => {
      const broken: string[] = [];
      for (let seed = from; seed <= to; seed += 1) {
        const judgement = judge(chooseScenario(seed));
        tally.add(judgement);
        for (const { audit, example } of judgement.broken) {
          broken.push(`${audit}: ${example}; npx streamscope simulate --seeds ${seed}`);
        }
      }
      expect(broken).toEqual([]);
    });
  }

  it("puts every audit to the test, and sees losses where nothing protects from them", () => {
    expect(tally.complaints()).toEqual([]);
  });
});

describe("a tally", () => {
  it("complains of audits that were never put to the test, from 500 seeds on", () => {
    const tally = new Tally();
    const judgement = { ...judge(chooseScenario(1)), held: [], broken: [], lossSeen: null };
    for (let count = 0; count < 499; count += 1) tally.add(judgement);
    expect(tally.complaints()).toEqual([]);
    tally.add(judgement);
    expect(tally.complaints()).toContain("never put to the test: acknowledged records stay");
    expect(tally.complaints().at(-1)).toMatch(/^no acknowledged record was lost/u);
  });
});

describe("shrink", () => {
  const scenario = chooseScenario(195);

  it("leaves out what does not matter, and keeps what does", () => {
    const wanted = scenario.faults.find((line) => line.includes("crash driver"));
    const found = shrink({
      scenario,
      audit: "needs a driver crash",
      judge: (candidate) => ({
        scenario: candidate,
        broken: candidate.faults.some((line) => line === wanted)
          ? [{ audit: "needs a driver crash", example: `${candidate.records} records` }]
          : [],
        held: [],
        lossSeen: null,
        events: 0,
        traceHash: "",
      }),
    });
    expect(found?.scenario.faults).toEqual([wanted]);
    expect(found?.scenario.records).toBe(1);
    expect(found?.scenario.partitions).toBe(1);
    expect(found?.scenario.conf).toEqual({});
    expect(found?.example).toBe("1 records");
  });

  it("gives null for a scenario that breaks nothing", () => {
    expect(shrink({ scenario, audit: "lag drains", judge })).toBeNull();
  });
});
