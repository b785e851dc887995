package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.ProduceResponse;

/** Requests about the log of one partition, sent to its leader or to the broker a step names. */
final class LogSteps {
  /** The last in which a fetch names its topic. */
  private static final int FETCH_BY_NAME = 12;
  private static final int FETCH_BYTES = 50 << 20;
  private static final int SILENCE_MS = 1_000;

  private final StepScenario scenario;

  LogSteps(StepScenario scenario) {
    this.scenario = scenario;
  }

  Map<String, StepScenario.Doing> doings() {
    return Map.of(
      "produce", this::produce,
      "fetch", this::fetch,
      "listOffsets", this::listOffsets,
      "deleteRecords", this::deleteRecords);
  }

  private TopicPartition partition(JsonNode step) {
    return scenario.names.partition(step.get("partition").asText());
  }

  private int broker(JsonNode step) throws Exception {
    if (step.has("broker")) return scenario.asking.brokerCalled(step.get("broker").asText());
    int leader = scenario.asking.leader(partition(step));
    return leader >= 0 ? leader : scenario.brokers.brokerIds().get(0);
  }

  private AbstractResponse ask(JsonNode step, AbstractRequest.Builder<?> request, int version)
    throws Exception {
    return scenario.asking.broker(broker(step), request, version);
  }

  private ObjectNode produce(JsonNode step) throws Exception {
    AbstractRequest.Builder<?> request = Batches.request(
      scenario.names, partition(step), step, scenario.producers.of(step));
    if (step.path("acks").asInt(-1) == 0) return produceSilently(step, request);
    ObjectNode result = produceOnce(step, request);
    // What a leader alone in its set says while it asks the coordinator whether the transaction is
    // there, and is not answered in time.
    boolean mayTryAgain = step.has("by") && scenario.brokers.brokerIds().size() == 1;
    while (mayTryAgain && result.path("error").asText().equals(Errors.NOT_ENOUGH_REPLICAS.name())) {
      Thread.sleep(20);
      result = produceOnce(step, request);
    }
    return result;
  }

  private ObjectNode produceOnce(JsonNode step, AbstractRequest.Builder<?> request)
    throws Exception {
    ProduceResponse answer = (ProduceResponse) ask(step, request, -1);
    for (ProduceResponseData.TopicProduceResponse topic : answer.data().responses()) {
      for (ProduceResponseData.PartitionProduceResponse one : topic.partitionResponses()) {
        ObjectNode result = StepScenario.result(one.errorCode());
        if (one.errorCode() == Errors.NONE.code()) result.put("offset", one.baseOffset());
        return result;
      }
    }
    throw new IllegalStateException("no answer");
  }

  /** Nothing is answered; what could not be done breaks the connection. */
  private ObjectNode produceSilently(JsonNode step, AbstractRequest.Builder<?> request)
    throws Exception {
    try (Wire wire = new Wire(scenario.brokers.port(broker(step)), "vectors")) {
      wire.tell(request);
      return StepScenario.result().put("disconnected", wire.isClosed(SILENCE_MS));
    }
  }

  private FetchResponseData.PartitionData fetchData(
    TopicPartition partition, JsonNode step, int broker) throws Exception {
    long from = step.path("from").asLong(0);
    Optional<Integer> epoch = step.has("leaderEpoch")
      ? Optional.of(step.get("leaderEpoch").asInt())
      : Optional.empty();
    FetchRequest.PartitionData wanted = new FetchRequest.PartitionData(
      Uuid.ZERO_UUID, from, -1, step.path("maxBytes").asInt(FETCH_BYTES), epoch);
    FetchRequest.Builder request =
      FetchRequest.Builder.forConsumer((short) FETCH_BY_NAME, 0, 1, Map.of(partition, wanted))
        .isolationLevel(isolation(step));
    FetchResponse answer =
      (FetchResponse) scenario.asking.broker(broker, request, FETCH_BY_NAME);
    return answer.responseData(Map.of(), (short) FETCH_BY_NAME).get(partition);
  }

  private static IsolationLevel isolation(JsonNode step) {
    return step.path("isolation").asText("").equals("read_committed")
      ? IsolationLevel.READ_COMMITTED
      : IsolationLevel.READ_UNCOMMITTED;
  }

  private ObjectNode fetch(JsonNode step) throws Exception {
    FetchResponseData.PartitionData data = fetchData(partition(step), step, broker(step));
    ObjectNode result = StepScenario.result(data.errorCode());
    if (data.errorCode() != Errors.NONE.code()) return result;
    putOffsets(data, result);
    if (data.abortedTransactions() != null) {
      ArrayNode aborted = result.putArray("aborted");
      for (FetchResponseData.AbortedTransaction one : data.abortedTransactions()) {
        aborted.addArray()
          .add(scenario.names.producer(one.producerId()))
          .add(one.firstOffset());
      }
    }
    Batches.describe(scenario.names, FetchResponse.recordsOrFail(data), result.putArray("batches"));
    return result;
  }

  private static void putOffsets(FetchResponseData.PartitionData data, ObjectNode result) {
    result.put("logStart", data.logStartOffset());
    result.put("lastStableOffset", data.lastStableOffset());
    result.put("highWatermark", data.highWatermark());
  }

  /** Of a partition's leader; empty where there is an error. */
  ObjectNode offsets(TopicPartition partition) throws Exception {
    ObjectNode result = StepScenario.result();
    int leader = scenario.asking.leader(partition);
    if (leader < 0 || !scenario.brokers.isUp(leader)) return result;
    ObjectNode fromStart = Vectors.JSON.createObjectNode().put("isolation", "read_committed");
    FetchResponseData.PartitionData data = fetchData(partition, fromStart, leader);
    if (data.errorCode() == Errors.OFFSET_OUT_OF_RANGE.code()) {
      fromStart.put("from", listOffset(partition, ListOffsetsRequest.EARLIEST_TIMESTAMP, leader));
      data = fetchData(partition, fromStart, leader);
    }
    if (data.errorCode() == Errors.NONE.code()) putOffsets(data, result);
    return result;
  }

  private long listOffset(TopicPartition partition, long at, int broker) throws Exception {
    return list(partition, at, IsolationLevel.READ_UNCOMMITTED, broker).offset();
  }

  private ListOffsetsResponseData.ListOffsetsPartitionResponse list(
    TopicPartition partition, long at, IsolationLevel isolation, int broker) throws Exception {
    var wanted = new ListOffsetsRequestData.ListOffsetsPartition()
      .setPartitionIndex(partition.partition())
      .setTimestamp(at);
    var topic = new ListOffsetsRequestData.ListOffsetsTopic()
      .setName(partition.topic())
      .setPartitions(List.of(wanted));
    boolean isMax = at == ListOffsetsRequest.MAX_TIMESTAMP;
    var request = ListOffsetsRequest.Builder.forConsumer(true, isolation, isMax, false, false)
      .setTargetTimes(List.of(topic));
    var answer = (ListOffsetsResponse) scenario.asking.broker(broker, request, -1);
    return answer.topics().get(0).partitions().get(0);
  }

  private ObjectNode listOffsets(JsonNode step) throws Exception {
    JsonNode at = step.get("at");
    long timestamp = switch (at.asText()) {
      case "earliest" -> ListOffsetsRequest.EARLIEST_TIMESTAMP;
      case "latest" -> ListOffsetsRequest.LATEST_TIMESTAMP;
      case "maxTimestamp" -> ListOffsetsRequest.MAX_TIMESTAMP;
      default -> at.asLong();
    };
    var one = list(partition(step), timestamp, isolation(step), broker(step));
    ObjectNode result = StepScenario.result(one.errorCode());
    if (one.errorCode() != Errors.NONE.code()) return result;
    result.put("offset", one.offset());
    if (!step.path("hidesTimestamp").asBoolean()) result.put("timestamp", one.timestamp());
    return result;
  }

  private ObjectNode deleteRecords(JsonNode step) throws Exception {
    TopicPartition partition = partition(step);
    var wanted = new DeleteRecordsRequestData.DeleteRecordsPartition()
      .setPartitionIndex(partition.partition())
      .setOffset(step.get("before").asLong());
    var topic = new DeleteRecordsRequestData.DeleteRecordsTopic()
      .setName(partition.topic())
      .setPartitions(List.of(wanted));
    var data = new DeleteRecordsRequestData().setTopics(List.of(topic)).setTimeoutMs(30_000);
    var answer =
      (DeleteRecordsResponse) ask(step, new DeleteRecordsRequest.Builder(data), -1);
    DeleteRecordsResponseData.DeleteRecordsPartitionResult one =
      answer.data().topics().iterator().next().partitions().iterator().next();
    ObjectNode result = StepScenario.result(one.errorCode());
    if (one.errorCode() == Errors.NONE.code()) result.put("logStart", one.lowWatermark());
    return result;
  }
}
