// Scenarios of many seeds, each run to its end and audited, and judged as a whole.
import { describe, expect, it } from "vitest";
import { chooseScenario } from "../../core/simulate/choose.ts";
import { judge } from "../../core/simulate/judge.ts";
import { Tally } from "../../core/simulate/tally.ts";

const SEEDS_OF_TEST = 200;

/** Defines the tests of seeds from one to another. */
export function checkSeeds(first: number, last: number): void {
  describe(`seeds ${first} to ${last}`, () => {
    const tally = new Tally();

    for (let from = first; from <= last; from += SEEDS_OF_TEST) {
      const to = Math.min(from + SEEDS_OF_TEST - 1, last);
      it(`break no promise from ${from} to ${to}`, { timeout: 150_000 }, () => {
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

    it("put every audit to the test, and see losses where nothing protects from them", () => {
      expect(tally.complaints()).toEqual([]);
    });
  });
}
