import { parseBindingInformation } from '../../iis/read.ts';
import { nameKey } from '../../model/site.ts';
import { isWithin, siteKey } from '../location.ts';
import type { MetabaseNode } from '../metabase.ts';
import { applicationRoots, placeOf, webPathOf } from '../read.ts';
import { ConfigElement } from './element.ts';
import type { MigrationSource } from './source.ts';
import { choice, type Convert, flag, flagsOf, flagWords, seconds, text, whole } from './values.ts';

const unlimited = '4294967295';

/** | property of the site, or of W3SVC above it | attribute | its default in IIS 7 | */
const limits: readonly (readonly [name: string, path: string, convert: Convert, byDefault: string])[] = [
  ['MaxConnections', 'limits/@maxConnections', whole(0, 0xffff_ffff), unlimited],
  ['MaxBandwidth', 'limits/@maxBandwidth', whole(1024, 0xffff_ffff), unlimited],
  ['ConnectionTimeout', 'limits/@connectionTimeout', seconds(0, 65_535), '00:02:00'],
];

const logFields = Object.fromEntries(
  (
    'Date Time ClientIP UserName SiteName ComputerName ServerIP Method UriStem UriQuery HttpStatus Win32Status ' +
    'BytesSent BytesRecv TimeTaken ServerPort UserAgent Cookie Referer ProtocolVersion Host HttpSubStatus'
  )
    .split(' ')
    .map((word) => [`LogExtFile${word.replace(/IP$/, 'Ip')}`, word]),
);

/** | property of the site itself | attribute | What W3SVC has is the server's own, and stays so. */
const logging: readonly (readonly [name: string, path: string, convert: Convert])[] = [
  ['LogType', 'logFile/@enabled', flag],
  ['LogFileDirectory', 'logFile/@directory', text],
  [
    'LogFilePeriod',
    'logFile/@period',
    choice({ 0: 'MaxSize', 1: 'Daily', 2: 'Weekly', 3: 'Monthly', 4: 'Hourly' }),
  ],
  ['LogFileTruncateSize', 'logFile/@truncateSize', whole(1_048_576, 0xffff_ffff)],
  ['LogFileLocaltimeRollover', 'logFile/@localTimeRollover', flag],
  [
    'LogExtFileFlags',
    'logFile/@logExtFileFlags',
    (value) => flagWords(flagsOf(value, {}), logFields).join(', ') || undefined,
  ],
  [
    'LogPluginClsid',
    'logFile/@logFormat',
    (value) =>
      choice({
        '{FF160663-DE82-11CF-BC0A-00AA006111E0}': 'W3C',
        '{FF16065F-DE82-11CF-BC0A-00AA006111E0}': 'NCSA',
        '{FF160657-DE82-11CF-BC0A-00AA006111E0}': 'IIS',
      })(value.toUpperCase()),
  ],
];

/** Characters that no name of a site may have in IIS 7. */
const forbidden = /[\\/?;:@&=+$,|"<>]/g;

/** The name of the site in IIS 7. */
export function migratedName(name: string): string {
  return name.replace(forbidden, '_');
}

/**
 * The name of a pool in IIS 7. DefaultAppPool gets another one: that of the target is the server's own, runs requests
 * integrated and .NET 4, and is never changed by a restore.
 */
export function migratedPool(name: string): string {
  return nameKey(name) === 'defaultapppool'
    ? 'DefaultAppPool IIS 6'
    : name.replace(/[\\/?;:@&=+$,|"<>*[\]]/g, '_').slice(0, 64);
}

/** An application of the site, with what decides about its pool. */
export interface MigratedApplication {
  readonly path: string;
  readonly node: MetabaseNode;
  readonly pool: string;
  readonly scriptMaps: string;
}

/** In the order of the file, ROOT first. */
export function applicationsOf(source: MigrationSource): MigratedApplication[] {
  const { metabase, site } = source;
  return applicationRoots(metabase, site)
    .map((node) => ({
      path: webPathOf(node.location, site.id) ?? '/',
      node,
      pool: source.effective(node, 'AppPoolId') ?? 'DefaultAppPool',
      scriptMaps: source.effective(node, 'ScriptMaps') ?? '',
    }))
    .sort((a, b) => Number(b.path === '/') - Number(a.path === '/'));
}

/** The `<site>` element: bindings, limits, log, applications and their virtual directories. */
export function migrateSite(source: MigrationSource): ConfigElement {
  const { site: of } = source;
  const own = of.node;
  const site = new ConfigElement('site', { name: migratedName(of.name), id: of.id });
  const autoStart = flag(source.text(own, 'ServerAutoStart') ?? '');
  if (autoStart === 'false') site.set('serverAutoStart', autoStart);
  addApplications(source, site);
  addBindings(source, site);
  for (const [name, path, convert, byDefault] of limits) {
    const value = source.effective(own, name);
    if (value === undefined) continue;
    const converted = convert(value);
    if (converted === undefined) source.reportValue(own, name, value);
    else if (converted !== byDefault) site.setAt(path, converted);
  }
  for (const [name, path, convert] of logging) {
    const value = source.text(own, name);
    if (value === undefined) continue;
    const converted = convert(value);
    if (converted === undefined) source.reportValue(own, name, value);
    else site.setAt(path, converted);
  }
  return site;
}

function addBindings(source: MigrationSource, site: ConfigElement): void {
  const { node } = source.site;
  const bindings = site.at('bindings');
  for (const [property, protocol] of [
    ['ServerBindings', 'http'],
    ['SecureBindings', 'https'],
  ] as const)
    for (const entry of source.own(node, property) ?? []) {
      const endpoint = parseBindingInformation(entry);
      const bindingInformation = entry.replace(/^:/, '*:');
      if (endpoint !== undefined)
        bindings.add(new ConfigElement('binding', { protocol, bindingInformation }));
      else source.report('SettingNotMigrated.binding', `${node.location}/@${property}`, { binding: entry });
    }
}

function addApplications(source: MigrationSource, site: ConfigElement): void {
  const applications = applicationsOf(source);
  const paths = applications.map(({ path }) => path);
  const elements = new Map(
    applications.map(({ path, node, pool }) => {
      const application = site.add(
        new ConfigElement('application', { path, applicationPool: migratedPool(pool) }),
      );
      if (source.text(node, 'Path') === undefined)
        application.add(
          new ConfigElement('virtualDirectory', { path: '/', physicalPath: folderOf(source, node) }),
        );
      return [nameKey(path), application];
    }),
  );
  for (const node of source.nodes) {
    const webPath = webPathOf(node.location, source.site.id);
    const physicalPath = source.text(node, 'Path');
    if (webPath === undefined || !physicalPath) continue;
    const { application, path } = placeOf(webPath, paths);
    const directory = new ConfigElement('virtualDirectory', { path, physicalPath });
    const userName = source.text(node, 'UNCUserName');
    if (userName) directory.set('userName', userName).set('password', source.text(node, 'UNCPassword'));
    elements.get(nameKey(application))?.add(directory);
  }
}

/** The folder of an application that is a plain directory: that of the nearest node above with a Path, and below it. */
function folderOf(source: MigrationSource, { location, key }: MetabaseNode): string {
  const root = `${siteKey(source.site.id)}/root`;
  const segments = location.split('/').filter((segment) => segment !== '');
  for (let depth = segments.length; depth > 0; depth--) {
    const above = segments.slice(0, depth).join('/').toLowerCase();
    const path = isWithin(above, root) ? source.text(source.node(above), 'Path') : undefined;
    if (path) return [path.replace(/\\+$/, ''), ...segments.slice(depth)].join('\\');
  }
  source.report('SettingNotMigrated.noFolder', location, { application: key });
  return '';
}
