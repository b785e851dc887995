// The built page in a real browser, for tests: built once, served by vite, driven by playwright.
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { build, preview, type PreviewServer } from "vite";
import { chromiumFlags, findChromium } from "../kit/chromium.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const output = `${root}/test/output`;
const configFile = `${root}/playground/vite.config.ts`;
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

/** How long a test waits for something that does not come. */
const patienceMs = 20_000;

/** A served page and the browser that visits it. */
export interface Site {
  readonly browser: Browser;
  readonly server: PreviewServer;
  readonly url: string;
  /** What is served. */
  readonly outDir: string;
}

export interface Visit {
  readonly hash: string;
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

/** Builds the page, serves it on a free port and starts the browser. */
export async function openSite(): Promise<Site> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error("openSite needs a Chromium; ask findChromium first");
  // vitest says "test" here, and vite would bundle the libraries' development builds.
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  // A folder of its own: files of tests run side by side, and a build empties its folder first.
  const outDir = mkdtempSync(join(tmpdir(), "page-"));
  const config = { configFile, logLevel: "error", build: { outDir, emptyOutDir: true } } as const;
  await build(config);
  process.env["NODE_ENV"] = before;
  const server = await preview({ ...config, preview: { port: 0 } });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error("vite preview gave no address");
  const browser = await chromium.launch({ executablePath, args: [...chromiumFlags] });
  return { browser, server, url, outDir };
}

export async function closeSite({ browser, server, outDir }: Site): Promise<void> {
  await browser.close();
  await server.close();
  rmSync(outDir, { recursive: true, force: true });
}

/** A fresh visitor on the page, with nothing saved; gives what went wrong in the page's console. */
export async function visit(
  { browser, url }: Site,
  { hash, theme = "light", width = 1440, height = 900 }: Visit,
): Promise<{ page: Page; mistakes: string[] }> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  const mistakes: string[] = [];
  page.on("pageerror", (error) => mistakes.push(error.message));
  page.on("console", (line) => {
    if (line.type() === "error") mistakes.push(line.text());
  });
  await page.goto(url + hash);
  await page.locator("lab-header .fact", { hasText: /trace|轨迹/ }).waitFor({ state: "attached" });
  return { page, mistakes };
}

/** A picture for a person to look at, in a folder that git ignores. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${output}/${name}.png` });
}

/** What axe finds on the page, one line each; empty when it is clean. */
export async function findAxeViolations(page: Page): Promise<string[]> {
  // The page's own policy lets no foreign script in, so axe comes as the driver's.
  const results: unknown = await page.evaluate(`${axeSource}; axe.run(document)`);
  const { violations } = results as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${target.flat().join(" ")} ${failureSummary}`,
    ),
  );
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly {
      readonly target: readonly (string | readonly string[])[];
      readonly failureSummary: string;
    }[];
  }[];
}

/** Replaces the text of a cell, as a person would by selecting all and pasting. */
export async function writeCell(cell: Locator, text: string): Promise<void> {
  const editor = cell.locator(".cm-content");
  await editor.click();
  await editor.press("ControlOrMeta+a");
  await editor.page().keyboard.insertText(text);
}

/** How many events have been shown, of how many there are; 0 before the first. */
export async function readPosition(page: Page): Promise<{ at: number; of: number }> {
  const slider = page.locator("lab-timeline input");
  const [at, last] = await slider.evaluate((input: HTMLInputElement) => [
    Number(input.value),
    Number(input.max),
  ]);
  return { at: (at ?? -1) + 1, of: (last ?? -1) + 1 };
}
