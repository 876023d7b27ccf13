import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { AclStore, Permissions } from '../../src/acl/store.ts';
import { replaceFile } from '../../src/edge/files.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { permissionKeeper } from '../../src/windows/keep-permissions.ts';
import { readTree, temporaryFolder, writeTree } from '../support/tree.ts';

describe('permissions of a configuration file that is replaced', () => {
  const folder = temporaryFolder();
  const path = (): string => join(folder.path, 'applicationHost.config');
  const permissions = Buffer.from('those of the old file');
  const denied = new FailoverError('AclUnreadable', 'Cannot read the permissions of it: Access is denied');

  it('are those of the old one before the new one takes its place', async () => {
    await writeTree(folder.path, { 'applicationHost.config': 'old' });
    const writes: [Record<string, string>, Permissions][] = [];
    const store = storeOf([permissions], async (_path, given) => {
      writes.push([await readTree(folder.path), given]);
    });
    await replaceFile(path(), 'new', { adopt: permissionKeeper(store, assert.fail) });
    const [[tree, given] = assert.fail('nothing was written')] = writes;
    assert.equal(given, permissions);
    assert.equal(tree['applicationHost.config'], 'old');
    assert.deepEqual(Object.values(tree).sort(), ['new', 'old']);
    assert.deepEqual(await readTree(folder.path), { 'applicationHost.config': 'new' });
  });

  it('are those of the folder where there was no file', async () => {
    await replaceFile(path(), 'new', { adopt: () => assert.fail('there is no old file') });
    assert.deepEqual(await readTree(folder.path), { 'applicationHost.config': 'new' });
  });

  for (const [why, store] of [
    [
      'no .NET',
      () => Promise.reject(new FailoverError('DotNetUnavailable', 'Cannot use .NET: it is missing')),
    ],
    ['no right to read them', storeOf([denied])],
    ['no right to set them', storeOf([permissions], () => Promise.reject(denied))],
  ] as const) {
    it(`that cannot be kept for ${why} are a warning, and the file is replaced`, async () => {
      await writeTree(folder.path, { 'applicationHost.config': 'old' });
      const warnings: string[] = [];
      await replaceFile(path(), 'new', { adopt: permissionKeeper(store, (text) => warnings.push(text)) });
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!, /applicationHost\.config now has the permissions .*: Cannot (use|read)/);
      assert.deepEqual(await readTree(folder.path), { 'applicationHost.config': 'new' });
    });
  }
});

function storeOf(
  answers: Awaited<ReturnType<AclStore['read']>>,
  write: AclStore['write'] = () => Promise.resolve(),
): () => Promise<AclStore> {
  return () => Promise.resolve({ kind: 'nt', name: 'Windows', read: () => Promise.resolve(answers), write });
}
