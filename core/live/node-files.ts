/** The files of this machine. A path without a leading slash is below the working directory. */

import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { compareStrings } from "../base/order.ts";
import { cleanPath, type FileStatus, type FileSystem } from "../files/file-system.ts";

export class NodeFiles implements FileSystem {
  read(path: string): string | null {
    try {
      return readFileSync(cleanPath(path), "utf8");
    } catch (thrown) {
      if (isMissing(thrown)) return null;
      throw thrown;
    }
  }

  list(directory: string): readonly FileStatus[] | null {
    const name = cleanPath(directory);
    try {
      return readdirSync(name === "" ? "." : name, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => (name === "" ? entry.name : `${name}/${entry.name}`))
        .map((path) => ({ path, stats: statSync(path) }))
        .map(({ path, stats }) => ({
          path,
          sizeBytes: stats.size,
          modifiedMs: Math.floor(stats.mtimeMs),
        }))
        .sort((a, b) => compareStrings(a.path, b.path));
    } catch (thrown) {
      if (isMissing(thrown)) return null;
      throw thrown;
    }
  }

  /** Through a hidden file beside it: nobody sees half a file. */
  write(path: string, text: string): void {
    const name = cleanPath(path);
    const folder = dirname(name);
    mkdirSync(folder, { recursive: true });
    const hidden = `${folder}/.${name.slice(name.lastIndexOf("/") + 1)}.writing`;
    writeFileSync(hidden, text);
    renameSync(hidden, name);
  }
}

function isMissing(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    "code" in thrown &&
    (thrown.code === "ENOENT" || thrown.code === "ENOTDIR")
  );
}
