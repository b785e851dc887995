package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What every broker of the vectors is told: small, and quick to notice. */
final class BrokerSettings {
  static final String LOGGING = """
    log4j.rootLogger=WARN, out
    log4j.appender.out=org.apache.log4j.ConsoleAppender
    log4j.appender.out.layout=org.apache.log4j.PatternLayout
    log4j.appender.out.layout.ConversionPattern=%d %p %m (%c)%n
    """;

  /** How long a leader holds the fetch of a follower when it has nothing for it. */
  static final int FETCH_WAIT_MS = 200;

  private BrokerSettings() {}

  static Map<String, Object> small(JsonNode cluster) {
    int copies = cluster.get("brokers").asInt();
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("broker.session.timeout.ms", 5_000);
    settings.put("broker.heartbeat.interval.ms", 300);
    settings.put("replica.fetch.wait.max.ms", FETCH_WAIT_MS);
    settings.put("offsets.topic.replication.factor", copies);
    settings.put("offsets.topic.num.partitions", 1);
    settings.put("transaction.state.log.replication.factor", copies);
    settings.put("transaction.state.log.min.isr", 1);
    settings.put("transaction.state.log.num.partitions", 1);
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", 300);
    settings.put("group.initial.rebalance.delay.ms", 0);
    settings.put("auto.create.topics.enable", false);
    settings.put("auto.leader.rebalance.enable", false);
    settings.put("num.network.threads", 2);
    settings.put("num.io.threads", 4);
    settings.put("log.cleaner.dedupe.buffer.size", 8_388_608);
    settings.put("log.cleaner.backoff.ms", 200);
    settings.put("log.index.size.max.bytes", 1_048_576);
    settings.put("log.initial.task.delay.ms", 500);
    settings.put("log.retention.check.interval.ms", 300);
    // Time stamps of scenarios begin at 0: only a topic that says so lets go of what is old, or
    // begins a segment because of it.
    settings.put("log.retention.ms", -1);
    settings.put("log.roll.ms", Long.MAX_VALUE);
    return settings;
  }
}
