/** The DStream graph of an application: nodes in the order they were made, walked from its outputs.
 *  Like Spark: DStreamGraph, and the checks of DStream.validateAtStart. */

import { PipelineError } from "../base/errors.ts";
import { compareNumbers } from "../base/order.ts";
import { isMultipleOf } from "../base/time.ts";
import { hashText } from "../base/random.ts";
import type { RDDNode, Site } from "../rdd/rdd.ts";
import type { NodeDescription } from "../trace/event.ts";
import type { BatchContext, NodeOwner, StreamNode } from "./node.ts";

/** State is checkpointed at least this often. */
const CHECKPOINT_MIN_MS = 10_000;

export interface GraphOptions {
  readonly batchIntervalMs: number;
  readonly defaultParallelism: number;
  readonly siteOf: (operator: string) => Site;
}

export class StreamGraph implements NodeOwner {
  readonly batchIntervalMs: number;
  readonly defaultParallelism: number;
  /** Where checkpoints go; null when checkpointing is off. */
  checkpointDirectory: string | null = null;
  /** Set once the context has stopped. */
  isStopped = false;
  /** A floor for how long the outputs' RDDs are remembered. */
  rememberMs: number | null = null;
  context: unknown = null;
  readonly #siteOf: (operator: string) => Site;
  readonly #nodes: StreamNode<unknown>[] = [];
  #call: string | null = null;
  #isStarted = false;
  /** Where the RDDs of a running context are. */
  #running: BatchContext | null = null;

  constructor(options: GraphOptions) {
    this.batchIntervalMs = options.batchIntervalMs;
    this.defaultParallelism = options.defaultParallelism;
    this.#siteOf = options.siteOf;
  }

  add(node: StreamNode<unknown>): number {
    this.requireNotStarted();
    this.#nodes.push(node);
    return this.#nodes.length - 1;
  }

  site(operator: string): Site {
    return this.#siteOf(this.#call ?? operator);
  }

  within<R>(call: string, run: () => R): R {
    const outer = this.#call;
    this.#call ??= call;
    try {
      return run();
    } finally {
      this.#call = outer;
    }
  }

  isInitialized(node: StreamNode<unknown>): boolean {
    return this.#isStarted && this.#reachable().includes(node);
  }

  /** Batches are made from now on. */
  run(batches: BatchContext): void {
    this.#running = batches;
  }

  /** Times between two of the stream's own are taken down to the one before.
   *  Like Spark: DStream.slice. */
  slice<T>(node: StreamNode<T>, fromMs: number, toMs: number): RDDNode<T>[] {
    const batches = this.#running;
    if (batches === null || !this.isInitialized(node)) {
      throw new PipelineError(
        "CONTEXT_STATE",
        `org.apache.spark.streaming.dstream.${node.className} has not been initialized`,
      );
    }
    const { zeroTimeMs } = batches;
    const align = (timeMs: number): number =>
      Math.trunc((timeMs - zeroTimeMs) / node.slideMs) * node.slideMs + zeroTimeMs;
    const rdds: RDDNode<T>[] = [];
    for (let timeMs = align(fromMs); timeMs <= align(toMs); timeMs += node.slideMs) {
      const rdd = timeMs >= zeroTimeMs ? batches.rddOf(node, timeMs) : null;
      if (rdd !== null) rdds.push(rdd);
    }
    return rdds;
  }

  /** Throws: PipelineError CONTEXT_STATE once the context was started. */
  requireNotStarted(): void {
    if (!this.#isStarted && !this.isStopped) return;
    throw new PipelineError(
      "CONTEXT_STATE",
      "Adding new inputs, transformations, and output operations after " +
        `${this.isStopped ? "stopping" : "starting"} a context is not supported`,
    );
  }

  get nodes(): readonly StreamNode<unknown>[] {
    return this.#nodes;
  }

  /** In registration order. */
  get outputs(): readonly StreamNode<unknown>[] {
    return this.#nodes.filter((node) => node.output !== null);
  }

  /** Closes the graph: gives streams with state their default checkpoint interval.
   *  Throws: PipelineError GRAPH_INVALID with every problem, a line each. */
  start(): void {
    for (const node of this.#reachable()) {
      if (node.mustCheckpoint && node.checkpointMs === null) {
        node.checkpointMs =
          node.defaultCheckpointMs ?? node.slideMs * Math.ceil(CHECKPOINT_MIN_MS / node.slideMs);
      }
    }
    const problems = this.#validate();
    const [first] = problems;
    if (first !== undefined) {
      const { line, column } = first.node?.site ?? { line: null, column: null };
      throw new PipelineError("GRAPH_INVALID", problems.map(({ text }) => text).join("\n"), {
        place: {
          ...(first.node === null ? {} : { operator: first.node.operator }),
          ...(line === null ? {} : { line }),
          ...(column === null ? {} : { column }),
        },
      });
    }
    this.#isStarted = true;
  }

  /** Nodes that outputs depend on, outputs before their parents. */
  #reachable(): StreamNode<unknown>[] {
    const found = new Set<StreamNode<unknown>>(this.outputs);
    for (const node of found) for (const parent of node.parents) found.add(parent);
    return [...found];
  }

  #validate(): { node: StreamNode<unknown> | null; text: string }[] {
    if (this.outputs.length === 0) {
      const text = "requirement failed: No output operations registered, so nothing to execute";
      return [{ node: null, text }];
    }
    const remember = this.rememberDurations();
    return this.#reachable().flatMap((node) =>
      this.#validateNode(node, remember.get(node.id) ?? 0).map((message) => ({
        node,
        text: `requirement failed: ${message}`,
      })),
    );
  }

  /** The checks of one stream, in Spark's order and words. */
  #validateNode(node: StreamNode<unknown>, rememberMs: number): string[] {
    const { checkpointMs, slideMs } = node;
    if (checkpointMs === null) return [];
    const problems: string[] = [];
    const subject = `The checkpoint interval for ${node.className} has been set to`;
    if (this.checkpointDirectory === null) {
      problems.push(
        "The checkpoint directory has not been set. " +
          "Please set it by StreamingContext.checkpoint().",
      );
    }
    if (checkpointMs < slideMs) {
      problems.push(
        `${subject} ${checkpointMs} ms which is lower than its slide time (${slideMs} ms). ` +
          `Please set it to at least ${slideMs} ms.`,
      );
    }
    if (!isMultipleOf(checkpointMs, slideMs)) {
      problems.push(
        `${subject}  ${checkpointMs} ms which not a multiple of its slide time (${slideMs} ms). ` +
          `Please set it to a multiple of ${slideMs} ms.`,
      );
    }
    if (node.storageLevel === "NONE") {
      problems.push(
        `${node.className} has been marked for checkpointing but the storage level has not been ` +
          "set to enable persisting. Please use DStream.persist() to set the storage level to " +
          "use memory for better checkpointing performance.",
      );
    }
    if (rememberMs <= checkpointMs) {
      problems.push(
        `The remember duration for ${node.className} has been set to  ${rememberMs} ms which is ` +
          `not more than the checkpoint interval (${checkpointMs} ms). Please set it to a value ` +
          `higher than ${checkpointMs} ms.`,
      );
    }
    return problems;
  }

  /** How long each stream keeps its RDDs, in ms, by node id: its own need, and that of its
   *  children plus their windows. Like Spark: DStream.initialize and remember. */
  rememberDurations(): Map<number, number> {
    const durations = new Map<number, number>();
    const raise = (node: StreamNode<unknown>, ms: number): void => {
      durations.set(node.id, Math.max(ms, durations.get(node.id) ?? 0));
    };
    for (const output of this.outputs) raise(output, this.rememberMs ?? 0);
    // Children have higher ids than their parents: from the last to the first visits them first.
    const nodes = this.#reachable().sort((a, b) => compareNumbers(b.id, a.id));
    for (const node of nodes) {
      const own =
        node.checkpointMs !== null && node.slideMs <= node.checkpointMs
          ? 2 * node.checkpointMs
          : node.slideMs;
      raise(node, own);
      const rememberMs = durations.get(node.id) ?? own;
      for (const parent of node.parents) raise(parent, rememberMs + (node.windowMs ?? 0));
    }
    return durations;
  }

  describe(): NodeDescription[] {
    const outputs = this.outputs;
    return this.#nodes.map((node) => ({
      id: node.id,
      operator: node.operator,
      className: node.className,
      parents: node.parents.map((parent) => parent.id),
      slideMs: node.slideMs,
      windowMs: node.windowMs,
      checkpointMs: node.checkpointMs,
      output: node.output === null ? null : outputs.indexOf(node),
    }));
  }

  /** Why its checkpoints cannot be read again; null when they can. */
  get checkpointRefusal(): string | null {
    return this.#nodes.find((node) => node.checkpointRefusal !== null)?.checkpointRefusal ?? null;
  }

  /** A short text that changes when operators, their parameters or their functions do. */
  fingerprint(): string {
    const parts = this.#nodes.map((node) => [
      node.operator,
      node.parents.map((parent) => parent.id),
      node.slideMs,
      node.parameters.map((parameter) =>
        typeof parameter === "function" ? String(parameter) : parameter,
      ),
    ]);
    const text = JSON.stringify([this.batchIntervalMs, parts]);
    const halves = [hashText(text), hashText(`${text}/`)];
    return halves.map((half) => half.toString(16).padStart(8, "0")).join("");
  }
}
