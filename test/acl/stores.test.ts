import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AccountMapper,
  AclCarrier,
  type AclPlan,
  type AclStores,
  applyAcls,
  findAclStores,
  planAcls,
} from '../../src/acl/index.ts';
import { decodeDescriptor, encodeDescriptor } from '../../src/acl/descriptor-binary.ts';
import { formatSddl, parseSddl } from '../../src/acl/sddl.ts';
import { extendedAttributes } from '../../src/acl/xattr.ts';
import type { FailoverError } from '../../src/model/failover-error.ts';
import { missingNtfs, NtfsVolume } from '../support/ntfs.ts';
import { skipWhereMissing } from '../support/requirements.ts';

const noWindows = (): Promise<never> => Promise.reject(new Error('not here'));
const local = (rid: number): string => `S-1-5-21-1000-2000-3000-${rid}`;
const standby = (rid: number): string => `S-1-5-21-4000-5000-6000-${rid}`;
/** The paper: site user Modify, anonymous read and deny write, Administrators full control. */
const paper = (sid: (rid: number) => string): string =>
  `O:BAG:SYD:PAI(D;OICI;FW;;;${sid(1001)})(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;${sid(1002)})` +
  `(A;OICI;0x1200a9;;;${sid(1001)})`;

async function storesOf(source: string, destination: string): Promise<AclStores> {
  const found = await findAclStores(source, destination, 'auto', noWindows);
  if ('reason' in found) throw new Error(found.reason);
  return found;
}

describe('permissions on NTFS', function () {
  let folder: string;
  let volume: NtfsVolume;
  let source: string;
  let destination: string;
  let stores: AclStores;
  before(async function () {
    skipWhereMissing(this, missingNtfs());
    folder = mkdtempSync(join(tmpdir(), 'iisfailover-'));
    volume = await NtfsVolume.make(folder);
  });
  after(async () => {
    await volume?.unmount();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    const place = mkdtempSync(join(volume.path, 'test-'));
    source = join(place, 'primary');
    destination = join(place, 'standby');
    for (const root of [source, destination]) {
      mkdirSync(join(root, 'images'), { recursive: true });
      writeFileSync(join(root, 'default.htm'), 'This is site1');
      writeFileSync(join(root, 'images', 'logo.gif'), 'GIF');
    }
    stores = await storesOf(source, destination);
  });

  const set = (path: string, sddl: string): Promise<void> =>
    stores.source.write(path, encodeDescriptor(parseSddl(sddl)));
  async function get(path: string): Promise<string> {
    const [bytes] = await stores.source.read([path]);
    assert.ok(Buffer.isBuffer(bytes));
    return formatSddl(decodeDescriptor(bytes));
  }
  async function carry(accounts: Readonly<Record<string, string>>, audit = false): Promise<AclPlan> {
    const mapper = new AccountMapper(new Map(Object.entries(accounts)));
    const carrier = new AclCarrier({ ...stores, accounts: mapper, audit });
    const plan = await planAcls({ source, destination }, carrier);
    const errors: FailoverError[] = [];
    await applyAcls(plan, carrier, { onError: (error) => errors.push(error) });
    assert.deepEqual([...plan.problems, ...errors], []);
    return plan;
  }
  const both = { [local(1001)]: standby(2001), [local(1002)]: standby(2002) };
  const mapped = (rid: number): string => standby(rid + 1000);

  it("carries the paper's permissions, with the standby's accounts, and finds nothing to do again", async () => {
    await set(source, paper(local));
    await set(join(source, 'default.htm'), paper(local).replace('PAI', 'AI').replaceAll('OICI', 'ID'));
    const before = statSync(join(destination, 'default.htm'));
    const plan = await carry(both);
    assert.deepEqual(
      plan.changes.map(({ path }) => path),
      ['', 'default.htm'],
    );
    assert.deepEqual(plan.unmapped, []);
    assert.equal(await get(destination), paper(mapped));
    const file = paper(mapped).replace('PAI', 'AI').replaceAll('OICI', 'ID');
    assert.equal(await get(join(destination, 'default.htm')), file);
    const after = statSync(join(destination, 'default.htm'));
    assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
    assert.deepEqual((await carry(both)).changes, []);
  });

  it('leaves out an allow entry of an account the standby has not, and says so', async () => {
    const name = join(source, 'default.htm');
    await set(name, `O:BAG:SYD:P(A;;FA;;;BA)(A;;FR;;;${local(1003)})(A;;0x1200a9;;;S-1-5-82-1-2-3-4-5)`);
    const plan = await carry({});
    assert.deepEqual(plan.unmapped, [{ account: local(1003), items: 1, refused: 0 }]);
    assert.equal(
      await get(join(destination, 'default.htm')),
      'O:BAG:SYD:P(A;;FA;;;BA)(A;;0x1200a9;;;S-1-5-82-1-2-3-4-5)',
    );
  });

  it('sets nothing where a deny entry would be left out', async () => {
    await set(join(source, 'default.htm'), paper(local));
    const present = await get(join(destination, 'default.htm'));
    const plan = await carry({ [local(1002)]: standby(2002) });
    assert.deepEqual(plan.unmapped, [{ account: local(1001), items: 1, refused: 1 }]);
    assert.equal(await get(join(destination, 'default.htm')), present);
  });

  it("keeps the standby's owner where the primary's has no account there", async () => {
    await set(join(source, 'default.htm'), `O:${local(1002)}G:SYD:P(A;;FA;;;BA)`);
    await set(join(destination, 'default.htm'), 'O:SYG:SYD:P(A;;FR;;;WD)');
    await carry({});
    assert.equal(await get(join(destination, 'default.htm')), 'O:SYG:SYD:P(A;;FA;;;BA)');
  });

  it("carries audit entries only where they are asked for, and else keeps the standby's", async () => {
    const name = (root: string): string => join(root, 'default.htm');
    await set(name(source), 'O:BAG:SYD:P(A;;FA;;;BA)S:(AU;SAFA;FA;;;WD)');
    await set(name(destination), 'O:BAG:SYD:P(A;;FR;;;BA)S:(AU;FA;FA;;;AN)');
    await carry({});
    assert.equal(await get(name(destination)), 'O:BAG:SYD:P(A;;FA;;;BA)S:(AU;FA;FA;;;AN)');
    await carry({}, true);
    assert.equal(await get(name(destination)), 'O:BAG:SYD:P(A;;FA;;;BA)S:(AU;SAFA;FA;;;WD)');
  });

  it('does not follow a link that stands in the place of a file', async () => {
    const outside = join(volume.path, `${Date.now()}`);
    writeFileSync(outside, '');
    const present = await get(outside);
    await set(join(source, 'images', 'logo.gif'), paper(local));
    rmSync(join(destination, 'images', 'logo.gif'));
    symlinkSync(outside, join(destination, 'images', 'logo.gif'));
    await carry(both);
    assert.equal(await get(outside), present);
  });
});

describe('POSIX permissions', function () {
  let folder: string;
  let source: string;
  let destination: string;
  before(async function () {
    const attributes = process.platform === 'linux' ? await extendedAttributes() : undefined;
    const isKept = attributes?.get(tmpdir(), 'system.posix_acl_access') !== 'unsupported';
    const hasTools = isKept && attributes !== undefined && findTool('getfacl');
    skipWhereMissing(this, hasTools ? undefined : 'a file system with POSIX ACLs, or getfacl (package acl)');
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'iisfailover-'));
    source = join(folder, 'primary');
    destination = join(folder, 'standby');
    for (const root of [source, destination]) {
      mkdirSync(join(root, 'a'), { recursive: true });
      writeFileSync(join(root, 'a', 'x.txt'), '');
      writeFileSync(join(root, 'run.sh'), '');
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const acl = (root: string): string =>
    execFileSync('getfacl', ['-R', '-n', '.'], { cwd: root, encoding: 'utf8' });

  it('carries access and default ACLs, owners, and their removal', async () => {
    execFileSync('setfacl', ['-m', 'u:1234:rwx,d:g:5678:rx', join(source, 'a')]);
    execFileSync('setfacl', ['-m', 'u:1234:r', join(source, 'a', 'x.txt')]);
    if (process.geteuid?.() === 0) chownSync(join(source, 'a', 'x.txt'), 1234, 5678);
    execFileSync('setfacl', ['-m', 'u:99:rwx', join(destination, 'run.sh')]);
    // As the content copy does before.
    chmodSync(join(destination, 'run.sh'), statSync(join(source, 'run.sh')).mode & 0o7777);
    const stores = await storesOf(source, destination);
    assert.equal(stores.source.kind, 'posix');
    const carrier = new AclCarrier({ ...stores, accounts: new AccountMapper(new Map()) });
    const plan = await planAcls({ source, destination }, carrier);
    assert.deepEqual(plan.changes.map(({ path }) => path).sort(), ['a', 'a/x.txt', 'run.sh']);
    assert.deepEqual(await applyAcls(plan, carrier), { changed: 3, failed: 0 });
    assert.equal(acl(destination), acl(source));
    assert.deepEqual((await planAcls({ source, destination }, carrier)).changes, []);
  });

  it('reaches files whose names are no text', async () => {
    const name = Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0x66, 0xe9])]);
    writeFileSync(name, '');
    const attributes = await extendedAttributes();
    attributes.set(`${source}/f\udce9`, 'user.test', Buffer.from('x'));
    assert.deepEqual(attributes.get(`${source}/f\udce9`, 'user.test'), Buffer.from('x'));
    assert.equal(attributes.get(`${source}/f\udcea`, 'user.test'), 'missing');
  });

  it('finds nothing to carry between kinds, and says why', async () => {
    const found = await findAclStores(source, '/proc', 'auto', noWindows);
    assert.ok('reason' in found);
    assert.match(found.reason, /\/proc keeps none/);
    await assert.rejects(
      findAclStores(source, destination, 'nt', noWindows),
      (error: FailoverError) => error.id === 'AclStoreMissing',
    );
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
