import assert from 'node:assert/strict';
import type { RestoreOptions, SiteBackup } from '../../src/iis/index.ts';
import type { Metabase } from '../../src/iis6/metabase.ts';
import { planMetabaseRestore } from '../../src/iis6/restore-plan.ts';
import { parse } from './samples.ts';

export function changes(
  target: Metabase,
  backups: readonly SiteBackup[],
  options?: RestoreOptions,
): string[] {
  return planMetabaseRestore(target, backups, options).sites.flatMap((site) =>
    site.changes.map(({ action, element, name }) => `${action} ${element} ${name}`),
  );
}

export function findings(
  target: Metabase,
  backups: readonly SiteBackup[],
  options?: RestoreOptions,
): string[] {
  const plan = planMetabaseRestore(target, backups, options);
  return [...plan.findings, ...plan.sites.flatMap((site) => site.findings)].map(
    ({ id, location, message }) => `${id} ${location}: ${message}`,
  );
}

/** The target's text after all sites were restored; checks that a second restore has nothing to do. */
export function restored(target: Metabase, backups: readonly SiteBackup[], options?: RestoreOptions): string {
  const names = backups.map(({ name }) => name);
  const text = planMetabaseRestore(target, backups, options).text(names);
  assert.deepEqual(changes(parse(text), backups, options), []);
  assert.equal(planMetabaseRestore(parse(text), backups, options).text(names), text);
  return text;
}
