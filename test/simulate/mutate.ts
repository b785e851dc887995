// An engine with a deliberate bug, beside the real one: a copy of core/ in a temporary folder, with
// a few words changed, run by a process of its own.
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Mutation, Patch } from "./mutations.ts";

const core = fileURLToPath(new URL("../../core/", import.meta.url));
const hunter = fileURLToPath(new URL("./hunt.ts", import.meta.url));

export interface Found {
  readonly seed: number;
  readonly audit: string;
  readonly example: string;
}

/** The first seed of a range (`1-2000`) at which an audit finds the bug; null when none does.
 *  Throws: Error where a patch no longer fits its file. */
export async function hunt(mutation: Mutation, seeds: string): Promise<Found | null> {
  const folder = mkdtempSync(join(tmpdir(), "mutation-"));
  try {
    cpSync(core, join(folder, "core"), {
      recursive: true,
      filter: (path) => !path.startsWith(join(core, "live")),
    });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
    for (const patch of mutation.patches) apply(patch, join(folder, "core", patch.file));
    const args = ["--import", "tsx", hunter, folder, seeds];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 });
    return JSON.parse(stdout) as Found | null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function apply({ file, find, replace }: Patch, path: string): void {
  const text = readFileSync(path, "utf8");
  const count = text.split(find).length - 1;
  if (count !== 1) throw new Error(`core/${file} has ${count} times: ${find}`);
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
}
