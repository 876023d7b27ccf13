import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfPresent, replaceFile, sha256, writeError } from '../edge/files.ts';
import { failure } from '../model/failover-error.ts';
import type { Plan } from '../model/plan.ts';
import type { StarterSite } from '../settings/starter.ts';
import { change } from './definition.ts';
import { output } from './output.ts';
import { nameParameter } from './support/name-parameter.ts';
import { starterFor } from './support/starter.ts';

interface SettingPlan extends Plan {
  readonly path: string;
  readonly text: string;
  readonly sites: readonly StarterSite[];
  /** Hash of the file that is replaced; null where there is none. */
  readonly expected: string | null;
}

export const newFailoverSetting = change({
  kind: 'change',
  verb: 'New',
  noun: 'FailoverSetting',
  synopsis: 'Writes a first settings file from an IIS configuration.',
  description: [
    "Reads the sites and their host names from the primary's applicationHost.config and writes a commented " +
      'failover.json for them, to -SettingsPath. Sites whose bindings name no host are left out with a warning.',
    'The file holds no secrets: it refers to files that hold them.',
  ],
  parameters: {
    Name: nameParameter('Sites with a failover service.', 'All sites of the configuration.'),
    ConfigurationFile: {
      type: 'path',
      help: "The primary's applicationHost.config, or the MetaBase.xml of IIS 6.",
      defaultText: 'The file in force on this server.',
    },
    PrimaryAddress: {
      type: 'string[]',
      mandatory: true,
      help: 'Public IPv4 and IPv6 addresses of the primary.',
    },
    FailoverAddress: { type: 'string[]', mandatory: true, help: 'The same of the failover server.' },
    PrimaryName: { type: 'string', help: 'Host name of the primary.', defaultText: 'PRIMARY' },
    FailoverName: { type: 'string', help: 'Host name of the failover server.', defaultText: 'FAILOVER' },
    DnsServer: {
      type: 'string[]',
      mandatory: true,
      help: 'Addresses of the DNS servers of the zones; the first takes the updates.',
    },
    BackupFolder: {
      type: 'string',
      help: 'Where backups are kept.',
      defaultText: '\\\\FAILOVER\\failover$ with the name of the failover server.',
    },
    Force: { type: 'switch', help: 'Replaces a settings file that exists.' },
  },
  output: output(
    'IisFailover.Setting',
    {
      Path: { type: 'string', help: 'The file.' },
      Site: { type: 'string[]', help: 'The sites in it.' },
      HostName: { type: 'string[]', help: 'Their host names.' },
    },
    [{ property: 'Path' }, { property: 'Site' }],
  ),
  confirmImpact: 'Low',
  examples: [
    {
      title: "The whitepaper's servers",
      code:
        'New-FailoverSetting site1.com, site2.com -ConfigurationFile .\\applicationHost.config ' +
        '-PrimaryAddress 10.1.1.1 -FailoverAddress 10.1.1.2 -DnsServer 10.1.1.3 -SettingsPath .\\new.json',
      explanation: 'Writes new.json for two sites of the configuration.',
    },
  ],
  related: ['Test-FailoverSetting'],

  async plan(parameters, context): Promise<SettingPlan> {
    const { path } = context.settingsFile;
    const existing = await readIfPresent(path);
    if (existing !== undefined && parameters.Force !== true)
      throw failure('SettingsExist', { path }, { target: path });
    const { text, sites } = await starterFor(parameters, context);
    const expected = existing === undefined ? null : sha256(existing);
    const action = `Write settings for ${sites.map((site) => site.name).join(', ')}`;
    return { steps: [{ id: path, target: path, action }], path, text, sites, expected };
  },

  async *apply(approved, plan) {
    if (approved.length === 0) return;
    await mkdir(dirname(plan.path), { recursive: true }).catch((error: unknown) => {
      throw writeError(error, plan.path);
    });
    await replaceFile(plan.path, plan.text, { expected: plan.expected, mode: 0o640 });
    yield {
      Path: plan.path,
      Site: plan.sites.map((site) => site.name),
      HostName: plan.sites.flatMap((site) => site.hostNames),
    };
  },
});
