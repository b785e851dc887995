// For suites that need a broker: they run where there is one and are skipped, by name, elsewhere.
// With CI=true the reporter counts what was skipped as failed.
import { describe, inject } from "vitest";
import type {} from "./global-setup.ts";

/** A `describe` whose body gets `host:port` of the broker that the whole run shares.
 *  Use topic and group names of your own: others write to it at the same time. */
export function describeWithKafka(name: string, body: (bootstrap: string) => void): void {
  const bootstrap = inject("kafka");
  describe.skipIf(bootstrap === null)(name, () => body(bootstrap ?? ""));
}
