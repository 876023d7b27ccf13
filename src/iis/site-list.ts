import { readIfPresent, reason } from '../edge/files.ts';
import { FailoverError, failure } from '../model/failover-error.ts';
import { nameKey } from '../model/site.ts';
import { checkSiteName } from './file-name.ts';

export const siteListName = 'Sitelist.txt';

/** A site of a list that an administrator writes: its name alone. */
export interface SiteListName {
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

/** A site of the list that a backup leaves in its folder for restore and copy. */
export interface SiteListEntry {
  readonly name: string;
  readonly id: number;
  /** The backup file, in the folder of the list. */
  readonly file: string;
  /** Of the backup file, lower-case hex. */
  readonly sha256: string;
  /** Physical paths as the configuration has them, each once. */
  readonly contentRoots: readonly string[];
}

const serverLine = '# Server: ';
const header = '# IisFailover site list, format 1: name, id, file, SHA-256, content roots; separated by tabs';

/**
 * Reads a list of sites: one name a line, `#` starts a comment line, blank lines and spaces around names do not
 * count, a name that comes twice counts once. What follows a tab is not the name, so the list of a backup folder
 * can be read as well; `\#` starts a name that begins with `#`.
 * @throws FailoverError SiteListUnreadable, SiteNameInvalid (names the line)
 */
export async function readSiteNames(path: string): Promise<SiteListName[]> {
  const names = new Map<string, SiteListName>();
  for (const { line, columns } of listLines(await readListText(path))) {
    const name = nameOf(columns[0] ?? '', line, path);
    if (!names.has(nameKey(name))) names.set(nameKey(name), { name, line });
  }
  return [...names.values()];
}

/**
 * Reads the list of a backup folder.
 * @throws FailoverError SiteListUnreadable, SiteListInvalid (names the line), SiteNameInvalid
 */
export async function readSiteList(path: string): Promise<SiteListEntry[]> {
  return parseSiteList(await readListText(path), path);
}

export function parseSiteList(text: string, path: string): SiteListEntry[] {
  return listLines(text).map(({ line, columns }) => {
    const [name = '', id = '', file = '', hash = '', roots = ''] = columns;
    const contentRoots = parseRoots(roots);
    const valid = /^\d{1,10}$/.test(id) && isFileName(file) && /^[0-9a-f]{64}$/.test(hash) && contentRoots;
    if (!valid) {
      const form = columns.length === 1 ? 'noBackup' : 'line';
      throw failure(`SiteListInvalid.${form}`, { path, line }, { target: path });
    }
    return { name: nameOf(name, line, path), id: Number(id), file, sha256: hash, contentRoots };
  });
}

/** The server whose sites a list of a backup folder holds; undefined in lists of older versions. */
export function listedServer(text: string): string | undefined {
  const line = text.split(/\r?\n/).find((one) => one.startsWith(serverLine));
  return line?.slice(serverLine.length).trim();
}

/** The list as a file: the columns of an entry separated by tabs, the roots as a JSON array. */
export function formatSiteList(entries: readonly SiteListEntry[], server?: string): string {
  const lines = entries.map(({ name, id, file, sha256, contentRoots }) =>
    [name.replace(/^#/, '\\#'), id, file, sha256, JSON.stringify(contentRoots)].join('\t'),
  );
  const owner = server === undefined ? [] : [`${serverLine}${server}`];
  return [header, ...owner, ...lines, ''].join('\r\n');
}

async function readListText(path: string): Promise<string> {
  const unreadable = (why: string, cause?: unknown): FailoverError =>
    failure('SiteListUnreadable', { list: siteListName, path, why }, { target: path, cause });
  const bytes = await readIfPresent(path).catch((error: unknown) => {
    throw unreadable(reason(error instanceof FailoverError ? error.cause : error), error);
  });
  if (bytes === undefined) throw unreadable('the file does not exist');
  // Windows PowerShell 5.1 writes UTF-16 with `>` and Out-File.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable('it is neither UTF-8 nor UTF-16 text', error);
  }
}

function listLines(text: string): { line: number; columns: string[] }[] {
  return text
    .split(/\r?\n/)
    .map((content, index) => ({ line: index + 1, content }))
    .filter(({ content }) => content.trim() !== '' && !content.trimStart().startsWith('#'))
    .map(({ line, content }) => ({ line, columns: content.split('\t') }));
}

function nameOf(column: string, line: number, path: string): string {
  const name = column.trim().replace(/^\\#/, '#');
  try {
    checkSiteName(name);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw failure('SiteNameInvalid.inList', { why, path, line }, { target: name, cause: error });
  }
  return name;
}

/** A name in the list's own folder: the list must not lead to any other file. */
function isFileName(file: string): boolean {
  return /^[^\\/:\0]+\.xml$/.test(file);
}

function parseRoots(text: string): string[] | undefined {
  try {
    const roots: unknown = JSON.parse(text);
    return Array.isArray(roots) && roots.every((root) => typeof root === 'string') ? roots : undefined;
  } catch {
    return undefined;
  }
}
