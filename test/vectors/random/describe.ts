// A random program for a person to read.
import { type RandomProgram, toText } from "./program.ts";

/** An item a line, each stream by its number. */
export function describe({ inputs, steps, looks, ...settings }: RandomProgram): string {
  return [
    toText(settings),
    ...inputs.map((input, index) => `${index}: ${toText(input)}`),
    ...steps.map((step, index) => `${index + inputs.length}: ${toText(step)}`),
    ...looks.map(toText),
  ].join("\n");
}
