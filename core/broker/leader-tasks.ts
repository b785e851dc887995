/** What the controller looks at from time to time: who leads for another, and who leads nobody.
 *  Nothing runs when a topic comes to allow unclean elections: its partitions wait for the look.
 *  Like Kafka: ReplicationControlManager.maybeBalancePartitionLeaders, maybeElectUncleanLeaders. */

import type { Runtime } from "../sim/runtime.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { ControllerTask } from "./controller-task.ts";
import type { PartitionState } from "./metadata.ts";

export interface LeaderTasksOptions {
  readonly runtime: Runtime;
  readonly settings: ClusterSettings;
  /** Whether something holds of a partition that there is. */
  readonly some: (holds: (partition: PartitionState) => boolean) => boolean;
  readonly isActive: (broker: number) => boolean;
  readonly allowsUnclean: (topic: string) => boolean;
  readonly electPreferred: () => void;
  readonly electUnclean: () => void;
}

/** The balance of leaders, unless it is turned off, and elections that came to be allowed. */
export function leaderTasks(options: LeaderTasksOptions): readonly ControllerTask[] {
  const { runtime, settings, some, isActive, allowsUnclean } = options;
  const balance = new ControllerTask({
    runtime,
    everyMs: settings.leaderImbalanceCheckMs,
    isNeeded: () => some(({ leader, replicas }) => leader !== replicas[0]),
    canAct: () =>
      some(
        ({ leader, isr, replicas: [preferred = -1] }) =>
          leader !== preferred && isr.includes(preferred) && isActive(preferred),
      ),
    act: options.electPreferred,
  });
  const electUnclean = new ControllerTask({
    runtime,
    everyMs: settings.uncleanLeaderElectionCheckMs,
    isNeeded: () => some(({ leader }) => leader === -1),
    canAct: () =>
      some(
        ({ topic, leader, replicas }) =>
          leader === -1 && allowsUnclean(topic) && replicas.some(isActive),
      ),
    act: options.electUnclean,
  });
  return settings.autoLeaderRebalance ? [balance, electUnclean] : [electUnclean];
}
