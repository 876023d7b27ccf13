import type { Finding } from '../model/finding.ts';
import { nameKey } from '../model/site.ts';
import type { Configuration } from './configuration.ts';
import { desiredFragment } from './desired.ts';
import { locationLabel } from './element-path.ts';
import type { XmlElement } from './scan.ts';
import { type ElementChange, elementChange } from './target-changes.ts';
import type { NamedFragment, RestoreOptions, SiteBackup } from './types.ts';

/** A location block as it should be, and the target's one that it replaces. */
export interface DesiredLocation extends NamedFragment {
  readonly existing: XmlElement | undefined;
}

/**
 * What makes the site's location blocks those of the backup: blocks of one path are matched in their order, the
 * target's surplus ones are removed, for they belong to this site alone.
 */
export function planLocations(
  configuration: Configuration,
  backup: SiteBackup,
  options: RestoreOptions,
  providers: ReadonlyMap<string, string>,
): { changes: ElementChange[]; findings: Finding[]; desired: DesiredLocation[] } {
  const { document } = configuration;
  const existing = new Map<string, XmlElement[]>();
  for (const block of configuration.locations.get(nameKey(backup.name)) ?? []) {
    const key = locationKey(document.attribute(block, 'path') ?? '');
    existing.set(key, [...(existing.get(key) ?? []), block]);
  }
  const changes: ElementChange[] = [];
  const findings: Finding[] = [];
  const written: DesiredLocation[] = [];
  for (const { name, xml } of backup.locations) {
    const block = existing.get(locationKey(name))?.shift();
    const desired = desiredFragment(xml, {
      backup,
      options,
      providers,
      existing: block && { document, element: block },
      label: locationLabel(name),
    });
    findings.push(...desired.findings);
    written.push({ name, xml: desired.xml, existing: block });
    changes.push(...elementChange(document, block, 'location', name, desired.xml));
  }
  for (const block of [...existing.values()].flat()) {
    const name = document.attribute(block, 'path') ?? '';
    changes.push({ action: 'remove', element: 'location', name, existing: block });
  }
  return { changes, findings, desired: written };
}

/** The form in which paths of location blocks are compared. */
export function locationKey(path: string): string {
  return nameKey(
    path
      .split('/')
      .filter((segment) => segment !== '')
      .join('/'),
  );
}
