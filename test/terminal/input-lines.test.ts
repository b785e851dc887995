// Goal: a file's lines exactly as a person sees them, or an error that says where it is no text.
// Method: real files, read with chunks of every small size, so that each border falls everywhere.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkInput, inputLines } from "../../core/live/terminal/input-lines.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "streamscope-lines-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(content: string | Buffer): string {
  const file = join(folder, "input.txt");
  writeFileSync(file, content);
  return file;
}

function read(file: string, chunkBytes = 65_536, lineBytesMax = 1_000_000): string[] {
  const options = { file, lineBytesMax, limit: "max.message.bytes 9", chunkBytes };
  const lines = [...inputLines(options)];
  expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1));
  return lines.map(({ text }) => text);
}

describe("inputLines", () => {
  test.each([
    ["", []],
    ["\n", [""]],
    ["a", ["a"]],
    ["a\n", ["a"]],
    ["a\nb", ["a", "b"]],
    ["a\r\nb\r\n", ["a", "b"]],
    ["a\r\nb\r", ["a", "b"]],
    ["a\n\n\nb\n", ["a", "", "", "b"]],
    ["a\rb\n", ["a\rb"]],
    ["größe 漢字 🎈\nünï\r\n🎈🎈", ["größe 漢字 🎈", "ünï", "🎈🎈"]],
    ["\u{feff}bom\n", ["\u{feff}bom"]],
  ])("reads %j whatever the chunks are", (content, lines) => {
    const file = write(content);
    for (let chunkBytes = 1; chunkBytes <= 9; chunkBytes += 1) {
      expect(read(file, chunkBytes)).toEqual(lines);
    }
    expect(read(file)).toEqual(lines);
  });

  test("draws a line only when it is asked for", () => {
    const file = write("one\ntwo\n\0not reached");
    const lines = inputLines({ file, lineBytesMax: 10, limit: "", chunkBytes: 4 });
    expect(lines.next().value).toEqual({ number: 1, text: "one" });
    expect(lines.next().value).toEqual({ number: 2, text: "two" });
    lines.return();
  });

  test("a line of 1 MB passes through chunks of 64 KiB", () => {
    const long = "x".repeat(1_000_000);
    expect(read(write(`a\n${long}\nb`))).toEqual(["a", long, "b"]);
  });

  test("a line of exactly the limit passes, with a Windows line end too", () => {
    const long = "é".repeat(50);
    for (const chunkBytes of [1, 7, 200]) {
      expect(read(write(`${long}\r\n${long}\n${long}`), chunkBytes, 100)).toEqual([
        long,
        long,
        long,
      ]);
    }
  });

  test("a line above the limit is refused with file, line, size and limit", () => {
    const file = write(`a\nb\n${"x".repeat(101)}\n`);
    expect(() => read(file, 65_536, 100)).toThrow(
      `line 3 of ${file} has 101 bytes, and a record of this topic carries at most 100 bytes ` +
        "(max.message.bytes 9); split the line or raise the limit",
    );
  });

  test("a line of many chunks is refused with its size, without being kept", () => {
    const file = write(`${"x".repeat(3_000_000)}\nb\n`);
    expect(() => read(file, 1_000, 100)).toThrow(/line 1 of .* has 3000000 bytes/);
    const open = write("x".repeat(3_000_000));
    expect(() => read(open, 1_000, 100)).toThrow(/line 1 of .* has 3000000 bytes/);
  });

  test("a NUL byte is refused with its byte offset", () => {
    const file = write("ab\ncd\0e\n");
    for (const chunkBytes of [1, 3, 100]) {
      expect(() => read(file, chunkBytes)).toThrow(
        `input ${file} is not a text file: there is a NUL byte at byte offset 5, in line 2; ` +
          "give a file of UTF-8 lines",
      );
    }
  });

  test.each([
    ["a lone continuation byte", [0x61, 0x0a, 0x80], 2, 2],
    ["a character cut short by a line end", [0x61, 0xc3, 0x0a], 1, 1],
    ["a character cut short by the end", [0x61, 0x62, 0xe6, 0xbc], 2, 1],
    ["an overlong form after a whole character", [0xc3, 0xbc, 0xc0, 0xaf], 2, 1],
    ["Latin-1", [0x47, 0x72, 0xfc, 0xdf, 0x65, 0x0a], 2, 1],
  ])("%s is refused with its byte offset", (_what, bytes, offset, line) => {
    const file = write(Buffer.from(bytes));
    for (const chunkBytes of [1, 2, 100]) {
      expect(() => read(file, chunkBytes)).toThrow(
        `there is a byte that is no UTF-8 at byte offset ${offset}, in line ${line}`,
      );
    }
  });
});

test("checkInput says what is wrong with a file before anything runs", () => {
  expect(() => checkInput(join(folder, "nowhere.txt"))).toThrow("there is no such file");
  mkdirSync(join(folder, "inside"));
  expect(() => checkInput(join(folder, "inside"))).toThrow("it is a folder");
  expect(() => checkInput(write("a"))).not.toThrow();
  expect(() => checkInput("-")).not.toThrow();
});
