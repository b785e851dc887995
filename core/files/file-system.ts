/** The port to files that pipelines read and write: Hadoop's FileSystem, as much of it as
 *  text needs. A path is names joined by "/"; a directory is there when a file is below it. */

export interface FileStatus {
  readonly path: string;
  /** In UTF-8. */
  readonly sizeBytes: number;
  /** When it appeared under this name, whole. */
  readonly modifiedMs: number;
}

export interface FileSystem {
  /** Null when there is no such file. */
  read(path: string): string | null;
  /** Files directly in a directory, by name; null when there is no such directory. */
  list(directory: string): readonly FileStatus[] | null;
  /** Makes or replaces a whole file. */
  write(path: string, text: string): void;
}

/** Without a scheme, double or closing slashes: `file:/in//a/` is `/in/a`. */
export function cleanPath(path: string): string {
  const plain = path.replace(/^\w+:(?=\/)/u, "").replaceAll(/\/{2,}/gu, "/");
  return plain.length > 1 ? plain.replace(/\/$/u, "") : plain;
}

/** What a path names, as Hadoop's input formats take it: a file, or the files of a directory whose
 *  names do not begin with "_" or "."; several with commas between. Null for a name of nothing.
 *  Like Hadoop: FileInputFormat.listStatus. */
export function inputFiles(files: FileSystem, path: string): readonly FileStatus[] | null {
  const found: FileStatus[] = [];
  for (const part of path.split(",")) {
    const name = cleanPath(part);
    const single = files.list(parentOf(name))?.find((file) => file.path === name);
    const listed = single === undefined ? files.list(name) : [single];
    if (listed === null) return null;
    const visible = listed.filter((file) => !/^[_.]/u.test(baseName(file.path)));
    // Hadoop does not see a hidden file even by its name.
    if (single !== undefined && visible.length === 0) return null;
    found.push(...visible);
  }
  return found;
}

export function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "" : path.slice(0, Math.max(end, 1));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
