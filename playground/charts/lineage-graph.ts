/** The DStream graph as a small drawing: a row of names where it is a chain, else laid out by
 *  dagre. The DStreams at work in the event shown are lit. */

import dagre from "@dagrejs/dagre";
import type { NodeDescription } from "streamscope";
import type { ChartInput } from "./chart.ts";
import { html } from "./drawing.ts";
import { lineageWords } from "./lineage-words.ts";

const nodeHeight = 24;
const svgNamespace = "http://www.w3.org/2000/svg";

export function drawGraph(input: ChartInput, nodes: readonly NodeDescription[]): Element {
  return isChain(nodes) ? drawChain(input, nodes) : drawLayout(input, nodes);
}

function isChain(nodes: readonly NodeDescription[]): boolean {
  const children = new Map<number, number>();
  for (const { parents } of nodes) {
    if (parents.length > 1) return false;
    for (const parent of parents) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  const isForked = [...children.values()].some((count) => count > 1);
  return !isForked && nodes.filter(({ parents }) => parents.length === 0).length === 1;
}

/** The DStreams the event shown is about. */
function nodesAtWork({ event, snapshot }: ChartInput): ReadonlySet<number> {
  if (event === null) return new Set();
  if ("node" in event && event.node !== null) return new Set([event.node]);
  if (event.kind === "batch.planned") return new Set(event.ranges.map(({ node }) => node));
  if (!("stage" in event)) return new Set();
  const stage = snapshot.batches
    .findLast(({ status }) => status === "running")
    ?.jobs.flatMap(({ stages }) => stages)
    .findLast((one) => one.stage === event.stage);
  const nodes = stage?.operators.flatMap(({ node }) => (node === null ? [] : [node])) ?? [];
  return new Set(nodes);
}

function drawChain(input: ChartInput, nodes: readonly NodeDescription[]): HTMLElement {
  const atWork = nodesAtWork(input);
  const items = nodes.map((node) =>
    html(
      "li",
      { class: atWork.has(node.id) ? "node at-work" : "node", title: node.className },
      node.operator,
    ),
  );
  return html("ol", { class: "graph", "aria-label": lineageWords[input.language].graph }, ...items);
}

function drawLayout(input: ChartInput, nodes: readonly NodeDescription[]): Element {
  const graph = new dagre.graphlib.Graph<{ width: number; height: number }>();
  const isNarrow = input.width < 620;
  graph.setGraph({
    rankdir: isNarrow ? "TB" : "LR",
    nodesep: 10,
    ranksep: 28,
    marginx: 2,
    marginy: 2,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, operator } of nodes) {
    graph.setNode(String(id), { width: operator.length * 7.4 + 20, height: nodeHeight });
  }
  for (const { id, parents } of nodes) {
    for (const parent of parents) graph.setEdge(String(parent), String(id));
  }
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const root = svg("svg", {
    class: "graph-drawing",
    role: "img",
    "aria-label": `${lineageWords[input.language].graph}: ${edgesText(nodes)}`,
    width: String(width),
    height: String(height),
    viewBox: `0 0 ${width} ${height}`,
  });
  const atWork = nodesAtWork(input);
  for (const edge of graph.edges()) {
    const points: readonly { readonly x: number; readonly y: number }[] =
      graph.edge(edge).points ?? [];
    const path = points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x},${y}`).join("");
    root.append(svg("path", { d: path, fill: "none", stroke: "var(--edge)" }));
  }
  for (const { id, operator } of nodes) {
    const { x, y, width: nodeWidth } = graph.node(String(id));
    const isLit = atWork.has(id);
    const box = svg("rect", {
      x: String(x - nodeWidth / 2),
      y: String(y - nodeHeight / 2),
      width: String(nodeWidth),
      height: String(nodeHeight),
      rx: "6",
      fill: isLit ? "var(--accent)" : "var(--sunken)",
    });
    const text = svg("text", {
      x: String(x),
      y: String(y),
      dy: "0.35em",
      "text-anchor": "middle",
      "font-size": "12",
      fill: isLit ? "var(--on-accent)" : "var(--text)",
    });
    text.textContent = operator;
    root.append(box, text);
  }
  return root;
}

function edgesText(nodes: readonly NodeDescription[]): string {
  const names = new Map(nodes.map(({ id, operator }) => [id, operator]));
  return nodes
    .filter(({ parents }) => parents.length > 0)
    .map((node) => {
      const from = node.parents.map((parent) => names.get(parent) ?? "").join(" + ");
      return `${from} → ${node.operator}`;
    })
    .join(", ");
}

function svg(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
