// Goal: what a seed has found once stays repaired. Method: the scenarios as they were, run again.
import { describe, expect, it } from "vitest";
import { judge } from "../../core/simulate/judge.ts";
import { scenariosThatFailed } from "./seeds.ts";

describe("scenarios that once failed", () => {
  for (const { found, scenario } of scenariosThatFailed) {
    it(`seed ${scenario.seed}: ${found}`, () => {
      expect(judge(scenario).broken).toEqual([]);
    });
  }
});
