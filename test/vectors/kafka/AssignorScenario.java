package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.RebalanceProtocol;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** A group that rebalances round after round, without a broker: each member has an assignor of its
 *  own, which is told what the member was given, as a consumer tells it. A round gives an
 *  assignment for each generation it takes: where members work together, they join again as long
 *  as one of them had to give something up. */
final class AssignorScenario {
  private static final int GENERATIONS_MAX = 10;

  private final JsonNode scenario;
  private final Map<String, Integer> topics = new TreeMap<>();
  private final Map<String, Member> members = new LinkedHashMap<>();
  private int generation = 0;

  AssignorScenario(JsonNode scenario) {
    this.scenario = scenario;
  }

  private static final class Member {
    final ConsumerPartitionAssignor assignor;
    List<TopicPartition> owned = new ArrayList<>();
    int generation = -1;

    Member(String name) {
      assignor = assignorCalled(name);
    }

    void take(String id, List<TopicPartition> partitions, ByteBuffer userData, int inGeneration) {
      owned = new ArrayList<>(partitions);
      generation = inGeneration;
      ConsumerGroupMetadata group =
        new ConsumerGroupMetadata("g", inGeneration, id, Optional.empty());
      assignor.onAssignment(new Assignment(partitions, userData), group);
    }
  }

  private static ConsumerPartitionAssignor assignorCalled(String name) {
    return switch (name) {
      case "range" -> new RangeAssignor();
      case "roundrobin" -> new RoundRobinAssignor();
      case "sticky" -> new StickyAssignor();
      case "cooperative-sticky" -> new CooperativeStickyAssignor();
      default -> throw new IllegalArgumentException(name);
    };
  }

  ArrayNode run() {
    ArrayNode results = Vectors.JSON.createArrayNode();
    for (JsonNode round : scenario.get("rounds")) results.add(rebalance(round));
    return results;
  }

  private ArrayNode rebalance(JsonNode round) {
    if (round.has("topics")) {
      round.get("topics").fields()
        .forEachRemaining(one -> topics.put(one.getKey(), one.getValue().asInt()));
    }
    Set<String> present = new HashSet<>();
    for (JsonNode one : round.get("members")) {
      String id = one.get("id").asText();
      present.add(id);
      Member member =
        members.computeIfAbsent(id, key -> new Member(scenario.get("assignor").asText()));
      if (!one.has("owned")) continue;
      List<TopicPartition> owned = new ArrayList<>();
      for (JsonNode partition : one.get("owned")) owned.add(partitionCalled(partition.asText()));
      member.take(id, owned, null, one.get("generation").asInt());
    }
    members.keySet().retainAll(present);
    ArrayNode generations = Vectors.JSON.createArrayNode();
    for (int count = 0; ; count += 1) {
      if (count == GENERATIONS_MAX) throw new IllegalStateException("no end: " + scenario);
      generation += 1;
      boolean hasRevoked = assignOnce(round, generations);
      if (!hasRevoked) return generations;
    }
  }

  private static TopicPartition partitionCalled(String name) {
    int dash = name.lastIndexOf('-');
    return new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
  }

  private boolean assignOnce(JsonNode round, ArrayNode generations) {
    Map<String, Subscription> subscriptions = new HashMap<>();
    for (JsonNode one : round.get("members")) {
      subscriptions.put(one.get("id").asText(), subscriptionOf(one));
    }
    String leader = round.get("members").get(0).get("id").asText();
    ConsumerPartitionAssignor assignor = members.get(leader).assignor;
    Map<String, Assignment> assigned =
      assignor.assign(cluster(), new GroupSubscription(subscriptions)).groupAssignment();
    ObjectNode result = generations.addObject();
    boolean hasRevoked = false;
    for (String id : new TreeSet<>(assigned.keySet())) {
      Member member = members.get(id);
      List<TopicPartition> partitions = assigned.get(id).partitions();
      hasRevoked |= cooperates(assignor) && !partitions.containsAll(member.owned);
      member.take(id, partitions, assigned.get(id).userData(), generation);
      result.set(id, byTopic(partitions));
    }
    return hasRevoked;
  }

  private static boolean cooperates(ConsumerPartitionAssignor assignor) {
    return assignor.supportedProtocols().contains(RebalanceProtocol.COOPERATIVE)
      && assignor instanceof CooperativeStickyAssignor;
  }

  private Subscription subscriptionOf(JsonNode one) {
    Member member = members.get(one.get("id").asText());
    List<String> names = new ArrayList<>();
    for (JsonNode topic : one.get("topics")) names.add(topic.asText());
    boolean keeps = cooperates(member.assignor);
    // Who works with the others gives up at once what it no longer subscribes to; who does not
    // gives up everything before it joins.
    if (keeps) member.owned.removeIf(partition -> !names.contains(partition.topic()));
    Subscription subscription = new Subscription(
      names,
      member.assignor.subscriptionUserData(new TreeSet<>(names)),
      keeps ? member.owned : List.of(),
      member.generation,
      Optional.empty());
    if (one.has("instance")) {
      subscription.setGroupInstanceId(Optional.of(one.get("instance").asText()));
    }
    return subscription;
  }

  private Cluster cluster() {
    Node node = new Node(1, "localhost", 9092);
    Node[] replicas = {node};
    List<PartitionInfo> partitions = new ArrayList<>();
    topics.forEach((topic, count) -> {
      for (int index = 0; index < count; index += 1) {
        partitions.add(new PartitionInfo(topic, index, node, replicas, replicas));
      }
    });
    return new Cluster("c", List.of(node), partitions, Set.of(), Set.of());
  }

  /** Topics by name, and the numbers of their partitions in order. */
  static ObjectNode byTopic(Collection<TopicPartition> partitions) {
    Map<String, TreeSet<Integer>> numbers = new TreeMap<>();
    for (TopicPartition one : partitions) {
      numbers.computeIfAbsent(one.topic(), topic -> new TreeSet<>()).add(one.partition());
    }
    ObjectNode result = Vectors.JSON.createObjectNode();
    numbers.forEach((topic, all) -> {
      ArrayNode list = result.putArray(topic);
      all.forEach(list::add);
    });
    return result;
  }
}
