/** Fault scripts in files. */

import { readFileSync } from "node:fs";
import { describeThrown, LiveError } from "../../base/errors.ts";

/** The text of a fault script's file. Throws: LiveError FILE_NOT_FOUND. */
export function readScript(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw new LiveError(
      "FILE_NOT_FOUND",
      `the fault script ${file} cannot be read: ${describeThrown(thrown)}`,
      { place: { file }, cause: thrown },
    );
  }
}
