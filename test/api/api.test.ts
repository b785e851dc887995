// Goal: nothing of Spark's API is missing without a reason, no reason is given for what is here,
// and the page says so. Spark's side is its own reflection (../vectors/spark/Api.scala).
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { absent } from "./absent.ts";
import { apiPage, readEntries } from "./page.ts";

const entries = readEntries();
const nameOf = (entry: (typeof entries)[number]): string => `${entry.sparkClass}.${entry.name}`;

test("every method of Spark's is here, or says why not", () => {
  const missing = entries.filter(({ method, reason }) => method === null && reason === null);
  expect(missing.map(nameOf)).toEqual([]);
});

test("a reason is given only for what Spark has and we do not", () => {
  const needless = entries.filter(({ method, reason }) => method !== null && reason !== null);
  expect(needless.map(nameOf)).toEqual([]);
  const known = new Set(entries.map(nameOf));
  expect([...absent.keys()].filter((name) => !known.has(name))).toEqual([]);
});

test("the page is that of now (`npm run api` writes it)", () => {
  const page = fileURLToPath(new URL("../../core/dsl/API.md", import.meta.url));
  expect(readFileSync(page, "utf8")).toBe(apiPage());
});
