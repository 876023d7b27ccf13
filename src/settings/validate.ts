import { Value, ValueErrorType, type ValueError } from '@sinclair/typebox/value';
import {
  findNodeAtLocation,
  getNodePath,
  type Node,
  parseTree,
  type ParseError,
  printParseErrorCode,
} from 'jsonc-parser';
import { type Settings, settingsSchema } from './schema.ts';
import { checkDns, checkServerViews } from './validate-dns.ts';
import { checkMonitor } from './validate-monitor.ts';
import { checkServers } from './validate-servers.ts';

/** One fault of a settings file, with its place for an editor. */
export interface SettingsProblem {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** `sites[0].name`; empty for the file as a whole. */
  readonly property: string;
  readonly message: string;
}

export type SettingsResult =
  | { readonly settings: Settings; readonly problems: readonly [] }
  | { readonly settings: undefined; readonly problems: readonly SettingsProblem[] };

type JsonPath = readonly (string | number)[];

/** Parses JSON with comments and trailing commas and checks it: form first, then what the form can't say. */
export function validateSettings(text: string): SettingsResult {
  const source = text.replace(/^\uFEFF/, '');
  const place = placeFinder(source);
  const faults: ParseError[] = [];
  const tree = parseTree(source, faults, { allowTrailingComma: true });
  if (faults.length > 0 || tree === undefined) {
    const problems = faults.map((fault) => ({
      ...place(fault.offset),
      property: '',
      message: syntaxMessage(fault),
    }));
    if (problems.length === 0)
      problems.push({ line: 1, column: 1, property: '', message: 'The file is empty' });
    return { settings: undefined, problems };
  }
  const problemAt = (path: JsonPath, message: string, atKey = false): SettingsProblem => ({
    ...place(nodeNear(tree, path, atKey).offset),
    property: propertyName(path),
    message,
  });
  const value = valueOf(tree);
  const problems = [
    ...duplicateKeys(tree).map(({ path }) => problemAt(path, `The key ${String(path.at(-1))} occurs twice`)),
    ...[...Value.Errors(settingsSchema, value)]
      .filter((error, index, all) => all.findIndex((other) => other.path === error.path) === index)
      .map((error) =>
        problemAt(
          jsonPath(error.path, value),
          formMessage(error),
          error.type === ValueErrorType.ObjectAdditionalProperties,
        ),
      ),
  ];
  if (problems.length > 0) return { settings: undefined, problems };
  const settings = value as Settings;
  const meaning = checkMeaning(settings).map(({ path, message }) => problemAt(path, message));
  return meaning.length > 0 ? { settings: undefined, problems: meaning } : { settings, problems: [] };
}

/** `failover.json(12,5): sites[0].name: …`, the form editors and build tools make clickable. */
export function formatProblem(path: string, problem: SettingsProblem): string {
  const property = problem.property === '' ? '' : `${problem.property}: `;
  return `${path}(${problem.line},${problem.column}): ${property}${problem.message}`;
}

interface Finding {
  readonly path: JsonPath;
  readonly message: string;
}

/** Rules beyond the schema: names are unique; servers, DNS and monitor by rules of their own. */
function checkMeaning(settings: Settings): Finding[] {
  const findings: Finding[] = [];
  const unique = (values: readonly string[], pathOf: (index: number) => JsonPath, what: string): void => {
    const seen = new Set<string>();
    values.forEach((value, index) => {
      const key = value.toLowerCase().replace(/\.$/, '');
      if (seen.has(key)) findings.push({ path: pathOf(index), message: `${what} ${value} occurs twice` });
      seen.add(key);
    });
  };
  unique(
    settings.servers.map((server) => server.name),
    (i) => ['servers', i, 'name'],
    'The server',
  );
  unique(
    settings.sites.map((site) => site.name),
    (i) => ['sites', i, 'name'],
    'The site',
  );
  const hosts = settings.sites.flatMap((site, i) =>
    site.hostNames.map((name, j) => ({ name, path: ['sites', i, 'hostNames', j] })),
  );
  unique(
    hosts.map((host) => host.name),
    (i) => hosts[i]!.path,
    'The host name',
  );
  return [
    ...findings,
    ...checkServers(settings),
    ...checkDns(settings.dns),
    ...checkServerViews(settings),
    ...checkMonitor(settings),
  ];
}

function syntaxMessage(fault: ParseError): string {
  return `JSON syntax: ${printParseErrorCode(fault.error).replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)}`;
}

function formMessage(error: ValueError): string {
  switch (error.type) {
    case ValueErrorType.ObjectAdditionalProperties:
      return `Unknown key ${String(error.path.split('/').at(-1))}`;
    case ValueErrorType.ObjectRequiredProperty:
      return `The key ${String(error.path.split('/').at(-1))} is missing`;
    case ValueErrorType.Union: {
      const choices = (error.schema.anyOf as { const?: unknown }[]).map((choice) => String(choice.const));
      return `Must be one of: ${choices.join(', ')}`;
    }
    case ValueErrorType.StringPattern:
      return `Does not match ${String(error.schema.pattern)}`;
    default:
      return error.message;
  }
}

/** A JSON pointer as path segments; numbers only where the parent is an array. */
function jsonPath(pointer: string, root: unknown): JsonPath {
  const path: (string | number)[] = [];
  let value: unknown = root;
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  return path;
}

function propertyName(path: JsonPath): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

/** The node at the path or its nearest parent (a missing key is reported at the object that lacks it). */
function nodeNear(tree: Node, path: JsonPath, atKey: boolean): Node {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node) return atKey && length === path.length ? (node.parent?.children?.[0] ?? node) : node;
  }
  return tree;
}

function duplicateKeys(node: Node): { path: JsonPath }[] {
  const found: { path: JsonPath }[] = [];
  const keys = new Set<string>();
  for (const child of node.children ?? []) {
    if (child.type === 'property') {
      const key = String(child.children![0]!.value);
      if (keys.has(key)) found.push({ path: [...getNodePath(node), key] });
      keys.add(key);
    }
    found.push(...duplicateKeys(child));
  }
  return found;
}

function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value;
  const entries = (node.children ?? []).map((property) => [
    String(property.children![0]!.value),
    property.children![1] ? valueOf(property.children![1]) : undefined,
  ]);
  return Object.fromEntries(entries) as unknown;
}

function placeFinder(text: string): (offset: number) => { line: number; column: number } {
  return (offset) => {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    return { line, column: offset - before.lastIndexOf('\n') };
  };
}
