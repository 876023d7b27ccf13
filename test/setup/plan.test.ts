import assert from 'node:assert/strict';
import {
  type Access,
  folderMode,
  folderSddl,
  sameAccess,
  sameDacl,
  shareSddl,
} from '../../src/setup/access.ts';
import { desiredItems, type DesiredServer, shareOf } from '../../src/setup/desired.ts';
import type { Found } from '../../src/setup/items.ts';
import { planSetup } from '../../src/setup/plan.ts';
import { jobs, type TaskDefinition } from '../../src/tasks/index.ts';

const account = { kind: 'nt', sid: 'S-1-5-21-1-2-3-1001' } as const;
const peer = { kind: 'nt', sid: 'S-1-5-21-1-2-3-1002' } as const;

const task = (job: TaskDefinition['job']): DesiredServer['tasks'][number] => ({
  task: { job, schedule: jobs[job].schedule, settingsPath: 'x', modulePath: 'm', userName: undefined },
  definition: `task ${job}`,
});

const server = (changes: Partial<DesiredServer> = {}): DesiredServer => ({
  role: 'Failover',
  settingsFile: '/f/failover.json',
  starter: undefined,
  stateFolder: '/f/state',
  backupFolder: '/f/backup',
  shareName: 'failover$',
  taskAccount: account,
  shareAccounts: [peer],
  tasks: [task('Restore'), task('Copy')],
  isWindows: true,
  accessFor: (grants): Access => ({ kind: 'nt', sddl: folderSddl(grants) }),
  ...changes,
});

const nothing: Found = {
  folders: new Map(),
  settings: new Set(),
  shares: new Map(),
  eventSources: new Set(),
  tasks: new Map(),
};

/** What is there once all of it was made. */
const all = (items: ReturnType<typeof desiredItems>): Found => ({
  folders: new Map(items.flatMap((one) => (one.kind === 'Folder' ? [[one.name, one.access]] : []))),
  settings: new Set(items.flatMap((one) => (one.kind === 'Settings' ? [one.name] : []))),
  shares: new Map(
    items.flatMap((one) => (one.kind === 'Share' ? [[one.name, { path: one.path, sddl: one.sddl }]] : [])),
  ),
  eventSources: new Set(items.flatMap((one) => (one.kind === 'EventSource' ? [one.name.toLowerCase()] : []))),
  tasks: new Map(
    items.flatMap((one) => (one.kind === 'Task' ? [[one.name, { definition: one.definition }]] : [])),
  ),
});

describe('what a server is to have', () => {
  const kinds = (changes: Partial<DesiredServer>): string[] =>
    desiredItems(server(changes)).map(({ kind, name }) => `${kind} ${name}`);

  it('is folders, share, event source and tasks on the failover server', () => {
    assert.deepEqual(kinds({}), [
      'Folder /f',
      'Folder /f/state',
      'Folder /f/backup',
      'Share failover$',
      'EventSource IisFailover',
      'Task Restore',
      'Task Copy',
    ]);
  });

  it('is no backup folder and no share elsewhere', () => {
    assert.deepEqual(kinds({ role: 'Monitor', tasks: [task('Monitor')] }), [
      'Folder /f',
      'Folder /f/state',
      'EventSource IisFailover',
      'Task Monitor',
    ]);
  });

  it('is settings where there are none, and nothing of Windows on Linux', () => {
    const changes = { isWindows: false, tasks: [], starter: { text: '{}', sites: 2 } };
    assert.deepEqual(kinds(changes), [
      'Folder /f',
      'Folder /f/state',
      'Folder /f/backup',
      'Settings /f/failover.json',
    ]);
  });
});

describe('who may use what', () => {
  it('is the system, administrators and the account in a folder: it reads settings and writes state and backups', () => {
    const folders = desiredItems(server()).filter((one) => one.kind === 'Folder');
    const base = 'D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)';
    assert.deepEqual(
      folders.map((one) => (one.access.kind === 'nt' ? one.access.sddl : '')),
      [
        `${base}(A;OICI;0x1200a9;;;${account.sid})`,
        `${base}(A;OICI;0x1301bf;;;${account.sid})`,
        `${base}(A;OICI;0x1301bf;;;${account.sid})(A;OICI;0x1301bf;;;${peer.sid})`,
      ],
    );
  });

  it('is administrators and the accounts at a share', () => {
    assert.equal(
      shareSddl([{ account, right: 'modify' }]),
      `O:SYG:SYD:(A;;FA;;;BA)(A;;0x1301bf;;;${account.sid})`,
    );
  });

  it('is a mode on POSIX: the account owns what it writes, and is the group of what it reads', () => {
    const root = { uid: 0, gid: 0 };
    const posix = { kind: 'posix', uid: 1001, gid: 1002 } as const;
    assert.deepEqual(folderMode([], root), { kind: 'posix', mode: 0o700, uid: 0, gid: 0 });
    assert.deepEqual(folderMode([{ account: posix, right: 'modify' }], root), {
      kind: 'posix',
      mode: 0o700,
      uid: 1001,
      gid: 1002,
    });
    assert.deepEqual(folderMode([{ account: posix, right: 'read' }], root), {
      kind: 'posix',
      mode: 0o750,
      uid: 0,
      gid: 1002,
    });
  });

  it('is the same in another spelling and another order of entries', () => {
    const wanted = folderSddl([{ account, right: 'modify' }]);
    const found = `O:BAG:SYD:PAI(A;OICI;0x1301bf;;;${account.sid})(A;OICI;FA;;;BA)(A;OICI;FA;;;S-1-5-18)`;
    assert.equal(sameDacl(wanted, found), true);
    assert.equal(sameDacl(wanted, found.replace('D:PAI', 'D:AI')), false, 'what is inherited counts');
    assert.equal(sameDacl(wanted, `${found}(A;OICI;0x1200a9;;;WD)`), false);
    assert.equal(
      sameAccess(
        { kind: 'posix', mode: 0o700, uid: 0, gid: 0 },
        { kind: 'posix', mode: 0o755, uid: 0, gid: 0 },
      ),
      false,
    );
  });
});

describe('the plan of a set-up', () => {
  const items = desiredItems(server());

  it('makes everything on a new server, in an order in which nothing is missing', () => {
    assert.deepEqual(
      planSetup(items, nothing).map(({ id, change }) => `${change} ${id}`),
      items.map(({ kind, name }) => `Create ${kind} ${name}`),
    );
  });

  it('is empty where all is there', () => {
    assert.deepEqual(planSetup(items, all(items)), []);
  });

  it('closes a folder and a share that others may use', () => {
    const found = {
      ...all(items),
      folders: new Map(all(items).folders).set('/f', { kind: 'nt', sddl: 'D:AI(A;OICI;FA;;;WD)' } as const),
      shares: new Map([['failover$', { path: '/f/backup', sddl: 'O:SYG:SYD:(A;;0x1200a9;;;WD)' }]]),
    };
    assert.deepEqual(
      planSetup(items, found).map(({ id, change }) => `${change} ${id}`),
      ['Change Folder /f', 'Change Share failover$'],
    );
  });

  it('leaves a task that is there at the times that it was given', () => {
    const tasks = new Map([
      ['Restore', { definition: 'other times' }],
      ['Copy', { definition: 'task Copy' }],
    ]);
    assert.deepEqual(planSetup(items, { ...all(items), tasks }), []);
  });

  it('refuses a share of the name that shares another folder', () => {
    const shares = new Map([['failover$', { path: 'D:\\other', sddl: 'D:' }]]);
    assert.throws(() => planSetup(items, { ...all(items), shares }), {
      id: 'ShareTaken',
      message: /shares D:\\other instead of \/f\/backup/,
    });
  });
});

describe('the share that settings name', () => {
  it('is the last part of its UNC path', () => {
    assert.equal(shareOf('\\\\FAILOVER\\failover$'), 'failover$');
    assert.equal(shareOf('//failover/backups/'), 'backups');
    for (const none of [undefined, 'backup', 'D:\\backup', '\\\\FAILOVER\\failover$\\below'])
      assert.equal(shareOf(none), undefined);
  });
});
