package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Runs scenarios on Kafka's own classes and brokers: reads them as JSON and writes each again, in
 *  its place, with what was seen. Arguments: the file of scenarios, the file to write. */
public final class Vectors {
  public static final ObjectMapper JSON = new ObjectMapper();

  private Vectors() {}

  public static void main(String[] args) throws Exception {
    List<ObjectNode> scenarios = new ArrayList<>();
    for (JsonNode one : JSON.readTree(new File(args[0]))) scenarios.add((ObjectNode) one);
    for (ObjectNode scenario : scenarios) {
      switch (scenario.get("kind").asText()) {
        case "assign" -> scenario.set("results", new AssignorScenario(scenario).run());
        case "partition" -> scenario.set("results", KeyPartitions.of(scenario));
        default -> throw new IllegalArgumentException("kind of " + scenario.get("name"));
      }
    }
    try (PrintWriter out = new PrintWriter(args[1], "UTF-8")) {
      for (ObjectNode scenario : scenarios) out.println(scenario);
    }
  }
}
