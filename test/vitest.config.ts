// Three projects: `node`, `kafka` (the same, with a real broker running) and `browser`.
// The broker starts only when a file of `kafka` is going to run.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { loadConfigFromFile } from "vite";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { chromiumFlags, chromiumMissing, findChromium } from "./kit/chromium.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const withBroker = ["test/live/**/*.test.ts", "test/contract/**/*.test.ts"];

const projects: TestProjectConfiguration[] = [
  {
    extends: true,
    test: { name: "node", include: ["test/**/*.test.ts"], exclude: withBroker },
  },
  {
    extends: true,
    test: { name: "kafka", include: withBroker, globalSetup: "test/kafka/global-setup.ts" },
  },
];

const chromium = findChromium();
if (chromium === null) {
  console.log(chromiumMissing);
} else {
  // The page's own vite plugins, so that a module means the same in a test as on the page.
  const file = `${root}/playground/vite.config.ts`;
  const page = existsSync(file)
    ? await loadConfigFromFile({ command: "serve", mode: "test" }, file)
    : null;
  projects.push({
    extends: true,
    plugins: page?.config.plugins ?? [],
    // Found late, in a fresh checkout, they would reload a test in its middle.
    optimizeDeps: { include: ["@dagrejs/dagre", "@observablehq/plot", "axe-core"] },
    test: {
      name: "browser",
      include: ["test/**/*.browser.ts"],
      fileParallelism: false,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: { executablePath: chromium, args: [...chromiumFlags] },
        }),
        instances: [{ browser: "chromium" }],
      },
    },
  });
}

export default defineConfig({
  root,
  test: {
    projects,
    reporters: ["default", "./test/reporter.ts"],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    passWithNoTests: true,
  },
});
