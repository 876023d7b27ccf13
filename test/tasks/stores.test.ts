import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Secret } from '../../src/model/secret.ts';
import { jobNames, jobs, type TaskDefinition } from '../../src/tasks/jobs.ts';
import { SystemdTaskStore } from '../../src/tasks/systemd-store.ts';
import { taskXml } from '../../src/tasks/task-xml.ts';
import { WindowsTaskStore } from '../../src/tasks/windows-store.ts';
import { PowerShellSession } from '../../src/windows/powershell-session.ts';
import { eachEngine } from '../support/engines.ts';
import { runPwsh } from '../support/pwsh.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { temporaryFolder } from '../support/tree.ts';

const run = promisify(execFile);
const schema = fileURLToPath(new URL('task.xsd', import.meta.url));

const define = (job: TaskDefinition['job'], changes: Partial<TaskDefinition> = {}): TaskDefinition => ({
  job,
  schedule: jobs[job].schedule,
  settingsPath: "C:\\Data & <Web>\\O'Brien\\100%\\failover.json",
  modulePath: 'IisFailover',
  userName: undefined,
  ...changes,
});

describe('the XML of a task', () => {
  it('is valid by the schema of the Task Scheduler, for every task, account and interval', async () => {
    const tasks = [
      ...jobNames.map((job) => define(job)),
      define('Monitor', { userName: 'CORP\\failover$', schedule: { at: '23:59', everyMinutes: 1440 } }),
      define('Monitor', { schedule: { at: '00:00', everyMinutes: 7 } }),
    ];
    const documents = tasks.map((task) => Buffer.from(taskXml(task, 'a source')).toString('base64'));
    const { stdout, stderr } = await runPwsh(`
      $settings = [System.Xml.XmlReaderSettings]::new()
      [void] $settings.Schemas.Add('http://schemas.microsoft.com/windows/2004/02/mit/task', '${schema}')
      $settings.ValidationType = [System.Xml.ValidationType]::Schema
      $settings.ValidationFlags = $settings.ValidationFlags -bor [System.Xml.Schema.XmlSchemaValidationFlags]::ReportValidationWarnings
      foreach ($text in '${documents.join("','")}') {
        $xml = [System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($text))
        $reader = [System.Xml.XmlReader]::Create([System.IO.StringReader]::new($xml), $settings)
        try { while ($reader.Read()) { }; 'valid' } catch { [string] $_ }
      }`);
    assert.equal(stderr, '');
    assert.deepEqual(
      stdout.trim().split(/\r?\n/),
      tasks.map(() => 'valid'),
    );
  });
});

// Functions that keep tasks as the cmdlets of the module ScheduledTasks do, as far as the store reads them.
const cmdlets = `
$script:tasks = @{}
function Register-ScheduledTask {
    param($TaskName, $TaskPath, $Xml, [switch]$Force, $User, $Password)
    $document = [xml]$Xml
    $id = $document.Task.Principals.Principal.UserId
    if ($User) { $id = "$User with $Password" }
    $script:tasks[$TaskName] = [pscustomobject]@{
        TaskName = $TaskName; TaskPath = $TaskPath; State = 3; Source = $document.Task.RegistrationInfo.Source
        Principal = [pscustomobject]@{ UserId = $id }
    }
}
function Get-ScheduledTask { param($TaskPath) foreach ($one in $script:tasks.Values) { if ($one.TaskPath -like $TaskPath) { $one } } }
function Get-ScheduledTaskInfo {
    param($TaskName, $TaskPath)
    if ($TaskName -eq 'Copy') { return [pscustomobject]@{ LastRunTime = [datetime]::new(1999, 11, 30); LastTaskResult = 267011; NextRunTime = $null } }
    [pscustomobject]@{
        LastRunTime = [datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Utc); LastTaskResult = 1; NextRunTime = [datetime]::new(2026, 1, 3, 0, 0, 0, [DateTimeKind]::Utc)
    }
}
function Unregister-ScheduledTask { param($TaskName, $TaskPath, $Confirm) $script:tasks.Remove($TaskName) }
`;

eachEngine('tasks of the Task Scheduler', ({ executable }) => {
  const folder = temporaryFolder();
  const session = new PowerShellSession({ executable });
  const store = new WindowsTaskStore(session);
  beforeEach(async () => {
    const path = join(folder.path, 'ScheduledTasks.psm1');
    await writeFile(path, cmdlets);
    await session.invoke('Import-Module', { Name: path, Force: true });
  });
  after(() => store.close());

  it('are none where none was registered', async () => {
    assert.deepEqual(await store.list(), []);
  });

  it('are what was registered, with their last run', async () => {
    await store.register(define('Backup'), undefined);
    await store.register(define('Copy', { userName: 'CORP\\failover$' }), undefined);
    const tasks = (await store.list()).sort((a, b) => (a.job < b.job ? -1 : 1));
    assert.deepEqual(tasks, [
      {
        job: 'Backup',
        enabled: true,
        userName: 'S-1-5-18',
        lastRun: new Date('2026-01-02T03:04:05Z'),
        lastResult: 1,
        nextRun: new Date('2026-01-03T00:00:00Z'),
        definition: store.define(define('Backup')),
      },
      {
        job: 'Copy',
        enabled: true,
        userName: 'CORP\\failover$',
        lastRun: undefined,
        lastResult: undefined,
        nextRun: undefined,
        definition: store.define(define('Copy', { userName: 'CORP\\failover$' })),
      },
    ]);
    assert.notEqual(store.define(define('Backup')), store.define(define('Backup', { userName: 'other' })));
  });

  it('take the password of an account', async () => {
    await store.register(define('Backup', { userName: 'CORP\\svc' }), new Secret('correct horse'));
    const [task] = await store.list();
    assert.equal(task?.userName, 'CORP\\svc with correct horse');
  });

  it('are gone once they were removed', async () => {
    await store.register(define('Backup'), undefined);
    await store.unregister('Backup');
    assert.deepEqual(await store.list(), []);
  });
});

describe('timers of systemd', () => {
  const folder = temporaryFolder();
  const units = (): string => join(folder.path);
  let store: SystemdTaskStore;
  const linux = (job: TaskDefinition['job'], changes: Partial<TaskDefinition> = {}): TaskDefinition =>
    define(job, { settingsPath: '/srv/100% "web" $HOME/failover.json', ...changes });

  beforeEach(async () => {
    // Writes its arguments down and answers `show` as a systemd that ran the service once.
    const systemctl = join(folder.path, 'systemctl');
    await writeFile(
      systemctl,
      '#!/bin/sh\necho "$@" >> "$0.calls"\n[ "$1" = show ] || exit 0\n' +
        'case "$2" in *.service) echo ExecMainExitTimestamp=@1767323045; echo ExecMainStatus=1;;\n' +
        '*) echo NextElapseUSecRealtime=Sat 2026-01-03 00:00:00 UTC; echo UnitFileState=enabled;; esac\n',
    );
    await chmod(systemctl, 0o755);
    store = new SystemdTaskStore({ powershell: '/usr/bin/pwsh', folder: units(), systemctl });
  });

  it('are units that systemd finds no fault with', async function () {
    const analyze = await run('systemd-analyze', ['--version']).catch(() => undefined);
    skipWhereMissing(this, analyze === undefined ? 'systemd-analyze (Debian: systemd)' : undefined);
    for (const job of jobNames) await store.register(linux(job, { userName: 'root' }));
    // The shell stands in for pwsh, which need not be here.
    for (const name of await readdir(units()))
      if (name.endsWith('.service')) {
        const text = await readFile(join(units(), name), 'utf8');
        await writeFile(join(units(), name), text.replace('/usr/bin/pwsh', '/bin/sh'));
      }
    const names = (await readdir(units())).filter((name) => /\.(service|timer)$/.test(name));
    assert.equal(names.length, 8);
    const { stderr } = await run('systemd-analyze', [
      'verify',
      '--recursive-errors=no',
      ...names.map((name) => join(units(), name)),
    ]);
    assert.equal(stderr, '');
  });

  it('are enabled when they are registered, and gone once they were removed', async () => {
    await store.register(linux('Copy', { userName: 'failover' }));
    assert.deepEqual(await store.list(), [
      {
        job: 'Copy',
        enabled: true,
        userName: 'failover',
        lastRun: new Date('2026-01-02T03:04:05Z'),
        lastResult: 1,
        nextRun: new Date('2026-01-03T00:00:00Z'),
        definition: store.define(linux('Copy', { userName: 'failover' })),
      },
    ]);
    await store.unregister('Copy');
    assert.deepEqual(await store.list(), []);
    const calls = (await readFile(join(folder.path, 'systemctl.calls'), 'utf8')).split('\n');
    assert.deepEqual(
      calls.filter((call) => call !== '' && !call.startsWith('show')),
      [
        'daemon-reload',
        'enable --now iisfailover-copy.timer',
        'disable --now iisfailover-copy.timer',
        'daemon-reload',
      ],
    );
  });

  it('say what systemd refused', async () => {
    await writeFile(join(folder.path, 'systemctl'), '#!/bin/sh\necho "Access denied" >&2; exit 1\n');
    await assert.rejects(store.register(linux('Copy')), {
      id: 'SchedulerFailed',
      message: 'systemctl daemon-reload failed: Access denied',
    });
    const none = new SystemdTaskStore({
      powershell: 'pwsh',
      folder: units(),
      systemctl: join(units(), 'none'),
    });
    await assert.rejects(none.register(linux('Copy')), { id: 'SchedulerMissing' });
  });
});
