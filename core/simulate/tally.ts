/** What came of many seeds: counted, and judged as a whole. */

import { type LossCause, lossCauses } from "../audits/durability.ts";
import { auditNames, isProtected, type Judgement } from "./judge.ts";

/** From so many seeds on, every audit must have been exercised and a loss been seen. */
const SEEDS_ENOUGH = 500;

export class Tally {
  #seeds = 0;
  #protected = 0;
  #broken = 0;
  #events = 0;
  readonly #losses = new Map<LossCause, number>(lossCauses.map((cause) => [cause, 0]));
  readonly #exercised = new Map<string, number>(auditNames.map((name) => [name, 0]));

  add(judgement: Judgement): void {
    this.#seeds += 1;
    this.#events += judgement.events;
    if (isProtected(judgement.scenario)) this.#protected += 1;
    if (judgement.broken.length > 0) this.#broken += 1;
    for (const cause of judgement.losses) {
      this.#losses.set(cause, (this.#losses.get(cause) ?? 0) + 1);
    }
    const broken = judgement.broken.map(({ audit }) => audit);
    for (const name of new Set([...judgement.held, ...broken])) {
      this.#exercised.set(name, (this.#exercised.get(name) ?? 0) + 1);
    }
  }

  get events(): number {
    return this.#events;
  }

  /** Seeds in which a promise was broken. */
  get broken(): number {
    return this.#broken;
  }

  /** What is wrong with the seeds as a whole: a simulation in which nothing is ever lost, or an
   *  audit that is never put to the test, proves nothing. */
  complaints(): readonly string[] {
    if (this.#seeds < SEEDS_ENOUGH) return [];
    const complaints = [...this.#exercised].flatMap(([name, count]) =>
      count === 0 ? [`never put to the test: ${name}`] : [],
    );
    for (const [cause, count] of this.#losses) {
      if (count === 0) complaints.push(`no acknowledged record was lost to ${cause}`);
    }
    return complaints;
  }

  lines(): readonly string[] {
    return [
      `${this.#seeds} seeds: ${this.#protected} protected, ` +
        `${this.#seeds - this.#protected} not; ${this.#broken} broke a promise`,
      "acknowledged records were lost, where Kafka does not promise them, in how many seeds:",
      ...[...this.#losses].map(([cause, count]) => `  ${String(count).padStart(6)}  ${cause}`),
      "put to the test in how many seeds:",
      ...[...this.#exercised].map(([name, count]) => `  ${String(count).padStart(6)}  ${name}`),
    ];
  }
}
