/** What a fault may do to the simulated cluster. Nodes are named as the trace names them:
 *  brokers by number (`"2"`), `"controller"`, clients by their name. */

import type { Release } from "../base/conditions.ts";
import type { AdminRequestKind, KafkaRequestOf } from "./admin-request.ts";

/** What goes with a broker that dies: its process alone (the page cache survives), what was not
 *  flushed to disk (power loss), or the disk. */
export type CrashLoss = "nothing" | "unflushed" | "disk";

/** What a broker finds when its process starts: null after an orderly end. */
export interface BrokerLoss {
  readonly loses: CrashLoss | null;
  /** When it was lost. */
  readonly atMs: number;
}

/** What can be wrong with a link. */
export type LinkState =
  /** Nothing gets through, in both directions, and nobody is told: requests time out. */
  | { readonly state: "cut" }
  /** Each message takes so much longer. */
  | { readonly state: "slow"; readonly latencyMs: number }
  /** Of a hundred messages so many are lost, drawn from the world's seed. */
  | { readonly state: "lossy"; readonly lossPercent: number };

/** What lasts is held by who asked for it, until he calls what he is given. A broker's process runs
 *  when nobody holds it down. */
export interface ClusterControls {
  /** The process dies at once: connections break, its session with the controller runs out. What is
   *  lost with it is lost of one that is down, too. */
  crashBroker(broker: number, loses: CrashLoss): Release;
  /** SIGTERM: leadership moves away first, then the process ends. */
  stopBroker(broker: number): Release;
  /** The active controller dies; the others elect a new one. */
  crashController(): Release;
  /** The controllers have no majority. */
  loseQuorum(): Release;
  /** One more thing that is wrong with a link, until the function it gives is called. The worst of
   *  all that are counts. */
  holdLink(a: string, b: string, link: LinkState): Release;
  /** Each request the broker handles, and each fetch it makes, takes so much longer; the longest
   *  counts. */
  slowBroker(broker: number, byMs: number): Release;
  /** Its only log directory is offline (KAFKA_STORAGE_ERROR), as with a full or broken disk: Kafka
   *  stops the broker. */
  failDisk(broker: number): Release;
  readonly clients: ClientControls;
  /** Its clock and the time stamps it sets are off by so much; who set it last counts. */
  skewClock(broker: number, byMs: number): Release;
  /** An administrator asks the controller, which may refuse, and says so. */
  administer(request: KafkaRequestOf<AdminRequestKind>): void;
  deleteRecords(topic: string, partition: number, beforeOffset: number): void;
  /** Every partition goes back to its first replica where that is in sync. */
  electPreferredLeaders(): void;
}

/** What a fault may do to clients, by name: what they send and what comes back. */
export interface ClientControls {
  /** The next replies are lost on the way, after the request was done, and what comes behind on
   *  that connection, until the client gives it up after `request.timeout.ms`. */
  dropReplies(client: string, count: number): void;
  /** The next connections break instead of carrying a reply, after the request was done. */
  breakConnections(client: string, count: number): void;
  /** The next produce requests arrive twice. */
  duplicateRequests(client: string, count: number): void;
  /** The next produce requests take so much longer to the broker, and those behind them on the
   *  connection wait. They arrive even when the client has given that connection up. */
  delayRequests(client: string, count: number, byMs: number): void;
  /** Each of the next produce requests arrives behind the one sent after it, over a connection of
   *  its own; within a second, if none is. */
  reorderRequests(client: string, count: number): void;
  /** Its quota at each broker, for what it produces and for what it fetches. */
  throttle(client: string, bytesPerSecond: number): Release;
  /** It is told of its topics what it knows already. */
  holdMetadata(client: string): Release;
}
