/** The driver's side of a stream of files: which files of a directory each batch takes.
 *  Like Spark: FileInputDStream.findNewFiles, isNewFile and clearMetadata. */

import { baseName, type FileStatus, type FileSystem } from "../files/file-system.ts";
import type { FileInputCheckpoint } from "../checkpoint/checkpoint.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { InputSource } from "./node.ts";

export interface FileInputOptions {
  readonly node: number;
  readonly source: Extract<InputSource, { readonly kind: "files" }>;
  readonly slideMs: number;
  /** `spark.streaming.fileStream.minRememberDuration`. */
  readonly minRememberMs: number;
  readonly files: FileSystem;
  readonly runtime: Pick<Runtime, "emit" | "now">;
}

export class FileInput {
  readonly node: number;
  readonly #options: FileInputOptions;
  /** Files this old are not looked at; their batches are forgotten. */
  readonly #rememberMs: number;
  /** Files not newer than this were there when the stream was made. */
  #startedMs: number;
  /** What each batch took, by batch time. */
  readonly #selected = new Map<number, readonly string[]>();
  readonly #recent = new Set<string>();
  /** Files passed over, with the reason told. */
  readonly #told = new Map<string, string>();

  constructor(options: FileInputOptions) {
    const { node, slideMs, minRememberMs, source, runtime } = options;
    this.node = node;
    this.#options = options;
    this.#rememberMs = slideMs * Math.ceil(minRememberMs / slideMs);
    this.#startedMs = source.newFilesOnly ? runtime.now() : 0;
  }

  get checkpoint(): FileInputCheckpoint {
    const selected = Array.from(this.#selected, ([timeMs, paths]) => ({ timeMs, paths }));
    return { node: this.node, startedMs: this.#startedMs, selected };
  }

  restore(saved: FileInputCheckpoint): void {
    this.#startedMs = saved.startedMs;
    for (const { timeMs, paths } of saved.selected) {
      this.#selected.set(timeMs, paths);
      for (const path of paths) this.#recent.add(path);
    }
  }

  /** The files of a batch: found when first asked for, the same ever after. */
  filesOf(batchTimeMs: number): readonly string[] {
    const known = this.#selected.get(batchTimeMs);
    if (known !== undefined) return known;
    const { source, files, runtime } = this.#options;
    const paths: string[] = [];
    const ignored: { path: string; reason: string }[] = [];
    for (const file of files.list(source.directory) ?? []) {
      const reason = this.#reasonAgainst(file, batchTimeMs);
      if (reason === null) paths.push(file.path);
      else if (this.#told.get(file.path) !== reason) {
        ignored.push({ path: file.path, reason });
        this.#told.set(file.path, reason);
      }
    }
    for (const path of paths) {
      this.#recent.add(path);
      this.#told.set(path, "already selected");
    }
    this.#selected.set(batchTimeMs, paths);
    runtime.emit({ kind: "files.selected", node: this.node, batchTimeMs, paths, ignored });
    return paths;
  }

  /** Why a batch does not take a file; null when it does. */
  #reasonAgainst({ path, modifiedMs }: FileStatus, batchTimeMs: number): string | null {
    if (baseName(path).startsWith(".")) return "hidden";
    const trailingMs = batchTimeMs - this.#rememberMs;
    if (modifiedMs <= Math.max(this.#startedMs, trailingMs)) {
      return modifiedMs <= trailingMs ? "too old" : "there before the start";
    }
    if (modifiedMs > batchTimeMs) return "newer than the batch";
    return this.#recent.has(path) ? "already selected" : null;
  }

  /** Forgets what batches older than the window took. */
  clear(batchTimeMs: number, rememberMs: number): void {
    const oldestMs = batchTimeMs - Math.max(this.#rememberMs, rememberMs);
    for (const [timeMs, paths] of this.#selected) {
      if (timeMs >= oldestMs) continue;
      this.#selected.delete(timeMs);
      for (const path of paths) this.#recent.delete(path);
    }
  }
}
