/** The fault script of the run as text: its lines, one more, one less, and what is wrong. It begins
 *  with what the lesson's world comes with, which is a person's to change like the rest. */

import { type FaultScript, parseFaults, printFaults, StreamscopeError } from "streamscope";
import type { Problem } from "./worker/messages.ts";

/** A line of a script that says something, and where it stands, from 0. */
export interface ScriptLine {
  readonly index: number;
  readonly text: string;
}

/** Without comments and blank lines. */
export function linesOf(script: string): readonly ScriptLine[] {
  return script.split("\n").flatMap((line, index) => {
    const text = line.replace(/#.*$/u, "").trim();
    return text === "" ? [] : [{ index, text }];
  });
}

/** The faults that a world comes with, as the script that a run of it starts from. */
export function worldScript(faults: FaultScript = ""): string {
  const text = typeof faults === "string" ? faults : printFaults(faults);
  const lines = text.split("\n").map((line) => line.trim());
  return text.trim() === "" ? "" : `${lines.join("\n").trim()}\n`;
}

/** Whether two scripts are the same, but for blank lines at their ends. */
export function isSameScript(a: string, b: string): boolean {
  return a.trim() === b.trim();
}

/** Which lines of a script are also in another one, in that order: what is left of it. */
export function linesKept(script: string, of: string): readonly ScriptLine[] {
  const before = linesOf(of).map(({ text }) => text);
  return linesOf(script).filter(({ text }) => {
    const at = before.indexOf(text);
    if (at >= 0) before.splice(0, at + 1);
    return at >= 0;
  });
}

/** The lines whose fault a run does not tell of, by the lines of those that struck: their moment
 *  did not come, or there was nothing to strike. */
export function idleLines(script: string, injected: readonly string[]): readonly ScriptLine[] {
  const struck = [...injected];
  return linesOf(script).filter(({ text }) => {
    const at = struck.indexOf(printFaults(parseFaults(text)).trim());
    if (at >= 0) struck.splice(at, 1);
    return at < 0;
  });
}

export function withLine(script: string, line: string): string {
  return script.trim() === "" ? `${line}\n` : `${script.trimEnd()}\n${line}\n`;
}

export function withoutLine(script: string, index: number): string {
  return script
    .split("\n")
    .filter((_, at) => at !== index)
    .join("\n");
}

/** How long the broker of the prose stays away. */
const brokerDownMs = 2000;

/** What the prose breaks with one click. */
export type Breakage =
  | { readonly kind: "crashDriver" }
  | { readonly kind: "stopBroker"; readonly broker: number };

/** The line that does it right after an event; before the first, at once. */
export function breakageLine(what: Breakage, seq: number): string {
  const isCrash = what.kind === "crashDriver";
  const does = isCrash ? "crash driver" : `stop broker ${what.broker}`;
  if (seq < 0) return isCrash ? `at 0 ${does}` : `at 0 for ${brokerDownMs} ${does}`;
  return `after event ${seq} ${isCrash ? "" : `for ${brokerDownMs} `}${does}`;
}

/** Why a script cannot be read, with line and column; null when it can. */
export function readProblem(script: string): Problem | null {
  try {
    parseFaults(script);
    return null;
  } catch (thrown) {
    if (!(thrown instanceof StreamscopeError)) throw thrown;
    const { name, code, message, place } = thrown;
    return { name, code, message, place };
  }
}
