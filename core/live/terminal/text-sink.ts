/** Text to a file descriptor, in the order it is written, from inside a run that never yields. */

import { closeSync, openSync, writeSync } from "node:fs";
import { describeThrown, LiveError } from "../../base/errors.ts";

const bufferedMax = 65_536;
const retryMs = 2;

export class TextSink {
  readonly #descriptor: number;
  readonly #name: string;
  #parts: string[] = [];
  #size = 0;
  #isClosed = false;

  constructor(descriptor: number, name: string) {
    this.#descriptor = descriptor;
    this.#name = name;
  }

  /** Throws: LiveError FILE_NOT_FOUND. */
  static open(file: string): TextSink {
    try {
      return new TextSink(openSync(file, "w"), file);
    } catch (thrown) {
      throw cannotWrite(file, thrown);
    }
  }

  /** True once whoever read the other end has gone, as `head` does: nothing more is of use. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  line(text: string): void {
    this.#parts.push(text, "\n");
    this.#size += text.length + 1;
    if (this.#size >= bufferedMax) this.flush();
  }

  /** Throws: LiveError FILE_NOT_FOUND where the disk is full or the file cannot be written. */
  flush(): void {
    if (this.#size === 0) return;
    const bytes = Buffer.from(this.#parts.join(""), "utf8");
    this.#parts = [];
    this.#size = 0;
    for (let from = 0; from < bytes.length && !this.#isClosed;) {
      from += this.#writeSome(bytes, from);
    }
  }

  #writeSome(bytes: Buffer, from: number): number {
    try {
      return writeSync(this.#descriptor, bytes, from);
    } catch (thrown) {
      const code = thrown instanceof Error && "code" in thrown ? thrown.code : null;
      if (code === "EPIPE") {
        this.#isClosed = true;
        return 0;
      }
      if (code !== "EAGAIN") throw cannotWrite(this.#name, thrown);
      // A pipe that does not block and is full: its reader needs a moment.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
      return 0;
    }
  }

  close(): void {
    this.flush();
    closeSync(this.#descriptor);
  }
}

function cannotWrite(name: string, thrown: unknown): LiveError {
  return new LiveError("FILE_NOT_FOUND", `${name} cannot be written: ${describeThrown(thrown)}`, {
    place: { file: name },
    cause: thrown,
  });
}
