import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readHeartbeat } from '../../edge/monitor-lease.ts';
import { PasswordBoxes } from '../../edge/secret-box.ts';
import { readState, siteState } from '../../edge/state.ts';
import { dnsProvider, type FleetSite, siteServers } from '../../failover/fleet.ts';
import { observe, probeQueue } from '../../failover/observe.ts';
import { readRecords } from '../../failover/switch-plan.ts';
import { serves, siteProber } from '../../health/index.ts';
import { openConfiguration, readSiteList, type SiteListEntry, siteListName } from '../../iis/index.ts';
import { FailoverError, toFailoverError } from '../../model/failover-error.ts';
import { nameKey } from '../../model/site.ts';
import type { Secret } from '../../model/secret.ts';
import {
  checkAges,
  checkClock,
  checkConfiguration,
  checkDiskSpace,
  checkHeartbeat,
  type CheckName,
  checkPermission,
  checkRecords,
  type CheckResult,
  checkTasks,
  defaultLimits,
  type ReadinessLimits,
  result,
} from '../../readiness/index.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import { openTaskStore } from '../../tasks/index.ts';
import type { CommandContext } from '../definition.ts';
import { backupFolder, backupPassword, configurationFile, stateFolder, textMap } from './places.ts';
import { readBackups } from './read-backups.ts';
import { chosenSites } from './switching.ts';
import { ItemProgress } from './item-progress.ts';
import { escapeWildcards } from './wildcard.ts';
import { capitalise } from './words.ts';

interface Request {
  readonly Name: readonly string[] | undefined;
  readonly Password: Secret | undefined;
}

interface Work {
  readonly loaded: LoadedSettings;
  readonly sites: readonly FleetSite[];
  readonly limits: ReadinessLimits;
  readonly password: Secret | undefined;
  readonly folder: string;
  readonly context: CommandContext;
}

/** All checks, one group after the other. A group that cannot be made is a result of its own. */
export async function* readinessChecks(
  request: Request,
  wanted: (check: CheckName) => boolean,
  context: CommandContext,
): AsyncGenerator<CheckResult> {
  const loaded = await context.settings();
  const work: Work = {
    loaded,
    sites: chosenSites(request.Name, loaded, context),
    limits: limitsOf(loaded),
    password: request.Password,
    folder: stateFolder(context, loaded),
    context: { ...context, progress: () => undefined }, // one bar is enough
  };
  const chosen = groups.filter(([checks]) => checks.some(wanted));
  const progress = new ItemProgress(context, 'Checking readiness', chosen.length);
  for (const [checks, make] of chosen) {
    progress.working(checks.join(', '));
    const results = await make(work).catch((error: unknown): CheckResult[] => {
      context.signal.throwIfAborted();
      const { message, remedy } = toFailoverError(error);
      return [result(checks[0]!, undefined, 'Failed', message, remedy)];
    });
    progress.advance();
    yield* results.filter((one) => wanted(one.check));
  }
  progress.end();
}

const groups: readonly (readonly [readonly CheckName[], (work: Work) => Promise<CheckResult[]>])[] = [
  [['BackupAge', 'RestoreAge', 'ContentAge'], ages],
  [['Configuration'], configuration],
  [['Standby'], standby],
  [['DnsRecord', 'DnsPermission'], dns],
  [['Clock'], clocks],
  [
    ['DiskSpace'],
    ({ folder, limits, loaded }) => checkDiskSpace([folder, ...contentFolders(loaded)], limits),
  ],
  [['Task'], tasks],
  [
    ['Heartbeat'],
    async ({ folder, limits, context }) => [
      checkHeartbeat(await readHeartbeat(folder), limits, context.clock.now()),
    ],
  ],
];

async function ages({ sites, folder, limits, loaded, context }: Work): Promise<CheckResult[]> {
  const state = await readState(folder);
  const backups = await backupTimes(loaded);
  return sites.flatMap(({ name }) =>
    checkAges(
      {
        site: name,
        backup: backups === null ? null : backups.get(nameKey(name)),
        state: siteState(state, name),
      },
      limits,
      context.clock.now(),
    ),
  );
}

/** When the backup file of each site was written; null where this server has no list of backups. */
async function backupTimes(loaded: LoadedSettings): Promise<Map<string, Date> | null> {
  if (loaded.settings.backup?.folder === undefined) return null;
  const folder = backupFolder(undefined, loaded, 'Source');
  const entries = await readSiteList(join(folder, siteListName)).catch((): SiteListEntry[] | null => null);
  if (entries === null) return null;
  const times = new Map<string, Date>();
  for (const { name, file } of entries) {
    const found = await stat(join(folder, file)).catch(() => undefined);
    if (found !== undefined) times.set(nameKey(name), found.mtime);
  }
  return times;
}

async function configuration({ loaded, sites, password, context }: Work): Promise<CheckResult[]> {
  let file: string;
  try {
    file = configurationFile(undefined, loaded);
    await stat(file);
  } catch {
    return [result('Configuration', undefined, 'Skipped', 'This server has no IIS configuration to check')];
  }
  const secret = await backupPassword(password, loaded);
  const problems: CheckResult[] = [];
  const backups = await readBackups(
    backupFolder(undefined, loaded, 'Source'),
    sites.map(({ name }) => escapeWildcards(name)),
    secret === undefined ? undefined : new PasswordBoxes(secret),
    {
      ...context,
      error: ({ target, message, remedy }) => {
        const site = sites.find(({ name }) => name === target);
        problems.push(result('Configuration', site?.name, 'Failed', message, remedy));
      },
    },
  );
  const options = {
    pathMap: textMap(undefined, loaded.settings.pathMap, 'PathMap'),
    addressMap: textMap(undefined, loaded.settings.addressMap, 'AddressMap'),
  };
  return [...problems, ...checkConfiguration(await openConfiguration(file), backups, options)];
}

async function standby({ sites, context }: Work): Promise<CheckResult[]> {
  const queue = probeQueue();
  const prober = siteProber({ clock: context.clock });
  const pairs = sites.flatMap((site) => site.standbys.map((server) => ({ site, server })));
  return Promise.all(
    pairs.map(async ({ site, server: { name, addresses, label } }) => {
      const words = capitalise(label);
      const { health, result: seen } = await observe(
        queue,
        prober,
        site,
        addresses,
        context.clock,
        context.signal,
      );
      if (!serves({ state: health }))
        return result(
          'Standby',
          site.name,
          'Failed',
          `${words} does not serve it: ${seen.error ?? 'it gave no answer'}`,
          `See Test-FailoverSite ${site.name} -Server ${name}.`,
        );
      if (seen.warning !== null)
        return result(
          'Standby',
          site.name,
          'Warning',
          `${words} serves it, but ${seen.warning}`,
          'Renew it.',
        );
      return result('Standby', site.name, 'Passed', `${words} serves it`);
    }),
  );
}

async function dns({ loaded, sites, limits, context }: Work): Promise<CheckResult[]> {
  const { settings } = loaded;
  if (settings.dns === undefined)
    return [result('DnsRecord', undefined, 'Skipped', 'The settings of this server name no DNS server')];
  const changing = await dnsProvider(loaded, context.clock).catch((error: unknown) => toFailoverError(error));
  const provider =
    changing instanceof FailoverError ? await dnsProvider(loaded, context.clock, 'reading') : changing;
  const results: CheckResult[] = [];
  if (changing instanceof FailoverError)
    results.push(
      result('DnsPermission', undefined, 'Skipped', `This server cannot sign updates: ${changing.message}`),
    );
  for (const site of sites) {
    try {
      const records = await readRecords(site, loaded, provider, context.signal);
      results.push(...checkRecords(site.name, records, limits));
      if (provider === changing)
        results.push(...(await checkPermission(site.name, records, provider, context.signal)));
    } catch (error) {
      context.signal.throwIfAborted();
      const { message, remedy } = toFailoverError(error, site.name);
      results.push(result('DnsRecord', site.name, 'Failed', message, remedy));
    }
  }
  return results;
}

function clocks({ loaded, sites, limits, context }: Work): Promise<CheckResult[]> {
  const port = loaded.settings.healthCheck?.port ?? 80;
  return Promise.all(
    [...new Map(sites.flatMap(siteServers).map((server) => [server.name, server])).values()].map((server) => {
      const { name, addresses } = server;
      return checkClock(name, addresses[0] ?? '', port, limits, () => context.clock.now());
    }),
  );
}

async function tasks(): Promise<CheckResult[]> {
  try {
    const store = await openTaskStore();
    try {
      return checkTasks(await store.list());
    } finally {
      await store.close();
    }
  } catch (error) {
    return checkTasks(toFailoverError(error));
  }
}

/** Where content is copied to, as far as the settings say it. */
function contentFolders(loaded: LoadedSettings): string[] {
  const { content, pathMap } = loaded.settings;
  const drive = content?.destinationDrive;
  return [...(drive === undefined ? [] : [loaded.resolvePath(drive)]), ...Object.values(pathMap ?? {})];
}

function limitsOf({ settings }: LoadedSettings): ReadinessLimits {
  const given = settings.readiness ?? {};
  const scaled = (value: number | undefined, unit: number, otherwise: number): number =>
    value === undefined ? otherwise : value * unit;
  return {
    backupAgeMs: scaled(given.backupAgeHours, 3_600_000, defaultLimits.backupAgeMs),
    restoreAgeMs: scaled(given.restoreAgeHours, 3_600_000, defaultLimits.restoreAgeMs),
    contentAgeMs: scaled(given.contentAgeHours, 3_600_000, defaultLimits.contentAgeMs),
    heartbeatAgeMs: scaled(given.heartbeatMinutes, 60_000, defaultLimits.heartbeatAgeMs),
    clockSkewMs: scaled(given.clockSkewSeconds, 1000, defaultLimits.clockSkewMs),
    ttl: given.ttlSeconds ?? defaultLimits.ttl,
    freePercent: given.freePercent ?? defaultLimits.freePercent,
  };
}
