/** The lines of a file or of standard input, one at a time: the file is never in memory whole. */

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { describeThrown, LiveError } from "../../base/errors.ts";

export interface InputLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

export interface InputLinesOptions {
  /** A path, or `-` for standard input. */
  readonly file: string;
  /** The largest line a record of the topic can carry, in UTF-8 bytes. */
  readonly lineBytesMax: number;
  /** What the limit is called in the error. */
  readonly limit: string;
  /** Bytes read at once; 64 KiB. */
  readonly chunkBytes?: number;
}

const newline = 10;
const carriageReturn = 13;
const pollMs = 5;
const countedBytesMax = 100_000_000;

/** How a file is called in a message. */
export function inputName(file: string): string {
  return file === "-" ? "standard input" : file;
}

/** Lines without their `\n` or `\r\n`; a last one without either counts.
 *  Throws: LiveError FILE_NOT_FOUND; UNSUPPORTED_VALUE for a line too long, and for bytes that are
 *  no text, with their place. */
export function* inputLines(options: InputLinesOptions): Generator<InputLine, void, undefined> {
  const { file, lineBytesMax } = options;
  const descriptor = file === "-" ? 0 : openInput(file);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const chunk = Buffer.allocUnsafe(options.chunkBytes ?? 65_536);
  let pending = Buffer.alloc(0);
  /** Where `pending` begins in the file. */
  let pendingAt = 0;
  let number = 0;
  const lineOf = (bytes: Buffer): InputLine => {
    const isWindows = bytes.at(-1) === carriageReturn;
    const line = isWindows ? bytes.subarray(0, -1) : bytes;
    number += 1;
    if (line.length > lineBytesMax) throw tooLong(options, number, `${line.length} bytes`);
    return { number, text: decode(decoder, line, { file, number, at: pendingAt }) };
  };
  try {
    for (;;) {
      const count = readSome(descriptor, chunk, file);
      if (count === 0) break;
      let bytes = Buffer.concat([pending, chunk.subarray(0, count)]);
      // What was pending has no line end in it; looking at it again would make long lines quadratic.
      let from = pending.length;
      for (;;) {
        const end = bytes.indexOf(newline, from);
        if (end < 0) break;
        yield lineOf(bytes.subarray(0, end));
        pendingAt += end + 1;
        bytes = bytes.subarray(end + 1);
        from = 0;
      }
      // One byte more may be the \r of a line end still to come.
      if (bytes.length > lineBytesMax + 1) {
        throw tooLong(options, number + 1, sizeOfRest(descriptor, chunk, bytes.length, file));
      }
      pending = Buffer.from(bytes);
    }
    if (pending.length > 0) yield lineOf(pending);
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

/** How long a line is that is too long to keep, up to a size at which nobody counts on. */
function sizeOfRest(descriptor: number, chunk: Buffer, known: number, file: string): string {
  let size = known;
  while (size < countedBytesMax) {
    const count = readSome(descriptor, chunk, file);
    const end = chunk.subarray(0, count).indexOf(newline);
    if (count === 0 || end >= 0) return `${size + Math.max(0, end)} bytes`;
    size += count;
  }
  return `more than ${countedBytesMax} bytes`;
}

/** Throws: LiveError FILE_NOT_FOUND. */
export function checkInput(file: string): void {
  if (file !== "-") closeSync(openInput(file));
}

function openInput(file: string): number {
  let descriptor: number;
  let isFolder: boolean;
  try {
    descriptor = openSync(file, "r");
    isFolder = fstatSync(descriptor).isDirectory();
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : null;
    const why = code === "ENOENT" ? "there is no such file" : describeThrown(thrown);
    throw new LiveError("FILE_NOT_FOUND", `input ${file}: ${why}`, { place: { file } });
  }
  if (!isFolder) return descriptor;
  closeSync(descriptor);
  throw new LiveError("FILE_NOT_FOUND", `input ${file}: it is a folder, and --input needs a file`, {
    place: { file },
  });
}

function readSome(descriptor: number, into: Buffer, file: string): number {
  for (;;) {
    try {
      return readSync(descriptor, into, 0, into.length, null);
    } catch (thrown) {
      const code = thrown instanceof Error && "code" in thrown ? thrown.code : null;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") {
        throw new LiveError("FILE_NOT_FOUND", `input ${file}: ${describeThrown(thrown)}`, {
          place: { file },
        });
      }
      // Standard input of a terminal or a pipe that does not block and has nothing yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs);
    }
  }
}

function decode(
  decoder: { decode(bytes: Buffer): string },
  line: Buffer,
  of: { readonly file: string; readonly number: number; readonly at: number },
): string {
  const zero = line.indexOf(0);
  if (zero >= 0) throw notText(of, zero, "a NUL byte");
  try {
    return decoder.decode(line);
  } catch {
    throw notText(of, firstInvalid(line), "a byte that is no UTF-8");
  }
}

/** The first byte of the first character that is none, found by halving: what is before is valid. */
function firstInvalid(line: Buffer): number {
  let valid = 0;
  let invalid = line.length;
  while (valid < invalid) {
    const middle = (valid + invalid + 1) >> 1;
    try {
      // As a stream, a character cut at the end is no error.
      new TextDecoder("utf-8", { fatal: true }).decode(line.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle - 1;
    }
  }
  // A character that was begun and not ended counts as valid so far.
  for (let lead = valid - 1; lead >= Math.max(0, valid - 3); lead -= 1) {
    const byte = line.readUInt8(lead);
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (byte >= 0xc0) return lead + length > valid ? lead : valid;
    if (byte < 0x80) return valid;
  }
  return valid;
}

function notText(
  of: { readonly file: string; readonly number: number; readonly at: number },
  index: number,
  what: string,
): LiveError {
  const place = `byte offset ${of.at + index}, in line ${of.number}`;
  return new LiveError(
    "UNSUPPORTED_VALUE",
    `input ${inputName(of.file)} is not a text file: there is ${what} at ${place}; ` +
      "give a file of UTF-8 lines",
    { place: { file: inputName(of.file) } },
  );
}

function tooLong(options: InputLinesOptions, number: number, size: string): LiveError {
  const name = inputName(options.file);
  return new LiveError(
    "UNSUPPORTED_VALUE",
    `line ${number} of ${name} has ${size}, and a record of this topic carries at most ` +
      `${options.lineBytesMax} bytes (${options.limit}); split the line or raise the limit`,
    { place: { file: name } },
  );
}
