/** What each fact about the Kafka cluster, its producers and its groups says, in English. */

import type { TopicPartition } from "streamscope";
import type { ClusterSentences } from "../describe.ts";

export const clusterSentencesEn: ClusterSentences = {
  "broker.crashed": ({ broker, loses }) =>
    `Broker ${broker} crashes and loses ${
      { nothing: "nothing", unflushed: "what was not yet on disk", disk: "its disk" }[loses]
    }.`,
  "broker.slowed": ({ broker, byMs }) =>
    byMs === 0
      ? `Broker ${broker} is as fast as usual again.`
      : `Broker ${broker} takes ${byMs} ms longer for each request.`,
  "broker.fenced": ({ broker }) =>
    `The controller has not heard from broker ${broker} and fences it: it leads nothing and is ` +
    "in no in-sync set.",
  "broker.unfenced": ({ broker, brokerEpoch }) =>
    `The controller counts on broker ${broker} again, in broker epoch ${brokerEpoch}.`,
  "controller.changed": ({ controller, epoch }) =>
    controller === null
      ? `The cluster has no controller, after epoch ${epoch}: no leader can be elected.`
      : `Controller ${controller} is in charge, in epoch ${epoch}.`,
  "link.changed": ({ between, state, latencyMs, lossPercent }) =>
    `The link between ${between.map(node).join(" and ")} ${
      {
        up: "is as usual again",
        cut: "is cut: requests over it time out",
        slow: `takes ${latencyMs} ms longer`,
        lossy:
          `loses ${lossPercent}% of what it carries` +
          (latencyMs > 0 ? `, and takes ${latencyMs} ms longer` : ""),
      }[state]
    }.`,
  "partition.changed": (event) => {
    const { leader, leaderEpoch, replicas, isr, reason } = event;
    const who =
      leader === -1 ? "it has no leader" : `broker ${leader} leads in epoch ${leaderEpoch}`;
    const inSync = `in sync: ${isr.join(", ") || "none"} of ${replicas.join(", ")}`;
    return `${place(event)}, ${reason}: ${who}; ${inSync}.`;
  },
  "replica.appended": (event) =>
    `Broker ${event.broker} copies ${place(event)} ` +
    `[${event.baseOffset}, ${event.logEndOffset}) from its leader.`,
  "highWatermark.advanced": (event) =>
    `The high watermark of ${place(event)} on broker ${event.broker} is ${event.highWatermark}` +
    (event.lastStableOffset < event.highWatermark
      ? `; an open transaction holds the last stable offset at ${event.lastStableOffset}.`
      : "."),
  "log.truncated": (event) =>
    `Broker ${event.broker} drops [${event.toOffset}, ${event.fromOffset}) of ${place(event)}: ${
      {
        diverged: "the leader does not have it",
        unflushed: "it was not yet on disk",
        disk: "its disk is gone",
      }[event.reason]
    }.`,
  "log.compacted": (event) =>
    `Broker ${event.broker} compacts ${place(event)} up to offset ${event.untilOffset}: ` +
    `${count(event.recordsRemoved, "record")} with a newer value of their key removed.`,
  "topic.deleted": ({ topic }) => `Topic ${topic} is deleted.`,
  "topic.altered": ({ topic, changed }) => `Topic ${topic} is changed: ${changed}.`,
  "contents.read": ({ topic, isolation, records }) =>
    `Read as ${isolation}, topic ${topic} holds ${count(records.length, "record")}.`,
  "produce.acknowledged": (event) => {
    const { client, acks, baseOffset, count: records } = event;
    return acks === 0
      ? `${capital(client)} does not wait for an answer: it takes ` +
          `${count(records, "record")} for written to ${place(event)}.`
      : `${capital(client)} hears that ${place(event)} has its records ` +
          `[${baseOffset}, ${baseOffset + records}), acks ${acks === -1 ? "all" : acks}.`;
  },
  "client.throttled": ({ client, broker, throttleMs }) =>
    `${capital(client)} is above its quota: broker ${broker} does not hear it ` +
    `for ${throttleMs} ms.`,
  "duplicate.refused": (event) =>
    `A batch of producer ${event.producerId} comes again to ${place(event)}: sequence ` +
    `${event.baseSequence} is already at offset ${event.baseOffset}, and is not written twice.`,
  "producer.initialised": ({ client, transactionalId, producerId, producerEpoch }) =>
    `${capital(client)} is producer ${producerId} in epoch ${producerEpoch}` +
    (transactionalId === null ? "." : `, as ${transactionalId}: older ones are fenced.`),
  "transaction.changed": ({ transactionalId, state, partitions, groups, reason }) =>
    `Transaction of ${transactionalId} is ${state}` +
    (reason === null ? "" : ` (${reason === "loaded" ? "as its new coordinator reads" : reason})`) +
    (partitions.length + groups.length === 0 ? "." : `: ${parts(partitions, groups)}.`),
  "marker.written": (event) =>
    `A ${event.control} marker of producer ${event.producerId} takes offset ${event.offset} of ` +
    `${place(event)}.`,
  "group.changed": ({ group, state, generation, members, reason }) =>
    `Group ${group} is ${state}, generation ${generation}, ` +
    `with ${count(members.length, "member")}: ${reason}.`,
  "offsets.expired": ({ group, partitions }) =>
    `Offsets of group ${group} expire: ${partitions.map(place).join(", ")}.`,
  "records.polled": (event) =>
    event.count === 0
      ? `${capital(event.client)} passes over ${place(event)} ` +
        `[${event.fromOffset}, ${event.untilOffset}): nothing there is for it to see.`
      : `${capital(event.client)} gets ${count(event.count, "record")} of ${place(event)} ` +
        `[${event.fromOffset}, ${event.untilOffset}).`,
  "position.reset": (event) =>
    `${capital(event.client)} has no valid position in ${place(event)}` +
    (event.fromOffset === null ? "" : ` (it was ${event.fromOffset})`) +
    `; auto.offset.reset=${event.policy} takes it to ${event.toOffset}.`,
};

function parts(partitions: readonly TopicPartition[], groups: readonly string[]): string {
  return [...partitions.map(place), ...groups.map((group) => `offsets of ${group}`)].join(", ");
}

function place({ topic, partition }: TopicPartition): string {
  return `${topic} partition ${partition}`;
}

function node(name: string): string {
  return /^\d+$/u.test(name) ? `broker ${name}` : name;
}

function count(things: number, noun: string): string {
  return `${things} ${noun}${things === 1 ? "" : "s"}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
