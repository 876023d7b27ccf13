import assert from 'node:assert/strict';
import type { Access } from '../../src/setup/access.ts';
import type { Found } from '../../src/setup/items.ts';
import { type SetupEntry, withEntry, withRole } from '../../src/setup/record.ts';
import { planRemoval } from '../../src/setup/removal.ts';

const closed: Access = { kind: 'posix', mode: 0o700, uid: 0, gid: 0 };
const open: Access = { kind: 'posix', mode: 0o755, uid: 0, gid: 0 };

const folder: SetupEntry = { kind: 'Folder', name: '/f', roles: ['Primary'], access: closed };
const share: SetupEntry = {
  kind: 'Share',
  name: 'failover$',
  roles: ['Failover'],
  path: 'D:\\backup',
  sddl: 'D:(A;;FA;;;BA)',
};
const task: SetupEntry = { kind: 'Task', name: 'Restore', roles: ['Failover'], definition: 'ours' };

const found = (changes: Partial<Found> = {}): Found => ({
  folders: new Map([['/f', closed]]),
  settings: new Set(),
  shares: new Map([['failover$', { path: 'D:\\backup', sddl: 'D:(A;;FA;;;S-1-5-32-544)' }]]),
  eventSources: new Set(['iisfailover']),
  tasks: new Map([['Restore', { definition: 'ours' }]]),
  ...changes,
});

describe('what a removal takes back', () => {
  it('is what was made for the role, the last that was made first', () => {
    const source: SetupEntry = {
      kind: 'EventSource',
      name: 'IisFailover',
      roles: ['Failover'],
      log: 'Application',
    };
    const removal = planRemoval([folder, share, source, task], 'Failover', found());
    assert.deepEqual(
      removal.steps.map((step) => step.id),
      ['Task Restore', 'EventSource IisFailover', 'Share failover$'],
    );
    assert.deepEqual(removal.kept, []);
  });

  it('is not what another role needs: only the role is dropped', () => {
    const both: SetupEntry = { ...folder, roles: ['Primary', 'Monitor'] };
    const removal = planRemoval([both], 'Primary', found());
    assert.deepEqual(removal.steps, []);
    assert.deepEqual(removal.kept, [{ entry: both, why: 'it is needed as Monitor' }]);
    assert.deepEqual(removal.entries, [{ ...both, roles: ['Monitor'] }]);
  });

  it('is not what was changed since, which is forgotten', () => {
    const changed = found({
      folders: new Map([['/f', open]]),
      shares: new Map([['failover$', { path: 'E:\\else', sddl: 'D:(A;;FA;;;BA)' }]]),
      tasks: new Map([['Restore', { definition: 'by hand' }]]),
    });
    const entries = [folder, share, task].map((one): SetupEntry => ({ ...one, roles: ['Failover'] }));
    const removal = planRemoval(entries, 'Failover', changed);
    assert.deepEqual([removal.steps, removal.entries], [[], []]);
    assert.deepEqual(
      new Set(removal.kept.map(({ why }) => why)),
      new Set(['it was changed since it was set up']),
    );
  });

  it('is not what is gone', () => {
    const gone = found({ folders: new Map(), shares: new Map(), tasks: new Map() });
    const entries = [folder, share, task].map((one): SetupEntry => ({ ...one, roles: ['Failover'] }));
    assert.deepEqual(planRemoval(entries, 'Failover', gone), { steps: [], kept: [], entries: [] });
  });

  it('is the former access of what was there before', () => {
    const entry: SetupEntry = { ...folder, before: open };
    const [step] = planRemoval([entry], 'Primary', found()).steps;
    assert.equal(step?.action, 'Give back the access it had (mode 0755 of 0:0)');
  });
});

describe('the record of a set-up', () => {
  it('keeps the state before the first change, and the roles of both', () => {
    const once = withEntry([], { ...folder, before: open });
    const twice = withEntry(once, { ...folder, roles: ['Monitor'], before: closed, access: open });
    assert.deepEqual(twice, [
      { ...folder, roles: ['Primary', 'Monitor'], before: open, access: open, sddlBefore: undefined },
    ]);
  });

  it('remembers that a folder was made, whatever was done to it later', () => {
    const twice = withEntry(withEntry([], folder), { ...folder, before: open });
    assert.equal(twice[0]?.before, undefined);
  });

  it('adds a role to what it needs as well, and is the same object where nothing is new', () => {
    const entries = [folder, task];
    assert.deepEqual(withRole(entries, new Set(['Folder /f']), 'Monitor'), [
      { ...folder, roles: ['Primary', 'Monitor'] },
      task,
    ]);
    assert.equal(withRole(entries, new Set(['Folder /f']), 'Primary'), entries);
  });
});
