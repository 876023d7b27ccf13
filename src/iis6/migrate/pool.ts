import type { Configuration } from '../../iis/configuration.ts';
import { nameKey } from '../../model/site.ts';
import { poolKey } from '../location.ts';
import { ConfigElement } from './element.ts';
import { migratedPool } from './site.ts';
import type { MigrationSource } from './source.ts';
import { choice, type Convert, flag, flagsOf, flagWords, minutes, seconds, text, whole } from './values.ts';

const identities = choice({
  '0': 'LocalSystem',
  '1': 'LocalService',
  '2': 'NetworkService',
  '3': 'SpecificUser',
});
const recycleEvents: Convert = (value) =>
  flagWords(flagsOf(value, {}), {
    AppPoolRecycleTime: 'Time',
    AppPoolRecycleRequests: 'Requests',
    AppPoolRecycleSchedule: 'Schedule',
    AppPoolRecycleMemory: 'Memory',
    AppPoolRecycleIsapiUnhealthy: 'IsapiUnhealthy',
    AppPoolRecycleOnDemand: 'OnDemand',
    AppPoolRecycleConfigChange: 'ConfigChange',
    AppPoolRecyclePrivateMemory: 'PrivateMemory',
  }).join(', ') || undefined;

/**
 * | property of a pool, or of AppPools above it | attribute of IIS 7 | its default in IIS 7's schema |
 * https://learn.microsoft.com/iis/configuration/system.applicationhost/applicationpools/add/
 */
const properties: readonly (readonly [name: string, path: string, convert: Convert, byDefault: string])[] = [
  ['AppPoolQueueLength', '@queueLength', whole(10, 65_535), '1000'],
  ['AppPoolAutoStart', '@autoStart', flag, 'true'],
  ['Enable32BitAppOnWin64', '@enable32BitAppOnWin64', flag, 'false'],
  ['IdleTimeout', 'processModel/@idleTimeout', minutes(0, 43_200), '00:20:00'],
  ['MaxProcesses', 'processModel/@maxProcesses', whole(), '1'],
  ['ShutdownTimeLimit', 'processModel/@shutdownTimeLimit', seconds(1, 4_294_967), '00:01:30'],
  ['StartupTimeLimit', 'processModel/@startupTimeLimit', seconds(1, 4_294_967), '00:01:30'],
  ['PingingEnabled', 'processModel/@pingingEnabled', flag, 'true'],
  ['PingInterval', 'processModel/@pingInterval', seconds(1, 4_294_967), '00:00:30'],
  ['PingResponseTime', 'processModel/@pingResponseTime', seconds(1, 4_294_967), '00:01:30'],
  ['DisallowOverlappingRotation', 'recycling/@disallowOverlappingRotation', flag, 'false'],
  ['DisallowRotationOnConfigChange', 'recycling/@disallowRotationOnConfigChange', flag, 'false'],
  ['LogEventOnRecycle', 'recycling/@logEventOnRecycle', recycleEvents, 'Time, Memory, PrivateMemory'],
  ['PeriodicRestartMemory', 'recycling/periodicRestart/@memory', whole(0, 0xffff_ffff), '0'],
  ['PeriodicRestartPrivateMemory', 'recycling/periodicRestart/@privateMemory', whole(0, 0xffff_ffff), '0'],
  ['PeriodicRestartRequests', 'recycling/periodicRestart/@requests', whole(0, 0xffff_ffff), '0'],
  ['PeriodicRestartTime', 'recycling/periodicRestart/@time', minutes(0, 432_000), '1.05:00:00'],
  [
    'LoadBalancerCapabilities',
    'failure/@loadBalancerCapabilities',
    choice({ '1': 'TcpLevel', '2': 'HttpLevel' }),
    'HttpLevel',
  ],
  ['OrphanWorkerProcess', 'failure/@orphanWorkerProcess', flag, 'false'],
  ['OrphanActionExe', 'failure/@orphanActionExe', text, ''],
  ['OrphanActionParams', 'failure/@orphanActionParams', text, ''],
  ['RapidFailProtection', 'failure/@rapidFailProtection', flag, 'true'],
  ['RapidFailProtectionInterval', 'failure/@rapidFailProtectionInterval', minutes(1, 144_000), '00:05:00'],
  ['RapidFailProtectionMaxCrashes', 'failure/@rapidFailProtectionMaxCrashes', whole(1), '5'],
  ['AutoShutdownAppPoolExe', 'failure/@autoShutdownExe', text, ''],
  ['AutoShutdownAppPoolParams', 'failure/@autoShutdownParams', text, ''],
  ['CPULimit', 'cpu/@limit', whole(0, 100_000), '0'],
  ['CPUAction', 'cpu/@action', choice({ '0': 'NoAction', '1': 'KillW3wp' }), 'NoAction'],
  ['CPUResetInterval', 'cpu/@resetInterval', minutes(0, 1440), '00:05:00'],
  ['SMPAffinitized', 'cpu/@smpAffinitized', flag, 'false'],
  ['SMPProcessorAffinityMask', 'cpu/@smpProcessorAffinityMask', whole(0, 0xffff_ffff), '4294967295'],
];

/**
 * The `<add>` element of a pool of IIS 6: Classic, for that is how IIS 6 runs requests. What is the default of IIS 7
 * is left out, unless the target's applicationPoolDefaults say otherwise.
 */
export function migratePool(
  source: MigrationSource,
  name: string,
  managedRuntimeVersion: string,
  target: Configuration,
): ConfigElement | undefined {
  const node = source.node(poolKey(name));
  if (node === undefined) return undefined;
  const pool = new ConfigElement('add', {
    name: migratedPool(name),
    managedRuntimeVersion,
    managedPipelineMode: 'Classic',
  });
  const identity = identities(source.effective(node, 'AppPoolIdentityType') ?? '2') ?? 'NetworkService';
  pool.setAt('processModel/@identityType', identity);
  if (identity === 'SpecificUser')
    pool
      .at('processModel')
      .set('userName', source.effective(node, 'WAMUserName'))
      .set('password', source.text(node, 'WAMUserPass'));
  const setByTarget = poolDefaults(target);
  for (const [property, path, convert, byDefault] of properties) {
    const value = source.effective(node, property);
    if (value === undefined) continue;
    const converted = convert(value);
    if (converted === undefined) source.reportValue(node, property, value);
    else if (converted !== byDefault || setByTarget.has(path)) pool.setAt(path, converted);
  }
  for (const time of source.own(node, 'PeriodicRestartSchedule') ?? [])
    if (/^([01]?\d|2[0-3]):[0-5]\d$/.test(time))
      pool
        .at('recycling/periodicRestart/schedule')
        .add(new ConfigElement('add', { value: `${time.padStart(5, '0')}:00` }));
    else source.reportValue(node, 'PeriodicRestartSchedule', time);
  return pool;
}

/** Paths of the attributes that the target's applicationPoolDefaults set. */
function poolDefaults({ document, defaults }: Configuration): Set<string> {
  const root = defaults.find(({ name }) => name === 'applicationPoolDefaults');
  const paths = new Set<string>();
  if (root === undefined) return paths;
  const pending = [{ element: root, path: '' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { name } of document.attributes(next.element)) paths.add(`${next.path}@${name}`);
    for (const child of document.children(next.element))
      pending.push({ element: child, path: `${next.path}${child.name}/` });
  }
  return paths;
}

/** Newest first; IIS 6 maps files to a version of ASP.NET by the path of its aspnet_isapi.dll. */
const runtimes: readonly (readonly [path: RegExp, version: string])[] = [
  [/\\v4\.0[^\\]*\\aspnet_isapi\.dll/i, 'v4.0'],
  [/\\v2\.0[^\\]*\\aspnet_isapi\.dll/i, 'v2.0'],
  [/\\v1\.1[^\\]*\\aspnet_isapi\.dll/i, 'v1.1'],
  [/\\v1\.0[^\\]*\\aspnet_isapi\.dll/i, 'v1.0'],
];

/**
 * The version of ASP.NET that each pool has to run, by nameKey: the newest that an application in it uses, '' for none.
 * Applications of all sites count, so that the pool of two sites is one and the same.
 */
export function poolRuntimes(
  sources: readonly MigrationSource[],
  applications: (source: MigrationSource) => readonly { pool: string; scriptMaps: string }[],
): Map<string, string> {
  const order = ['', ...runtimes.map(([, version]) => version).reverse()];
  const found = new Map<string, string>();
  for (const source of sources)
    for (const { pool, scriptMaps } of applications(source)) {
      const version = runtimes.find(([path]) => path.test(scriptMaps))?.[1] ?? '';
      const other = found.get(nameKey(pool));
      if (other !== undefined && other !== '' && version !== '' && other !== version)
        source.report('RuntimesMixed', `/LM/W3SVC/AppPools/${pool}`, { pool, other, version });
      if (other === undefined || order.indexOf(version) > order.indexOf(other))
        found.set(nameKey(pool), version);
    }
  return found;
}
