/** Goal: Chromium gives the very bytes Node gave. Method: the golden scenarios, against the same
 *  checked-in hashes as determinism.test.ts. */

import { expect, it } from "vitest";
import { runWorld } from "../kit/run-world.ts";
import { goldenScenarios } from "./golden-scenarios.ts";
import goldens from "./goldens.json" with { type: "json" };

it("every golden scenario gives the trace that Node gave", () => {
  const measured = Object.fromEntries(
    goldenScenarios.map((scenario) => {
      const { run, lines } = runWorld(scenario);
      return [scenario.name, { hash: run.trace.hash, events: lines.length }];
    }),
  );
  expect(measured).toEqual(goldens);
});
