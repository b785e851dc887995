// What a scenario says: data, of which the JSON of the vectors is made. The Java interpreter runs
// it on Kafka and adds what was seen; ours runs the same on the simulated cluster.

import type { Step } from "./step.ts";

/** A member that joins a round of a group. */
export interface AssignMember {
  readonly id: string;
  /** `group.instance.id`. */
  readonly instance?: string;
  readonly topics: readonly string[];
  /** What it claims to hold, and since when, where that is not what the round before gave it. */
  readonly owned?: readonly string[];
  readonly generation?: number;
}

export interface AssignRound {
  /** Partition counts, of the topics that are new or have changed. */
  readonly topics?: Readonly<Record<string, number>>;
  /** All of them, the leader first. */
  readonly members: readonly AssignMember[];
}

/** An assignor, offline: the members of each round, each with what the round before gave it. */
export interface AssignScenario {
  readonly name: string;
  readonly kind: "assign";
  readonly assignor: "range" | "roundrobin" | "sticky" | "cooperative-sticky";
  readonly rounds: readonly AssignRound[];
}

/** Keys, and counts of partitions to place them in. */
export interface KeysScenario {
  readonly name: string;
  readonly kind: "partition";
  readonly counts: readonly number[];
  readonly keys: readonly string[];
}

/** Requests and events in their order, each with what it saw. */
export interface StepsScenario {
  readonly name: string;
  readonly kind: "steps";
  readonly cluster: ClusterSpec;
  readonly steps: readonly Step[];
}

export interface ClusterSpec {
  /** One broker is its own controller; several have one apart. */
  readonly brokers: 1 | 3;
  /** Broker settings, by Kafka's names. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

/** Settings, given together as one, that Kafka takes or refuses. */
export interface SettingsScenario {
  readonly name: string;
  readonly kind: "settings";
  readonly of: "consumer" | "producer" | "topic" | "topic name" | "broker";
  readonly given: readonly Readonly<Record<string, string>>[];
}

export type Scenario = AssignScenario | KeysScenario | SettingsScenario | StepsScenario;
