// Spark's connector to Kafka, fetched once with maven into .cache/spark-kafka, and a Kafka for it.
import { spawnSync } from "node:child_process";
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

const pom = fileURLToPath(new URL("pom.xml", import.meta.url));
const cache = fileURLToPath(new URL("../../.cache/spark-kafka/", import.meta.url));

/** The folder of the connector's jars; a changed pom has one of its own.
 *  Throws: Error when maven cannot fetch them. */
export function connectorJars(): string {
  const hash = createHash("sha256").update(readFileSync(pom)).digest("hex");
  const folder = join(cache, hash.slice(0, 12));
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, "fresh-"));
  try {
    const jars = join(fresh, "jars");
    // Away from the checkout's own pom, which maven would otherwise write a target folder beside.
    cpSync(pom, join(fresh, "pom.xml"));
    const args = ["-q", "-B", "-f", join(fresh, "pom.xml"), "dependency:copy-dependencies"];
    const options = ["-DexcludeTransitive=true", `-DoutputDirectory=${jars}`];
    const shell = process.platform === "win32";
    const { status, error } = spawnSync("mvn", [...args, ...options], { stdio: "inherit", shell });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`mvn could not fetch Spark's connector to Kafka: ${status}`);
    // Two runs may come here at once: the first rename wins.
    if (!existsSync(folder)) renameSync(jars, folder);
    return folder;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
