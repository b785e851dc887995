// Goal: tidy's rules see code, and only code.
import { expect, test } from "vitest";
import { blank, parseSource } from "./source-text.ts";

const blankAll = (text: string): string => blank(text, "comments and strings");

test("blank() erases comments and the insides of strings, and keeps columns", () => {
  expect(blankAll('a // b\nc "d" /* e\nf */ g')).toBe('a     \nc " "     \n     g');
  expect(blankAll('"it\\"s" + x')).toBe('"     " + x');
  expect(blank('a "b" // c', "comments")).toBe('a "b"     ');
});

test("blank() keeps the code inside a template", () => {
  expect(blankAll("`a ${b({ c: `d ${e}` })} f` + g")).toBe("`  ${b({ c: `  ${e}` })}  ` + g");
});

test("blank() tells a regular expression from a division", () => {
  expect(blankAll("x = /a[/]b/g; y = a / b / c")).toBe("x = /     /g; y = a / b / c");
  expect(blankAll("return /`/.test(s)")).toBe("return / /.test(s)");
});

test("parseSource() finds every form of import, with its line and its place", () => {
  const text = [
    'import { a } from "../base/assert.ts";',
    "import type {",
    "  B,",
    '} from "./b.ts";',
    'export { c } from "./c.ts";',
    'import "./d.css";',
    'const e = await import("lit");',
    '// import "./no.ts"',
    'import f from "./f.ts?raw";',
    'export const from = "./no.ts";',
  ].join("\n");
  const { imports } = parseSource("core/rdd/x.ts", text);
  expect(imports.map(({ line, path, specifier }) => [line, path ?? specifier])).toEqual([
    [1, "core/base/assert.ts"],
    [4, "core/rdd/b.ts"],
    [5, "core/rdd/c.ts"],
    [6, "core/rdd/d.css"],
    [7, "lit"],
    [9, "core/rdd/f.ts"],
  ]);
  expect(imports.map(({ isTypeOnly }) => isTypeOnly).indexOf(true)).toBe(1);
});
