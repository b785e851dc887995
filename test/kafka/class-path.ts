// What a real Kafka needs from the machine: Java, and its jars, fetched once with maven into
// .cache/kafka and found there ever after.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const javaNeeded = 17;
const pom = fileURLToPath(new URL("pom.xml", import.meta.url));
const cache = fileURLToPath(new URL("../../.cache/kafka/", import.meta.url));

/** Whether a broker can be started here; if not, one sentence on what is missing. */
export type KafkaAvailable = { readonly ok: true } | { readonly ok: false; readonly why: string };

let known: KafkaAvailable | null = null;

/** Looks at the machine once: Java 17 or newer, and the jars or the maven that can fetch them. */
export function kafkaAvailable(): KafkaAvailable {
  known ??= lookForKafka();
  return known;
}

function lookForKafka(): KafkaAvailable {
  const left = "the tests against a real Kafka are left out";
  const version = javaVersion();
  if (version === null || version < javaNeeded) {
    const found = version === null ? "no Java found" : `Java ${version} is too old`;
    const remedy = `install Java ${javaNeeded} (Debian: openjdk-17-jre-headless) or set JAVA_HOME`;
    return { ok: false, why: `${found}, so ${left}: ${remedy}` };
  }
  if (existsSync(jarsFolder()) || isMavenThere()) return { ok: true };
  return { ok: false, why: `no mvn found to fetch Kafka, so ${left}: install maven` };
}

/** The java command: that of JAVA_HOME if set. */
export function javaCommand(): string {
  const home = process.env["JAVA_HOME"];
  return home === undefined || home === "" ? "java" : join(home, "bin", "java");
}

function javaVersion(): number | null {
  const { status, stderr } = spawnSync(javaCommand(), ["-version"], { encoding: "utf8" });
  if (status !== 0) return null;
  const [, major, minor] = /version "(\d+)(?:\.(\d+))?/.exec(stderr) ?? [];
  // Java 8 calls itself 1.8.
  return major === undefined ? null : Number(major === "1" ? minor : major);
}

/** On Windows mvn is a script, which only a shell can start. */
const mavenOptions = { shell: process.platform === "win32" };

function isMavenThere(): boolean {
  return spawnSync("mvn", ["-v"], { ...mavenOptions, stdio: "ignore" }).status === 0;
}

/** A changed pom has a folder of its own, so an old cache is never taken for a new one. */
function jarsFolder(): string {
  const hash = createHash("sha256").update(readFileSync(pom)).digest("hex");
  return join(cache, hash.slice(0, 12));
}

/** The class path of Kafka, fetching it the first time (about 50 MB).
 *  Throws: Error with maven's last lines when it cannot be fetched. */
export async function kafkaClassPath(): Promise<string> {
  const folder = jarsFolder();
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    // Two runs may come here at once: each fills a folder of its own, the first rename wins.
    const fresh = mkdtempSync(join(cache, "fresh-"));
    try {
      await fetchJars(join(fresh, "jars"));
      renameUnlessThere(join(fresh, "jars"), folder);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  return join(folder, "*");
}

function renameUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

async function fetchJars(folder: string): Promise<void> {
  // Away from the checkout's own pom, which maven would otherwise write a target folder beside.
  mkdirSync(folder, { recursive: true });
  const own = join(folder, "..", "pom.xml");
  cpSync(pom, own);
  const args = ["-q", "-B", "-f", own, "dependency:copy-dependencies"];
  const options = ["-DincludeScope=runtime", `-DoutputDirectory=${folder}`];
  await new Promise<void>((resolve, reject) => {
    const child = spawn("mvn", [...args, ...options], { ...mavenOptions, stdio: "pipe" });
    let output = "";
    child.stdout.on("data", (text) => (output += String(text)));
    child.stderr.on("data", (text) => (output += String(text)));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`mvn could not fetch Kafka:\n${output.slice(-2000)}`));
    });
  });
}
