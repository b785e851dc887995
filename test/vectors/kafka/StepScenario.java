package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/** Does the steps of a scenario, one after the other, and notes what each saw. A step that says
 *  `later` waits for its answer aside; a step `answer` is where that is noted. */
final class StepScenario implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final int ANSWER_WITHIN_S = 90;

  /** Does one kind of step. */
  interface Doing {
    ObjectNode apply(JsonNode step) throws Exception;
  }

  /** A step could not be done. */
  static final class Unfit extends Exception {
    Unfit(String what, Throwable cause) {
      super(what, cause);
    }
  }

  private final JsonNode scenario;
  private final Map<String, Doing> doings = new HashMap<>();
  private final Map<String, CompletableFuture<ObjectNode>> later = new HashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  final BrokerProcesses brokers;
  final Names names = new Names(COUNT.incrementAndGet());
  final Asking asking;
  final Producers producers = new Producers();

  StepScenario(BrokerProcesses brokers, JsonNode scenario) {
    this.brokers = brokers;
    this.scenario = scenario;
    asking = new Asking(brokers, names);
    doings.put("answer", this::answer);
    TopicSteps topics = new TopicSteps(this);
    ClientSteps clients = new ClientSteps(this);
    open.add(clients);
    open.add(topics);
    Stream.of(
      topics.doings(),
      new ClusterSteps(this).doings(),
      new LogSteps(this).doings(),
      new TransactionSteps(this).doings(),
      new GroupSteps(this).doings(),
      clients.doings()
    ).forEach(doings::putAll);
  }

  ArrayNode run() throws Exception {
    ArrayNode results = Vectors.JSON.createArrayNode();
    for (JsonNode step : scenario.get("steps")) {
      try {
        results.add(perform(step));
      } catch (Exception | NotSeen error) {
        throw new Unfit(scenario.get("name") + " saw " + results + "; then " + step, error);
      }
    }
    return results;
  }

  private ObjectNode perform(JsonNode step) throws Exception {
    Doing doing = doings.get(step.get("op").asText());
    if (doing == null) throw new IllegalArgumentException("no such step");
    if (!step.has("later")) return doing.apply(step);
    Callable<ObjectNode> call = () -> doing.apply(step);
    CompletableFuture<ObjectNode> answer = new CompletableFuture<>();
    later.put(step.get("later").asText(), answer);
    Thread thread = new Thread(() -> {
      try {
        answer.complete(call.call());
      } catch (Throwable error) {
        answer.completeExceptionally(error);
      }
    });
    thread.setDaemon(true);
    thread.start();
    return result();
  }

  private ObjectNode answer(JsonNode step) throws Exception {
    return later.get(step.get("of").asText()).get(ANSWER_WITHIN_S, TimeUnit.SECONDS);
  }

  static ObjectNode result() {
    return Vectors.JSON.createObjectNode();
  }

  /** Nothing is said of what went well. */
  static ObjectNode result(Errors error) {
    ObjectNode result = result();
    if (error != Errors.NONE) result.put("error", error.name());
    return result;
  }

  static ObjectNode result(short code) {
    return result(Errors.forCode(code));
  }

  /** What an application is given: the name of a protocol's error, or what its class is called. */
  ObjectNode failure(Throwable thrown) {
    Throwable error = thrown;
    while (error instanceof ExecutionException && error.getCause() != null) {
      error = error.getCause();
    }
    ObjectNode result = result();
    Errors named = error instanceof ApiException ? Errors.forException(error) : null;
    if (named != null && named != Errors.UNKNOWN_SERVER_ERROR) result.put("error", named.name());
    result.put("exception", error.getClass().getSimpleName());
    if (error instanceof IllegalStateException || error instanceof IllegalArgumentException) {
      result.put("message", names.plain(error.getMessage()));
    }
    if (error.getCause() instanceof ApiException cause) {
      result.put("cause", Errors.forException(cause).name());
    }
    return result;
  }

  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    if (list != null) list.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  Collection<org.apache.kafka.common.TopicPartition> partitions(JsonNode list) {
    return texts(list).stream().map(names::partition).toList();
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : open) one.close();
  }
}
