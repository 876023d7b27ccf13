import assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { moduleErrors, runModule } from '../support/module.ts';
import { temporaryFolder } from '../support/tree.ts';

const settings = {
  servers: [
    { name: 'PRIMARY', role: 'primary', addresses: ['10.1.1.1'] },
    { name: 'FAILOVER', role: 'failover', addresses: ['10.1.1.2'] },
  ],
  sites: [
    { name: 'site1.com', hostNames: ['site1.com'] },
    { name: 'site2.com', hostNames: ['site2.com'] },
    { name: 'shop', hostNames: ['shop.example.net'] },
  ],
};

describe('Suspend-FailoverSite and Resume-FailoverSite', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const cmdlet = async (command: string) => {
    const { objects, stderr } = await runModule(command, { cwd: folder.path });
    assert.equal(stderr, '');
    return objects;
  };
  const suspended = async (): Promise<string[]> =>
    (await cmdlet('Get-FailoverSite -SettingsPath failover.json'))
      .filter(({ SuspendedUntil }) => SuspendedUntil !== '')
      .map(({ Name, SuspendedReason }) => `${Name} ${SuspendedReason}`);

  beforeEach(() => writeFile(join(folder.path, 'failover.json'), JSON.stringify(settings)));

  it('suspends by wildcard and resumes by pipeline, and logs both', async () => {
    const made = await cmdlet(
      "Suspend-FailoverSite site* -For 1:00 -Reason 'updates' -SettingsPath failover.json",
    );
    assert.deepEqual(
      made.map(({ Name, Suspended, Reason }) => `${Name} ${Suspended} ${Reason}`),
      ['site1.com True updates', 'site2.com True updates'],
    );
    assert.deepEqual(await suspended(), ['site1.com updates', 'site2.com updates']);
    const resumed = await cmdlet("'site1.com', 'shop' | Resume-FailoverSite -SettingsPath failover.json");
    assert.deepEqual(
      resumed.map(({ Name, Suspended }) => `${Name} ${Suspended}`),
      ['site1.com False'],
    );
    assert.deepEqual(await suspended(), ['site2.com updates']);
    const log = await readFile(join(folder.path, 'state', 'sitemonitor.log'), 'utf8');
    assert.deepEqual(
      log
        .trim()
        .split('\n')
        .map((line) => {
          const { command, event, site } = JSON.parse(line) as Record<string, string>;
          return `${command} ${event} ${site}`;
        }),
      [
        'Suspend-FailoverSite suspend site1.com',
        'Suspend-FailoverSite suspend site2.com',
        'Resume-FailoverSite resume site1.com',
      ],
    );
  });

  it('says what it would do under -WhatIf and leaves no trace', async () => {
    const { stdout } = await runModule(
      "Suspend-FailoverSite shop -Until '2100-01-02T03:04:05Z' -WhatIf -SettingsPath failover.json",
      { cwd: folder.path },
    );
    assert.match(stdout, /What if: .*"Suspend failover until 2100-01-02T03:04:05\.000Z" on target "shop"/);
    await assert.rejects(access(join(folder.path, 'state')), { code: 'ENOENT' });
  });

  for (const [what, parameters] of [
    ['neither end', ''],
    ['both ends', "-For 1:00 -Until '2100-01-01'"],
    ['an end in the past', "-Until '2020-01-01'"],
    ['no length', '-For 0:00'],
  ])
    it(`refuses a window with ${what}`, async () => {
      const errors = await moduleErrors(
        `Suspend-FailoverSite shop ${parameters} -SettingsPath '${join(folder.path, 'failover.json')}'`,
      );
      assert.deepEqual(
        errors.map(({ id, category }) => `${id} ${category}`),
        ['ParameterInvalid InvalidArgument'],
      );
    });
});
