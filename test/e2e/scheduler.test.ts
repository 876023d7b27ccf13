import assert from 'node:assert/strict';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import {
  type LabSystemd,
  missingForSystemd,
  noPlaceForSystemd,
  startLabSystemd,
} from '../support/lab-systemd.ts';
import { runModule } from '../support/module.ts';
import { skipWhereMissing } from '../support/requirements.ts';

describe('a failover server with a real systemd', function () {
  this.timeout(180_000);
  let lab: Lab;
  let scheduler: LabSystemd;

  before(async function () {
    const unable = await noPlaceForSystemd();
    if (unable !== undefined) {
      console.log(`      skipped: ${unable}`);
      this.skip();
    }
    skipWhereMissing(this, await missingForSystemd());
    lab = await startLab();
    scheduler = await startLabSystemd();
    await copyFile(lab.primary.configurationFile, join(lab.folder, 'applicationHost.config'));
    await run(`Backup-FailoverSite -ConfigurationFile '${join(lab.folder, 'applicationHost.config')}'`);
  });
  after(async () => {
    await scheduler?.stop();
    await lab?.stop();
  });

  const run = async (command: string) => {
    const result = await runModule(command, {
      prefix: scheduler.on,
      env: { IISFAILOVER_SETTINGS: join(lab.folder, 'failover.json') },
    });
    assert.equal(result.stderr, '');
    return result.objects;
  };
  const tasks = (objects: Record<string, string>[]) =>
    objects.filter(({ Kind }) => Kind === 'Task').map(({ Action, Name }) => `${Action} ${Name}`);

  it('has the tasks of its role once it is set up, and no more the second time', async () => {
    assert.deepEqual(tasks(await run('Initialize-FailoverServer Failover')), [
      'Create Restore',
      'Create Copy',
    ]);
    const timers = await scheduler.systemctl('list-timers', '--all', '--plain', '--no-legend');
    assert.match(timers, /iisfailover-restore\.timer/);
    assert.match(timers, /iisfailover-copy\.timer/);
    assert.deepEqual(tasks(await run('Initialize-FailoverServer Failover')), ['None Restore', 'None Copy']);
  });

  it('restores and copies as a timer starts it, and shows how that went', async () => {
    for (const job of ['restore', 'copy']) await scheduler.systemctl('start', `iisfailover-${job}.service`);
    assert.match(await readFile(lab.failover.configurationFile, 'utf8'), /<site name="site2\.com"/);
    const page = join(lab.folder, 'failover/disk/C/inetpub/hostedsites/site2/default.htm');
    assert.equal(await readFile(page, 'utf8'), 'This is site2\r\n');
    const shown = await run('Get-FailoverTask');
    assert.deepEqual(
      shown.map(({ Task, Enabled, LastResult }) => [Task, Enabled, LastResult]),
      [
        ['Restore', 'True', '0'],
        ['Copy', 'True', '0'],
      ],
    );
    assert.ok(shown.every(({ LastRun, NextRun }) => LastRun !== '' && NextRun !== ''));
  });

  it('gets other times, and loses a task', async () => {
    await run("Register-FailoverTask Copy -Every '01:00:00'");
    const calendar = await scheduler.systemctl('show', 'iisfailover-copy.timer', '-p', 'TimersCalendar');
    assert.equal(calendar.match(/OnCalendar=/g)?.length, 24);
    await run('Unregister-FailoverTask Copy');
    assert.deepEqual(
      (await run('Get-FailoverTask')).map(({ Task }) => Task),
      ['Restore'],
    );
  });

  it('has no task left once that is taken back', async () => {
    assert.deepEqual(tasks(await run('Initialize-FailoverServer Failover -Remove')), ['Remove Restore']);
    assert.equal(await scheduler.systemctl('list-timers', '--all', '--plain', '--no-legend'), '');
  });
});
