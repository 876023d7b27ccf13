import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FailoverError } from '../../src/model/failover-error.ts';
import type { Access } from '../../src/setup/access.ts';
import { desiredItems, type DesiredServer } from '../../src/setup/desired.ts';
import { findItems } from '../../src/setup/find.ts';
import { PosixFolderStore, requireOwnFolder } from '../../src/setup/folder-store.ts';
import type { ShareState } from '../../src/setup/items.ts';
import { planSetup } from '../../src/setup/plan.ts';
import { readRecord } from '../../src/setup/record.ts';
import { planRemoval } from '../../src/setup/removal.ts';
import { applyRemoval, applySetup } from '../../src/setup/run.ts';
import type { SetupStores } from '../../src/setup/stores.ts';
import type { ScheduledTask, TaskRole } from '../../src/tasks/index.ts';
import { temporaryFolder } from '../support/tree.ts';

/** Folders of this machine; shares, sources and tasks in memory. */
function memoryStores(): SetupStores & { readonly made: () => string[] } {
  const shares = new Map<string, ShareState>();
  const sources = new Set<string>();
  const tasks = new Map<string, string>();
  const stores = {
    folders: new PosixFolderStore(),
    tasks: {
      list: async () => [...tasks].map(([job, definition]) => ({ job, definition }) as ScheduledTask),
      register: async (task: { job: string }) => void tasks.set(task.job, `task ${task.job}`),
      unregister: async (job: string) => void tasks.delete(job),
    },
    windows: {
      shares: {
        read: async (name: string) => shares.get(name),
        create: async (name: string, path: string, sddl: string) => void shares.set(name, { path, sddl }),
        restrict: async (name: string, sddl: string) => void shares.set(name, { ...shares.get(name)!, sddl }),
        remove: async (name: string) => void shares.delete(name),
      },
      eventSources: {
        exists: async (_: string, name: string) => sources.has(name),
        create: async (_: string, name: string) => void sources.add(name),
        remove: async (name: string) => void sources.delete(name),
      },
    },
    made: () => [...shares.keys(), ...sources, ...tasks.keys()],
    close: async () => undefined,
  };
  return stores as unknown as SetupStores & { readonly made: () => string[] };
}

describe('a set-up', () => {
  const folder = temporaryFolder();
  let stores: ReturnType<typeof memoryStores>;
  let root: string;
  beforeEach(() => {
    stores = memoryStores();
    root = join(folder.path, 'iisfailover');
  });

  const own = (): Access => stores.folders.accessFor([]);
  const server = (role: TaskRole): DesiredServer => ({
    role,
    settingsFile: join(root, 'failover.json'),
    starter: { text: '{}', sites: 1 },
    stateFolder: join(root, 'state'),
    backupFolder: join(root, 'backup'),
    shareName: 'failover$',
    taskAccount: undefined,
    shareAccounts: [],
    tasks: [],
    isWindows: true,
    accessFor: own,
  });

  async function setUp(role: TaskRole = 'Failover', declined: readonly string[] = []): Promise<string[]> {
    const items = desiredItems(server(role));
    const found = await findItems(items, stores);
    const approved = planSetup(items, found).filter(({ item }) => !declined.includes(item.kind));
    const done: string[] = [];
    const options = { role, password: undefined, settingsGroup: undefined, onError: fail };
    const stateFolder = join(root, 'state');
    for await (const { id } of applySetup(approved, { ...options, stateFolder, items, found, stores }))
      done.push(id);
    return done;
  }

  async function remove(role: TaskRole = 'Failover'): Promise<Record<string, boolean>> {
    const stateFolder = join(root, 'state');
    const { entries } = await readRecord(stateFolder);
    const removal = planRemoval(entries, role, await findItems(entries, stores));
    const done: Record<string, boolean> = {};
    for await (const one of applyRemoval(removal.steps, removal, stateFolder, stores, fail))
      done[one.step.id] = one.done;
    return done;
  }

  function fail(error: FailoverError): void {
    throw error;
  }

  const exists = (path: string) =>
    stat(path).then(
      () => true,
      () => false,
    );

  it('makes folders that are closed to others, and changes nothing the second time', async () => {
    assert.equal((await setUp()).length, 6);
    for (const path of [root, join(root, 'state'), join(root, 'backup')])
      assert.equal((await stat(path)).mode & 0o777, 0o700);
    assert.equal(await readFile(join(root, 'failover.json'), 'utf8'), '{}');
    const record = await readFile(join(root, 'state', 'setup.json'), 'utf8');
    assert.deepEqual(await setUp(), []);
    assert.equal(await readFile(join(root, 'state', 'setup.json'), 'utf8'), record);
  });

  it('is taken back without a trace where nothing was added', async () => {
    await setUp('Failover', ['Settings']);
    const done = await remove();
    assert.equal(Object.values(done).every(Boolean), true);
    assert.equal(await exists(root), false);
    assert.deepEqual(stores.made(), []);
  });

  it('leaves settings, backups and state where they are', async () => {
    await setUp();
    await writeFile(join(root, 'backup', 'site1.com.xml'), 'backup');
    await writeFile(join(root, 'state', 'state.json'), '{}');
    const done = await remove();
    assert.deepEqual(
      Object.entries(done).filter(([, gone]) => !gone),
      [root, join(root, 'state'), join(root, 'backup')].reverse().map((path) => [`Folder ${path}`, false]),
    );
    assert.equal(await readFile(join(root, 'backup', 'site1.com.xml'), 'utf8'), 'backup');
    assert.equal(await readFile(join(root, 'failover.json'), 'utf8'), '{}');
    assert.equal(await exists(join(root, 'state', 'setup.json')), false);
    assert.deepEqual(stores.made(), []);
    assert.deepEqual(await remove(), {});
  });

  it('gives a folder that was there the access it had', async () => {
    await mkdir(root);
    await chmod(root, 0o755);
    await setUp();
    assert.equal((await stat(root)).mode & 0o777, 0o700);
    await remove();
    assert.equal((await stat(root)).mode & 0o777, 0o755);
  });

  it('of one role stays when that of another one is taken back', async () => {
    await setUp('Failover');
    await setUp('Monitor');
    const done = await remove('Failover');
    assert.deepEqual(Object.keys(done), ['Share failover$', `Folder ${join(root, 'backup')}`]);
    assert.deepEqual(stores.made(), ['IisFailover']);
    assert.equal(await exists(join(root, 'state', 'setup.json')), true);
    await remove('Monitor');
    assert.deepEqual(stores.made(), []);
  });

  it('records what was made where the state folder itself was declined', async () => {
    const items = desiredItems(server('Primary'));
    const found = await findItems(items, stores);
    const approved = planSetup(items, found).filter(({ item }) => item.kind === 'EventSource');
    const stateFolder = join(root, 'state');
    const options = {
      role: 'Primary' as const,
      password: undefined,
      settingsGroup: undefined,
      onError: fail,
    };
    for await (const step of applySetup(approved, { ...options, stateFolder, items, found, stores }))
      assert.equal(step.change, 'Create');
    assert.deepEqual(
      (await readRecord(stateFolder)).entries.map(({ name }) => name),
      ['IisFailover'],
    );
  });

  it('is not begun in a folder that is not its own', () => {
    for (const path of ['/', '/etc', '/tmp', process.env.HOME ?? '/root'])
      assert.throws(() => requireOwnFolder(path), { id: 'SetupFolderRefused' });
    requireOwnFolder('/etc/iisfailover');
  });

  it('refuses a record that was damaged, and an account that is not there', async () => {
    await mkdir(join(root, 'state'), { recursive: true });
    await writeFile(join(root, 'state', 'setup.json'), '{"format": 2}');
    await assert.rejects(remove(), { id: 'SetupRecordUnreadable' });
    await assert.rejects(stores.folders.account('no-such-account'), { id: 'SetupAccountUnknown' });
  });
});
