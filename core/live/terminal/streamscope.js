#!/usr/bin/env node
// The command `streamscope`. Plain JavaScript that any Node can read, so that an old Node gets a
// sentence instead of a syntax error; the commands themselves are TypeScript, read through tsx.
const needed = [20, 19, 0];
const found = process.versions.node.split(".").map(Number);

function isOlder(a, b) {
  const index = a.findIndex((part, i) => part !== b[i]);
  return index >= 0 && a[index] < b[index];
}

if (isOlder(found, needed)) {
  console.error(
    `streamscope needs Node ${needed.join(".")} or newer, and this is Node ${found.join(".")}; ` +
      `install a newer one from https://nodejs.org and try again`,
  );
  process.exitCode = 1;
} else {
  try {
    const { register } = await import("tsx/esm/api");
    register();
    const { main } = await import(new URL("./main.ts", import.meta.url).href);
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (error?.code === "ERR_MODULE_NOT_FOUND" && String(error.message).includes("'tsx'")) {
      console.error("streamscope is not installed yet; run `npm install` in its folder first");
    } else {
      console.error(error);
    }
    process.exitCode = 1;
  }
}
