/** A checkpoint directory in memory that outlives the drivers of a simulated world. A write takes
 *  time; a driver that dies before it ends leaves nothing of it. */

import { compareStrings } from "../base/order.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";

/** The files of a world, shared by the stores of its drivers, one after the other. */
export type StoredFiles = Map<string, string>;

export class SimulatedStore implements CheckpointStore {
  readonly #files: StoredFiles;
  readonly #runtime: Pick<Runtime, "schedule">;
  readonly #writeMs: number;

  constructor(options: {
    readonly files: StoredFiles;
    readonly runtime: Pick<Runtime, "schedule">;
    readonly writeMs: number;
  }) {
    this.#files = options.files;
    this.#runtime = options.runtime;
    this.#writeMs = options.writeMs;
  }

  write(
    file: string,
    text: string,
    done: (error: string | null) => void,
    backup: string | null = null,
  ): void {
    this.#runtime.schedule(this.#writeMs, () => {
      const before = this.#files.get(file);
      if (before !== undefined && backup !== null) this.#files.set(backup, before);
      this.#files.set(file, text);
      done(null);
    });
  }

  list(directory: string): readonly string[] {
    return [...this.#files.keys()]
      .filter((file) => file.startsWith(`${directory}/`))
      .sort(compareStrings);
  }

  read(file: string): string | null {
    return this.#files.get(file) ?? null;
  }

  remove(file: string): void {
    this.#files.delete(file);
  }
}
