// Makes the vectors anew: runs spark/*.scala on Spark itself and writes spark/*.json.
// Spark is that of SPARK_HOME, or else the package pyspark, installed once into .cache/spark.
// Groups may be named (`npm run vectors -- windows state`); the others stay as they are.
// Needs Java 17 and, without SPARK_HOME, Python 3.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { javaCommand } from "../kafka/class-path.ts";

/** Another version may print, place or order differently: change it on purpose. */
const sparkVersion = "3.5.1";
const folder = fileURLToPath(new URL("spark/", import.meta.url));
const cache = fileURLToPath(new URL("../../.cache/spark/", import.meta.url));
const isWindows = process.platform === "win32";

/** What Spark's launcher opens for it on Java 17. */
const opened = [
  "java.base/java.lang",
  "java.base/java.lang.invoke",
  "java.base/java.lang.reflect",
  "java.base/java.io",
  "java.base/java.net",
  "java.base/java.nio",
  "java.base/java.util",
  "java.base/java.util.concurrent",
  "java.base/java.util.concurrent.atomic",
  "java.base/sun.nio.ch",
  "java.base/sun.nio.cs",
  "java.base/sun.security.action",
  "java.base/sun.util.calendar",
];

function run(command: string, args: readonly string[]): string {
  const { status, stdout, error } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
  return stdout;
}

/** The folder of Spark's jars, the Scala compiler among them. */
function sparkJars(): string {
  const home = process.env["SPARK_HOME"];
  if (home !== undefined && home !== "") return join(home, "jars");
  const python = join(cache, isWindows ? "Scripts/python.exe" : "bin/python");
  if (!existsSync(python)) run(isWindows ? "python" : "python3", ["-m", "venv", cache]);
  run(python, ["-m", "pip", "install", "--quiet", `pyspark==${sparkVersion}`]);
  const print = "import os, pyspark; print(os.path.dirname(pyspark.__file__))";
  return join(run(python, ["-c", print]).trim(), "jars");
}

function runOnSpark(work: string, groups: readonly string[]): string {
  const jars = sparkJars();
  const classPath = readdirSync(jars).map((jar) => join(jars, jar));
  const classes = join(work, "classes");
  mkdirSync(classes);
  const sources = readdirSync(folder).filter((file) => file.endsWith(".scala"));
  run(javaCommand(), [
    "-cp",
    join(jars, "*"),
    "scala.tools.nsc.Main",
    "-nowarn",
    "-d",
    classes,
    "-classpath",
    classPath.join(delimiter),
    ...sources.map((file) => join(folder, file)),
  ]);
  const lines = join(work, "vectors.jsonl");
  run(javaCommand(), [
    ...opened.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
    `-Dlog4j2.configurationFile=${join(folder, "log4j2.properties")}`,
    "-cp",
    [classes, join(jars, "*")].join(delimiter),
    "org.apache.spark.streaming.vectors.Vectors",
    lines,
    ...groups,
  ]);
  return readFileSync(lines, "utf8");
}

/** One file for the vectors before each slash, a line for each batch. */
function write(vectors: string): void {
  const byGroup = new Map<string, string[]>();
  for (const line of vectors.trim().split("\n")) {
    const group = /^\{"name": "(\w+)\//.exec(line)?.[1] ?? "others";
    const broken = line.replaceAll(/("batches": \[|, )(?=\{"timeMs": )/g, "$1\n    ");
    byGroup.set(group, [...(byGroup.get(group) ?? []), `  ${broken}`]);
  }
  for (const [group, lines] of byGroup) {
    const text = lines.join(",\n").replaceAll(/ +\n/g, "\n");
    writeFileSync(join(folder, `${group}.json`), `[\n${text}\n]\n`);
  }
}

const work = mkdtempSync(join(tmpdir(), "vectors-"));
try {
  write(runOnSpark(work, process.argv.slice(2)));
} finally {
  rmSync(work, { recursive: true, force: true });
}
