package streamscope.vectors.kafka;

/** What a scenario waits for did not come: the scenario is wrong, and there is no vector. */
final class NotSeen extends Error {
  NotSeen(String what) {
    super(what);
  }
}
