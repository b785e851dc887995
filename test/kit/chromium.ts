// Where the browser for tests is, or how to get one. The tests drive the Chromium that is on the
// machine; nothing is downloaded behind anybody's back.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const places = [
  "/usr/bin",
  "/usr/local/bin",
  "/snap/bin",
  ...(process.env["PATH"] ?? "").split(delimiter).filter((place) => place !== ""),
];
const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The path of a Chromium or Chrome, or null. CHROME_PATH, when set, is taken at its word. */
export function findChromium(): string | null {
  const named = process.env["CHROME_PATH"];
  if (named !== undefined && named !== "") return existsSync(named) ? named : null;
  const candidates = [
    ...places.flatMap((place) => names.map((name) => join(place, name))),
    ...elsewhere,
  ];
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** What to tell a person whose machine has none. */
export const chromiumMissing =
  "no Chromium found, so the browser tests are left out: " +
  "install chromium or google-chrome, or set CHROME_PATH to one";

/** Quiet, without a sandbox (it fails for root and in containers), without calls home. */
export const chromiumFlags: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
