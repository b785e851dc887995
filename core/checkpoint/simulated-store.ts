/** A checkpoint directory in memory that outlives the drivers of a simulated world. A write takes
 *  time; a driver that dies before it ends leaves nothing of it. */

import { Conditions, type Release } from "../base/conditions.ts";
import { compareStrings } from "../base/order.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";

/** The files of a world, shared by the stores of its drivers, one after the other. */
export type StoredFiles = Map<string, string>;

/** How the store of a world is at the moment. */
export class StoreCondition {
  readonly #writeMs = new Conditions<number>();
  readonly #errors = new Conditions<string>();

  /** Each write takes so long, until the function that it gives is called. */
  slow(writeMs: number): Release {
    return this.#writeMs.hold(writeMs);
  }

  /** Each write fails, until the function that it gives is called. */
  fail(error: string): Release {
    return this.#errors.hold(error);
  }

  /** How long each write takes, the longest of those in force; null for the cost the world gives
   *  it. */
  get writeMs(): number | null {
    return this.#writeMs.isEmpty ? null : Math.max(...this.#writeMs.inForce);
  }

  /** What each write fails with; null when it does not. */
  get error(): string | null {
    return this.#errors.inForce[0] ?? null;
  }
}

export class SimulatedStore implements CheckpointStore {
  readonly #files: StoredFiles;
  readonly #runtime: Pick<Runtime, "schedule">;
  readonly #writeMs: number;
  readonly #condition: StoreCondition;

  constructor(options: {
    readonly files: StoredFiles;
    readonly runtime: Pick<Runtime, "schedule">;
    readonly writeMs: number;
    readonly condition?: StoreCondition;
  }) {
    this.#files = options.files;
    this.#runtime = options.runtime;
    this.#writeMs = options.writeMs;
    this.#condition = options.condition ?? new StoreCondition();
  }

  write(
    file: string,
    text: string,
    done: (error: string | null) => void,
    backup: string | null = null,
  ): void {
    this.#runtime.schedule(this.#condition.writeMs ?? this.#writeMs, () => {
      const { error } = this.#condition;
      if (error !== null) {
        done(error);
        return;
      }
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

/** The newest metadata file; null when there is none. */
export function newestCheckpoint(files: StoredFiles): string | null {
  let newest: { readonly file: string; readonly timeMs: number } | null = null;
  for (const file of files.keys()) {
    const timeMs = Number(/\/checkpoint-(\d+)$/u.exec(file)?.[1] ?? -1);
    if (timeMs >= 0 && timeMs > (newest?.timeMs ?? -1)) newest = { file, timeMs };
  }
  return newest?.file ?? null;
}

/** Cuts the newest metadata file in half, if there is one. */
export function tearNewest(files: StoredFiles): void {
  const file = newestCheckpoint(files);
  if (file === null) return;
  const text = files.get(file) ?? "";
  files.set(file, text.slice(0, text.length >> 1));
}
