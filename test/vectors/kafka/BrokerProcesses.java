package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;

/** A Kafka on loopback: one broker that is its own controller, or several and a controller apart,
 *  each a process with a folder, which can be killed, stopped, frozen and started again. */
final class BrokerProcesses implements AutoCloseable {
  private static final int CONTROLLER = 100;
  private static final long HEALED_WITHIN_MS = 90_000;
  private static final String CLUSTER_ID = "c3RyZWFtc2NvcGUtdGVzdA";

  private final Map<Integer, Node> nodes = new TreeMap<>();
  private final JsonNode cluster;
  private final Path folder;
  private Admin admin;

  private static final class Node {
    final int id;
    final int port;
    Process process;
    boolean isFrozen;

    Node(int id, int port) {
      this.id = id;
      this.port = port;
    }
  }

  BrokerProcesses(JsonNode cluster) throws Exception {
    this.cluster = cluster;
    folder = Files.createTempDirectory(Path.of(System.getProperty("vectors.work")), "kafka-");
    int brokers = cluster.get("brokers").asInt();
    for (int id = 1; id <= brokers; id += 1) nodes.put(id, new Node(id, freePort()));
    nodes.put(CONTROLLER, new Node(CONTROLLER, freePort()));
    Runtime.getRuntime().addShutdownHook(new Thread(this::killAll));
    for (Node node : nodes.values()) {
      if (node.id == CONTROLLER && brokers == 1) continue;
      write(node);
      java(node, "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c").waitFor();
    }
    for (Node node : nodes.values()) {
      if (node.id != CONTROLLER || brokers > 1) start(node);
    }
    heal();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Of the brokers that answer, or of all where none does. */
  String bootstrap() {
    List<Integer> up = brokerIds().stream().filter(this::isUp).toList();
    return (up.isEmpty() ? brokerIds() : up).stream()
      .map(id -> "127.0.0.1:" + nodes.get(id).port)
      .collect(Collectors.joining(","));
  }

  List<Integer> brokerIds() {
    return nodes.keySet().stream().filter(id -> id != CONTROLLER).toList();
  }

  /** One that knew only brokers that have died since would ask them for ever. */
  Admin admin() {
    if (admin == null) {
      admin = Admin.create(Map.of("bootstrap.servers", bootstrap(), "retries", 100));
    }
    return admin;
  }

  private void forgetAdmin() {
    if (admin != null) admin.close(java.time.Duration.ZERO);
    admin = null;
  }

  boolean isUp(int id) {
    Node node = nodes.get(id);
    return node.process != null && node.process.isAlive() && !node.isFrozen;
  }

  int port(int id) {
    return nodes.get(id).port;
  }

  private void write(Node node) throws IOException {
    Path home = Files.createDirectory(folder.resolve("node-" + node.id));
    boolean isAlone = cluster.get("brokers").asInt() == 1;
    Map<String, Object> settings = new LinkedHashMap<>(BrokerSettings.small(cluster));
    int controller = isAlone ? node.id : CONTROLLER;
    int voter = nodes.get(CONTROLLER).port;
    String broker = "PLAINTEXT://127.0.0.1:" + node.port;
    String voting = "CONTROLLER://127.0.0.1:" + voter;
    String role = isAlone ? "broker,controller" : "broker";
    String listeners = isAlone ? broker + "," + voting : broker;
    if (node.id == CONTROLLER) {
      role = "controller";
      listeners = voting;
    } else {
      settings.put("advertised.listeners", broker);
      settings.put("inter.broker.listener.name", "PLAINTEXT");
    }
    settings.put("process.roles", role);
    settings.put("listeners", listeners);
    settings.put("node.id", node.id);
    settings.put("controller.quorum.voters", controller + "@127.0.0.1:" + voter);
    settings.put("log.dirs", home.resolve("data").toString().replace('\\', '/'));
    cluster.path("settings").fields()
      .forEachRemaining(one -> settings.put(one.getKey(), one.getValue().asText()));
    Properties properties = new Properties();
    settings.forEach((key, value) -> properties.put(key, String.valueOf(value)));
    try (var out = Files.newOutputStream(home.resolve("server.properties"))) {
      properties.store(out, null);
    }
    Files.writeString(home.resolve("log4j.properties"), BrokerSettings.LOGGING);
  }

  private Process java(Node node, String main, String... args) throws IOException {
    Path home = folder.resolve("node-" + node.id);
    List<String> command = new ArrayList<>(List.of(
      System.getProperty("java.home") + "/bin/java", "-Xms64m", "-Xmx384m", "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1", "-Dlog4j.configuration=file:" + home.resolve("log4j.properties"),
      "-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of(args));
    command.add(home.resolve("server.properties").toString());
    File log = home.resolve("kafka.log").toFile();
    return new ProcessBuilder(command)
      .redirectErrorStream(true)
      .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
      .start();
  }

  private void start(Node node) throws IOException {
    forgetAdmin();
    node.process = java(node, "kafka.Kafka");
    node.isFrozen = false;
  }

  void start(int id) throws IOException {
    if (!isUp(id)) start(nodes.get(id));
  }

  /** SIGKILL. */
  void crash(int id) throws InterruptedException {
    nodes.get(id).process.destroyForcibly().waitFor();
  }

  /** SIGTERM, and the end. */
  void stop(int id) throws InterruptedException {
    nodes.get(id).process.destroy();
    if (!nodes.get(id).process.waitFor(60, TimeUnit.SECONDS)) crash(id);
  }

  /** It does nothing at all until it is thawed; its connections stay. Then what it had asked of
   *  other brokers is over: a record written now is not on its way to it. */
  void freeze(int id) throws Exception {
    signal(nodes.get(id), "-STOP");
    nodes.get(id).isFrozen = true;
    Thread.sleep(2 * BrokerSettings.FETCH_WAIT_MS);
  }

  void thaw(int id) throws Exception {
    signal(nodes.get(id), "-CONT");
    nodes.get(id).isFrozen = false;
  }

  private static void signal(Node node, String name) throws Exception {
    new ProcessBuilder("kill", name, String.valueOf(node.process.pid())).start().waitFor();
  }

  /** Every broker is up, and every copy in sync. */
  void heal() throws Exception {
    for (int id : brokerIds()) {
      if (nodes.get(id).isFrozen) thaw(id);
      start(id);
    }
    long untilMs = System.currentTimeMillis() + HEALED_WITHIN_MS;
    while (!isHealthy()) {
      if (System.currentTimeMillis() > untilMs) throw new IllegalStateException("not healed");
      Thread.sleep(100);
    }
  }

  private boolean isHealthy() throws Exception {
    try {
      if (admin().describeCluster().nodes().get().size() < brokerIds().size()) return false;
      var topics = admin().describeTopics(admin().listTopics().names().get()).allTopicNames().get();
      return topics.values().stream().allMatch(BrokerProcesses::isWhole);
    } catch (java.util.concurrent.ExecutionException error) {
      return false;
    }
  }

  private static boolean isWhole(TopicDescription topic) {
    return topic.partitions().stream()
      .allMatch(one -> one.leader() != null && one.isr().size() == one.replicas().size());
  }

  private void killAll() {
    for (Node node : nodes.values()) {
      if (node.process != null) node.process.destroyForcibly();
    }
  }

  @Override
  public void close() throws Exception {
    forgetAdmin();
    killAll();
    for (Node node : nodes.values()) {
      if (node.process != null) node.process.waitFor();
    }
  }
}
