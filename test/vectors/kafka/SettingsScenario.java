package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.storage.internals.log.LogConfig;

/** What clients, topics and brokers say of settings, before any is connected to another. */
final class SettingsScenario {
  private SettingsScenario() {}

  static ArrayNode of(JsonNode scenario) {
    ArrayNode results = Vectors.JSON.createArrayNode();
    for (JsonNode given : scenario.get("given")) {
      Properties settings = new Properties();
      for (Map.Entry<String, JsonNode> one : given.properties()) {
        settings.put(one.getKey(), one.getValue().asText());
      }
      ObjectNode result = results.addObject();
      try {
        take(scenario.get("of").asText(), settings);
      } catch (RuntimeException | LinkageError error) {
        result.put("refused", words(error));
      }
    }
    return results;
  }

  private static void take(String of, Properties settings) {
    switch (of) {
      case "consumer" -> {
        settings.putIfAbsent("bootstrap.servers", "localhost:9");
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())
          .close(Duration.ZERO);
      }
      case "producer" -> {
        settings.putIfAbsent("bootstrap.servers", "localhost:9");
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())
          .close(Duration.ZERO);
      }
      case "topic" -> LogConfig.validate(settings);
      case "topic name" -> Topic.validate(settings.getProperty("name"));
      case "broker" -> {
        settings.put("process.roles", "broker");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "9@localhost:9");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listeners", "PLAINTEXT://localhost:0");
        KafkaConfig.fromProps(settings, false);
      }
      default -> throw new IllegalArgumentException("settings of " + of);
    }
  }

  private static String words(Throwable error) {
    String own = error.toString();
    return error.getCause() == null ? own : own + ": " + words(error.getCause());
  }
}
