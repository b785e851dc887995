/** The names that faults may call things by: brokers by their numbers, clients by theirs. */

import { ScenarioError } from "../base/errors.ts";
import { nearestWord } from "../base/nearest-word.ts";
import { CLIENTS, CONTROLLER } from "../broker/network.ts";
import { DATA_CLIENT } from "./data-conditions.ts";
import { consumerNames } from "./consumer-spec.ts";
import { producerName } from "./producers.ts";
import type { WorldSpec } from "./scenario.ts";

/** The driver, whose connections its executors share, and whom the world brings itself. */
const DRIVER = "driver";
const ADMIN = "admin";

/** Who sends records. */
export function writersOf({ workload = [] }: WorldSpec): readonly string[] {
  return [...new Set([...workload.map(producerName), DRIVER, DATA_CLIENT])];
}

/** Who sends anything. */
export function clientsOf(world: WorldSpec): readonly string[] {
  const readers = (world.consumers ?? []).flatMap(consumerNames);
  return [...new Set([...writersOf(world), ...readers, ADMIN])];
}

/** One of the names that the world has. Throws: ScenarioError BAD_WORLD. */
export function checkKnown(
  what: string,
  value: unknown,
  { kind, names }: { readonly kind: string; readonly names: readonly string[] },
): void {
  if (names.some((name) => name === value)) return;
  const nearest = nearestWord(String(value), names);
  bad(
    `${what} is ${String(value)}, which the world does not have; ` +
      (nearest === null
        ? `known ${kind}: ${[...new Set(names)].join(", ") || "none"}`
        : `did you mean ${nearest}?`),
  );
}

/** An end of a link that is no broker. Throws: ScenarioError BAD_WORLD. */
export function checkEnd(what: string, value: unknown, world: WorldSpec): void {
  const names = [CONTROLLER, CLIENTS, ...clientsOf(world)];
  checkKnown(what, value, { kind: "ends of links", names });
}

/** There is a link between two brokers, between one and the controller, and between one and
 *  a client. Throws: ScenarioError BAD_WORLD. */
export function checkLink(fault: string, a: string, b: string): void {
  if (a === b) bad(`both ends of the link of ${fault} are ${a}; give two that differ`);
  if (isBroker(a) || isBroker(b)) return;
  if (a !== CONTROLLER && b !== CONTROLLER) {
    bad(
      `there is no link between ${a} and ${b} in ${fault}: clients talk to brokers alone; give ` +
        `1-${b}, or isolate a broker`,
    );
  }
  const client = a === CONTROLLER ? b : a;
  bad(
    `there is no link between ${client} and the controller in ${fault}: clients do not talk to ` +
      "controllers in KRaft, brokers pass on what they ask; " +
      `give 1-${client} or 1-controller, by the number of a broker`,
  );
}

function isBroker(end: string): boolean {
  return /^\d+$/u.test(end);
}

function bad(message: string): never {
  throw new ScenarioError("BAD_WORLD", message);
}
