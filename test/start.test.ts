// Goal: the first thing a newcomer does works: `npm start`, and the page is there with its lessons.
// Method: the command itself, without a browser; then every module the page would ask for, asked
// for, so that a file that does not compile is found here and not by a person.
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./kit/source-text.ts";

const answersWithinMs = 60_000;
const modulesMax = 2_000;
const isWindows = process.platform === "win32";

describe("npm start", () => {
  let child: ChildProcess;
  let output = "";
  let address = "";

  beforeAll(async () => {
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    const options = ["--host", "127.0.0.1", "--port", String(port), "--strictPort"];
    child = spawn("npm", ["start", "--", ...options], {
      cwd: root,
      env: { ...process.env, BROWSER: "none" },
      stdio: ["ignore", "pipe", "pipe"],
      shell: isWindows,
      // A group of its own, so that npm, its shell and vite can be ended together.
      detached: !isWindows,
    });
    child.stdout?.on("data", (text) => (output += String(text)));
    child.stderr?.on("data", (text) => (output += String(text)));
    await untilItAnswers();
  });

  afterAll(() => {
    if (child.pid === undefined || child.exitCode !== null) return;
    if (isWindows) child.kill();
    else process.kill(-child.pid, "SIGTERM");
  });

  async function untilItAnswers(): Promise<void> {
    const deadlineMs = Date.now() + answersWithinMs;
    while (Date.now() < deadlineMs && child.exitCode === null) {
      const answer = await fetch(address).catch(() => null);
      if (answer?.status === 200) return;
      await pause(100);
    }
    throw new Error(`npm start did not answer on ${address}:\n${output}`);
  }

  test("the page answers 200 with HTML", async () => {
    const answer = await fetch(address);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(await answer.text()).toContain('<script type="module"');
  });

  test("every module of the page loads, the first lesson's among them", async () => {
    const { paths, broken } = await everyModule(address);
    expect(broken, output).toEqual([]);
    expect(paths.some((path) => path.includes("/lessons/01-"))).toBe(true);
  });
});

/** Walks from the page through each script and import, as a browser would. */
async function everyModule(address: string): Promise<{ paths: string[]; broken: string[] }> {
  const seen = new Set<string>(["/"]);
  const broken: string[] = [];
  for (const path of seen) {
    const answer = await fetch(new URL(path, address), { headers: { accept: "*/*" } });
    const text = await answer.text();
    if (answer.status !== 200) broken.push(`${path}: ${answer.status} ${text.slice(0, 300)}`);
    for (const next of mentioned(path, text)) seen.add(next);
    if (seen.size > modulesMax) throw new Error(`more than ${modulesMax} modules: a loop?`);
  }
  return { paths: [...seen], broken };
}

const inPage = /<script[^>]*\ssrc="([^"]+)"/g;
const inModule = /(?:\bfrom|\bimport|\bnew URL)\s*\(?\s*(?:\/\*.*?\*\/\s*)?"(\/[^"]+)"/g;

/** The scripts of a page; the imports and workers of a module, which vite has made absolute. */
function mentioned(path: string, text: string): string[] {
  return [...text.matchAll(path === "/" ? inPage : inModule)]
    .map((match) => new URL(match[1] ?? "", "http://page/"))
    .map((url) => url.pathname + url.search)
    .filter((one) => !one.includes("/node_modules/") && !one.startsWith("/@vite/"));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const found = server.address();
      const port = typeof found === "object" && found !== null ? found.port : 0;
      server.close(() => resolve(port));
    });
  });
}
