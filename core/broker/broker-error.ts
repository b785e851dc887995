/** Errors of Kafka's protocol: their names, codes, and whether a client may simply ask again.
 *  Like Kafka: org.apache.kafka.common.protocol.Errors of 3.9. */

interface ErrorFacts {
  /** As it goes over the wire. */
  readonly code: number;
  /** Java's RetriableException. */
  readonly isRetriable: boolean;
  /** Java's InvalidMetadataException. */
  readonly isMetadataStale: boolean;
}

const fatal = (code: number): ErrorFacts => ({
  code,
  isRetriable: false,
  isMetadataStale: false,
});
const retriable = (code: number): ErrorFacts => ({ ...fatal(code), isRetriable: true });
const stale = (code: number): ErrorFacts => ({ ...retriable(code), isMetadataStale: true });

export const brokerErrors = {
  UNKNOWN_SERVER_ERROR: fatal(-1),
  OFFSET_OUT_OF_RANGE: fatal(1),
  CORRUPT_MESSAGE: retriable(2),
  UNKNOWN_TOPIC_OR_PARTITION: stale(3),
  LEADER_NOT_AVAILABLE: stale(5),
  NOT_LEADER_OR_FOLLOWER: stale(6),
  REQUEST_TIMED_OUT: retriable(7),
  /** Not what a client sees to whom no broker listens: that is NETWORK_EXCEPTION. */
  BROKER_NOT_AVAILABLE: fatal(8),
  REPLICA_NOT_AVAILABLE: stale(9),
  MESSAGE_TOO_LARGE: fatal(10),
  OFFSET_METADATA_TOO_LARGE: fatal(12),
  /** A connection was lost while a request was under way, or could not be opened. */
  NETWORK_EXCEPTION: stale(13),
  COORDINATOR_LOAD_IN_PROGRESS: retriable(14),
  COORDINATOR_NOT_AVAILABLE: retriable(15),
  NOT_COORDINATOR: retriable(16),
  INVALID_TOPIC_EXCEPTION: fatal(17),
  RECORD_LIST_TOO_LARGE: fatal(18),
  NOT_ENOUGH_REPLICAS: retriable(19),
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: retriable(20),
  INVALID_REQUIRED_ACKS: fatal(21),
  ILLEGAL_GENERATION: fatal(22),
  INCONSISTENT_GROUP_PROTOCOL: fatal(23),
  INVALID_GROUP_ID: fatal(24),
  UNKNOWN_MEMBER_ID: fatal(25),
  INVALID_SESSION_TIMEOUT: fatal(26),
  REBALANCE_IN_PROGRESS: fatal(27),
  INVALID_COMMIT_OFFSET_SIZE: fatal(28),
  INVALID_TIMESTAMP: fatal(32),
  UNSUPPORTED_VERSION: fatal(35),
  TOPIC_ALREADY_EXISTS: fatal(36),
  INVALID_PARTITIONS: fatal(37),
  INVALID_REPLICATION_FACTOR: fatal(38),
  INVALID_REPLICA_ASSIGNMENT: fatal(39),
  INVALID_CONFIG: fatal(40),
  NOT_CONTROLLER: retriable(41),
  INVALID_REQUEST: fatal(42),
  OUT_OF_ORDER_SEQUENCE_NUMBER: fatal(45),
  DUPLICATE_SEQUENCE_NUMBER: fatal(46),
  INVALID_PRODUCER_EPOCH: fatal(47),
  INVALID_TXN_STATE: fatal(48),
  INVALID_PRODUCER_ID_MAPPING: fatal(49),
  INVALID_TRANSACTION_TIMEOUT: fatal(50),
  CONCURRENT_TRANSACTIONS: retriable(51),
  TRANSACTION_COORDINATOR_FENCED: fatal(52),
  KAFKA_STORAGE_ERROR: stale(56),
  UNKNOWN_PRODUCER_ID: fatal(59),
  NON_EMPTY_GROUP: fatal(68),
  GROUP_ID_NOT_FOUND: fatal(69),
  FENCED_LEADER_EPOCH: stale(74),
  UNKNOWN_LEADER_EPOCH: retriable(75),
  STALE_BROKER_EPOCH: fatal(77),
  OFFSET_NOT_AVAILABLE: retriable(78),
  MEMBER_ID_REQUIRED: fatal(79),
  PREFERRED_LEADER_NOT_AVAILABLE: stale(80),
  GROUP_MAX_SIZE_REACHED: fatal(81),
  FENCED_INSTANCE_ID: fatal(82),
  ELIGIBLE_LEADERS_NOT_AVAILABLE: stale(83),
  ELECTION_NOT_NEEDED: stale(84),
  INVALID_RECORD: fatal(87),
  UNSTABLE_OFFSET_COMMIT: retriable(88),
  PRODUCER_FENCED: fatal(90),
  UNKNOWN_TOPIC_ID: stale(100),
  FENCED_MEMBER_EPOCH: fatal(110),
  TRANSACTION_ABORTABLE: fatal(120),
} as const satisfies Record<string, ErrorFacts>;

export type BrokerError = keyof typeof brokerErrors;

/** Errors a client meets by asking again. */
export function isRetriable(error: BrokerError): boolean {
  return brokerErrors[error].isRetriable;
}

/** Errors after which a client asks for metadata anew: leaders, or a coordinator, have moved. */
export function isMetadataStale(error: BrokerError): boolean {
  const hasCoordinatorMoved = error === "NOT_COORDINATOR" || error === "COORDINATOR_NOT_AVAILABLE";
  return hasCoordinatorMoved || brokerErrors[error].isMetadataStale;
}
