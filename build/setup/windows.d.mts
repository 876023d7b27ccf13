/** Fetches a Windows node.exe (`node-20`, `node-26`) where it is not there yet; gives its path. */
export function ensureNode(name: string): string;
