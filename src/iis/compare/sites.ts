import type { Finding, Severity } from '../../model/finding.ts';
import { nameKey } from '../../model/site.ts';
import { migrateBackups } from '../../iis6/migrate/index.ts';
import { builtInDefaults } from '../built-in-defaults.ts';
import type { Configuration } from '../configuration.ts';
import { desiredFragment, desiredSite, type DesiredContext } from '../desired.ts';
import { locationLabel, poolLabel } from '../element-path.ts';
import { parseXml } from '../gate.ts';
import { planLocations } from '../location-changes.ts';
import { meaning } from '../meaning.ts';
import { serverDefaultPool } from '../read.ts';
import type { XmlElement } from '../scan.ts';
import { providerFingerprints } from '../secrets.ts';
import type { RestoreOptions, SiteBackup } from '../types.ts';
import { compareElements, type Report } from './elements.ts';
import { type ComparedNode, inheritance, type Located, locate, mask, startTag } from './node.ts';
import type { Difference } from './types.ts';

/** What one site has otherwise. */
export interface SiteComparison {
  readonly site: string;
  readonly differences: readonly Difference[];
}

/**
 * What is otherwise on the target than in each backup, once its paths and addresses are mapped: the site, the pools it
 * runs in, its location blocks. Defaults count as if they stood in the site, so a value that one server has in the
 * site and the other in its siteDefaults is the same. Ids differ between servers and do not count, nor do secrets that
 * only the primary can read. Backups of IIS 6 are translated first.
 * @throws FailoverError BackupInvalid
 */
export function* compareSites(
  configuration: Configuration,
  backups: readonly SiteBackup[],
  options: RestoreOptions = {},
): Generator<SiteComparison> {
  const migration = migrateBackups(backups, configuration, options);
  const providers = providerFingerprints(configuration);
  const ownDefaults = configuration.defaults.map((element) => locate(configuration.document, element));
  const own: Defaults = { primary: ownDefaults, own: ownDefaults, alike: true };
  const known = new Map<string, Defaults>(); // those of one primary are the same in all of its backups
  for (const backup of migration.backups) {
    const key = backup.defaults.map(({ xml }) => xml).join('\n');
    // IIS 6 has no defaults of this kind: a site that comes from it takes this server's.
    const defaults = migration.findings.has(backup.name)
      ? own
      : (known.get(key) ?? defaultsOf(backup, ownDefaults));
    if (defaults !== own) known.set(key, defaults);
    yield new Comparison(configuration, backup, options, providers, defaults);
  }
}

function defaultsOf(backup: SiteBackup, own: readonly Located[]): Defaults {
  const primary = backup.defaults.map(({ xml }) => parsedFragment(backup.name, xml));
  const meanings = (elements: readonly Located[]): string => elements.map(meaningOf).sort().join('');
  return { primary, own, alike: meanings(primary) === meanings(own) };
}

class Comparison implements SiteComparison {
  readonly site: string;
  readonly differences: Difference[] = [];
  readonly #configuration: Configuration;
  readonly #backup: SiteBackup;
  readonly #options: RestoreOptions;
  readonly #providers: ReadonlyMap<string, string>;

  constructor(
    configuration: Configuration,
    backup: SiteBackup,
    options: RestoreOptions,
    providers: ReadonlyMap<string, string>,
    defaults: Defaults,
  ) {
    this.site = backup.name;
    this.#configuration = configuration;
    this.#backup = backup;
    this.#options = options;
    this.#providers = providers;
    if (!this.#compareSite(defaults)) return;
    this.#comparePools(defaults);
    this.#compareLocations();
  }

  /** False where the site is not there. */
  #compareSite(defaults: Defaults): boolean {
    const site = this.#configuration.sites.get(nameKey(this.site));
    const pool = serverDefaultPool(this.#configuration);
    const id = site?.id ?? this.#backup.id;
    const desired = desiredSite(this.#context(site?.element, 'site'), id, pool);
    const [theirs, ours] = [this.#parsed(desired.xml), this.#located(site?.element)];
    if (ours === undefined) this.#report('site', startTag(theirs), undefined);
    else {
      if (!defaults.alike || !same(theirs, ours)) {
        const [one, other] = [siteNode(theirs, defaults.primary), siteNode(ours, defaults.own)];
        compareElements('site', one, other, this.#report, ['name', 'id']);
      }
      this.#reportLost(desired.findings);
    }
    return ours !== undefined;
  }

  #comparePools(defaults: Defaults): void {
    for (const pool of this.#backup.applicationPools) {
      const element = this.#configuration.pools.get(nameKey(pool.name));
      const label = poolLabel(pool.name);
      const desired = desiredFragment(pool.xml, this.#context(element, label));
      const [theirs, ours] = [this.#parsed(desired.xml), this.#located(element)];
      if (ours === undefined) this.#report(label, startTag(theirs), undefined);
      else {
        if (!defaults.alike || !same(theirs, ours)) {
          const [one, other] = [poolNode(theirs, defaults.primary), poolNode(ours, defaults.own)];
          compareElements(label, one, other, this.#report, ['name']);
        }
        this.#reportLost(desired.findings);
      }
    }
  }

  #compareLocations(): void {
    const numbers = new Map<string, number>();
    const labelOf = (path: string): string => {
      const number = (numbers.get(nameKey(path)) ?? 0) + 1;
      numbers.set(nameKey(path), number);
      return number === 1 ? locationLabel(path) : `${locationLabel(path)}[${number}]`;
    };
    const blocks = planLocations(this.#configuration, this.#backup, this.#options, this.#providers);
    for (const { name, xml, existing } of blocks.desired) {
      const [theirs, ours, label] = [this.#parsed(xml), this.#located(existing), labelOf(name)];
      if (ours === undefined) this.#report(label, startTag(theirs), undefined);
      else if (!same(theirs, ours))
        compareElements(label, plainNode(theirs), plainNode(ours), this.#report, ['path']);
    }
    for (const change of blocks.changes) {
      const surplus = change.action === 'remove' ? this.#located(change.existing) : undefined;
      if (surplus !== undefined) this.#report(labelOf(change.name), undefined, startTag(surplus));
    }
    this.#reportLost(blocks.findings);
  }

  /** A secret that the primary has, and for which there is neither its value nor one of this server. */
  #reportLost(findings: readonly Finding[]): void {
    for (const { id, location } of findings)
      if (id === 'SecretNotCarried' && !this.differences.some(({ path }) => path === location))
        this.#report(location, mask, undefined);
  }

  readonly #report: Report = (path, primary, failover) => {
    const kind = primary === undefined ? 'Added' : failover === undefined ? 'Removed' : 'Changed';
    this.differences.push({ site: this.site, path, kind, primary, failover, severity: severityOf(path) });
  };

  #context(element: XmlElement | undefined, label: string): DesiredContext {
    return {
      backup: this.#backup,
      options: this.#options,
      providers: this.#providers,
      existing: element && { document: this.#configuration.document, element },
      label,
    };
  }

  #parsed(xml: string): Located {
    return parsedFragment(this.site, xml);
  }

  #located(element: XmlElement | undefined): Located | undefined {
    return element && locate(this.#configuration.document, element);
  }
}

function parsedFragment(site: string, xml: string): Located {
  const document = parseXml(xml, `The backup of ${site}`, 'BackupInvalid');
  return locate(document, document.root);
}

interface Defaults {
  readonly primary: readonly Located[];
  readonly own: readonly Located[];
  /** Then elements that mean the same have the same effect. */
  readonly alike: boolean;
}

function meaningOf({ document, element }: Located): string {
  return meaning(document, element);
}

function same(one: Located, other: Located): boolean {
  return meaningOf(one) === meaningOf(other);
}

const builtIn = [...builtInDefaults.values()].map((document) => locate(document, document.root));

function siteNode(own: Located, defaults: readonly Located[]): ComparedNode {
  const named = (name: string): Located[] =>
    [...defaults, ...builtIn].filter(({ element }) => element.name === name);
  const server = {
    application: named('applicationDefaults'),
    virtualDirectory: named('virtualDirectoryDefaults'),
  };
  return { sources: [own, ...named('siteDefaults')], inherited: inheritance([own], server) };
}

function poolNode(own: Located, defaults: readonly Located[]): ComparedNode {
  const pools = [...defaults, ...builtIn].filter(({ element }) => element.name === 'applicationPoolDefaults');
  return { sources: [own, ...pools], inherited: {} };
}

function plainNode(own: Located): ComparedNode {
  return { sources: [own], inherited: {} };
}

/** What visitors notice at once: where the site answers, what it serves, which pool it runs in. */
const decisive = [
  /^site$/,
  /^site\/bindings\b/,
  /\/@(physicalPath|applicationPool)$/,
  /\/(application|virtualDirectory)\[path=[^\]]*\]$/,
  /^applicationPools\/add\[name=[^\]]*\]$/,
];

function severityOf(path: string): Severity {
  return decisive.some((pattern) => pattern.test(path)) ? 'error' : 'warning';
}
