/** A record of the engine's own. It says what is written of it, which is what is read back, and how
 *  it prints. */
export abstract class Written {
  abstract write(): unknown;
  abstract toString(): string;
}
