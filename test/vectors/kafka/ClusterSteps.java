package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.requests.MetadataResponse;

/** What befalls brokers, and waiting until others have noticed. */
final class ClusterSteps {
  private static final long NOTICED_WITHIN_MS = 30_000;

  private final StepScenario scenario;

  ClusterSteps(StepScenario scenario) {
    this.scenario = scenario;
  }

  Map<String, StepScenario.Doing> doings() {
    return Map.of(
      "crash", step -> toBroker(step, scenario.brokers::crash),
      "stop", step -> toBroker(step, scenario.brokers::stop),
      "start", step -> toBroker(step, scenario.brokers::start),
      "freeze", step -> toBroker(step, scenario.brokers::freeze),
      "thaw", step -> toBroker(step, scenario.brokers::thaw),
      "await", this::await);
  }

  private interface ToBroker {
    void apply(int broker) throws Exception;
  }

  private ObjectNode toBroker(JsonNode step, ToBroker what) throws Exception {
    int broker = scenario.asking.brokerCalled(step.get("broker").asText());
    what.apply(broker);
    ObjectNode result = StepScenario.result();
    // Where a coordinator is, is left to chance.
    if (step.get("broker").asText().startsWith("leader")) result.put("broker", broker);
    return result;
  }

  /** Until a partition has a leader (-1: none), an in-sync set, or a leader that gives a high
   *  watermark, a last stable offset or a log start. */
  private ObjectNode await(JsonNode step) throws Exception {
    TopicPartition partition = scenario.names.partition(step.get("partition").asText());
    long untilMs = System.currentTimeMillis() + NOTICED_WITHIN_MS;
    while (true) {
      boolean isThere = isThere(step, partition);
      if (isThere) return StepScenario.result();
      if (System.currentTimeMillis() > untilMs) throw new NotSeen("never noticed");
      Thread.sleep(50);
    }
  }

  private boolean isThere(JsonNode step, TopicPartition partition) throws Exception {
    for (int id : scenario.brokers.brokerIds()) {
      if (scenario.brokers.isUp(id) && !isSeenBy(id, step, partition)) return false;
    }
    boolean hasLeader = step.path("leader").asInt(-1) >= 0;
    if (hasLeader && new LogSteps(scenario).offsets(partition).isEmpty()) return false;
    for (String name : List.of("highWatermark", "lastStableOffset", "logStart")) {
      if (step.has(name) && !isOffset(step, name, partition)) return false;
    }
    return true;
  }

  private boolean isSeenBy(int id, JsonNode step, TopicPartition partition) throws Exception {
    if (!step.has("leader") && !step.has("isr")) return true;
    MetadataResponse answer;
    try {
      answer = (MetadataResponse) scenario.asking.broker(
        id,
        new org.apache.kafka.common.requests.MetadataRequest.Builder(
          List.of(partition.topic()), false),
        -1);
    } catch (java.io.IOException starting) {
      return false;
    }
    for (MetadataResponse.TopicMetadata topic : answer.topicMetadata()) {
      for (MetadataResponse.PartitionMetadata one : topic.partitionMetadata()) {
        if (one.partition() == partition.partition()) return matches(step, one);
      }
    }
    return false;
  }

  private static boolean matches(JsonNode step, MetadataResponse.PartitionMetadata one) {
    if (step.has("leader") && step.get("leader").asInt() != one.leaderId.orElse(-1)) return false;
    if (!step.has("isr")) return true;
    TreeSet<Integer> isr = new TreeSet<>();
    step.get("isr").forEach(broker -> isr.add(broker.asInt()));
    return isr.equals(new TreeSet<>(one.inSyncReplicaIds));
  }

  private boolean isOffset(JsonNode step, String name, TopicPartition partition)
    throws Exception {
    JsonNode seen = new LogSteps(scenario).offsets(partition);
    return seen.path(name).asLong(-1) == step.get(name).asLong();
  }
}
