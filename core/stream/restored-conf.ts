/** The settings of an application that starts again: those of its checkpoint, but for what depends
 *  on where it runs. Like Spark: Checkpoint.createSparkConf. */

export type ConfPairs = readonly (readonly [name: string, value: string])[];

/** Taken from the new configuration, where it says them. */
const reloaded: readonly string[] = [
  "spark.yarn.app.id",
  "spark.yarn.app.attemptId",
  "spark.driver.host",
  "spark.driver.bindAddress",
  "spark.driver.port",
  "spark.master",
  "spark.ui.port",
  "spark.blockManager.port",
  "spark.kubernetes.driver.pod.name",
  "spark.kubernetes.executor.podNamePrefix",
  "spark.yarn.jars",
  "spark.yarn.keytab",
  "spark.yarn.principal",
  "spark.kerberos.keytab",
  "spark.kerberos.principal",
  "spark.ui.filters",
];
/** Of the process that was: never taken from the checkpoint. */
const dropped: readonly string[] = [
  "spark.driver.host",
  "spark.driver.bindAddress",
  "spark.driver.port",
  "spark.ui.port",
  "spark.blockManager.port",
  "spark.kubernetes.driver.pod.name",
  "spark.kubernetes.executor.podNamePrefix",
];
/** The proxy of YARN's pages has settings of its own, which are reloaded too. */
const FILTER_PREFIX = "spark.org.apache.hadoop.yarn.server.webproxy.amfilter.AmIpFilter.param.";

/** A setting that the first start did not have is not taken from the new configuration either: it
 *  keeps its default. */
export function restoredConf(
  checkpoint: ConfPairs,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = checkpoint.filter(([name]) => !dropped.includes(name));
  const anew = Object.entries(given).filter(
    ([name]) =>
      reloaded.includes(name) ||
      (name.startsWith(FILTER_PREFIX) && name.length > FILTER_PREFIX.length),
  );
  return Object.fromEntries([...kept, ...anew]);
}
