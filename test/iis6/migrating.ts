import assert from 'node:assert/strict';
import {
  type Configuration,
  planRestore,
  type RestoreOptions,
  type SiteBackup,
} from '../../src/iis/index.ts';
import { parse as parseIis7 } from '../iis/samples.ts';

export const aspNet = (version: string): string =>
  `.aspx,C:\\WINDOWS\\Microsoft.NET\\Framework\\${version}\\aspnet_isapi.dll,1,GET,POST`;

/** The target's text after all sites were restored; checks that a second restore has nothing to do. */
export function text(target: Configuration, of: readonly SiteBackup[], options?: RestoreOptions): string {
  const plan = planRestore(target, of, options);
  const names = plan.sites.map(({ name }) => name);
  const written = plan.text(names);
  const again = planRestore(parseIis7(written), of, options);
  assert.deepEqual(
    again.sites.map(({ changes }) => changes),
    names.map(() => []),
  );
  assert.equal(again.text(names), written);
  return written;
}

export const findings = (target: Configuration, of: readonly SiteBackup[]): string =>
  planRestore(target, of)
    .sites.flatMap((site) => site.findings)
    .map(({ id, site, location, message }) => `${id} ${site} ${location}: ${message}`)
    .join('\n');
