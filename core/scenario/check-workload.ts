/** What the producers of a world must be before anything runs in it. */

import { ScenarioError } from "../base/errors.ts";
import { readProducerSettings } from "../client/producer-settings.ts";
import type { TransactionPlan } from "../client/transaction-writer.ts";
import { checkKnown } from "./check-topics.ts";
import type { WorldSpec } from "./scenario.ts";

/** Throws: ScenarioError for the first thing that cannot be. */
export function checkWorkload(world: WorldSpec): void {
  for (const workload of world.workload ?? []) {
    const { topic, lingerMs, producer = {}, transactions } = workload;
    checkKnown("workload writes to topic", topic, world);
    const of = `of the workload of topic ${topic}`;
    checkWhole(`lingerMs ${of}`, lingerMs, 0);
    checkRecords(of, workload);
    const { transactionalId } = readProducerSettings(
      lingerMs === undefined ? producer : { ...producer, lingerMs },
    );
    if (transactions === undefined) continue;
    if (transactionalId === null) {
      bad(`transactions ${of} need a name; give producer: { transactionalId: "..." } beside them`);
    }
    checkPlan(of, transactions);
  }
}

function checkRecords(of: string, { records }: { readonly records: unknown }): void {
  if (typeof records === "function") return;
  bad(`records ${of} must be a function that gives records, such as recordsWorkload makes`);
}

function checkPlan(of: string, plan: TransactionPlan): void {
  checkWhole(`transactions.recordsPerTransaction ${of}`, plan.recordsPerTransaction, 1);
  checkWhole(`transactions.everyMs ${of}`, plan.everyMs, 0);
  checkWhole(`transactions.abortEvery ${of}`, plan.abortEvery, 1);
}

function checkWhole(name: string, value: unknown, min: number): void {
  if (value === undefined) return;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= min) return;
  bad(`${name} must be a whole number of at least ${min}, not ${String(value)}`);
}

function bad(message: string): never {
  throw new ScenarioError("BAD_WORLD", message);
}
