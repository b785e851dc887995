package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs scenarios on Kafka's own classes and brokers: reads them as JSON and writes each again, in
 *  its place, with what was seen. Arguments: the file of scenarios, the file to write. */
public final class Vectors {
  public static final ObjectMapper JSON = new ObjectMapper();

  private static int failures = 0;

  private Vectors() {}

  public static void main(String[] args) throws Exception {
    List<ObjectNode> scenarios = new ArrayList<>();
    for (JsonNode one : JSON.readTree(new File(args[0]))) scenarios.add((ObjectNode) one);
    Map<JsonNode, List<ObjectNode>> byCluster = new LinkedHashMap<>();
    for (ObjectNode scenario : scenarios) {
      switch (scenario.get("kind").asText()) {
        case "assign" -> scenario.set("results", new AssignorScenario(scenario).run());
        case "partition" -> scenario.set("results", KeyPartitions.of(scenario));
        case "settings" -> scenario.set("results", SettingsScenario.of(scenario));
        case "steps" -> byCluster
          .computeIfAbsent(scenario.get("cluster"), key -> new ArrayList<>())
          .add(scenario);
        default -> throw new IllegalArgumentException("kind of " + scenario.get("name"));
      }
    }
    for (Map.Entry<JsonNode, List<ObjectNode>> one : byCluster.entrySet()) {
      try (BrokerProcesses brokers = new BrokerProcesses(one.getKey())) {
        for (ObjectNode scenario : one.getValue()) runSteps(brokers, scenario);
      }
    }
    try (PrintWriter out = new PrintWriter(args[1], "UTF-8")) {
      for (ObjectNode scenario : scenarios) out.println(scenario);
    }
    // Clients that a scenario left open have threads of their own.
    System.exit(failures == 0 ? 0 : 1);
  }

  private static void runSteps(BrokerProcesses brokers, ObjectNode scenario) throws Exception {
    long startMs = System.currentTimeMillis();
    brokers.heal();
    try (StepScenario run = new StepScenario(brokers, scenario)) {
      scenario.set("results", run.run());
    } catch (StepScenario.Unfit error) {
      failures += 1;
      System.err.println(error.getMessage());
      error.getCause().printStackTrace();
    }
    long tookMs = System.currentTimeMillis() - startMs;
    System.err.println(tookMs + " ms: " + scenario.get("name").asText());
  }
}
