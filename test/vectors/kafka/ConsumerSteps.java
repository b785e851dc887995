package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What applications do with Kafka's own consumer. */
final class ConsumerSteps {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final long DONE_WITHIN_MS = 60_000;

  private final StepScenario scenario;
  private final Map<String, KafkaConsumer<String, String>> consumers = new HashMap<>();
  /** What each was told about its partitions since that was last noted. */
  private final Map<String, List<String>> told = new TreeMap<>();

  ConsumerSteps(StepScenario scenario) {
    this.scenario = scenario;
  }

  private interface Call {
    ObjectNode run() throws Exception;
  }

  Map<String, StepScenario.Doing> doings() {
    Map<String, StepScenario.Doing> doings = new HashMap<>();
    doings.put("consumer", this::consumer);
    doings.put("read", this::read);
    doings.put("awaitRecords", this::awaitRecords);
    doings.put("assign", step -> tried(() -> by(step)
      .assign(scenario.partitions(step.get("partitions")))));
    doings.put("subscribe", this::subscribe);
    doings.put("rebalance", this::rebalance);
    doings.put("poll", this::poll);
    doings.put("seek", step -> tried(() -> by(step)
      .seek(scenario.names.partition(step.get("partition").asText()), step.get("to").asLong())));
    doings.put("position", step -> seen(() -> StepScenario.result().put(
      "position", by(step).position(scenario.names.partition(step.get("partition").asText())))));
    doings.put("commit", this::commit);
    doings.put("closeConsumer", step -> tried(() -> by(step).close()));
    return doings;
  }

  private KafkaConsumer<String, String> by(JsonNode step) {
    return consumers.get(step.get("by").asText());
  }

  private ObjectNode tried(Runnable call) {
    return seen(() -> {
      call.run();
      return StepScenario.result();
    });
  }

  private ObjectNode seen(Call call) {
    try {
      return call.run();
    } catch (Exception error) {
      return scenario.failure(error);
    }
  }

  private KafkaConsumer<String, String> create(JsonNode step) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, scenario.brokers.bootstrap());
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    step.path("config").fields().forEachRemaining(one -> {
      boolean isNamed = one.getKey().equals(ConsumerConfig.GROUP_ID_CONFIG);
      String value = one.getValue().asText();
      config.put(one.getKey(), isNamed ? scenario.names.real(value) : value);
    });
    return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
  }

  private ObjectNode consumer(JsonNode step) {
    return tried(() -> consumers.put(step.get("as").asText(), create(step)));
  }

  ConsumerGroupMetadata groupOf(String name) {
    return consumers.get(name).groupMetadata();
  }

  /** All that a consumer of an isolation gets from an offset to the end there is for it now. */
  private ObjectNode read(JsonNode step) throws Exception {
    String isolation = step.path("isolation").asText("read_uncommitted");
    JsonNode config = Vectors.JSON.createObjectNode()
      .set("config", Vectors.JSON.createObjectNode().put("isolation.level", isolation));
    TopicPartition partition = scenario.names.partition(step.get("partition").asText());
    try (KafkaConsumer<String, String> consumer = create(config)) {
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      if (step.has("from")) consumer.seek(partition, step.get("from").asLong());
      else consumer.seekToBeginning(List.of(partition));
      List<ConsumerRecord<String, String>> records = new ArrayList<>();
      long untilMs = System.currentTimeMillis() + DONE_WITHIN_MS;
      while (consumer.position(partition) < end) {
        if (System.currentTimeMillis() > untilMs) throw new NotSeen("no end");
        consumer.poll(POLL).forEach(records::add);
      }
      ObjectNode result = StepScenario.result();
      putRecords(records, result, step.path("shows").asText(""));
      return result.put("position", consumer.position(partition));
    }
  }

  private ObjectNode awaitRecords(JsonNode step) throws Exception {
    long untilMs = System.currentTimeMillis() + DONE_WITHIN_MS;
    while (true) {
      ObjectNode read = read(step);
      if (read.get("records").size() == step.get("records").asInt()) return StepScenario.result();
      if (System.currentTimeMillis() > untilMs) throw new NotSeen("only " + read);
      Thread.sleep(50);
    }
  }

  /** [offset, key, value], after the partition where there may be several. */
  private void putRecords(
    List<ConsumerRecord<String, String>> records, ObjectNode result, String shows) {
    ArrayNode list = result.putArray("records");
    records.stream()
      .sorted(Comparator
        .<ConsumerRecord<String, String>, String>comparing(one -> one.topic())
        .thenComparing(one -> one.partition())
        .thenComparing(one -> one.offset()))
      .forEach(one -> {
        ArrayNode each = list.addArray();
        if (shows.contains("partition")) {
          each.add(scenario.names.plain(one.topic() + "-" + one.partition()));
        }
        each.add(one.offset()).add(one.key()).add(Batches.trimmed(one.value()));
        if (shows.contains("timestamp")) {
          each.add(one.timestampType().name()).add(one.timestamp());
        } else if (shows.contains("type")) {
          each.add(one.timestampType().name());
        }
      });
  }

  private ObjectNode subscribe(JsonNode step) {
    String name = step.get("by").asText();
    List<String> log = told.computeIfAbsent(name, key -> new ArrayList<>());
    ConsumerRebalanceListener listener = new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        log.add(("revoked " + list(partitions)).trim());
      }

      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        log.add(("assigned " + list(partitions)).trim());
      }

      @Override
      public void onPartitionsLost(Collection<TopicPartition> partitions) {
        log.add(("lost " + list(partitions)).trim());
      }
    };
    List<String> topics =
      StepScenario.texts(step.get("topics")).stream().map(scenario.names::real).toList();
    return tried(() -> by(step).subscribe(topics, listener));
  }

  private String list(Collection<TopicPartition> partitions) {
    return String.join(" ", partitions.stream().map(scenario.names::plain).sorted().toList());
  }

  /** Consumers poll in turn until each holds as many partitions as said, and all are of one
   *  generation; then what each was told on the way. */
  private ObjectNode rebalance(JsonNode step) throws Exception {
    JsonNode wanted = step.get("holding");
    long untilMs = System.currentTimeMillis() + DONE_WITHIN_MS;
    while (!areAsWanted(wanted)) {
      if (System.currentTimeMillis() > untilMs) throw new NotSeen("told " + told);
      wanted.fieldNames().forEachRemaining(name -> consumers.get(name).poll(POLL));
    }
    ObjectNode result = StepScenario.result();
    wanted.fieldNames().forEachRemaining(name -> {
      ObjectNode one = result.putObject(name);
      one.put("holds", list(consumers.get(name).assignment()));
      if (!step.path("shows").asText().equals("holds")) {
        ArrayNode events = one.putArray("told");
        told.get(name).forEach(events::add);
      }
      told.get(name).clear();
    });
    return result;
  }

  private boolean areAsWanted(JsonNode wanted) {
    Set<Integer> generations = new java.util.TreeSet<>();
    boolean[] isRight = {true};
    wanted.fields().forEachRemaining(one -> {
      KafkaConsumer<String, String> consumer = consumers.get(one.getKey());
      isRight[0] &= consumer.assignment().size() == one.getValue().asInt();
      generations.add(consumer.groupMetadata().generationId());
    });
    return isRight[0] && generations.size() == 1;
  }

  /** Until so many records have come, or an exception has. */
  private ObjectNode poll(JsonNode step) {
    return seen(() -> {
      List<ConsumerRecord<String, String>> records = new ArrayList<>();
      long untilMs = System.currentTimeMillis() + DONE_WITHIN_MS;
      do {
        if (System.currentTimeMillis() > untilMs) throw new NotSeen("too few");
        by(step).poll(POLL).forEach(records::add);
      } while (records.size() < step.path("records").asInt(1));
      ObjectNode result = StepScenario.result();
      putRecords(records, result, step.path("shows").asText(""));
      return result;
    });
  }

  private ObjectNode commit(JsonNode step) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    step.path("offsets").fields().forEachRemaining(one -> offsets.put(
      scenario.names.partition(one.getKey()), new OffsetAndMetadata(one.getValue().asLong())));
    return tried(() -> {
      if (offsets.isEmpty()) by(step).commitSync();
      else by(step).commitSync(offsets);
    });
  }

  void close() {
    consumers.values().forEach(one -> one.close(Duration.ofSeconds(1)));
  }
}
