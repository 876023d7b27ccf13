import { mapConfiguredPath, systemVariables } from '../../model/path-variables.ts';
import type { Configuration } from '../../iis/configuration.ts';
import { serverElements } from '../../iis/preflight/server.ts';
import type { RestoreOptions } from '../../iis/types.ts';
import type { MetabaseNode } from '../metabase.ts';
import { ConfigElement } from './element.ts';
import type { MigrationSource } from './source.ts';
import { accessFlags, browseFlags, flagsOf, flagWords, sslFlags, timeSpan } from './values.ts';

/** Reads the entries of a property at the place that is translated. */
export type ReadEntries = (name: string) => readonly string[] | undefined;

/** Where the messages of IIS 6 itself are; IIS 7 has its own. */
const stockErrors = /\\help\\iishelp\\common\\/i;

const accessWords = Object.fromEntries(
  Object.keys(accessFlags).map((name) => [name, name.slice('Access'.length)]),
);
const sslWords = {
  AccessSSL: 'Ssl',
  AccessNegotiateCert: 'SslNegotiateCert',
  AccessRequireCert: 'SslRequireCert',
  AccessSSL128: 'Ssl128',
};
const browseWords = {
  DirBrowseShowDate: 'Date',
  DirBrowseShowTime: 'Time',
  DirBrowseShowSize: 'Size',
  DirBrowseShowExtension: 'Extension',
  DirBrowseShowLongDate: 'LongDate',
};

/** What may be done with the files: AccessFlags and AccessSSLFlags. */
export function addAccess(
  source: MigrationSource,
  node: MetabaseNode,
  read: ReadEntries,
  location: ConfigElement,
): void {
  const access = read('AccessFlags')?.join(' ');
  if (access !== undefined) {
    const words = flagWords(flagsOf(access, accessFlags), accessWords);
    location.setAt('system.webServer/handlers/@accessPolicy', words.join(', ') || 'None');
  }
  const ssl = read('AccessSSLFlags')?.join(' ');
  if (ssl !== undefined) {
    const set = flagsOf(ssl, sslFlags);
    const words = flagWords(set, sslWords);
    if (set.has('AccessMapCert'))
      source.report('SettingNotMigrated.clientCertificates', `${node.location}/@AccessSSLFlags`);
    location.setAt('system.webServer/security/access/@sslFlags', words.join(', ') || 'None');
  }
}

/** Default documents and directory browsing, which IIS 6 keeps in DirBrowseFlags together. */
export function addDocuments(read: ReadEntries, location: ConfigElement): void {
  const flags = read('DirBrowseFlags')?.join(' ');
  const documents = read('DefaultDoc')
    ?.join(' ')
    .split(',')
    .map((name) => name.trim());
  if (flags !== undefined) {
    const set = flagsOf(flags, browseFlags);
    const browse = location.at('system.webServer/directoryBrowse');
    browse.set('enabled', String(set.has('EnableDirBrowsing')));
    browse.set('showFlags', flagWords(set, browseWords).join(', ') || 'None');
    location.setAt('system.webServer/defaultDocument/@enabled', String(set.has('EnableDefaultDoc')));
  }
  if (documents === undefined) return;
  const files = location.at('system.webServer/defaultDocument/files');
  files.add(new ConfigElement('clear'));
  const seen = new Set<string>();
  for (const value of documents) {
    if (value === '' || seen.has(value.toLowerCase())) continue;
    seen.add(value.toLowerCase());
    files.add(new ConfigElement('add', { value }));
  }
}

/** HttpErrors: `404,*,FILE,C:\x.htm` and `500,100,URL,/x.asp`. */
export function addErrors(
  source: MigrationSource,
  { location: place }: MetabaseNode,
  read: ReadEntries,
  location: ConfigElement,
  { pathMap = new Map(), variables = systemVariables() }: RestoreOptions,
): void {
  const seen = new Set<string>();
  for (const entry of read('HttpErrors') ?? []) {
    const [, statusCode = '', sub = '', kind = '', path = ''] =
      /^(\d+),([^,]*),(FILE|URL),(.*)$/i.exec(entry) ?? [];
    const subStatusCode = sub === '*' ? '-1' : sub;
    if (stockErrors.test(path) || seen.has(`${statusCode},${sub}`)) continue;
    seen.add(`${statusCode},${sub}`);
    if (!/^[4-9]\d\d$/.test(statusCode) || !/^(-1|\d{1,3})$/.test(subStatusCode) || path === '') {
      source.report('SettingNotMigrated.customError', `${place}/@HttpErrors`, { error: entry });
      continue;
    }
    const file = kind.toUpperCase() === 'FILE';
    const errors = location.at('system.webServer/httpErrors');
    errors.add(new ConfigElement('remove', { statusCode, subStatusCode }));
    errors.add(
      new ConfigElement('error', {
        statusCode,
        subStatusCode,
        prefixLanguageFilePath: '',
        path: file ? (mapConfiguredPath(path, pathMap, variables) ?? path) : path,
        responseMode: file ? 'File' : 'ExecuteURL',
      }),
    );
  }
}

/** MIME types of the directory, which add to those of the server. */
export function addMimeTypes(read: ReadEntries, location: ConfigElement): void {
  for (const entry of read('MimeMap') ?? []) {
    const [extension = '', mimeType = ''] = entry.split(',');
    if (extension === '' || mimeType === '') continue;
    const fileExtension = extension === '*' ? '.*' : extension;
    const content = location.at('system.webServer/staticContent');
    content.add(new ConfigElement('remove', { fileExtension }));
    content.add(new ConfigElement('mimeMap', { fileExtension, mimeType }));
  }
}

/** MIME types of the primary as a whole that the target lacks: without one IIS does not serve such a file (404.3). */
export function addServerMimeTypes(
  entries: readonly string[] | undefined,
  target: Configuration,
  location: ConfigElement,
): void {
  const { document } = target;
  const known = new Set(
    serverElements(target, 'system.webServer/staticContent').flatMap((content) =>
      document
        .childrenNamed(content, 'mimeMap')
        .map((type) => document.attribute(type, 'fileExtension')?.toLowerCase()),
    ),
  );
  const missing = (entries ?? []).filter((entry) => !known.has(entry.split(',')[0]?.toLowerCase()));
  if (known.size > 0) addMimeTypes(() => missing, location);
}

/** HttpCustomHeaders, which in IIS 6 take the place of those above. */
export function addHeaders(read: ReadEntries, location: ConfigElement): void {
  const headers = read('HttpCustomHeaders');
  if (headers === undefined) return;
  const list = location.at('system.webServer/httpProtocol/customHeaders');
  list.add(new ConfigElement('clear'));
  const seen = new Set<string>();
  for (const header of headers) {
    const [, name = '', value = ''] = /^\s*([^:]+?)\s*:\s*(.*)$/.exec(header) ?? [];
    if (name === '' || seen.has(name.toLowerCase())) continue;
    seen.add(name.toLowerCase());
    list.add(new ConfigElement('add', { name, value }));
  }
}

/** HttpExpires (`D, 0x15180` seconds, or `S, <date>`) and CacheControl…: how long browsers keep the content. */
export function addCaching(
  source: MigrationSource,
  { location: place }: MetabaseNode,
  read: ReadEntries,
  location: ConfigElement,
): void {
  const cache = (attribute: string, value: string): void =>
    location.setAt(`system.webServer/staticContent/clientCache/@${attribute}`, value);
  const expires = read('HttpExpires')?.join(' ');
  const age = read('CacheControlMaxAge')?.join(' ');
  const custom = read('CacheControlCustom')?.join(', ');
  const [, dynamic, fixed] = /^\s*(?:D\s*,\s*(0x[0-9a-f]+|\d+)|S\s*,\s*(\S.*))$/i.exec(expires ?? '') ?? [];
  if (custom) cache('cacheControlCustom', custom);
  if (/^(true|1)$/i.test(read('CacheControlNoCache')?.join(' ') ?? '') || Number(dynamic) === 0)
    cache('cacheControlMode', 'DisableCache');
  else if (dynamic !== undefined && Number(dynamic) < 0xffff_ffff) {
    cache('cacheControlMode', 'UseMaxAge');
    cache('cacheControlMaxAge', timeSpan(Number(dynamic)));
  } else if (fixed !== undefined) {
    cache('cacheControlMode', 'UseExpires');
    cache('httpExpires', fixed.trim());
  } else if (age !== undefined && /^\d+$/.test(age)) {
    cache('cacheControlMode', 'UseMaxAge');
    cache('cacheControlMaxAge', timeSpan(Number(age)));
  } else if (expires) source.report('SettingNotMigrated.expiry', `${place}/@HttpExpires`, { expires });
}
