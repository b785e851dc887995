/** Consumers of a world: applications that read topics as members of a group. */

import type { ConsumerSettings } from "../client/consumer-settings.ts";

export interface ConsumerSpec {
  /** `group.id`. */
  readonly group: string;
  readonly topics: readonly string[];
  /** How many there are: 1. */
  readonly count?: number;
  /** Their names and `client.id`s; `<group>-1`, `<group>-2`... when left out. */
  readonly names?: readonly string[];
  /** `group.instance.id` of each, which makes it a static member; none when left out. */
  readonly instanceIds?: readonly string[];
  /** By Kafka's names; see ConsumerSettings for the defaults. */
  readonly settings?: Partial<ConsumerSettings>;
  /** How long it is at work with each record: 1. */
  readonly processMs?: number;
  /** What it does after each poll, where `enableAutoCommit` is false: `commitSync`, `commitAsync`,
   *  or (when left out) nothing. */
  readonly commits?: "never" | "async" | "sync";
  /** When they start: 0. */
  readonly startMs?: number;
  /** When they are closed; never. */
  readonly stopMs?: number;
}

/** The names of the consumers that it is about. */
export function consumerNames({ group, count, names }: ConsumerSpec): readonly string[] {
  return names ?? Array.from({ length: count ?? 1 }, (_, index) => `${group}-${index + 1}`);
}
