// Which partition a record goes to: keys by their hash.
import type { KeysScenario } from "./scenario.ts";

const counts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

const byTitle: readonly (readonly [title: string, keys: readonly string[]])[] = [
  ["the empty key is a key", [""]],
  ["keys of each length to beyond two words", ["a", "ab", "abc", "abcd", "abcde", "abcdefghi"]],
  ["numbers as text", ["0", "1", "2", "21", "007", "12345678", "-1", "3.14"]],
  ["keys that differ in one digit", Array.from({ length: 20 }, (_, index) => `key-${index}`)],
  ["names, dates and links", ["user-1001", "order:2024-10-25", "kafka", "https://a.example/?q=1"]],
  ["sentences", ["hello world", "The quick brown fox jumps over the lazy dog", " ", "\n"]],
  ["letters beyond ASCII, in UTF-8", ["zażółć", "naïve", "日本語", "ключ", "مفتاح", "ß"]],
  ["characters beyond 16 bits", ["😀", "a😀", "👩‍👩‍👧", "𝄞"]],
  ["control characters", ["\u0000", "\u0000\u0000\u0000\u0000", "\u007f\u0080\u00ff"]],
  ["a key of a thousand bytes", ["x".repeat(1000), `${"x".repeat(999)}y`]],
];

export const partitioning: readonly KeysScenario[] = byTitle.map(([title, keys]) => ({
  name: `partitioning/${title}`,
  kind: "partition",
  counts,
  keys,
}));
