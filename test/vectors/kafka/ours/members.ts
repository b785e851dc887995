// The members of a scenario's groups by name: the ids they were given, and what they were told.
import type { OfMember } from "../scenarios/step.ts";

export class Members {
  readonly #ids = new Map<string, string>();
  readonly #names = new Map<string, string>();
  readonly #generations = new Map<string, number>();

  put(name: string, id: string): void {
    this.#ids.set(name, id);
    this.#names.set(id, name);
  }

  joined(name: string, generation: number): void {
    this.#generations.set(name, generation);
  }

  /** Empty for who has none. */
  idOf(name: string): string {
    return this.#ids.get(name) ?? "";
  }

  nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }

  /** Who a request says it is from. */
  who({ member, id, generation, instance }: OfMember) {
    return {
      member: id ?? this.idOf(member),
      generation: generation ?? this.#generations.get(member) ?? -1,
      instance: instance ?? null,
    };
  }
}
