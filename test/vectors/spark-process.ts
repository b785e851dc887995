// Spark on this machine: that of SPARK_HOME, or else the package pyspark, installed once into
// .cache/spark. Needs Java 17 and, without SPARK_HOME, Python 3.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { javaCommand } from "../kafka/class-path.ts";
import { connectorJars } from "./spark-kafka.ts";

/** Another version may print, place or order differently: change it on purpose. */
const sparkVersion = "3.5.1";
const cache = fileURLToPath(new URL("../../.cache/spark/", import.meta.url));
const logging = fileURLToPath(new URL("spark/log4j2.properties", import.meta.url));
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

function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, error } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
  return stdout;
}

const pythonFile = join(cache, isWindows ? "Scripts/python.exe" : "bin/python");
const sparkHome = process.env["SPARK_HOME"] ?? "";

/** Whether Spark can run without anything being installed first. */
export function isSparkInstalled(): boolean {
  return sparkHome !== "" || existsSync(pythonFile);
}

/** The folder of the jars, the Scala compiler among them; installs Spark where there is none. */
export function sparkJars(): string {
  if (sparkHome !== "") return join(sparkHome, "jars");
  if (!existsSync(pythonFile)) run(isWindows ? "python" : "python3", ["-m", "venv", cache]);
  run(pythonFile, ["-m", "pip", "install", "--quiet", `pyspark==${sparkVersion}`]);
  const print = "import os, pyspark; print(os.path.dirname(pyspark.__file__))";
  return join(run(pythonFile, ["-c", print]).trim(), "jars");
}

/** Compiles every Scala file of some folders; gives the folder of the classes. */
export function compileScala(folders: readonly string[], classes: string): string {
  const jars = sparkJars();
  const classPath = [jars, connectorJars()].flatMap((folder) =>
    readdirSync(folder).map((jar) => join(folder, jar)),
  );
  mkdirSync(classes);
  const sources = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".scala"))
      .map((file) => join(folder, file)),
  );
  run(javaCommand(), [
    "-cp",
    join(jars, "*"),
    "scala.tools.nsc.Main",
    "-nowarn",
    "-d",
    classes,
    "-classpath",
    classPath.join(delimiter),
    ...sources,
  ]);
  return classes;
}

/** Runs an object of the compiled classes on Spark's class path, with system properties
 *  (`name=value`); gives what it prints. */
export function runOnSpark(
  classes: string,
  main: string,
  args: readonly string[],
  properties: readonly string[] = [],
): string {
  // Programs on a cluster start executors as processes of their own.
  const env = { SPARK_HOME: dirname(sparkJars()), SPARK_SCALA_VERSION: "2.12" };
  const command = [
    ...properties.map((property) => `-D${property}`),
    ...opened.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
    `-Dlog4j2.configurationFile=${logging}`,
    "-cp",
    [classes, join(sparkJars(), "*"), join(connectorJars(), "*")].join(delimiter),
    main,
    ...args,
  ];
  return run(javaCommand(), command, env);
}
