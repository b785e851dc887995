/** Retention and compaction: all brokers look at their logs from time to time, at multiples of the
 *  interval, while there is something to find.
 *  Like Kafka: LogManager.cleanupLogs, LogCleaner. */

import type { PartitionLog } from "../log/partition-log.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { BrokerNode } from "./broker-node.ts";
import type { ClusterSettings } from "./cluster-settings.ts";

export class LogUpkeep {
  readonly #runtime: Runtime;
  readonly #settings: ClusterSettings;
  readonly #nodes: () => Iterable<BrokerNode>;
  #isRetentionScheduled = false;
  #isCleaningScheduled = false;

  constructor(runtime: Runtime, settings: ClusterSettings, nodes: () => Iterable<BrokerNode>) {
    this.#runtime = runtime;
    this.#settings = settings;
    this.#nodes = nodes;
  }

  appended(log: PartitionLog): void {
    // What is compacted is also retained at the cleaner's pace.
    if (log.isCompacted) this.#cleanLater();
    else if (log.isRetained) this.#retainLater();
  }

  #next(everyMs: number, action: () => void): void {
    this.#runtime.schedule(everyMs - (this.#runtime.now() % everyMs), action);
  }

  #retainLater(): void {
    if (this.#isRetentionScheduled) return;
    this.#isRetentionScheduled = true;
    this.#next(this.#settings.retentionCheckMs, () => {
      this.#isRetentionScheduled = false;
      let isMoreLeft = false;
      this.#eachLog((log, node, leads) => {
        if (log.isCompacted) return;
        this.#retain(log, node, leads);
        isMoreLeft ||= log.isRetained;
      });
      if (isMoreLeft) this.#retainLater();
    });
  }

  #retain(log: PartitionLog, node: BrokerNode, leads: boolean): void {
    const reason = log.retain(node.clockMs());
    if (reason === null || !leads || !node.tells(log.of.topic)) return;
    const { logStartOffset } = log;
    this.#runtime.emit({ kind: "logStart.advanced", ...log.of, logStartOffset, reason });
  }

  #cleanLater(): void {
    if (this.#isCleaningScheduled) return;
    this.#isCleaningScheduled = true;
    this.#next(this.#settings.cleanerBackoffMs, () => {
      this.#isCleaningScheduled = false;
      let isMoreLeft = false;
      this.#eachLog((log, node, leads) => {
        if (!log.isCompacted) return;
        this.#retain(log, node, leads);
        if (log.isCompactable(node.clockMs())) this.#clean(log, node);
        isMoreLeft ||= log.canBecomeCompactable || log.isRetained;
      });
      if (isMoreLeft) this.#cleanLater();
    });
  }

  #clean(log: PartitionLog, node: BrokerNode): void {
    const cleaned = log.compact(node.clockMs());
    if (cleaned === null || !node.tells(log.of.topic)) return;
    this.#runtime.emit({
      kind: "log.compacted",
      ...log.of,
      broker: node.broker,
      recordsRemoved: cleaned.removed,
      untilOffset: cleaned.untilOffset,
    });
  }

  #eachLog(visit: (log: PartitionLog, node: BrokerNode, leads: boolean) => void): void {
    for (const node of this.#nodes()) {
      // A stopped broker does not clean up; when it starts it looks again.
      if (!node.isRunning) continue;
      for (const replica of node.replicas()) visit(replica.log, node, replica.leader !== null);
    }
  }
}
