package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/** Names in a scenario and what they are on a broker that other scenarios use, too; ids that the
 *  broker draws, and what they are called in what was seen. */
final class Names {
  private final String prefix;
  private final Map<Long, String> producerIds = new ConcurrentHashMap<>();
  private final Map<String, String> memberByName = new ConcurrentHashMap<>();
  private final Map<String, String> nameByMember = new ConcurrentHashMap<>();
  private final Map<String, String> protocols = new ConcurrentHashMap<>();
  private final Map<String, Integer> generations = new ConcurrentHashMap<>();

  Names(int scenario) {
    prefix = "s" + scenario + "-";
  }

  /** Of a topic, a group or a transactional id; Kafka's own topics and what is no name stay. */
  String real(String name) {
    boolean stays = name == null || name.matches("|\\.|\\.\\.|__.*");
    return stays ? name : prefix + name;
  }

  String plain(String text) {
    return text == null ? null : text.replace(prefix, "");
  }

  TopicPartition partition(String name) {
    int dash = name.lastIndexOf('-');
    return new TopicPartition(
      real(name.substring(0, dash)),
      Integer.parseInt(name.substring(dash + 1)));
  }

  String plain(TopicPartition partition) {
    return plain(partition.toString());
  }

  /** `pid1` is the first that was seen. */
  String producer(long id) {
    if (id < 0) return null;
    return producerIds.computeIfAbsent(id, key -> "pid" + (producerIds.size() + 1));
  }

  void nameMember(String name, String id) {
    memberByName.put(name, id);
    nameByMember.put(id, name);
  }

  /** The id a member has by now; empty for who has none. */
  String member(String name) {
    return memberByName.getOrDefault(name, "");
  }

  String nameOfMember(String id) {
    return nameByMember.getOrDefault(id, id);
  }

  /** Of whom a step is about: an `id` that it says, or else that of the `member`. */
  String memberIn(JsonNode step) {
    return step.path("id").asText(member(step.path("member").asText("")));
  }

  /** What a member was told when it joined. */
  void setJoined(String member, int generation, String protocol) {
    generations.put(member, generation);
    protocols.put(member, protocol);
  }

  String protocolIn(JsonNode step) {
    String known = protocols.getOrDefault(step.get("member").asText(), "range");
    return step.path("protocol").asText(known);
  }

  int generationIn(JsonNode step) {
    int known = generations.getOrDefault(step.path("member").asText(""), -1);
    return step.path("generation").asInt(known);
  }
}
