/** Files of a simulated world, in memory. They outlive drivers. */

import { compareStrings } from "../base/order.ts";
import { utf8Length } from "../record/record.ts";
import type { Runtime } from "../sim/runtime.ts";
import { cleanPath, type FileStatus, type FileSystem, parentOf } from "./file-system.ts";

export class SimulatedFiles implements FileSystem {
  readonly #runtime: Pick<Runtime, "emit" | "now">;
  readonly #files = new Map<string, FileStatus & { readonly text: string }>();

  constructor(runtime: Pick<Runtime, "emit" | "now">) {
    this.#runtime = runtime;
  }

  read(path: string): string | null {
    return this.#files.get(cleanPath(path))?.text ?? null;
  }

  list(directory: string): readonly FileStatus[] | null {
    const name = cleanPath(directory);
    const below = name === "" ? "" : `${name}/`;
    const isThere = [...this.#files.keys()].some((path) => path.startsWith(below));
    if (!isThere) return null;
    return [...this.#files.values()]
      .filter(({ path }) => parentOf(path) === name)
      .map(({ path, sizeBytes, modifiedMs }) => ({ path, sizeBytes, modifiedMs }))
      .sort((a, b) => compareStrings(a.path, b.path));
  }

  write(path: string, text: string): void {
    const name = cleanPath(path);
    const sizeBytes = utf8Length(text);
    this.#files.set(name, { path: name, sizeBytes, modifiedMs: this.#runtime.now(), text });
    this.#runtime.emit({ kind: "file.written", path: name, sizeBytes });
  }
}
