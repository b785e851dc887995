/** Checkpoints as files. A file is whole or not there: it is written beside its place, flushed to
 *  disk, and renamed. */

import {
  closeSync,
  type Dirent,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describeThrown } from "../base/errors.ts";
import { compareStrings } from "../base/order.ts";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";

export interface FileCheckpointsOptions {
  /** What relative names are relative to. */
  readonly root: string;
  /** Takes what a write came to into the world, as an event: `runtime.replyTo`. */
  readonly replyTo: () => (action: () => void) => void;
}

export class FileCheckpoints implements CheckpointStore {
  readonly #root: string;
  readonly #replyTo: () => (action: () => void) => void;

  constructor({ root, replyTo }: FileCheckpointsOptions) {
    this.#root = resolve(root);
    this.#replyTo = replyTo;
  }

  write(
    file: string,
    text: string,
    done: (error: string | null) => void,
    backup: string | null = null,
  ): void {
    const kept = backup === null ? null : resolve(this.#root, backup);
    const error = writeWhole(resolve(this.#root, file), text, kept);
    this.#replyTo()(() => done(error));
  }

  list(directory: string): readonly string[] {
    const names: string[] = [];
    const visit = (folder: string, prefix: string): void => {
      for (const entry of entriesOf(folder)) {
        const name = `${prefix}${entry.name}`;
        if (entry.isDirectory()) visit(join(folder, entry.name), `${name}/`);
        else if (!isUnfinished(entry.name)) names.push(name);
      }
    };
    const prefix = directory === "" || directory.endsWith("/") ? directory : `${directory}/`;
    visit(resolve(this.#root, directory), prefix);
    return names.toSorted(compareStrings);
  }

  read(file: string): string | null {
    try {
      return readFileSync(resolve(this.#root, file), "utf8");
    } catch (thrown) {
      if (isMissing(thrown)) return null;
      throw thrown;
    }
  }

  /** Directories that this leaves empty go too, up to the root. */
  remove(file: string): void {
    const path = resolve(this.#root, file);
    rmSync(path, { force: true });
    for (let folder = dirname(path); folder !== this.#root; folder = dirname(folder)) {
      try {
        rmdirSync(folder);
      } catch {
        // Not empty, or not ours to remove: either way it stays.
        return;
      }
    }
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
}

function writeWhole(path: string, text: string, backup: string | null): string | null {
  const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}.unfinished`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(unfinished, "w");
    try {
      const bytes = Buffer.from(text, "utf8");
      for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (backup !== null && existsSync(path)) renameSync(path, backup);
    renameSync(unfinished, path);
    flushFolder(dirname(path));
    return null;
  } catch (thrown) {
    removeQuietly(unfinished);
    return describeThrown(thrown);
  }
}

/** What is left of a failed write is in nobody's way: it is never listed. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The error of the write is the one to tell.
  }
}

/** The new name is on disk only when its folder is; not every platform lets one flush a folder. */
function flushFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function isUnfinished(name: string): boolean {
  return name.startsWith(".") && name.endsWith(".unfinished");
}

function isMissing(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || !("code" in thrown)) return false;
  return thrown.code === "ENOENT" || thrown.code === "ENOTDIR";
}
