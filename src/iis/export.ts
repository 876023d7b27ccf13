import { Secret } from '../model/secret.ts';
import { nameKey } from '../model/site.ts';
import { type Configuration, findSite } from './configuration.ts';
import type { MachineKeys } from './machine-keys.ts';
import { contentRoots, poolNames, readSite } from './read.ts';
import { serverFeatures } from './preflight/features.ts';
import type { XmlDocument, XmlElement } from './scan.ts';
import { locationLabel, poolLabel } from './element-path.ts';
import { secretPlace } from './secret-place.ts';
import { findSecrets, placeholderFor, providerFingerprints } from './secrets.ts';
import { type Edit, splice } from './splice.ts';
import type { CarriedSecret, NamedFragment, SiteBackup } from './types.ts';

export interface ExportOptions {
  /** The name of the server. */
  readonly source: string;
  readonly created: Date;
  /** Those of the server, where they could be read. */
  readonly machineKeys?: MachineKeys | undefined;
}

/**
 * Takes a site out of a configuration: its element, the pools it runs in, its location blocks and the defaults it
 * relies on, with its secrets apart. Names are found without regard to case.
 * @throws FailoverError SiteNotFound
 */
export function exportSite(configuration: Configuration, name: string, options: ExportOptions): SiteBackup {
  const { document, pools, locations } = configuration;
  const { element } = findSite(configuration, name);
  const site = readSite(configuration, name);
  const secrets: CarriedSecret[] = [];
  const take = fragmentTaker(configuration, secrets);
  const backup: SiteBackup = {
    name: site.name,
    id: site.id,
    source: options.source,
    configurationFile: configuration.path,
    created: options.created.toISOString(),
    contentRoots: contentRoots(site),
    site: take(element, 'site'),
    applicationPools: poolNames(site).flatMap((pool): NamedFragment[] => {
      const found = pools.get(nameKey(pool)); // a site may name a pool that does not exist: restore reports it
      if (found === undefined) return [];
      const poolName = document.attribute(found, 'name') ?? pool;
      return [{ name: poolName, xml: take(found, poolLabel(poolName)) }];
    }),
    locations: (locations.get(nameKey(site.name)) ?? []).map((block) => {
      const path = document.attribute(block, 'path') ?? '';
      return { name: path, xml: take(block, locationLabel(path)) };
    }),
    defaults: configuration.defaults.map((found) => ({ name: found.name, xml: take(found, found.name) })),
    secrets,
    ...(options.machineKeys && { machineKeys: options.machineKeys }),
    features: serverFeatures(configuration),
  };
  // Who exports ten thousand sites does not come back to the first.
  for (const block of [element, ...(locations.get(nameKey(site.name)) ?? [])]) document.forget(block);
  return backup;
}

/** Copies elements as they are, with numbered placeholders for the secrets it adds to `secrets`. */
function fragmentTaker(configuration: Configuration, secrets: CarriedSecret[]) {
  const { document } = configuration;
  const fingerprints = providerFingerprints(configuration);
  return (element: XmlElement, label: string): string => {
    const edits = findSecrets(document, element, label).map((found): Edit => {
      const { attribute, path, provider, kind, encryptable } = found;
      const number = secrets.length + 1;
      secrets.push({
        number,
        path,
        value: new Secret(attribute.value),
        kind,
        ...(encryptable && { encryptable }),
        ...accountOf(document, found.element),
        ...(provider && {
          provider: { name: provider, fingerprint: fingerprints.get(provider) ?? '' },
          place: secretPlace(document, found.element, attribute.name),
        }),
      });
      return {
        start: attribute.valueStart - element.start,
        end: attribute.valueEnd - element.start,
        text: placeholderFor(number),
      };
    });
    return splice(document.slice(element), edits);
  };
}

function accountOf(document: XmlDocument, element: XmlElement): { account?: string } {
  const account = document.attribute(element, 'userName') ?? document.attribute(element, 'adUserName');
  return account ? { account } : {};
}
