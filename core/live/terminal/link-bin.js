// Runs after `npm install` and `npm ci` in a checkout: puts `streamscope` into node_modules/.bin.
// Why: npm links the commands of the packages it installs, not of the package it installs them
// for, so `npx streamscope` in a checkout would otherwise ask the network for a package.
// A failure here is told and forgiven: `node core/live/terminal/streamscope.js` always works.
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const terminal = dirname(fileURLToPath(import.meta.url));
const root = join(terminal, "..", "..", "..");
const bin = join(root, "node_modules", ".bin");
const link = join(bin, "streamscope");
const command = join("..", "..", "core", "live", "terminal", "streamscope.js");

try {
  // Installed as somebody's dependency, npm has made the link already.
  if (existsSync(join(root, "node_modules"))) {
    mkdirSync(bin, { recursive: true });
    rmSync(link, { force: true });
    if (process.platform === "win32") {
      rmSync(`${link}.cmd`, { force: true });
      writeFileSync(`${link}.cmd`, `@node "%~dp0\\${command}" %*\r\n`);
    } else {
      chmodSync(join(terminal, "streamscope.js"), 0o755);
      symlinkSync(command, link);
    }
  }
} catch (error) {
  console.warn(`npx streamscope will not work here (${error.message})`);
  console.warn("use: node core/live/terminal/streamscope.js");
}
