import { type Finding, finding } from '../../model/finding.ts';
import { nameKey } from '../../model/site.ts';
import type { Configuration } from '../configuration.ts';
import type { ServerFeatures, SiteBackup } from '../types.ts';
import { serverKeys } from './server.ts';

const known = new WeakMap<Configuration, ServerFeatures>();

/** What a server has for all of its sites, whose web.config files may rely on it. Read once for each configuration. */
export function serverFeatures(configuration: Configuration): ServerFeatures {
  const before = known.get(configuration);
  if (before !== undefined) return before;
  const features = {
    globalModules: serverKeys(configuration, 'system.webServer/globalModules', 'name'),
    handlers: serverKeys(configuration, 'system.webServer/handlers', 'name'),
    webFarms: serverKeys(configuration, 'webFarms', 'name', 'webFarm'),
  };
  known.set(configuration, features);
  return features;
}

/** Reports once what the primaries have for all sites and this server lacks. */
export function compareFeatures(configuration: Configuration, backups: readonly SiteBackup[]): Finding[] {
  const own = serverFeatures(configuration);
  const lacking = (kind: keyof ServerFeatures): string => {
    const has = new Set(own[kind].map(nameKey));
    const names = new Set(backups.flatMap(({ features }) => features?.[kind] ?? []));
    return [...names].filter((name) => !has.has(nameKey(name))).join(', ');
  };
  const modules = lacking('globalModules');
  const handlers = lacking('handlers');
  const source = [...new Set(backups.map((backup) => backup.source))].join(', ');
  return [
    ...(modules === ''
      ? []
      : [finding('ModuleMissing.global', '', 'system.webServer/globalModules', { source, modules })]),
    ...(handlers === ''
      ? []
      : [finding('HandlerMissing', '', 'system.webServer/handlers', { source, handlers })]),
  ];
}
