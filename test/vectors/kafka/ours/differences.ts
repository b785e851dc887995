// Vectors in which ours does not do what Kafka does, and how. Each must go on to differ, or else
// leave this list.

export const differences: ReadonlyMap<string, string> = new Map<string, string>([]);
