// What a step saw, in the words of the Java interpreter.
import type { BrokerError } from "../../../../core/broker/broker-error.ts";

export type Saw = Readonly<Record<string, unknown>>;

/** An error alone, or what there is when it went well. */
export function saw(error: BrokerError | null, rest: Saw): Saw {
  return error === null ? rest : { error };
}
