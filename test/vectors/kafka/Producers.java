package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.record.RecordBatch;

/** The producers of a scenario by the names its steps give them, and who the coordinator said each
 *  is. */
final class Producers {
  /** `transactionalId` as the scenario says it; null for none. */
  record Identity(long id, short epoch, String transactionalId) {}

  private static final Identity NOBODY =
    new Identity(RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, null);

  private final Map<String, Identity> byName = new HashMap<>();

  void put(String name, long id, short epoch, String transactionalId) {
    byName.put(name, new Identity(id, epoch, transactionalId));
  }

  /** Who a step is `by`; a step may say another epoch, a `producerId` that nobody gave out, or
   *  another transactional id. */
  Identity of(JsonNode step) {
    Identity known = step.has("by") ? byName.get(step.get("by").asText()) : NOBODY;
    return new Identity(
      step.path("producerId").asLong(known.id()),
      (short) step.path("epoch").asInt(known.epoch()),
      step.path("transactionalId").asText(known.transactionalId()));
  }
}
