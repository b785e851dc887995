// Makes the vectors of Kafka anew: compiles the interpreter, *.java, and lets it run the scenarios
// on Kafka's own classes and brokers. Needs what test/kafka needs, and the Java compiler.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { javaCommand, kafkaClassPath } from "../../kafka/class-path.ts";
import { groups } from "./scenarios/groups.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const main = "streamscope.vectors.kafka.Vectors";
/** Which part of a scenario is done step by step; what was seen is written beside each. */
const parts = ["rounds", "keys", "given", "steps"];

type Json = Readonly<Record<string, unknown>>;

/** Makes the vectors of some groups, or of all; each is a file. */
export async function makeKafkaVectors(work: string, names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !groups.has(name));
  if (unknown.length > 0) {
    const known = [...groups.keys()].join(", ");
    throw new Error(
      `no group of Kafka's vectors is called ${unknown.join(", ")}; there are ${known}`,
    );
  }
  const jars = await kafkaClassPath();
  const classes = compileJava(jars, join(work, "kafka-classes"));
  const [scenarios, results] = [join(work, "scenarios.json"), join(work, "results.jsonl")];
  for (const name of names.length === 0 ? groups.keys() : names) {
    writeFileSync(scenarios, JSON.stringify(groups.get(name)));
    const own = [
      `-Dvectors.work=${work}`,
      `-Dlog4j.configuration=file:${join(folder, "log4j.properties")}`,
    ];
    run(javaCommand(), [
      "-Xmx384m",
      ...own,
      "-cp",
      [classes, jars].join(delimiter),
      main,
      scenarios,
      results,
    ]);
    write(name, readFileSync(results, "utf8"));
  }
}

function compileJava(jars: string, classes: string): string {
  mkdirSync(classes);
  const sources = readdirSync(folder).filter((file) => file.endsWith(".java"));
  const home = process.env["JAVA_HOME"] ?? "";
  const compiler = home === "" ? "javac" : join(home, "bin", "javac");
  run(compiler, ["-d", classes, "-cp", jars, ...sources.map((file) => join(folder, file))]);
  return classes;
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (error !== undefined) {
    throw new Error(
      `${command} could not start; a JDK is needed (Debian: openjdk-17-jdk-headless)`,
      {
        cause: error,
      },
    );
  }
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
}

/** A line for each step, with what it saw. */
function write(group: string, lines: string): void {
  const vectors = lines
    .trim()
    .split("\n")
    // Written by the interpreter, from the scenarios above.
    .map((line) => vectorText(JSON.parse(line) as Json));
  writeFileSync(join(folder, `${group}.json`), `[\n${vectors.join(",\n")}\n]\n`);
}

function vectorText({ results, ...scenario }: Json): string {
  const part = parts.find((name) => name in scenario) ?? "steps";
  const { [part]: steps, ...head } = scenario;
  if (!Array.isArray(steps) || !Array.isArray(results)) throw new Error("a scenario has no steps");
  const said = steps.map((step: unknown, index) => {
    const doing = typeof step === "string" ? { key: step } : step;
    return `    ${JSON.stringify({ ...(doing as Json), saw: results[index] as unknown })}`;
  });
  const opening = JSON.stringify(head).slice(0, -1);
  return `  ${opening},"${part}":[\n${said.join(",\n")}\n  ]}`;
}
