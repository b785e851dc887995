// Goal: an error points at the text as written. Method: real source maps of stripped lines.
import { transform } from "sucrase";
import { expect, test } from "vitest";
import { originalPosition } from "../../playground/worker/source-map.ts";

/** Strips types as the worker does, and finds a word in both texts. */
function follow(text: string, word: string) {
  const { code, sourceMap } = transform(text, {
    transforms: ["typescript"],
    disableESTransforms: true,
    filePath: "pipeline.ts",
    sourceMapOptions: { compiledFilename: "pipeline.ts" },
  });
  const find = (source: string) => {
    const before = source.slice(0, source.indexOf(word));
    return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
  };
  const mappings = sourceMap?.mappings ?? "";
  return {
    stripped: find(code),
    found: originalPosition(mappings, find(code)),
    wanted: find(text),
  };
}

test("originalPosition puts a column back that erased types had moved", () => {
  const text =
    "const a: Array<string> = [];\nf((x: number, y: Map<string, number>): void => boom(x));\n";
  const { stripped, found, wanted } = follow(text, "boom");
  expect(stripped).not.toEqual(wanted);
  expect(found).toEqual(wanted);
});

test("originalPosition keeps a position on a line without types", () => {
  const { found, wanted } = follow("const a = 1;\n\n  crash(a);\n", "crash");
  expect(found).toEqual(wanted);
});
