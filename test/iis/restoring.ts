import assert from 'node:assert/strict';
import {
  type Configuration,
  planRestore,
  type RestoreOptions,
  type SiteBackup,
} from '../../src/iis/index.ts';
import { exportAll, parse, serverText, siteXml } from './samples.ts';

export const primaryText = serverText({
  pools: `
            <add name="pool1" autoStart="true" />`,
  sites: siteXml('site1.com', 1, { pool: 'pool1' }) + siteXml('site2.com', 2),
  locations: `
    <location path="site1.com">
        <system.webServer>
            <directoryBrowse enabled="true" />
        </system.webServer>
    </location>`,
});
export const primary = parse(primaryText);
export const backups = exportAll(primary);
export const site1 = backups[0] as SiteBackup;
export const site2 = backups[1] as SiteBackup;

export function changes(
  target: Configuration,
  of: readonly SiteBackup[],
  options?: RestoreOptions,
): string[] {
  return planRestore(target, of, options).sites.flatMap((site) =>
    site.changes.map(({ action, element, name }) => `${action} ${element} ${name}`),
  );
}

export function findings(
  target: Configuration,
  of: readonly SiteBackup[],
  options?: RestoreOptions,
): string[] {
  const plan = planRestore(target, of, options);
  return plan.sites.flatMap((site) =>
    site.findings.map(({ id, location, message }) => `${id} ${location}: ${message}`),
  );
}

/** The target's text after all sites were restored; checks that a second restore has nothing to do. */
export function restored(target: Configuration, of: readonly SiteBackup[], options?: RestoreOptions): string {
  const text = planRestore(target, of, options).text(of.map(({ name }) => name));
  assert.deepEqual(changes(parse(text), of, options), []);
  assert.equal(planRestore(parse(text), of, options).text(of.map(({ name }) => name)), text);
  return text;
}
