// Goal: a simulation as a whole is judged, and what breaks becomes small. Method: judgements made.
import { describe, expect, it } from "vitest";
import { chooseScenario } from "../../core/simulate/choose.ts";
import { judge } from "../../core/simulate/judge.ts";
import { shrink } from "../../core/simulate/shrink.ts";
import { Tally } from "../../core/simulate/tally.ts";

describe("a tally", () => {
  it("complains of audits that were never put to the test, from 500 seeds on", () => {
    const tally = new Tally();
    const judgement = { ...judge(chooseScenario(1)), held: [], broken: [], losses: [] };
    for (let count = 0; count < 499; count += 1) tally.add(judgement);
    expect(tally.complaints()).toEqual([]);
    tally.add(judgement);
    expect(tally.complaints()).toContain("never put to the test: acknowledged records stay");
    expect(tally.complaints().at(-1)).toMatch(/^no acknowledged record was lost to min/u);
  });
});

describe("shrink", () => {
  const wanted = "at 900 crash driver, back after 500";
  const scenario = {
    ...chooseScenario(195),
    faults: ["at 300 crash controller, back after 900", wanted, "at 2000 for 100 crash broker 1"],
  };

  it("leaves out what does not matter, and keeps what does", () => {
    const found = shrink({
      scenario,
      audit: "needs a driver crash",
      judge: (candidate) => ({
        scenario: candidate,
        broken: candidate.faults.some((line) => line === wanted)
          ? [{ audit: "needs a driver crash", example: `${candidate.records} records` }]
          : [],
        held: [],
        losses: [],
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
