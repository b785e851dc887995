package streamscope.vectors.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;

/** Requests to the broker that has to do with them. What is a matter of moments alone (a
 *  coordinator that loads, a transaction that is being ended) is asked again, as clients do. */
final class Asking {
  private static final Set<Errors> ASK_AGAIN = Set.of(
    Errors.COORDINATOR_LOAD_IN_PROGRESS,
    Errors.COORDINATOR_NOT_AVAILABLE,
    Errors.NOT_COORDINATOR,
    Errors.CONCURRENT_TRANSACTIONS);
  private static final long AGAIN_FOR_MS = 60_000;

  private final BrokerProcesses brokers;
  private final Names names;

  Asking(BrokerProcesses brokers, Names names) {
    this.brokers = brokers;
    this.names = names;
  }

  private interface Attempt {
    AbstractResponse once() throws Exception;
  }

  AbstractResponse broker(int id, AbstractRequest.Builder<?> request, int version)
    throws Exception {
    return broker(id, request, version, "vectors");
  }

  private AbstractResponse broker(
    int id, AbstractRequest.Builder<?> request, int version, String clientId) throws Exception {
    try (Wire wire = new Wire(brokers.port(id), clientId)) {
      return wire.ask(request, version);
    }
  }

  AbstractResponse anyone(AbstractRequest.Builder<?> request) throws Exception {
    for (int id : brokers.brokerIds()) {
      if (brokers.isUp(id)) return broker(id, request, -1);
    }
    throw new IllegalStateException("no broker is up");
  }

  AbstractResponse groupCoordinator(String group, AbstractRequest.Builder<?> request)
    throws Exception {
    return groupCoordinator(group, request, "vectors");
  }

  /** Member ids begin with the client's id. */
  AbstractResponse groupCoordinator(
    String group, AbstractRequest.Builder<?> request, String clientId) throws Exception {
    return again(() -> broker(coordinator(group, (byte) 0), request, -1, clientId));
  }

  AbstractResponse transactionCoordinator(String id, AbstractRequest.Builder<?> request)
    throws Exception {
    if (id == null) return again(() -> anyone(request));
    return again(() -> broker(coordinator(id, (byte) 1), request, -1));
  }

  private AbstractResponse again(Attempt attempt) throws Exception {
    long untilMs = System.currentTimeMillis() + AGAIN_FOR_MS;
    while (true) {
      boolean isLate = System.currentTimeMillis() > untilMs;
      try {
        AbstractResponse response = attempt.once();
        boolean isOver = response.errorCounts().keySet().stream().noneMatch(ASK_AGAIN::contains);
        if (isOver || isLate) return response;
      } catch (java.io.IOException gone) {
        // A coordinator that has died is not known to be dead at once.
        if (isLate) throw gone;
      }
      Thread.sleep(20);
    }
  }

  private int coordinator(String key, byte type) throws Exception {
    if (key.isEmpty()) return brokers.brokerIds().get(0);
    FindCoordinatorRequestData data = new FindCoordinatorRequestData()
      .setKeyType(type)
      .setCoordinatorKeys(List.of(key));
    FindCoordinatorResponse found =
      (FindCoordinatorResponse) again(() -> anyone(new FindCoordinatorRequest.Builder(data)));
    return found.coordinators().get(0).nodeId();
  }

  MetadataResponse metadata(List<String> topics) throws Exception {
    return (MetadataResponse) anyone(new MetadataRequest.Builder(topics, false));
  }

  /** -1 where there is none. */
  int leader(TopicPartition partition) throws Exception {
    Map<Integer, Integer> leaders = new HashMap<>();
    MetadataResponse known = metadata(List.of(partition.topic()));
    for (MetadataResponse.TopicMetadata topic : known.topicMetadata()) {
      for (MetadataResponse.PartitionMetadata one : topic.partitionMetadata()) {
        leaders.put(one.partition(), one.leaderId.orElse(-1));
      }
    }
    int leader = leaders.getOrDefault(partition.partition(), -1);
    return leader;
  }

  /** A broker by its number, as `leader of t-0`, or as `coordinator of g`. */
  int brokerCalled(String name) throws Exception {
    String coordinatorOf = "coordinator of ";
    if (name.startsWith(coordinatorOf)) {
      return coordinator(names.real(name.substring(coordinatorOf.length())), (byte) 0);
    }
    String leaderOf = "leader of ";
    if (!name.startsWith(leaderOf)) return Integer.parseInt(name);
    return leader(names.partition(name.substring(leaderOf.length())));
  }
}
