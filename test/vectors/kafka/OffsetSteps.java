package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/** Requests about the offsets of groups. What is seen is said by partition: an error, an offset, or
 *  null where there is none. */
final class OffsetSteps {
  private static final long STABLE_WITHIN_MS = 30_000;

  private final StepScenario scenario;

  OffsetSteps(StepScenario scenario) {
    this.scenario = scenario;
  }

  Map<String, StepScenario.Doing> doings() {
    return Map.of(
      "commitOffsets", this::commitOffsets,
      "fetchCommitted", this::fetchCommitted,
      "awaitStable", this::awaitStable,
      "deleteGroup", this::deleteGroup);
  }

  private String group(JsonNode step) {
    return scenario.names.real(step.get("group").asText());
  }

  private ObjectNode commitOffsets(JsonNode step) throws Exception {
    Map<String, OffsetCommitRequestData.OffsetCommitRequestTopic> topics = new HashMap<>();
    step.get("offsets").fields().forEachRemaining(one -> {
      TopicPartition partition = scenario.names.partition(one.getKey());
      topics
        .computeIfAbsent(partition.topic(), topic ->
          new OffsetCommitRequestData.OffsetCommitRequestTopic()
            .setName(topic)
            .setPartitions(new ArrayList<>()))
        .partitions()
        .add(new OffsetCommitRequestData.OffsetCommitRequestPartition()
          .setPartitionIndex(partition.partition())
          .setCommittedMetadata("m".repeat(step.path("metadataLength").asInt(0)))
          .setCommittedOffset(one.getValue().asLong()));
    });
    OffsetCommitRequestData data = new OffsetCommitRequestData()
      .setGroupId(group(step))
      .setMemberId(step.has("member") ? scenario.names.memberIn(step) : "")
      .setGroupInstanceId(step.path("instance").asText(null))
      .setGenerationIdOrMemberEpoch(
        step.has("member") ? scenario.names.generationIn(step) : step.path("generation").asInt(-1))
      .setTopics(new ArrayList<>(topics.values()));
    OffsetCommitResponse answer = (OffsetCommitResponse) scenario.asking
      .groupCoordinator(data.groupId(), new OffsetCommitRequest.Builder(data));
    Map<String, String> seen = new TreeMap<>();
    for (OffsetCommitResponseData.OffsetCommitResponseTopic topic : answer.data().topics()) {
      topic.partitions().forEach(one -> seen.put(
        scenario.names.plain(new TopicPartition(topic.name(), one.partitionIndex())),
        Errors.forCode(one.errorCode()).name()));
    }
    ObjectNode result = StepScenario.result();
    seen.forEach(result::put);
    return result;
  }

  private ObjectNode fetchCommitted(JsonNode step) throws Exception {
    List<TopicPartition> partitions = new ArrayList<>(scenario.partitions(step.get("partitions")));
    String group = group(step);
    var request = new OffsetFetchRequest.Builder(
      group, step.path("requireStable").asBoolean(false), partitions, true);
    OffsetFetchResponse answer =
      (OffsetFetchResponse) scenario.asking.groupCoordinator(group, request);
    OffsetFetchResponseData.OffsetFetchResponseGroup one = answer.data().groups().get(0);
    ObjectNode result = StepScenario.result(one.errorCode());
    Map<String, OffsetFetchResponseData.OffsetFetchResponsePartitions> seen = new TreeMap<>();
    one.topics().forEach(topic -> topic.partitions().forEach(each -> seen.put(
      scenario.names.plain(new TopicPartition(topic.name(), each.partitionIndex())), each)));
    seen.forEach((name, each) -> {
      if (each.errorCode() != Errors.NONE.code()) {
        result.put(name, Errors.forCode(each.errorCode()).name());
      } else if (each.committedOffset() < 0) {
        result.putNull(name);
      } else {
        result.put(name, each.committedOffset());
      }
    });
    return result;
  }

  /** Until no transaction that has offsets of these partitions is undecided. */
  private ObjectNode awaitStable(JsonNode step) throws Exception {
    ObjectNode asked = ((ObjectNode) step).deepCopy().put("requireStable", true);
    long untilMs = System.currentTimeMillis() + STABLE_WITHIN_MS;
    while (fetchCommitted(asked).toString().contains(Errors.UNSTABLE_OFFSET_COMMIT.name())) {
      if (System.currentTimeMillis() > untilMs) throw new NotSeen("never stable");
      Thread.sleep(20);
    }
    return StepScenario.result();
  }

  private ObjectNode deleteGroup(JsonNode step) throws Exception {
    String group = group(step);
    DeleteGroupsRequestData data = new DeleteGroupsRequestData().setGroupsNames(List.of(group));
    DeleteGroupsResponse answer = (DeleteGroupsResponse) scenario.asking
      .groupCoordinator(group, new DeleteGroupsRequest.Builder(data));
    return StepScenario.result(answer.get(group));
  }
}
