/** The port to a place that outlives the driver: a directory of named texts. Carried by a simulated
 *  store and, at the live edge, by files. Writes take time and may fail; reads happen only while a
 *  driver starts, before its first batch, and are answered at once. */

export interface CheckpointStore {
  /** Writes a whole file or nothing, then calls back with null or with what went wrong. Where
   *  `backup` names a file, what was under the name before is kept under that one. */
  write(
    file: string,
    text: string,
    done: (error: string | null) => void,
    backup?: string | null,
  ): void;
  /** Every file below a directory, however deep, under the name it was written by; ascending by
   *  UTF-16 units. */
  list(directory: string): readonly string[];
  /** Null when there is no such file. */
  read(file: string): string | null;
  remove(file: string): void;
}
