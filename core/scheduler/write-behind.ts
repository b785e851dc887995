/** Writes that go on after their tasks, where a task cannot wait for a reply (an action inside a
 *  function of the person's, on the wall clock): the output operation waits for them instead. */

type Done = (error: Error | null) => void;

export class WriteBehind {
  #open = 0;
  #failure: Error | null = null;
  readonly #waiting: Done[] = [];

  /** A write begins. Shape: call the result once, when it has ended. */
  begin(): Done {
    this.#open += 1;
    return (error) => {
      this.#open -= 1;
      this.#failure ??= error;
      if (this.#open > 0 || this.#waiting.length === 0) return;
      const failure = this.#failure;
      this.#failure = null;
      for (const done of this.#waiting.splice(0)) done(failure);
    };
  }

  /** Calls back once no write is open, with the first error of those that were. */
  settle(done: Done): void {
    if (this.#open > 0) {
      this.#waiting.push(done);
      return;
    }
    const failure = this.#failure;
    this.#failure = null;
    done(failure);
  }
}
