package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataResponse;

/** Steps of those who look after topics. */
final class TopicSteps implements AutoCloseable {
  private static final long SETTLED_WITHIN_MS = 60_000;

  private final StepScenario scenario;
  private final Set<String> created = new java.util.TreeSet<>();

  TopicSteps(StepScenario scenario) {
    this.scenario = scenario;
  }

  Map<String, StepScenario.Doing> doings() {
    return Map.of(
      "createTopic", this::createTopic,
      "deleteTopic", this::deleteTopic,
      "createPartitions", this::createPartitions,
      "alterTopic", this::alterTopic,
      "awaitConfig", this::awaitConfig,
      "electLeader", this::electLeader,
      "metadata", this::metadata);
  }

  private Admin admin() {
    return scenario.brokers.admin();
  }

  private interface Change {
    KafkaFuture<?> start();
  }

  private ObjectNode done(Change change) throws InterruptedException {
    try {
      change.start().get();
      return StepScenario.result();
    } catch (java.util.concurrent.ExecutionException error) {
      ObjectNode failure = StepScenario.result();
      failure.put("error", Errors.forException(error.getCause()).name());
      return failure;
    }
  }

  private ObjectNode createTopic(JsonNode step) throws Exception {
    String topic = scenario.names.real(step.get("topic").asText());
    NewTopic wanted;
    if (step.has("replicas")) {
      Map<Integer, List<Integer>> replicas = new TreeMap<>();
      for (JsonNode brokers : step.get("replicas")) {
        List<Integer> list = new ArrayList<>();
        brokers.forEach(one -> list.add(one.asInt()));
        replicas.put(replicas.size(), list);
      }
      wanted = new NewTopic(topic, replicas);
    } else {
      int copies = step.path("replicationFactor").asInt(1);
      wanted = new NewTopic(topic, step.path("partitions").asInt(1), (short) copies);
    }
    wanted.configs(configs(step));
    ObjectNode result = done(() -> admin().createTopics(List.of(wanted)).all());
    if (!result.isEmpty()) return result;
    created.add(topic);
    settle(topic, wanted.replicasAssignments() == null
      ? Math.max(1, wanted.numPartitions())
      : wanted.replicasAssignments().size());
    return result;
  }

  private static Map<String, String> configs(JsonNode step) {
    Map<String, String> configs = new HashMap<>();
    step.path("config").fields()
      .forEachRemaining(one -> configs.put(one.getKey(), one.getValue().asText()));
    return configs;
  }

  /** Every broker that is up knows of so many partitions, and each has a leader that knows it. */
  private void settle(String topic, int partitions) throws Exception {
    long untilMs = System.currentTimeMillis() + SETTLED_WITHIN_MS;
    for (int id : scenario.brokers.brokerIds()) {
      while (scenario.brokers.isUp(id) && !isSettled(id, topic, partitions)) {
        if (System.currentTimeMillis() > untilMs) throw new NotSeen("not settled");
        Thread.sleep(20);
      }
    }
    for (int index = 0; index < partitions; index += 1) {
      TopicPartition partition = new TopicPartition(topic, index);
      while (new LogSteps(scenario).offsets(partition).isEmpty()) {
        if (System.currentTimeMillis() > untilMs) throw new NotSeen("no leader");
        Thread.sleep(20);
      }
    }
  }

  private boolean isSettled(int id, String topic, int partitions) throws Exception {
    MetadataResponse answer = (MetadataResponse) scenario.asking.broker(
      id, new org.apache.kafka.common.requests.MetadataRequest.Builder(List.of(topic), false), -1);
    return answer.topicMetadata().stream().allMatch(one ->
      one.error() == Errors.NONE
        && one.partitionMetadata().size() == partitions
        && one.partitionMetadata().stream().allMatch(each -> each.leaderId.isPresent()));
  }

  private ObjectNode deleteTopic(JsonNode step) throws Exception {
    String topic = scenario.names.real(step.get("topic").asText());
    ObjectNode result = done(() -> admin().deleteTopics(List.of(topic)).all());
    if (!result.isEmpty()) return result;
    created.remove(topic);
    long untilMs = System.currentTimeMillis() + SETTLED_WITHIN_MS;
    while (scenario.asking.metadata(List.of(topic)).errors().isEmpty()) {
      if (System.currentTimeMillis() > untilMs) throw new NotSeen("not deleted");
      Thread.sleep(20);
    }
    return result;
  }

  private ObjectNode createPartitions(JsonNode step) throws Exception {
    String topic = scenario.names.real(step.get("topic").asText());
    int count = step.get("partitions").asInt();
    NewPartitions wanted = NewPartitions.increaseTo(count);
    ObjectNode result = done(() -> admin().createPartitions(Map.of(topic, wanted)).all());
    if (result.isEmpty()) settle(topic, count);
    return result;
  }

  private ObjectNode alterTopic(JsonNode step) throws Exception {
    String topic = scenario.names.real(step.get("topic").asText());
    Collection<AlterConfigOp> changes = new ArrayList<>();
    configs(step).forEach((name, value) ->
      changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return done(() -> admin().incrementalAlterConfigs(Map.of(resource, changes)).all());
  }

  private ObjectNode awaitConfig(JsonNode step) throws Exception {
    String topic = scenario.names.real(step.get("topic").asText());
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    long untilMs = System.currentTimeMillis() + SETTLED_WITHIN_MS;
    while (true) {
      var known = admin().describeConfigs(Set.of(resource)).all().get().get(resource);
      boolean isKnown = configs(step).entrySet().stream()
        .allMatch(one -> one.getValue().equals(known.get(one.getKey()).value()));
      if (isKnown) return StepScenario.result();
      if (System.currentTimeMillis() > untilMs) throw new NotSeen("still " + known);
      Thread.sleep(50);
    }
  }

  private ObjectNode electLeader(JsonNode step) throws Exception {
    TopicPartition partition = scenario.names.partition(step.get("partition").asText());
    ElectionType type = ElectionType.valueOf(step.get("election").asText().toUpperCase());
    var outcome = admin().electLeaders(type, Set.of(partition)).partitions().get().get(partition);
    ObjectNode result = StepScenario.result();
    outcome.ifPresent(error -> result.put("error", Errors.forException(error).name()));
    return result;
  }

  private ObjectNode metadata(JsonNode step) throws Exception {
    String topic = scenario.names.real(step.get("topic").asText());
    MetadataResponse answer = scenario.asking.metadata(List.of(topic));
    ObjectNode result = StepScenario.result();
    for (MetadataResponse.TopicMetadata one : answer.topicMetadata()) {
      if (one.error() != Errors.NONE) result.put("error", one.error().name());
      if (one.partitionMetadata().isEmpty()) continue;
      ArrayNode partitions = result.putArray("partitions");
      one.partitionMetadata().stream()
        .sorted(java.util.Comparator.comparing(each -> each.partition()))
        .forEach(each -> partitions.add(partition(each)));
    }
    return result;
  }

  private static ObjectNode partition(MetadataResponse.PartitionMetadata one) {
    ObjectNode result = StepScenario.result(one.error);
    result.put("leader", one.leaderId.orElse(-1));
    one.leaderEpoch.ifPresent(epoch -> result.put("leaderEpoch", epoch));
    ArrayNode isr = result.putArray("isr");
    one.inSyncReplicaIds.stream().sorted().forEach(isr::add);
    return result;
  }

  @Override
  public void close() throws Exception {
    if (!created.isEmpty()) admin().deleteTopics(created).all().get();
  }
}
