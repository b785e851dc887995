/** An error as the terminal says it: one message, its place where known, no stack of ours. */

import { AssertionFailure } from "../../base/assert.ts";
import { describePlace, StreamscopeError } from "../../base/errors.ts";

/** Shape: `error: <message>`, then `  at <place>` unless the message names the place already. */
export function describeError(
  thrown: unknown,
  options: { readonly stack: boolean; readonly red: (text: string) => string },
): string {
  const lines = [`${options.red("error:")} ${messageOf(thrown)}`];
  const place = thrown instanceof StreamscopeError ? describePlace(thrown.place) : "";
  if (place !== "" && !namesPlace(messageOf(thrown), place)) lines.push(`  at ${place}`);
  if (options.stack) lines.push(...stacksOf(thrown));
  else if (thrown instanceof AssertionFailure) {
    lines.push("  this is a mistake of streamscope itself; run again with --stack and report it");
  }
  return lines.join("\n");
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof StreamscopeError) return thrown.message;
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  return String(thrown);
}

/** A place adds nothing to a message that has every name and number of it. */
function namesPlace(message: string, place: string): boolean {
  return place.split(", ").every((part) => message.includes(part.replace(/^.* /, "")));
}

const causesMax = 10;

function stacksOf(thrown: unknown): string[] {
  const stacks: string[] = [];
  let next: unknown = thrown;
  for (let depth = 0; next instanceof Error && depth < causesMax; depth += 1) {
    stacks.push(depth === 0 ? (next.stack ?? "") : `caused by: ${next.stack ?? ""}`);
    next = next.cause;
  }
  return stacks;
}
