import assert from 'node:assert/strict';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import { jobs, taskScript } from '../../src/tasks/jobs.ts';
import { runModule } from '../support/module.ts';
import { runPwsh } from '../support/pwsh.ts';

const modulePath = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));

describe('what a scheduled task runs', function () {
  this.timeout(60_000);
  let lab: Lab;
  before(async () => {
    lab = await startLab();
    await copyFile(lab.primary.configurationFile, join(lab.folder, 'applicationHost.config'));
    await runModule(
      'Backup-FailoverSite -SettingsPath failover.json -ConfigurationFile applicationHost.config | Out-Null',
      { cwd: lab.folder },
    );
  });
  after(() => lab?.stop());

  const run = (job: keyof typeof jobs, settingsPath: string) => {
    const task = { job, schedule: jobs[job].schedule, settingsPath, modulePath, userName: undefined };
    return runPwsh(taskScript(task));
  };

  it('ends with 0 where all went well', async () => {
    const { code, stderr } = await run('Restore', join(lab.folder, 'failover.json'));
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('ends with 1 where a site failed', async () => {
    await rm(join(lab.folder, 'backup', 'site2.com.xml'));
    const { code, stderr } = await run('Restore', join(lab.folder, 'failover.json'));
    assert.equal(code, 1);
    assert.match(stderr, /site2\.com/);
  });

  it('ends with 1 where nothing could be done', async () => {
    const { code } = await run('Monitor', '/no/such/failover.json');
    assert.equal(code, 1);
  });
});
