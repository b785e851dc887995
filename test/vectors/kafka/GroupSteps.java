package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;

/** Requests of the members of groups. A step names a `member`: its id is the last it was given, its
 *  generation and protocol the last it was told, unless the step says others (`id`, `generation`).
 *  Who joins without an id and is given one joins again with it, unless the step says `once`. */
final class GroupSteps {
  private static final long REACHED_WITHIN_MS = 60_000;

  private final StepScenario scenario;

  GroupSteps(StepScenario scenario) {
    this.scenario = scenario;
  }

  Map<String, StepScenario.Doing> doings() {
    Map<String, StepScenario.Doing> doings = new HashMap<>();
    doings.put("joinGroup", this::joinGroup);
    doings.put("syncGroup", this::syncGroup);
    doings.put("heartbeat", this::heartbeat);
    doings.put("leaveGroup", this::leaveGroup);
    doings.put("describeGroup", this::describeGroup);
    doings.put("awaitGroup", this::awaitGroup);
    doings.putAll(new OffsetSteps(scenario).doings());
    return doings;
  }

  private String group(JsonNode step) {
    return scenario.names.real(step.get("group").asText());
  }

  private static String instance(JsonNode step) {
    return step.path("instance").asText(null);
  }

  private ObjectNode joinGroup(JsonNode step) throws Exception {
    String member = step.get("member").asText();
    JoinGroupResponse answer = join(step);
    boolean isNew = answer.error() == Errors.MEMBER_ID_REQUIRED;
    if (!answer.data().memberId().isEmpty()) {
      scenario.names.nameMember(member, answer.data().memberId());
    }
    if (isNew && !step.path("once").asBoolean()) answer = join(step);
    ObjectNode result = StepScenario.result(answer.error());
    if (answer.error() != Errors.NONE) return result;
    scenario.names.setJoined(
      member, answer.data().generationId(), answer.data().protocolName());
    scenario.names.nameMember(member, answer.data().memberId());
    result.put("generation", answer.data().generationId());
    result.put("protocol", answer.data().protocolName());
    result.put("leader", scenario.names.nameOfMember(answer.data().leader()));
    if (answer.data().skipAssignment()) result.put("skipsAssignment", true);
    TreeSet<String> others = new TreeSet<>();
    for (JoinGroupResponseData.JoinGroupResponseMember one : answer.data().members()) {
      others.add(scenario.names.nameOfMember(one.memberId()));
    }
    ArrayNode members = result.putArray("members");
    others.forEach(members::add);
    return result;
  }

  private JoinGroupResponse join(JsonNode step) throws Exception {
    JoinGroupRequestData.JoinGroupRequestProtocolCollection protocols =
      new JoinGroupRequestData.JoinGroupRequestProtocolCollection();
    List<TopicPartition> owned = new ArrayList<>(scenario.partitions(step.get("owned")));
    List<String> topics =
      StepScenario.texts(step.get("topics")).stream().map(scenario.names::real).toList();
    ByteBuffer subscription = ConsumerProtocol.serializeSubscription(new Subscription(
      topics, null, owned, -1, Optional.empty()));
    List<String> names = step.has("protocols")
      ? StepScenario.texts(step.get("protocols"))
      : List.of("range");
    for (String name : names) {
      protocols.add(new JoinGroupRequestData.JoinGroupRequestProtocol()
        .setName(name)
        .setMetadata(org.apache.kafka.common.utils.Utils.toArray(subscription.duplicate())));
    }
    String member = step.get("member").asText();
    JoinGroupRequestData data = new JoinGroupRequestData()
      .setGroupId(group(step))
      .setMemberId(step.path("id").asText(scenario.names.member(member)))
      .setGroupInstanceId(instance(step))
      .setProtocolType(step.path("protocolType").asText("consumer"))
      .setSessionTimeoutMs(step.path("sessionTimeoutMs").asInt(60_000))
      .setRebalanceTimeoutMs(step.path("rebalanceTimeoutMs").asInt(60_000))
      .setProtocols(protocols);
    String id = data.groupId();
    return (JoinGroupResponse) scenario.asking
      .groupCoordinator(id, new JoinGroupRequest.Builder(data), member);
  }

  private ObjectNode syncGroup(JsonNode step) throws Exception {
    List<SyncGroupRequestData.SyncGroupRequestAssignment> assignments = new ArrayList<>();
    step.path("assignments").fields().forEachRemaining(one -> {
      List<TopicPartition> partitions = new ArrayList<>(scenario.partitions(one.getValue()));
      assignments.add(new SyncGroupRequestData.SyncGroupRequestAssignment()
        .setMemberId(scenario.names.member(one.getKey()))
        .setAssignment(org.apache.kafka.common.utils.Utils.toArray(
          ConsumerProtocol.serializeAssignment(new Assignment(partitions)))));
    });
    SyncGroupRequestData data = new SyncGroupRequestData()
      .setGroupId(group(step))
      .setMemberId(scenario.names.memberIn(step))
      .setGroupInstanceId(instance(step))
      .setGenerationId(scenario.names.generationIn(step))
      .setProtocolType(step.path("protocolType").asText("consumer"))
      .setProtocolName(scenario.names.protocolIn(step))
      .setAssignments(assignments);
    SyncGroupResponseData answer = ((SyncGroupResponse) scenario.asking
      .groupCoordinator(data.groupId(), new SyncGroupRequest.Builder(data))).data();
    ObjectNode result = StepScenario.result(answer.errorCode());
    if (answer.errorCode() != Errors.NONE.code()) return result;
    ArrayNode partitions = result.putArray("partitions");
    if (answer.assignment().length > 0) {
      ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(answer.assignment())).partitions()
        .stream().map(scenario.names::plain).sorted().forEach(partitions::add);
    }
    return result;
  }

  private ObjectNode heartbeat(JsonNode step) throws Exception {
    HeartbeatRequestData data = new HeartbeatRequestData()
      .setGroupId(group(step))
      .setMemberId(scenario.names.memberIn(step))
      .setGroupInstanceId(instance(step))
      .setGenerationId(scenario.names.generationIn(step));
    HeartbeatResponse answer = (HeartbeatResponse) scenario.asking
      .groupCoordinator(data.groupId(), new HeartbeatRequest.Builder(data));
    return StepScenario.result(answer.error());
  }

  private ObjectNode leaveGroup(JsonNode step) throws Exception {
    LeaveGroupRequestData.MemberIdentity who = new LeaveGroupRequestData.MemberIdentity()
      .setMemberId(scenario.names.memberIn(step))
      .setGroupInstanceId(instance(step));
    String group = group(step);
    LeaveGroupResponse answer = (LeaveGroupResponse) scenario.asking
      .groupCoordinator(group, new LeaveGroupRequest.Builder(group, List.of(who)));
    return StepScenario.result(answer.error());
  }

  private DescribeGroupsResponse describe(String group) throws Exception {
    DescribeGroupsRequestData data = new DescribeGroupsRequestData().setGroups(List.of(group));
    return (DescribeGroupsResponse) scenario.asking
      .groupCoordinator(group, new DescribeGroupsRequest.Builder(data));
  }

  private ObjectNode describeGroup(JsonNode step) throws Exception {
    var one = describe(group(step)).data().groups().get(0);
    ObjectNode result = StepScenario.result(one.errorCode());
    result.put("state", one.groupState());
    if (!one.protocolData().isEmpty()) result.put("protocol", one.protocolData());
    TreeSet<String> members = new TreeSet<>();
    one.members().forEach(each -> members.add(scenario.names.nameOfMember(each.memberId())));
    ArrayNode list = result.putArray("members");
    members.forEach(list::add);
    return result;
  }

  /** Until the group is in a state, and has so many members. */
  private ObjectNode awaitGroup(JsonNode step) throws Exception {
    long untilMs = System.currentTimeMillis() + REACHED_WITHIN_MS;
    while (true) {
      var one = describe(group(step)).data().groups().get(0);
      boolean isThere = one.groupState().equals(step.get("state").asText())
        && (!step.has("members") || one.members().size() == step.get("members").asInt());
      if (isThere) return StepScenario.result();
      if (System.currentTimeMillis() > untilMs) {
        throw new NotSeen(one.groupState() + " of " + one.members().size());
      }
      Thread.sleep(20);
    }
  }
}
