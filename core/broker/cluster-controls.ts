/** What a fault may do to the simulated cluster. Nodes are named as the trace names them:
 *  brokers by number (`"2"`), `"controller"`, clients by their name. */

import type { AdminRequestKind, KafkaRequestOf } from "./admin-request.ts";

/** What goes with a broker that dies: its process alone (the page cache survives), what was not
 *  flushed to disk (power loss), or the disk. */
export type CrashLoss = "nothing" | "unflushed" | "disk";

/** What can be wrong with a link. */
export type LinkState =
  /** Nothing gets through, in both directions, and nobody is told: requests time out. */
  | { readonly state: "cut" }
  /** Each message takes so much longer. */
  | { readonly state: "slow"; readonly latencyMs: number }
  /** Of a hundred messages so many are lost, drawn from the world's seed. */
  | { readonly state: "lossy"; readonly lossPercent: number };

export interface ClusterControls {
  /** The process dies at once: connections break, its session with the controller runs out. */
  crashBroker(broker: number, loses: CrashLoss): void;
  /** SIGTERM: leadership moves away first, then the process ends. */
  stopBroker(broker: number): void;
  /** Starts one that is down. */
  startBroker(broker: number): void;
  /** The active controller dies; the others elect a new one. It comes back after `downMs`. */
  crashController(downMs: number): void;
  /** The controllers have no majority, or have it again. */
  setQuorum(isThere: boolean): void;
  /** One more thing that is wrong with a link, until the function it gives is called. The worst of
   *  all that are counts. */
  holdLink(a: string, b: string, link: LinkState): () => void;
  /** Each request the broker handles, and each fetch it makes, takes so much longer; 0 for the
   *  usual. */
  slowBroker(broker: number, byMs: number): void;
  /** Its only log directory is offline (KAFKA_STORAGE_ERROR), as with a full or broken disk: Kafka
   *  stops the broker. */
  failDisk(broker: number): void;
  /** The next replies from brokers to a client are lost on the way, after the request was done. */
  dropReplies(client: string, count: number): void;
  /** The next produce requests of a client arrive twice. */
  duplicateRequests(client: string, count: number): void;
  /** Broker clocks and time stamps it sets are off by so much. */
  skewClock(broker: number, byMs: number): void;
  /** An administrator asks the controller, which may refuse, and says so. */
  administer(request: KafkaRequestOf<AdminRequestKind>): void;
  deleteRecords(topic: string, partition: number, beforeOffset: number): void;
  /** Every partition goes back to its first replica where that is in sync. */
  electPreferredLeaders(): void;
}
