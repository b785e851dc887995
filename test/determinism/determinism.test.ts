/** Goal: the same program, world, seed and faults give the same trace, byte for byte.
 *  Method: each golden scenario runs twice, with the host's clock, timers and random source
 *  poisoned, and is compared with the hash and length checked in beside this file. The same list
 *  runs in Chromium (determinism.browser.ts). `UPDATE_GOLDENS=1` writes the file anew. */

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withoutAmbient } from "../kit/ambient.ts";
import { runWorld } from "../kit/run-world.ts";
import { goldenScenarios } from "./golden-scenarios.ts";

const file = new URL("./goldens.json", import.meta.url);

function measure(): Record<string, { hash: string; events: number }> {
  return Object.fromEntries(
    goldenScenarios.map((scenario) => {
      const { run, lines } = withoutAmbient(() => runWorld(scenario));
      expect(run.failure?.message).toBeUndefined();
      return [scenario.name, { hash: run.trace.hash, events: lines.length }];
    }),
  );
}

describe("a golden scenario", () => {
  it("run twice gives the same lines", () => {
    for (const scenario of goldenScenarios) {
      expect(runWorld(scenario).lines).toEqual(runWorld(scenario).lines);
    }
  });

  it("gives the trace that is checked in", () => {
    const measured = measure();
    if (process.env["UPDATE_GOLDENS"] === "1") {
      writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
    }
    expect(measured).toEqual(JSON.parse(readFileSync(file, "utf8")));
  });

  it("with another seed gives another trace", () => {
    const [, scenario] = goldenScenarios;
    if (scenario === undefined) throw new Error("the second scenario must be there");
    const other = { ...scenario, world: { ...scenario.world, seed: 8 } };
    expect(runWorld(other).run.trace.hash).not.toBe(runWorld(scenario).run.trace.hash);
  });
});
