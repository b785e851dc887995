/** Where in the person's source a call stands, read from the stack. Outside the trace: it depends
 *  on how the source was loaded, the run does not. */

import type { Site } from "../rdd/rdd.ts";

/** Shape: a function that finds the innermost stack frame in `source` (a file name or the end of a
 *  path); no line where there is none. */
export function siteFinder(source: string | null): (operator: string) => Site {
  return (operator) => {
    const found = source === null ? null : siteInStack(new Error().stack, source);
    return { operator, line: found?.line ?? null, column: found?.column ?? null };
  };
}

/** The innermost place in `source` that a stack names; null when it names none. */
export function siteInStack(
  stack: string | undefined,
  source: string,
): { readonly line: number; readonly column: number } | null {
  for (const frame of (stack ?? "").split("\n")) {
    const at = frame.lastIndexOf(`${source}:`);
    if (at < 0) continue;
    const match = /^:(\d+):(\d+)/u.exec(frame.slice(at + source.length));
    if (match !== null) return { line: Number(match[1]), column: Number(match[2]) };
  }
  return null;
}
