import assert from 'node:assert/strict';
import fc from 'fast-check';
import { moduleManifest } from '../../src/commands/support/module-path.ts';
import { jobNames, jobs, scheduleOf, type TaskDefinition, taskScript } from '../../src/tasks/jobs.ts';
import { calendar } from '../../src/tasks/systemd-units.ts';

const task: TaskDefinition = {
  job: 'Copy',
  schedule: jobs.Copy.schedule,
  settingsPath: "C:\\O'Brien\\failover.json",
  modulePath: 'IisFailover',
  userName: undefined,
};

describe('scheduled tasks', () => {
  it('have the times of the whitepaper', () => {
    const times = jobNames.map((name) => {
      const { at, everyMinutes } = jobs[name].schedule;
      return [name, at, everyMinutes];
    });
    assert.deepEqual(times, [
      ['Backup', '00:30', 720],
      ['Restore', '01:00', 720],
      ['Copy', '03:00', 240],
      ['Monitor', '00:00', 10],
    ]);
  });

  it('take another time and interval, and refuse what is none', () => {
    assert.deepEqual(scheduleOf('Copy', '05:15', undefined), { at: '05:15', everyMinutes: 240 });
    assert.deepEqual(scheduleOf('Monitor', undefined, 60_000), { at: '00:00', everyMinutes: 1 });
    for (const [at, every] of [
      ['24:00', undefined],
      ['3:00', undefined],
      [undefined, 30_000],
      [undefined, 90_000],
      [undefined, 0],
      [undefined, 2 * 86_400_000],
    ] as const)
      assert.throws(() => scheduleOf('Copy', at, every), { id: 'ScheduleInvalid', target: 'Copy' });
  });

  it('run the cmdlet without questions, with paths as literals, and end with 1 where something failed', () => {
    assert.equal(
      taskScript(task),
      "Import-Module 'IisFailover' -ErrorAction Stop; Copy-FailoverContent -SettingsPath 'C:\\O''Brien\\failover.json' " +
        '-Confirm:$false -ErrorVariable problems; exit [int]($problems.Count -gt 0)',
    );
  });

  it('are due at the same times in a calendar of systemd as by time and interval', () => {
    const everyMinutes = fc.integer({ min: 1, max: 1440 });
    const minutes = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(minutes, everyMinutes, (start, every) => {
        const two = (value: number): string => String(value).padStart(2, '0');
        const at = `${two(Math.floor(start / 60))}:${two(start % 60)}`;
        const due = new Set<number>();
        for (let time = start; time < start + 1440; time += every) due.add(time % 1440);
        assert.deepEqual(
          calendar({ at, everyMinutes: every })
            .flatMap(timesOf)
            .sort((a, b) => a - b),
          [...due].sort((a, b) => a - b),
        );
      }),
    );
  });
});

/** Minutes of the day of `*-*-* HH:MM:00` and `*-*-* *:MM/EVERY:00`. */
function timesOf(event: string): number[] {
  const repeated = /^\*-\*-\* \*:(\d\d)\/(\d+):00$/.exec(event);
  if (repeated === null) {
    const [, hour, minute] = /^\*-\*-\* (\d\d):(\d\d):00$/.exec(event)!;
    return [Number(hour) * 60 + Number(minute)];
  }
  const times: number[] = [];
  for (let hour = 0; hour < 24; hour++)
    for (let minute = Number(repeated[1]); minute < 60; minute += Number(repeated[2]))
      times.push(hour * 60 + minute);
  return times;
}

describe('the module of a task', () => {
  const shared = '/usr/share/modules';
  const env = { HOME: '/home/admin', PSModulePath: `/home/admin/modules:${shared}` };
  const script = (folder: string): string => `${folder}/lib/start.cjs`;

  it('is named where all users have it, so that an upgrade needs no new task', () => {
    assert.equal(moduleManifest(script(`${shared}/IisFailover/0.1.0`), env), 'IisFailover');
    assert.equal(moduleManifest(script(`${shared}/IisFailover`), env), 'IisFailover');
  });

  it('is a path elsewhere, and in the folder of one user', () => {
    for (const folder of [
      '/opt/IisFailover',
      '/home/admin/modules/IisFailover',
      `${shared}/IisFailoverOther`,
    ])
      assert.equal(moduleManifest(script(folder), env), `${folder}/IisFailover.psd1`);
  });
});
