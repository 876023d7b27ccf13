import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/edge/clock.ts';
import { openLog } from '../../src/edge/run-log.ts';
import { runPwsh } from '../support/pwsh.ts';
import { temporaryFolder } from '../support/tree.ts';

const manifest = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));
const settings = {
  servers: [
    { name: 'PRIMARY', role: 'primary', addresses: ['10.1.1.1'] },
    { name: 'FAILOVER', role: 'failover', addresses: ['10.1.1.2'] },
  ],
  sites: [{ name: 'site1.com', hostNames: ['site1.com'] }],
};

describe('the history of a server', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const lines = async (script: string): Promise<string[]> => {
    const { stdout, stderr } = await runPwsh(`Import-Module '${manifest}'; ${script}`, {
      cwd: folder.path,
    });
    assert.equal(stderr, '');
    return stdout.split(/\r?\n/).filter((line) => line !== '');
  };

  beforeEach(async () => {
    await writeFile(join(folder.path, 'failover.json'), JSON.stringify(settings));
    const log = await openLog(
      join(folder.path, 'state'),
      'sitemonitor.log',
      'Invoke-FailoverMonitor',
      systemClock,
      () => undefined,
    );
    await log.write('round', 'site1.com: all is well', { Name: 'site1.com', Action: 'None' });
    await log.write('switch', 'site1.com moved', { site: 'site1.com', records: ['A 10.1.1.2'] });
    await log.write('error', 'site2.com: no answer', { site: 'site2.com', errorId: 'DnsTimeout' });
  });

  it('is shown by site, time and number, without the rounds in which nothing happened', async () => {
    const show = (rest: string): Promise<string[]> =>
      lines(
        `Get-FailoverEvent -SettingsPath failover.json ${rest} | ForEach-Object { "$($_.Name) $($_.Event)" }`,
      );
    assert.deepEqual(await show(''), ['site1.com switch', 'site2.com error']);
    assert.deepEqual(await show('-All'), ['site1.com round', 'site1.com switch', 'site2.com error']);
    assert.deepEqual(await show('SITE1*'), ['site1.com switch']);
    assert.deepEqual(await show('-Newest 1'), ['site2.com error']);
    assert.deepEqual(await show('-After ([datetime]::Now.AddHours(1))'), []);
    const detail = '(Get-FailoverEvent site1.com -SettingsPath failover.json).Detail.records';
    assert.deepEqual(await lines(detail), ['A 10.1.1.2']);
  });

  it('is found intact, and not after a line was changed', async () => {
    const test = (): Promise<string[]> =>
      lines(
        'Test-FailoverLog -SettingsPath failover.json | ForEach-Object { "$($_.IsIntact) $($_.LineCount) $($_.Problem)" }',
      );
    assert.deepEqual(await test(), ['True 3 ']);
    const path = join(folder.path, 'state', 'sitemonitor.log');
    await writeFile(path, (await readFile(path, 'utf8')).replace('10.1.1.2', '10.6.6.6'));
    assert.deepEqual(await test(), [
      'False 3 line 3: the line before it of the same run was changed or is missing',
    ]);
  });
});
