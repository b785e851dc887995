// The vectors as they were recorded: scenarios, and what each of their steps saw.
import { readFileSync } from "node:fs";
import type { Scenario } from "../scenarios/scenario.ts";

export interface Vector {
  readonly name: string;
  readonly scenario: Scenario;
  /** What Kafka did, step by step. */
  readonly saw: readonly unknown[];
}

/** What the steps of a scenario are called, by its kind. */
const parts = { assign: "rounds", partition: "keys", settings: "given", steps: "steps" } as const;

/** The generator's own output: a scenario whose steps say what they saw. */
export function readVectors(group: string): readonly Vector[] {
  const text = readFileSync(new URL(`../${group}.json`, import.meta.url), "utf8");
  const recorded = JSON.parse(text) as Readonly<Record<string, unknown>>[];
  return recorded.map((vector) => {
    const part = parts[vector["kind"] as Scenario["kind"]];
    const steps = vector[part] as readonly Readonly<Record<string, unknown>>[];
    const said = steps.map((step) => {
      const rest: Record<string, unknown> = { ...step };
      delete rest["saw"];
      return part === "keys" ? rest["key"] : rest;
    });
    // As the generator was given it.
    const scenario = { ...vector, [part]: said } as unknown as Scenario;
    return { name: scenario.name, scenario, saw: steps.map((step) => step["saw"]) };
  });
}
