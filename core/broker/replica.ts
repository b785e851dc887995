/** One copy of a partition on one broker: its log, which outlives the process, and its role, which
 *  does not. */

import { PartitionLog } from "../log/partition-log.ts";
import { logConfig } from "../log/log-config.ts";
import type { BrokerError } from "./broker-error.ts";
import type { TopicConfig } from "./broker.ts";
import { Follower } from "./follower.ts";
import { Leader } from "./leader.ts";
import type { PartitionState } from "./metadata.ts";
import type { ReplicaHost } from "./replica-host.ts";

export class Replica {
  readonly topicId: number;
  readonly #host: ReplicaHost;
  #log: PartitionLog;
  #config: TopicConfig;
  #role: Leader | Follower | null = null;

  constructor(state: PartitionState, config: TopicConfig, host: ReplicaHost) {
    this.topicId = state.topicId;
    this.#host = host;
    this.#config = config;
    this.#log = newLog(state, config);
  }

  get log(): PartitionLog {
    return this.#log;
  }

  get leader(): Leader | null {
    return this.#role instanceof Leader ? this.#role : null;
  }

  configure(config: TopicConfig): void {
    if (config === this.#config) return;
    this.#config = config;
    this.#log.changeConfig(logConfig(config));
  }

  /** Takes the role that the metadata gives this broker. */
  apply(state: PartitionState): void {
    const role = this.#role;
    if (role !== null && role.state.leaderEpoch === state.leaderEpoch) {
      role.update(state);
      return;
    }
    this.end("NOT_LEADER_OR_FOLLOWER");
    if (state.leader === this.#host.broker) {
      this.#role = new Leader(this.#log, state, this.#host);
    } else if (state.leader !== -1) this.#role = new Follower(this.#log, state, this.#host);
  }

  /** Leads and follows no longer; requests that wait are answered so, or not at all. */
  end(error: BrokerError | null): void {
    const role = this.#role;
    this.#role = null;
    if (role instanceof Leader) role.end(error);
    else role?.end();
  }

  /** The process of another broker has ended. */
  brokerEnded(broker: number): void {
    const role = this.#role;
    if (role instanceof Leader) role.followerSilent(broker, true);
    else if (role?.state.leader === broker) role.leaderLost();
  }

  /** The process of another broker is up again: a follower of it goes on. */
  brokerReturned(broker: number): void {
    const role = this.#role;
    if (role instanceof Follower && role.state.leader === broker) role.leaderReturned();
  }

  /** The link to another broker is cut. */
  linkCut(broker: number): void {
    if (this.#role instanceof Leader) this.#role.followerSilent(broker, false);
  }

  /** The log as it is found after its process died: without what was not on disk then, or empty. */
  recover(loses: "unflushed" | "disk", atMs: number, of: PartitionState): void {
    const fromOffset = this.#log.logEndOffset;
    const { runtime, settings } = this.#host;
    if (loses === "disk") this.#log = newLog(of, this.#config);
    else {
      const kept = this.#log.unflushedFrom(atMs, settings.flushMs);
      if (kept < fromOffset) this.#log.truncateTo(kept);
    }
    const toOffset = this.#log.logEndOffset;
    if (toOffset === fromOffset || !this.#host.tells(of.topic)) return;
    runtime.emit({
      kind: "log.truncated",
      topic: of.topic,
      partition: of.partition,
      broker: this.#host.broker,
      fromOffset,
      toOffset,
      reason: loses,
    });
  }
}

function newLog({ topic, partition }: PartitionState, config: TopicConfig): PartitionLog {
  return new PartitionLog({ topic, partition }, logConfig(config));
}
