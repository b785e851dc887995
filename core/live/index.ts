/** The live edge: the ports of the engine over Node, real time and a real Kafka. */

export { FileCheckpoints, type FileCheckpointsOptions } from "./file-checkpoints.ts";
export { KafkajsBroker, type KafkajsBrokerOptions } from "./kafkajs-broker.ts";
export type { LiveFeed } from "./live-feed.ts";
export { type LiveEnd, LiveRun, type LiveRunOptions } from "./live-run.ts";
export { ZeroMQReceiver, type ZeroMQReceiverOptions } from "./receivers/zeromq-receiver.ts";
export { type WallClock, WallClockRuntime, type WallClockOptions } from "./wall-clock-runtime.ts";
