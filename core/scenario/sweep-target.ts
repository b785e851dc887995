/** What a crash sweep may crash. */

export const sweepTargets = ["driver", "executor", "broker", "sink"] as const;
export type SweepTarget = (typeof sweepTargets)[number];
