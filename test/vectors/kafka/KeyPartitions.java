package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;

/** The partition that a Java producer gives each key, for each count of partitions asked for. */
final class KeyPartitions {
  private KeyPartitions() {}

  static ArrayNode of(JsonNode scenario) {
    ArrayNode results = Vectors.JSON.createArrayNode();
    for (JsonNode key : scenario.get("keys")) {
      byte[] bytes = key.asText().getBytes(StandardCharsets.UTF_8);
      ObjectNode result = results.addObject();
      result.put("murmur2", Utils.murmur2(bytes));
      ArrayNode partitions = result.putArray("partitions");
      for (JsonNode count : scenario.get("counts")) {
        partitions.add(BuiltInPartitioner.partitionForKey(bytes, count.asInt()));
      }
    }
    return results;
  }
}
