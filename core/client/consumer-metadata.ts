/** What a consumer knows of topics: how many partitions they have. It asks again when that is old,
 *  when a topic is not there yet, and when a broker says that it is wrong.
 *  Like Kafka: ConsumerMetadata. */

import type { ConsumerContext } from "./consumer-context.ts";

export class ConsumerMetadata {
  readonly #context: ConsumerContext;
  readonly #counts = new Map<string, number>();
  readonly #topics: Set<string>;
  /** Topics that a broker has told about, if only that they are not there. */
  readonly #told = new Set<string>();
  /** Raised with each question: an older timer has nothing to do. */
  #asked = 0;
  #isAsking = false;
  readonly #waiting: (() => void)[] = [];

  constructor(context: ConsumerContext) {
    this.#context = context;
    this.#topics = new Set(context.of.topics);
  }

  /** Partitions of the topics that exist. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** A broker has told about all topics it is to know. */
  get isKnown(): boolean {
    return [...this.#topics].every((topic) => this.#told.has(topic));
  }

  /** Calls back once it knows of the topics what brokers know. */
  learn(topics: readonly string[], done: () => void): void {
    for (const topic of topics) this.#topics.add(topic);
    if (this.isKnown) {
      done();
      return;
    }
    this.#waiting.push(done);
    this.#ask();
  }

  refresh(): void {
    if (!this.#isAsking) this.#ask();
  }

  #ask(): void {
    this.#asked += 1;
    const own = this.#asked;
    this.#isAsking = true;
    this.#context.send<"metadata">(
      { kind: "metadata", topics: [...this.#topics] },
      ({ error, topics }) => {
        if (own !== this.#asked) return;
        this.#isAsking = false;
        for (const { topic, error: unknown, partitions } of topics) {
          if (unknown === null) this.#counts.set(topic, partitions.length);
          else this.#counts.delete(topic);
          this.#told.add(topic);
        }
        const isWhole = error === null && [...this.#topics].every((one) => this.#counts.has(one));
        const { metadataMaxAgeMs, retryBackoffMaxMs } = this.#context.of.settings;
        this.#context.after(isWhole ? metadataMaxAgeMs : retryBackoffMaxMs, () => {
          if (own === this.#asked) this.#ask();
        });
        if (this.isKnown) for (const done of this.#waiting.splice(0)) done();
        this.#context.onChange();
      },
    );
  }
}
