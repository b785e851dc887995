// Goal: the audits find bugs. Method: the engine with a few words changed, run at the seed at which
// that was found first: an audit breaks there, and none does with the engine as it is.
import { describe, expect, test } from "vitest";
import { chooseScenario } from "../../core/simulate/choose.ts";
import { judge } from "../../core/simulate/judge.ts";
import { hunt } from "./mutate.ts";
import { mutations } from "./mutations.ts";

describe("deliberate bugs", () => {
  test("are at least fifteen", () => {
    expect(mutations.length).toBeGreaterThanOrEqual(15);
  });

  for (const mutation of mutations) {
    const { name, seed, foundBy } = mutation;
    test(`${name}: ${foundBy}`, { timeout: 120_000 }, async () => {
      expect((await hunt(mutation, `${seed}`))?.audit).toBe(foundBy);
      expect(judge(chooseScenario(seed)).broken).toEqual([]);
    });
  }
});
