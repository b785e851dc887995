// Goal: prose pulls in its cells, its live words are understood, and it can draw nothing else.
// Method: small pieces of Markdown.
import { expect, test } from "vitest";
import { readLiveWord, readProse } from "../../playground/prose.ts";

test("readProse puts the cells where their lines are", () => {
  const pieces = readProse("One.\n\n@cell\n\nTwo, not @cell.\n\n@exercise\n");
  expect(pieces).toEqual([
    { kind: "html", html: "<p>One.</p>" },
    { kind: "cell" },
    { kind: "html", html: "<p>Two, not @cell.</p>" },
    { kind: "exercise" },
  ]);
});

test("readProse keeps raw HTML and scripts as text", () => {
  const [piece] = readProse('<img src=x onerror="alert(1)"> [x](javascript:alert(1))');
  expect(piece).toEqual({
    kind: "html",
    html: "<p>&lt;img src=x onerror=&quot;alert(1)&quot;&gt; [x](javascript:alert(1))</p>",
  });
});

test.each([
  ["#batch=3000", { kind: "batch", batchTimeMs: 3000 }],
  ["#partition=1", { kind: "partition", partition: 1 }],
  ["#view=lineage", { kind: "view", view: "lineage" }],
  ["#fault=crashDriver", { kind: "crashDriver" }],
  ["#fault=stopBroker:2", { kind: "stopBroker", broker: 2 }],
  ["#fault=stopBroker", { kind: "stopBroker", broker: 1 }],
  ["#fault=earthquake", null],
  ["https://kafka.apache.org/", null],
])("readLiveWord understands %s", (target, word) => {
  expect(readLiveWord(target)).toEqual(word);
});
