package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;

/** Requests of producers about themselves. A step names the producer `by`, as a step
 *  `initProducerId` has called it; its id and epoch go with each request unless the step says
 *  others. */
final class TransactionSteps {
  private static final int TIMEOUT_MS = 60_000;

  private final StepScenario scenario;

  TransactionSteps(StepScenario scenario) {
    this.scenario = scenario;
  }

  Map<String, StepScenario.Doing> doings() {
    Map<String, StepScenario.Doing> doings = new HashMap<>();
    doings.put("initProducerId", this::initProducerId);
    doings.put("addPartitions", this::addPartitions);
    doings.put("addOffsets", this::addOffsets);
    doings.put("txnOffsetCommit", this::txnOffsetCommit);
    doings.put("endTxn", this::endTxn);
    return doings;
  }

  private Producers.Identity identity(JsonNode step) {
    return scenario.producers.of(step);
  }

  private ObjectNode initProducerId(JsonNode step) throws Exception {
    String plain = identity(step).transactionalId();
    String id = scenario.names.real(plain);
    InitProducerIdRequestData data = new InitProducerIdRequestData()
      .setTransactionalId(id)
      .setTransactionTimeoutMs(step.path("timeoutMs").asInt(TIMEOUT_MS));
    if (step.has("by")) {
      Producers.Identity has = identity(step);
      data.setProducerId(has.id()).setProducerEpoch(has.epoch());
    }
    InitProducerIdResponse answer = (InitProducerIdResponse) scenario.asking
      .transactionCoordinator(id, new InitProducerIdRequest.Builder(data));
    ObjectNode result = StepScenario.result(answer.error());
    if (answer.error() != Errors.NONE) return result;
    long producerId = answer.data().producerId();
    short epoch = answer.data().producerEpoch();
    scenario.producers.put(step.get("as").asText(), producerId, epoch, plain);
    return result.put("producer", scenario.names.producer(producerId)).put("epoch", epoch);
  }

  private ObjectNode addPartitions(JsonNode step) throws Exception {
    Producers.Identity by = identity(step);
    String id = scenario.names.real(by.transactionalId());
    List<TopicPartition> partitions = new ArrayList<>(scenario.partitions(step.get("partitions")));
    var request =
      AddPartitionsToTxnRequest.Builder.forClient(id, by.id(), by.epoch(), partitions);
    var answer =
      (AddPartitionsToTxnResponse) scenario.asking.transactionCoordinator(id, request);
    return errors(answer.errors().get(AddPartitionsToTxnResponse.V3_AND_BELOW_TXN_ID));
  }

  /** One error where all are the same; else each by its partition. */
  private ObjectNode errors(Map<TopicPartition, Errors> errors) {
    Set<Errors> different = new LinkedHashSet<>(errors.values());
    if (different.size() == 1) return StepScenario.result(different.iterator().next());
    ObjectNode result = StepScenario.result();
    errors.entrySet().stream()
      .sorted(Map.Entry.comparingByKey(java.util.Comparator.comparing(TopicPartition::toString)))
      .forEach(one -> result.put(scenario.names.plain(one.getKey()), one.getValue().name()));
    return result;
  }

  private ObjectNode addOffsets(JsonNode step) throws Exception {
    Producers.Identity by = identity(step);
    String id = scenario.names.real(by.transactionalId());
    AddOffsetsToTxnRequestData data = new AddOffsetsToTxnRequestData()
      .setTransactionalId(id)
      .setProducerId(by.id())
      .setProducerEpoch(by.epoch())
      .setGroupId(scenario.names.real(step.get("group").asText()));
    var answer = (AddOffsetsToTxnResponse) scenario.asking
      .transactionCoordinator(id, new AddOffsetsToTxnRequest.Builder(data));
    return StepScenario.result(answer.data().errorCode());
  }

  private ObjectNode txnOffsetCommit(JsonNode step) throws Exception {
    Producers.Identity by = identity(step);
    String group = scenario.names.real(step.get("group").asText());
    Map<TopicPartition, TxnOffsetCommitRequest.CommittedOffset> offsets = new HashMap<>();
    step.get("offsets").fields().forEachRemaining(one -> offsets.put(
      scenario.names.partition(one.getKey()),
      new TxnOffsetCommitRequest.CommittedOffset(
        one.getValue().asLong(), "", Optional.empty())));
    var request = new TxnOffsetCommitRequest.Builder(
      scenario.names.real(by.transactionalId()),
      group,
      by.id(),
      by.epoch(),
      offsets,
      scenario.names.member(step.path("member").asText("")),
      step.path("generation").asInt(-1),
      Optional.ofNullable(step.path("instance").asText(null)));
    var answer =
      (TxnOffsetCommitResponse) scenario.asking.groupCoordinator(group, request);
    return errors(answer.errors());
  }

  private ObjectNode endTxn(JsonNode step) throws Exception {
    Producers.Identity by = identity(step);
    String id = scenario.names.real(by.transactionalId());
    EndTxnRequestData data = new EndTxnRequestData()
      .setTransactionalId(id)
      .setProducerId(by.id())
      .setProducerEpoch(by.epoch())
      .setCommitted(step.get("commits").asBoolean());
    var answer = (EndTxnResponse) scenario.asking
      .transactionCoordinator(id, new EndTxnRequest.Builder(data));
    return StepScenario.result(answer.error());
  }
}
