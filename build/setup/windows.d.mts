/** Fetches a Windows node.exe (`node-20`, `node-26`) where it is not there yet. */
export function ensureNode(name: string): { readonly version: string; readonly executable: string };
/** The path of its licence's text. */
export function ensureNodeLicence(name: string): string;
