package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/** What applications do with Kafka's own producer. */
final class ClientSteps implements AutoCloseable {
  private final StepScenario scenario;
  private final ConsumerSteps consumers;
  private final Map<String, KafkaProducer<String, String>> producers = new HashMap<>();

  ClientSteps(StepScenario scenario) {
    this.scenario = scenario;
    consumers = new ConsumerSteps(scenario);
  }

  private interface Call {
    void run() throws Exception;
  }

  Map<String, StepScenario.Doing> doings() {
    Map<String, StepScenario.Doing> doings = new HashMap<>(consumers.doings());
    doings.put("producer", this::producer);
    doings.put("send", this::send);
    doings.put("initTransactions", step -> tried(() -> by(step).initTransactions()));
    doings.put("beginTransaction", step -> tried(() -> by(step).beginTransaction()));
    doings.put("commitTransaction", step -> tried(() -> by(step).commitTransaction()));
    doings.put("abortTransaction", step -> tried(() -> by(step).abortTransaction()));
    doings.put("flush", step -> tried(() -> by(step).flush()));
    doings.put("sendOffsets", this::sendOffsets);
    doings.put("closeProducer", step -> tried(() -> by(step).close()));
    doings.put("killProducer", step -> tried(() -> by(step).close(Duration.ZERO)));
    return doings;
  }

  private KafkaProducer<String, String> by(JsonNode step) {
    return producers.get(step.get("by").asText());
  }

  private ObjectNode tried(Call call) {
    try {
      call.run();
      return StepScenario.result();
    } catch (Exception error) {
      return scenario.failure(error);
    }
  }

  private ObjectNode producer(JsonNode step) {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, scenario.brokers.bootstrap());
    step.path("config").fields().forEachRemaining(one -> {
      boolean isNamed = one.getKey().equals(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
      String value = one.getValue().asText();
      config.put(one.getKey(), isNamed ? scenario.names.real(value) : value);
    });
    return tried(() -> producers.put(
      step.get("as").asText(),
      new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())));
  }

  /** Records of one send each, all on their way at once; each is noted as its partition and
   *  offset. */
  private ObjectNode send(JsonNode step) {
    String topic = scenario.names.real(step.get("topic").asText());
    int padding = step.path("padding").asInt(0);
    var sent = new java.util.ArrayList<java.util.concurrent.Future<RecordMetadata>>();
    ObjectNode result = StepScenario.result();
    ObjectNode failure = null;
    for (JsonNode one : step.get("records")) {
      boolean isValue = !one.isArray();
      String key = isValue || one.get(0).isNull() ? null : one.get(0).asText();
      JsonNode value = isValue ? one : one.get(1);
      Integer partition = step.has("partition") ? step.get("partition").asInt() : null;
      Long timestamp = isValue || one.size() < 3 ? null : one.get(2).asLong();
      String text = value.isNull() ? null : value.asText() + ".".repeat(padding);
      try {
        sent.add(by(step).send(new ProducerRecord<>(topic, partition, timestamp, key, text)));
      } catch (Exception error) {
        failure = scenario.failure(error);
      }
    }
    if (failure != null) result.set("failed", failure);
    if (step.path("shows").asText().equals("distinct")) {
      var distinct = new java.util.TreeSet<Integer>();
      sent.forEach(future -> distinct.add(metadata(future).get("partition").asInt()));
      return result.put("distinct", distinct.size());
    }
    ArrayNode list = result.putArray("sent");
    sent.forEach(future -> list.add(metadata(future)));
    return result;
  }

  private ObjectNode metadata(java.util.concurrent.Future<RecordMetadata> sent) {
    try {
      RecordMetadata metadata = sent.get();
      ObjectNode result = StepScenario.result();
      return result.put("partition", metadata.partition()).put("offset", metadata.offset());
    } catch (Exception error) {
      return scenario.failure(error);
    }
  }

  private ObjectNode sendOffsets(JsonNode step) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    step.get("offsets").fields().forEachRemaining(one -> offsets.put(
      scenario.names.partition(one.getKey()), new OffsetAndMetadata(one.getValue().asLong())));
    ConsumerGroupMetadata group = step.has("consumer")
      ? consumers.groupOf(step.get("consumer").asText())
      : new ConsumerGroupMetadata(scenario.names.real(step.get("group").asText()));
    return tried(() -> by(step).sendOffsetsToTransaction(offsets, group));
  }

  @Override
  public void close() {
    producers.values().forEach(one -> one.close(Duration.ZERO));
    consumers.close();
  }
}
