import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { AccountMapper, AclCarrier, applyAcls, findAclStores, planAcls } from '../../src/acl/index.ts';
import { applyContentPlan, ContentWorkers, isEmptyPlan, planContentCopy } from '../../src/content/index.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { temporaryFolder, writeTree } from '../support/tree.ts';

describe('POSIX permissions that are carried with the content', function () {
  const folder = temporaryFolder();
  const workers = new ContentWorkers(2, { inline: false });
  let root: { site: string; path: string; source: string; destination: string };
  before(function () {
    const hasTools = process.platform === 'linux' && findTool('getfacl');
    skipWhereMissing(this, hasTools ? undefined : 'getfacl (package acl)');
  });
  after(() => workers.close());
  beforeEach(async () => {
    const source = join(folder.path, 'primary');
    root = { site: 'site1.com', path: source, source, destination: join(folder.path, 'standby') };
    const tree: Record<string, string> = {};
    for (let index = 0; index < 60; index++) tree[`${index % 4}/${index % 7}/${index}.htm`] = `page ${index}`;
    await writeTree(source, tree);
  });

  const acl = (place: string): string =>
    execFileSync('getfacl', ['-R', '-n', '.'], { cwd: place, encoding: 'utf8' });
  const set = (entry: string, ...paths: string[]): void =>
    void execFileSync('setfacl', ['-m', entry, ...paths.map((path) => join(root.source, path))]);
  const compare = () => planContentCopy(root, { workers, permissions: 'posix' });

  it('arrive with what is copied, by threads', async () => {
    set('u:1234:rw', '0/0/0.htm', '1/1/1.htm');
    set('u:1234:rwx,d:g:5678:rx', '', '2', '2/2');
    if (process.geteuid?.() === 0) await chown(join(root.source, '3/3/3.htm'), 1234, 5678);
    const summary = await applyContentPlan(await compare(), { workers });
    assert.deepEqual([summary.filesCopied, summary.failed], [60, 0]);
    assert.equal(acl(root.destination), acl(root.source));
    const again = await compare();
    // The root was made before its permissions were compared.
    assert.deepEqual([isEmptyPlan(again), again.acls, again.aclProblems], [true, [], []]);
  });

  it('are found where they alone changed: the same items as by looking at permissions alone', async () => {
    await applyContentPlan(await compare(), { workers });
    set('u:1234:r', '', '1/1', '1/1/1.htm', '2/2/2.htm');
    execFileSync('setfacl', ['-m', 'u:99:rw', join(root.destination, '3/3/3.htm')]);
    const plan = await compare();
    const stores = await findAclStores(root.source, root.destination, 'posix', () =>
      Promise.reject(new Error('not here')),
    );
    assert.ok('source' in stores);
    const carrier = new AclCarrier({ ...stores, accounts: new AccountMapper(new Map()) });
    const alone = await planAcls(root, carrier);
    const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1);
    assert.deepEqual([...plan.acls].sort(byPath), [...alone.changes].sort(byPath));
    assert.deepEqual(plan.acls.map(({ path }) => path).sort(), [
      '',
      '1/1',
      '1/1/1.htm',
      '2/2/2.htm',
      '3/3/3.htm',
    ]);
    assert.equal(plan.files.length, 0);

    const summary = await applyContentPlan(plan, { workers });
    await applyAcls({ ...alone, changes: plan.acls }, carrier);
    assert.equal(summary.filesCopied, 0);
    assert.equal(acl(root.destination), acl(root.source));
  });
});

function findTool(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
