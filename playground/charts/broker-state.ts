/** How a broker is, said the same in every view that shows one. */

import type { Snapshot } from "streamscope";
import type { Language } from "../lessons.ts";

export type BrokerState = "up" | "fenced" | "starting" | "stopped" | "crashed";

/** In front of its name. */
export const stateGlyphs: Readonly<Record<BrokerState, string>> = {
  up: "●",
  fenced: "◐",
  starting: "◌",
  stopped: "○",
  crashed: "✕",
};

/** A broker that the world does not tell of is up. */
export function brokerState({ brokers }: Snapshot, broker: number): BrokerState {
  const known = brokers.find((one) => one.broker === broker);
  if (known === undefined) return "up";
  const { isUp, isRegistered, isFenced, lost } = known;
  if (!isUp) return lost === null ? "stopped" : "crashed";
  return isRegistered ? (isFenced ? "fenced" : "up") : "starting";
}

/** Null for a broker that answers. */
export function silence(state: BrokerState, language: Language): string | null {
  return state === "up" || state === "fenced" ? null : words[language][state];
}

const words = {
  en: { starting: "starting", stopped: "stopped", crashed: "crashed" },
  zh: { starting: "启动中", stopped: "已停止", crashed: "已崩溃" },
} as const;
