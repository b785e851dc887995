// Goal: the rules of the house that a machine can check; each failure says what to do.
// Method: the files as text. A folder that does not exist yet has nothing to be untidy about.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listFiles, readSource, root, type SourceFile } from "./kit/source-text.ts";

const linesMax = 400;
const columnsMax = 100;

const toCheckpoint = ["base", "record", "trace", "sim"];
/** The port to Kafka: what everyone may know of it. */
const kafkaPort = [
  "broker/broker.ts",
  "broker/broker-error.ts",
  "broker/admin-request.ts",
  "broker/group-request.ts",
  "broker/transaction-request.ts",
];
const toStream = [
  ...toCheckpoint,
  "files",
  "log",
  "broker",
  "client",
  "rdd",
  "scheduler",
  "checkpoint",
  "stream",
];
const toDsl = [...toStream, "operators"];
const toScenario = [...toDsl, "dsl", "faults", "audits"];
const toSession = [...toScenario, "scenario"];

/** Folders of core in the order data flows, and what each may import besides its own files:
 *  a folder, or one file of it. Packages are imported in `live` alone. */
const layers: Readonly<Record<string, readonly string[]>> = {
  base: [],
  record: ["base"],
  trace: ["base", "record"],
  sim: ["base", "record", "trace"],
  log: ["base", "record"],
  broker: ["base", "record", "trace", "sim", "log"],
  client: ["base", "record", "trace", "sim", ...kafkaPort],
  files: toCheckpoint,
  rdd: ["base", "record", "files/file-system.ts", "files/text-splits.ts"],
  scheduler: ["base", "record", "trace", "sim", "client", "rdd", ...kafkaPort],
  checkpoint: toCheckpoint,
  stream: [...toCheckpoint, "files/file-system.ts", "rdd", "scheduler", "checkpoint", ...kafkaPort],
  operators: ["base", "record", "rdd", "stream/node.ts"],
  dsl: toDsl,
  faults: ["base", "record", "trace", "sim"],
  "faults/fault.ts": [...toStream, "dsl"],
  audits: ["base", "record", "trace"],
  scenario: toScenario,
  session: toSession,
  simulate: toSession,
  live: [...toSession, "session", "simulate", "index.ts"],
};

/** Open folders: siblings do not know each other, only the contract named here. */
const siblings: Readonly<Record<string, string | null>> = {
  operators: null,
  faults: "fault.ts",
  audits: "audit.ts",
  "client/assignors": "assignor.ts",
};

/** What may not be said in core outside core/live, and what to say instead. */
const banned: readonly (readonly [pattern: RegExp, name: string, instead: string])[] = [
  [/\bDate\.now\b/, "Date.now", "use runtime.now()"],
  [/\bnew Date\b/, "new Date", "use whole milliseconds, as in base/time.ts"],
  [/\bMath\.random\b/, "Math.random", 'use runtime.random("<who>")'],
  [/(?<![.\w$])performance\b/, "performance", "use runtime.now()"],
  [/(?<![.\w$])set(?:Timeout|Interval|Immediate)\b/, "a timer", "use runtime.schedule"],
  [/(?<![.\w$])queueMicrotask\b/, "queueMicrotask", "use runtime.schedule"],
  [/\blocaleCompare\b/, "localeCompare", "use an order of base/order.ts"],
  [/\btoLocale\w*/, "toLocale...", "format it yourself: hosts differ in locale"],
  [/(?<![.\w$])Intl\b/, "Intl", "format it yourself: hosts differ in locale"],
  [/(?<![.\w$])async\b(?!\s*[:?,)=;])/, "async", "answer by callback through the runtime"],
  [/(?<![.\w$])await\b/, "await", "answer by callback through the runtime"],
  [/(?<![.\w$])Promise\b/, "Promise", "answer by callback through the runtime"],
  [/(?<![.\w$])console\b/, "console", "use runtime.emit: the trace is how the engine speaks"],
  [/\bfor\s*\(\s*(?:const|let|var)\s+\w+\s+in\s/, "for...in", "use a Map, sorted where it shows"],
  [/(?<![.\w$])(?:WeakRef|FinalizationRegistry)\b/, "WeakRef", "say when it is forgotten"],
  [
    /\bMath\.(?:log\w*|exp\w*|pow|a?sinh?|a?cosh?|a?tanh?|atan2|cbrt|hypot)\b/,
    "a Math function that hosts may round differently",
    "use integers, ratios or a table",
  ],
  [/\*\*/, "**", "multiply, shift or use a table: hosts may round it differently"],
  [/\.(?:sort|toSorted)\(\s*\)/, "sort() without an order", "pass an order of base/order.ts"],
  [/^(?:export )?(?:let|var)\s/, "a module-level variable", "keep state in a class that owns it"],
];

const badFolders = new Set(["util", "utils", "helper", "helpers", "common", "shared", "misc"]);
/** The doors that package.json opens; every other import names the file it means. */
const doors = new Set(["core/index.ts", "core/live/index.ts"]);

const folders = ["core", "playground", "lessons", "test"];
const sources = listFiles(folders, [".ts", ".js", ".css", ".html"]).map(readSource);
const core = sources.filter(({ path }) => path.startsWith("core/") && path.endsWith(".ts"));
const engine = core.filter(({ path }) => !path.startsWith("core/live/"));

const coreFolder = (path: string): string => path.split("/")[1] ?? "";

/** `path:line: problem`, for each line of the file's code that has one. */
function perLine(
  lines: readonly string[],
  path: string,
  problem: (line: string) => string | null,
): string[] {
  return lines.flatMap((line, index) => {
    const found = problem(line);
    return found === null ? [] : [`${path}:${index + 1}: ${found}`];
  });
}

function importProblem(from: string, to: string): string | null {
  const [folder, target] = [coreFolder(from), to.slice("core/".length)];
  if (!to.startsWith("core/")) return "core imports nothing outside core; move what it needs here";
  if (from === "core/index.ts") {
    return coreFolder(to) === "live" ? "core/index.ts never exports live; use core/live" : null;
  }
  const allowed = layers[from.slice("core/".length)] ?? layers[folder];
  if (allowed === undefined) {
    return `${folder} has no row in the layer table; add one to test/tidy.test.ts`;
  }
  if (coreFolder(to) === folder) {
    const isIn = (open: string): boolean => [from, to].every((p) => p.startsWith(`core/${open}/`));
    const open = Object.keys(siblings).find(isIn);
    if (open === undefined || target === `${open}/${siblings[open]}`) return null;
    return `files of ${open} do not import each other; move what they share into its layer`;
  }
  if (allowed.includes(coreFolder(to)) || allowed.includes(target)) return null;
  return `${folder} may not import ${target}, only: ${allowed.join(", ") || "nothing"}`;
}

test("core imports follow the layer table", () => {
  const problems = core.flatMap(({ path, imports }) =>
    imports.flatMap((one) => {
      const isLive = path.startsWith("core/live/");
      const problem =
        one.path !== null
          ? isLive && one.path.startsWith("lessons/")
            ? null
            : importProblem(path, one.path)
          : isLive
            ? null
            : `core imports no package (${one.specifier}); import the file, or move it to live`;
      return problem === null ? [] : [`${path}:${one.line}: ${problem}`];
    }),
  );
  expect(problems).toEqual([]);
});

test("the page and the lessons know core only as the package streamscope", () => {
  const outside = sources.filter(
    ({ path }) =>
      /^(?:playground|lessons)\//.test(path) && !/\/(?:vite\.config|run)\.ts$/.test(path),
  );
  const problems = outside.flatMap(({ path, imports }) =>
    imports.flatMap((one) => {
      const isPage = path.startsWith("playground/");
      const place = one.path ?? "";
      let problem: string | null = null;
      if (place.startsWith("core/")) problem = 'import it from "streamscope"';
      else if (!isPage && place.startsWith("playground/")) problem = "lessons know no page";
      else if (place.startsWith("test/")) problem = "only tests import tests";
      else if (one.path === null && !isPage && !one.specifier.startsWith("streamscope")) {
        problem = `a lesson imports no package but streamscope, so not ${one.specifier}`;
      } else if (isPage && /^(?:node:|kafkajs|streamscope\/live)/.test(one.specifier)) {
        problem = `a page has no ${one.specifier}; that belongs to core/live`;
      }
      return problem === null ? [] : [`${path}:${one.line}: ${problem}`];
    }),
  );
  expect(problems).toEqual([]);
});

test("the engine says nothing that a host could answer differently", () => {
  const problems = engine.flatMap(({ path, code }) =>
    banned.flatMap(([pattern, name, instead]) =>
      perLine(code, path, (line) => (pattern.test(line) ? `${name}: ${instead}` : null)),
    ),
  );
  expect(problems).toEqual([]);
});

test("core has named exports only, and no barrel but its doors", () => {
  const problems = core.flatMap(({ path, code }) => {
    const found = perLine(code, path, (line) =>
      /^export default\b/.test(line) ? "no default export; give it its name" : null,
    );
    if (doors.has(path)) return found;
    const text = code.join("\n");
    const reExports = [...text.matchAll(/^export [^;]*? from "/gm)].length;
    const others = [...text.matchAll(/^(?:export )?(?:const|function|class|interface|type)\s/gm)];
    const isBarrel = path.endsWith("/index.ts") || (reExports > 0 && others.length === 0);
    return isBarrel ? [...found, `${path}: no barrels; import the file that has it`] : found;
  });
  expect(problems).toEqual([]);
});

test("no folder is a drawer", () => {
  const problems = sources.flatMap(({ path }) => {
    const bad = path.split("/").find((part) => badFolders.has(part));
    return bad === undefined
      ? []
      : [`${path}: name the folder for the noun it is about, not ${bad}`];
  });
  expect(problems).toEqual([]);
});

test("files and lines stay short enough to read", () => {
  const problems = sources.flatMap(({ path, lines }) => {
    const count = lines.at(-1) === "" ? lines.length - 1 : lines.length;
    const long = count > linesMax ? [`${path}: ${count} lines; split it below ${linesMax}`] : [];
    const wide = perLine(lines, path, (line) => {
      const columns = [...line].length;
      return columns > columnsMax ? `${columns} columns; break it at ${columnsMax}` : null;
    });
    return [...long, ...wide];
  });
  expect(problems).toEqual([]);
});

test("nothing is left for later in the code", () => {
  // Put together here, so that this file does not find itself.
  const marks = new RegExp(
    `\\b(?:${["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|")})\\b`,
  );
  const texts = [...sources, ...listFiles(folders, [".md"]).map(readSource)];
  const problems = texts.flatMap(({ path, lines }) =>
    perLine(lines, path, (line) => (marks.test(line) ? "do it now, or open an issue" : null)),
  );
  expect(problems).toEqual([]);
});

/** The first cycle of imports that exist at run time, as a path from a file to itself. */
function findCycle(files: readonly SourceFile[]): readonly string[] | null {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return null;
    for (const one of byPath.get(path)?.imports ?? []) {
      if (one.path === null || one.isTypeOnly) continue;
      const cycle = visit(one.path, [...trail, path]);
      if (cycle !== null) return cycle;
    }
    done.add(path);
    return null;
  };
  for (const { path } of files) {
    const cycle = visit(path, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

test("no file of core imports itself through others", () => {
  const cycle = findCycle(core);
  const remedy = "move what both need into a file that imports neither";
  expect(cycle === null ? "no cycle" : `${cycle.join(" -> ")}: ${remedy}`).toBe("no cycle");
});

test("every operator has a test and a method", () => {
  const hasSurface = core.some(({ path }) => path.startsWith("core/dsl/"));
  const used = new Set(
    core
      .filter(({ path }) => path.startsWith("core/dsl/"))
      .flatMap(({ imports }) => imports.map((one) => one.path)),
  );
  const problems = listFiles(["core/operators"], [".ts"]).flatMap((path) => {
    const test = path.replace(/^core\//, "test/").replace(/\.ts$/, ".test.ts");
    return [
      ...(existsSync(join(root, test)) ? [] : [`${path}: write its test, ${test}`]),
      ...(!hasSurface || used.has(path)
        ? []
        : [`${path}: give it a method in core/dsl/dstream.ts`]),
    ];
  });
  expect(problems).toEqual([]);
});

test("package-lock.json names no registry and package.json no range", () => {
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  const remedy = "npm install with the .npmrc of this folder";
  expect(read("package-lock.json").includes('"resolved"') ? remedy : "ok").toBe("ok");
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;
  const ranges = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(ranges.map(([name, version]) => `${name} ${version}: pin one version`)).toEqual([]);
});
