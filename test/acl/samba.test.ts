import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccountMapper, AclCarrier, applyAcls, findAclStores, planAcls } from '../../src/acl/index.ts';
import { decodeDescriptor, encodeDescriptor } from '../../src/acl/descriptor-binary.ts';
import { isSameDescriptor } from '../../src/acl/descriptor.ts';
import { fromSambaBlob, toSambaBlob } from '../../src/acl/samba-blob.ts';
import { formatSddl, parseSddl } from '../../src/acl/sddl.ts';
import type { FailoverError } from '../../src/model/failover-error.ts';
import { missingNtfs, NtfsVolume } from '../support/ntfs.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { missingSamba, SambaServer } from '../support/samba.ts';

const noWindows = (): Promise<never> => Promise.reject(new Error('not here'));
const anonymous = 'S-1-5-21-1-2-3-1001';
const siteUser = 'S-1-5-21-1-2-3-1002';
/** The paper: site user Modify, anonymous read and deny write, Administrators full control. */
const paper =
  `O:BAG:SYD:P(D;OICI;0x116;;;${anonymous})(A;OICI;0x1f01ff;;;BA)(A;OICI;0x1301bf;;;${siteUser})` +
  `(A;OICI;0x1200a9;;;${anonymous})`;
/** They are a domain's here: the same on both sides. */
const accounts = new Map([['S-1-5-21-1-2-3', 'S-1-5-21-1-2-3']]);

const assertSame = (actual: string, expected: string): void =>
  assert.ok(isSameDescriptor(parseSddl(actual), parseSddl(expected)), `${actual} is not ${expected}`);

describe('permissions on a Samba share', function () {
  for (const ignoreSystemAcls of [true, false]) {
    describe(`that ${ignoreSystemAcls ? 'ignores' : 'heeds'} the POSIX permissions beside them`, () => {
      let folder: string;
      let share: string;
      let samba: SambaServer;
      before(async function () {
        skipWhereMissing(this, missingSamba() ?? missingNtfs());
        folder = mkdtempSync(join(tmpdir(), 'iisfailover-'));
        share = join(folder, 'share');
        for (const root of ['primary', 'standby']) {
          mkdirSync(join(share, root, 'images'), { recursive: true });
          writeFileSync(join(share, root, 'default.htm'), '');
        }
        samba = await SambaServer.start(folder, share, ignoreSystemAcls);
      });
      after(async () => {
        await samba?.stop();
        if (folder !== undefined) rmSync(folder, { recursive: true });
      });

      it('are those that a client set, and a client sees what was carried', async () => {
        await samba.setAcl('primary', paper);
        await samba.setAcl('primary/default.htm', paper.replaceAll('OICI', ''));
        const [source, destination] = [join(share, 'primary'), join(share, 'standby')];
        const stores = await findAclStores(source, destination, 'nt', noWindows);
        assert.ok(!('reason' in stores));
        const carrier = new AclCarrier({ ...stores, accounts: new AccountMapper(accounts) });
        const plan = await planAcls({ source, destination }, carrier);
        assert.deepEqual(
          plan.changes.map(({ path }) => path),
          ['', 'default.htm'],
        );
        assert.deepEqual(await applyAcls(plan, carrier), { changed: 2, failed: 0 });
        assertSame(await samba.acl('standby'), paper);
        assertSame(await samba.acl('standby/default.htm'), paper.replaceAll('OICI', ''));
        assert.deepEqual((await planAcls({ source, destination }, carrier)).changes, []);
      });

      it('go to an NTFS volume and come back', async () => {
        const volume = await NtfsVolume.make(folder);
        try {
          await samba.setAcl('primary', paper);
          const source = join(share, 'primary');
          const stores = await findAclStores(source, volume.path, 'auto', noWindows);
          assert.ok(!('reason' in stores));
          assert.match(stores.destination.name, /NTFS/);
          const carrier = new AclCarrier({ ...stores, accounts: new AccountMapper(accounts) });
          await applyAcls(await planAcls({ source, destination: volume.path }, carrier), carrier);
          const [there] = await stores.destination.read([volume.path]);
          assert.ok(Buffer.isBuffer(there));
          assertSame(formatSddl(decodeDescriptor(there)), paper);
          const back = new AclCarrier({
            source: stores.destination,
            destination: stores.source,
            accounts: new AccountMapper(accounts),
          });
          await samba.setAcl('primary', 'O:SYG:SYD:(A;;0x1f01ff;;;WD)');
          await applyAcls(await planAcls({ source: volume.path, destination: source }, back), back);
          assertSame(await samba.acl('primary'), paper);
        } finally {
          await volume.unmount();
        }
      });
    });
  }
});

describe('the attribute security.NTACL', () => {
  const descriptor = encodeDescriptor(parseSddl('O:BAG:SYD:P(A;;FA;;;BA)'));

  it('is written as version 1, which has no hash', () => {
    assert.equal(toSambaBlob(descriptor).toString('hex'), `0100010000000200${shift(descriptor, 8)}`);
  });

  for (const [version, header] of [
    [1, '0100010000000200'],
    [2, `020002000000020004000200${'ab'.repeat(16)}`],
    [3, `030003000000020004000200${'0100'}${'ab'.repeat(64)}0000`],
    [4, `040004000000020004000200${'0100'}${'ab'.repeat(64)}706f7369785f61636c00${'cd'.repeat(8 + 64)}`],
  ] as const) {
    it(`is read in version ${version}`, () => {
      const blob = Buffer.from(header + shift(descriptor, header.length / 2), 'hex');
      assert.deepEqual(fromSambaBlob(blob), descriptor);
    });
  }

  for (const [what, hex] of [
    ['nothing', ''],
    ['a version of the future', '0900090000000200'],
    ['a header alone', '0300030000000200'],
    ['offsets before its start', `0100010000000200${descriptor.toString('hex')}`],
  ] as const) {
    it(`is refused where it holds ${what}`, () => {
      assert.throws(
        () => decodeDescriptor(fromSambaBlob(Buffer.from(hex, 'hex'))),
        (error: FailoverError) => error.id === 'AclInvalid',
      );
    });
  }
});

/** The descriptor with its offsets counted from that many bytes before it. */
function shift(descriptor: Buffer, by: number): string {
  const shifted = Buffer.from(descriptor);
  for (const field of [4, 8, 16]) shifted.writeUInt32LE(shifted.readUInt32LE(field) + by, field);
  return shifted.toString('hex');
}
