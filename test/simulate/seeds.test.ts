// Goal: what a seed has found once stays repaired. Method: the scenarios as they were, run again:
// whole, since the same seed may one day stand for another.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judge } from "../../core/simulate/judge.ts";
import type { SimulatedScenario } from "../../core/simulate/simulated-scenario.ts";

interface FoundScenario {
  /** What was wrong. */
  readonly found: string;
  readonly scenario: SimulatedScenario;
}

const text = readFileSync(new URL("seeds.json", import.meta.url), "utf8");
const scenariosThatFailed = JSON.parse(text) as readonly FoundScenario[];

describe("scenarios that once failed", () => {
  for (const { found, scenario } of scenariosThatFailed) {
    it(`seed ${scenario.seed}: ${found}`, () => {
      expect(judge(scenario).broken).toEqual([]);
    });
  }
});
