import assert from 'node:assert/strict';
import { mkdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { noLookup } from '../../src/acl/accounts.ts';
import { encodeDescriptor } from '../../src/acl/descriptor-binary.ts';
import { parseSddl } from '../../src/acl/sddl.ts';
import type { AclStore } from '../../src/acl/store.ts';
import { sameAccess } from '../../src/setup/access.ts';
import { PosixFolderStore, WindowsFolderStore } from '../../src/setup/folder-store.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { temporaryFolder } from '../support/tree.ts';

describe('folders of Windows', () => {
  const folder = temporaryFolder();
  const descriptors = new Map<string, Buffer>();
  const acls: AclStore = {
    kind: 'nt',
    name: 'memory',
    read: async (paths) => paths.map((path) => descriptors.get(path)),
    write: async (path, permissions) => void descriptors.set(path, permissions),
  };
  const lookup = {
    ...noLookup,
    onStandby: async (name: string) => (name === 'CORP\\failover$' ? 'S-1-5-21-1-2-3-1001' : undefined),
  };
  const store = new WindowsFolderStore(async () => acls, lookup);

  it('are closed to all but the system, administrators and the account, and read back as the same', async () => {
    const account = await store.account('CORP\\failover$');
    const wanted = store.accessFor([{ account, right: 'modify' }]);
    descriptors.set(folder.path, encodeDescriptor(parseSddl('O:BAG:SYD:AI(A;OICIID;FA;;;WD)')));
    const before = await store.read(folder.path);
    assert.deepEqual(before, { kind: 'nt', sddl: 'D:AI(A;OICIID;FA;;;WD)' });
    await store.write(folder.path, wanted);
    const now = await store.read(folder.path);
    assert.equal(now !== undefined && sameAccess(now, wanted), true);
    assert.equal(sameAccess(before, wanted), false);
    await store.write(folder.path, before);
    assert.deepEqual(await store.read(folder.path), before);
  });

  it('are not asked for where there are none, and name an account that is not there', async () => {
    assert.equal(await store.read(join(folder.path, 'none')), undefined);
    await assert.rejects(store.account('CORP\\other'), {
      id: 'SetupAccountUnknown',
      message: 'There is no account CORP\\other on this server',
    });
  });
});

describe('folders of Linux', () => {
  before(function () {
    skipWhereMissing(this, process.platform === 'linux' ? undefined : 'Linux');
  });
  const folder = temporaryFolder();
  const store = new PosixFolderStore();

  it('are given to the account that writes to them', async () => {
    const path = join(folder.path, 'state');
    await mkdir(path, { mode: 0o755 });
    const { uid, gid, username } = userInfo();
    const account = await store.account(username);
    assert.deepEqual(account, { kind: 'posix', uid, gid });
    const wanted = store.accessFor([{ account, right: 'modify' }]);
    await store.write(path, wanted);
    assert.deepEqual(await store.read(path), { kind: 'posix', mode: 0o700, uid, gid });
    assert.equal((await stat(path)).mode & 0o777, 0o700);
  });

  it('cannot be files', async () => {
    await assert.rejects(store.read('/etc/passwd'), {
      id: 'FileNotWritable',
      message: '/etc/passwd is there and is not a folder',
    });
  });
});
