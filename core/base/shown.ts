/** Any value a person gave, as a message about it shows it. */

/** A text as it is, a number or a list as JavaScript prints it, an object as `{a, b}`. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return `{${Object.keys(value).join(", ")}}`;
  return String(value);
}
