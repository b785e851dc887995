// Goal: a checkpoint file is whole or not there, whatever happens while it is written.
// Method: real files in a folder of the test's own.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileCheckpoints } from "../../core/live/file-checkpoints.ts";

let root = "";
let delivered: (() => void)[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "streamscope-checkpoints-"));
  delivered = [];
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function store(): FileCheckpoints {
  return new FileCheckpoints({ root, replyTo: () => (action) => delivered.push(action) });
}

function write(file: string, text: string): string | null | "no answer" {
  let result: string | null | "no answer" = "no answer";
  store().write(file, text, (error) => {
    result = error;
  });
  expect(result).toBe("no answer");
  for (const action of delivered.splice(0)) action();
  return result;
}

test("write makes the folders, and calls back by an event of the runtime", () => {
  expect(write("words/rdd-4/part-0", '["ünï",1]\n')).toBeNull();
  expect(store().read("words/rdd-4/part-0")).toBe('["ünï",1]\n');
  expect(readdirSync(join(root, "words/rdd-4"))).toEqual(["part-0"]);
});

test("write over a file replaces it whole", () => {
  write("c/checkpoint-1000", "a long first text");
  expect(write("c/checkpoint-1000", "new")).toBeNull();
  expect(readFileSync(join(root, "c/checkpoint-1000"), "utf8")).toBe("new");
});

test("a write that was torn in the middle leaves the old file, and is not listed", () => {
  write("c/checkpoint-1000", "old");
  // What a process that dies while writing leaves behind.
  writeFileSync(join(root, "c/.checkpoint-1000.77.unfinished"), "ne");
  expect(store().read("c/checkpoint-1000")).toBe("old");
  expect(store().list("c")).toEqual(["c/checkpoint-1000"]);
});

test("a write that fails says why, leaves the old file and nothing else", () => {
  write("c/checkpoint-1000", "old");
  // A folder in the place of the file: the rename is refused, for every user.
  mkdirSync(join(root, "c/checkpoint-2000/inside"), { recursive: true });
  expect(write("c/checkpoint-2000", "new")).toMatch(/EISDIR|ENOTEMPTY|EEXIST|EPERM/);
  expect(store().list("c")).toEqual(["c/checkpoint-1000"]);
  expect(readdirSync(join(root, "c"))).toEqual(["checkpoint-1000", "checkpoint-2000"]);
  expect(store().read("c/checkpoint-1000")).toBe("old");
});

test("a file in the place of the folder is an answer, never an exception", () => {
  writeFileSync(join(root, "c"), "a file");
  expect(write("c/checkpoint-1000", "text")).toMatch(/ENOTDIR|EEXIST/);
  expect(store().list("c")).toEqual([]);
  expect(store().read("c/checkpoint-1000")).toBeNull();
});

test("list gives all files below by the names they were written by, by UTF-16 units", () => {
  const names = ["c/checkpoint-9000", "c/rdd-4/1", "c/checkpoint-10000", "c/checkpoint-1000.bk"];
  for (const name of names) write(name, "x");
  write("d/checkpoint-1000", "x");
  const sorted = ["c/checkpoint-1000.bk", "c/checkpoint-10000", "c/checkpoint-9000", "c/rdd-4/1"];
  expect(store().list("c")).toEqual(sorted);
  expect(store().list("c/")).toEqual(sorted);
  expect(store().list(join(root, "d"))).toEqual([join(root, "d/checkpoint-1000")]);
  expect(store().list("nowhere")).toEqual([]);
});

test("remove takes the folders that it empties, and no others", () => {
  write("c/rdd-4/part-0", "x");
  write("c/checkpoint-1000", "x");
  store().remove("c/rdd-4/part-0");
  expect(readdirSync(join(root, "c"))).toEqual(["checkpoint-1000"]);
  store().remove("c/checkpoint-1000");
  expect(existsSync(join(root, "c"))).toBe(false);
  expect(existsSync(root)).toBe(true);
  store().remove("c/checkpoint-1000");
});
