package streamscope.vectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.Records;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.requests.ProduceRequest;

/** Batches as steps say them, and as they are found in a log. */
final class Batches {
  private static final int TIMEOUT_MS = 30_000;
  private static final int SIZE_MAX = 4 << 20;

  private Batches() {}

  /** One batch for one partition. Its records are [key, value, timestamp], or values alone. */
  static ProduceRequest.Builder request(
    Names names, TopicPartition partition, JsonNode step, Producers.Identity by) {
    var wanted = new ProduceRequestData.PartitionProduceData()
      .setIndex(partition.partition())
      .setRecords(records(step, by));
    var topic = new ProduceRequestData.TopicProduceData()
      .setName(partition.topic())
      .setPartitionData(List.of(wanted));
    var topics = new ProduceRequestData.TopicProduceDataCollection(List.of(topic).iterator());
    return ProduceRequest.forMagic(RecordBatch.MAGIC_VALUE_V2, new ProduceRequestData()
      .setAcks((short) step.path("acks").asInt(-1))
      .setTimeoutMs(step.path("timeoutMs").asInt(TIMEOUT_MS))
      .setTransactionalId(names.real(by.transactionalId()))
      .setTopicData(topics));
  }

  private static MemoryRecords records(JsonNode step, Producers.Identity by) {
    try (MemoryRecordsBuilder builder = MemoryRecords.builder(
      ByteBuffer.allocate(1024),
      RecordBatch.MAGIC_VALUE_V2,
      Compression.NONE,
      TimestampType.CREATE_TIME,
      0L,
      RecordBatch.NO_TIMESTAMP,
      by.id(),
      by.epoch(),
      step.path("sequence").asInt(RecordBatch.NO_SEQUENCE),
      by.transactionalId() != null,
      RecordBatch.NO_PARTITION_LEADER_EPOCH)) {
      for (JsonNode one : step.get("records")) append(builder, one, step.path("padding").asInt(0));
      return builder.build();
    }
  }

  private static void append(MemoryRecordsBuilder builder, JsonNode one, int padding) {
    boolean isValue = !one.isArray();
    String key = isValue || one.get(0).isNull() ? null : one.get(0).asText();
    JsonNode value = isValue ? one : one.get(1);
    long timestamp = isValue || one.size() < 3 ? 0 : one.get(2).asLong();
    if (padding > SIZE_MAX) throw new IllegalArgumentException("padding");
    String text = value.isNull() ? null : value.asText() + ".".repeat(padding);
    builder.append(timestamp, bytes(key), bytes(text));
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /** What is not said is as in a batch of a producer that is not idempotent. */
  static void describe(Names names, Records records, ArrayNode into) {
    for (RecordBatch batch : records.batches()) {
      ObjectNode one = into.addObject();
      one.put("from", batch.baseOffset()).put("to", batch.lastOffset());
      one.put("leaderEpoch", batch.partitionLeaderEpoch());
      if (batch.hasProducerId()) {
        one.put("by", names.producer(batch.producerId())).put("epoch", batch.producerEpoch());
        if (!batch.isControlBatch()) one.put("sequence", batch.baseSequence());
        if (batch.isTransactional()) one.put("transactional", true);
      }
      if (batch.isControlBatch()) {
        one.put("control", ControlRecordType.parse(batch.iterator().next().key()).name());
        continue;
      }
      ArrayNode list = one.putArray("records");
      for (Record record : batch) {
        list.addArray()
          .add(record.offset())
          .add(text(record.key()))
          .add(trimmed(text(record.value())));
      }
    }
  }

  /** Without what only makes it larger. */
  static String trimmed(String value) {
    return value == null ? null : value.replaceAll("\\.+$", "");
  }

  static String text(ByteBuffer bytes) {
    return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }
}
