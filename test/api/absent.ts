// What Spark offers and we do not, with the reason; each is a line of the API page.

const approximate = "answers before its job has ended, which no job does in virtual time";
const pools = "there are no pools: jobs run first in, first out";
const cluster = "there is no cluster manager";
const hadoop = "writes or reads Hadoop's formats";
const internal = "Spark itself calls it";
const jvm = "belongs to the JVM";
const sql = "made for Spark SQL";
const tags = "jobs run one after the other: there is none to cancel";

function of(className: string, reason: string, names: string): [string, string][] {
  return names.split(" ").map((name) => [`${className}.${name}`, reason]);
}

/** By `Class.method`, Spark's class. */
export const absent: ReadonlyMap<string, string> = new Map([
  ...of("RDD", internal, "cleanShuffleDependencies compute iterator"),
  ...of("RDD", cluster, "barrier getResourceProfile withResources"),
  ...of("RDD", sql, "mapPartitionsWithEvaluator zipPartitionsWithEvaluator"),
  ...of("RDD", "Scala's form of `setName`", "name_="),
  ...of("RDD", "JavaScript has no such operator: `union`", "++"),
  ...of("RDD", jvm, "toJavaRDD"),
  ...of("PairRDDFunctions", hadoop, "saveAsHadoopDataset saveAsHadoopFile"),
  ...of("PairRDDFunctions", hadoop, "saveAsNewAPIHadoopDataset saveAsNewAPIHadoopFile"),
  ...of("DStream", internal, "compute"),
  ...of("PairDStreamFunctions", hadoop, "saveAsHadoopFiles saveAsNewAPIHadoopFiles"),
  ...of("StreamingContext", hadoop, "binaryRecordsStream fileStream"),
  ...of("StreamingContext", "reads blocks that Spark serialised", "rawSocketStream"),
  ...of("Receiver", "executors have no host names", "preferredLocation"),
  ...of("SparkContext", cluster, "addArchive addFile addJar archives files jars"),
  ...of("SparkContext", cluster, "listArchives listFiles listJars resources"),
  ...of("SparkContext", cluster, "applicationAttemptId applicationId deployMode isLocal master"),
  ...of("SparkContext", cluster, "getExecutorMemoryStatus killExecutor killExecutors"),
  ...of("SparkContext", cluster, "killTaskAttempt requestExecutors requestTotalExecutors"),
  ...of("SparkContext", cluster, "sparkUser uiWebUrl"),
  ...of("SparkContext", tags, "addJobTag cancelAllJobs cancelJob cancelJobGroup"),
  ...of("SparkContext", tags, "cancelJobsWithTag cancelStage clearJobTags getJobTags"),
  ...of("SparkContext", tags, "removeJobTag setInterruptOnCancel submitJob"),
  ...of("SparkContext", pools, "getAllPools getPoolForName getSchedulingMode"),
  ...of("SparkContext", pools, "getLocalProperty setLocalProperty"),
  ...of("SparkContext", tags, "clearJobGroup setJobGroup setJobDescription"),
  ...of("SparkContext", approximate, "runApproximateJob"),
  ...of("SparkContext", hadoop, "binaryFiles binaryRecords hadoopConfiguration hadoopFile"),
  ...of("SparkContext", hadoop, "hadoopRDD newAPIHadoopFile newAPIHadoopRDD sequenceFile"),
  ...of("SparkContext", "the trace says what it would", "addSparkListener removeSparkListener"),
  ...of("SparkContext", "the trace says what it would", "statusTracker"),
  ...of("SparkContext", "the world says it", "appName getConf setLogLevel startTime version"),
  ...of("SparkContext", "a call's place is found in its stack", "clearCallSite setCallSite"),
  ...of("SparkContext", "the run ends it", "isStopped stop"),
]);
