/** The brokers, who is in charge, links that are not as usual, and the copies of each partition
 *  side by side on one scale of offsets.
 *
 *    controller 3001   broker 1   broker 2 ✕   broker 3
 *
 *            broker 1               broker 2            broker 3
 *    ● p0    ★ leader   ▇▇▇▇▇|▇     out of sync ▇▇▒▒    in sync ▇▇▇▇▇         */

import type { LinkSnapshot, PartitionSnapshot } from "streamscope";
import { brokerState, stateGlyphs } from "./broker-state.ts";
import type { Chart, ChartInput } from "./chart.ts";
import { drawReplicas } from "./cluster-replicas.ts";
import { clusterWords } from "./cluster-words.ts";
import { emptyState, html } from "./drawing.ts";

/** One copy of one partition. */
export interface ReplicaRow {
  readonly topic: string;
  readonly partition: PartitionSnapshot;
  readonly replica: PartitionSnapshot["replicas"][number];
  readonly role: "leader" | "inSync" | "outOfSync";
}

export const chart: Chart<ReplicaRow> = {
  id: "cluster",
  title: { en: "Cluster", zh: "集群" },
  question: {
    en: "Who leads, who has which records, and what do readers see?",
    zh: "谁是 leader？谁有哪些记录？读者能看到什么？",
  },
  about: [
    "partition.changed",
    "broker.crashed",
    "broker.fenced",
    "controller.changed",
    "link.changed",
  ],
  applies: isCluster,
  rows: replicaRows,
  draw: (input) => {
    const say = clusterWords[input.language];
    if (input.snapshot.brokers.length === 0) return emptyState(say.none);
    const rows = replicaRows(input);
    return html(
      "div",
      { class: "cluster" },
      drawNodes(input),
      drawLinks(input),
      ...input.snapshot.topics.map(({ topic }) =>
        drawReplicas(
          input,
          topic,
          rows.filter((row) => row.topic === topic),
        ),
      ),
    );
  },
  table: (input) => {
    const say = clusterWords[input.language];
    return {
      columns: say.columns,
      rows: replicaRows(input).map(({ topic, partition, replica, role }) => [
        `${topic}-${partition.partition}`,
        String(replica.broker),
        say[role],
        String(replica.logEndOffset),
        String(replica.epochs.at(-1)?.epoch ?? ""),
        role === "leader" ? String(partition.highWatermark) : "",
        role === "leader" ? String(partition.lastStableOffset) : "",
        replica.truncated === null
          ? ""
          : `[${replica.truncated.toOffset}, ${replica.truncated.fromOffset})`,
      ]),
    };
  },
};

/** Lone copies on brokers that are well and lead them are what the lanes show already. */
function isCluster({ snapshot }: ChartInput): boolean {
  const { brokers, controller, links, topics } = snapshot;
  return (
    controller !== null ||
    links.length > 0 ||
    brokers.some(({ broker }) => brokerState(snapshot, broker) !== "up") ||
    topics.some(({ partitions }) =>
      partitions.some(({ replicas, leader }) => replicas.length > 1 || leader === -1),
    )
  );
}

/** By topic, partition and broker. */
function replicaRows({ snapshot }: ChartInput): readonly ReplicaRow[] {
  return snapshot.topics.flatMap(({ topic, partitions }) =>
    partitions.flatMap((partition) =>
      partition.replicas
        .toSorted((a, b) => a.broker - b.broker)
        .map((replica) => ({ topic, partition, replica, role: roleOf(partition, replica.broker) })),
    ),
  );
}

function roleOf({ leader, isr }: PartitionSnapshot, broker: number): ReplicaRow["role"] {
  if (broker === leader) return "leader";
  return isr.includes(broker) ? "inSync" : "outOfSync";
}

function drawNodes(input: ChartInput): HTMLElement {
  const { brokers, controller, topics } = input.snapshot;
  const say = clusterWords[input.language];
  const partitions = topics.flatMap((topic) => topic.partitions);
  const isNone = controller?.controller === null;
  const crown = html(
    "li",
    { class: `cluster-node ${isNone ? "crashed" : "up"}` },
    html("b", {}, `${isNone ? "✕" : "♛"} ${say.controller(controller?.controller ?? null)}`),
    html(
      "span",
      {},
      isNone ? say.noController : controller === null ? say.first : say.inCharge(controller.epoch),
    ),
  );
  return html(
    "ul",
    { class: "cluster-nodes" },
    crown,
    ...brokers.map((broker) => {
      const state = brokerState(input.snapshot, broker.broker);
      const copies = partitions.filter(({ replicas }) =>
        replicas.some((replica) => replica.broker === broker.broker),
      );
      const leads = copies.filter(({ leader }) => leader === broker.broker);
      const what =
        state === "up"
          ? say.duties(leads.length, copies.length)
          : state === "crashed"
            ? say.crashed[broker.lost ?? "nothing"]
            : say[state];
      return html(
        "li",
        { class: `cluster-node ${state}` },
        html("b", {}, `${stateGlyphs[state]} ${say.broker(broker.broker)}`),
        html("span", {}, what),
      );
    }),
  );
}

function drawLinks(input: ChartInput): HTMLElement | null {
  const { links } = input.snapshot;
  if (links.length === 0) return null;
  const say = clusterWords[input.language];
  return html(
    "ul",
    { class: "links", "aria-label": say.links },
    ...links.map((link) =>
      html(
        "li",
        { class: `link ${link.state}` },
        html("b", {}, nodeName(input, link.between[0])),
        html("i", { "aria-hidden": "true" }),
        html("span", {}, linkText(input, link)),
        html("i", { "aria-hidden": "true" }),
        html("b", {}, nodeName(input, link.between[1])),
      ),
    ),
  );
}

function linkText(input: ChartInput, { state, latencyMs, lossPercent }: LinkSnapshot): string {
  const say = clusterWords[input.language];
  if (state === "slow") return say.slow(latencyMs);
  if (state === "lossy") return say.loses(lossPercent);
  return `✕ ${say.link[state]}`;
}

function nodeName(input: ChartInput, name: string): string {
  const say = clusterWords[input.language];
  if (name === "controller") return say.controllerName;
  return /^\d+$/u.test(name) ? say.broker(Number(name)) : name;
}
