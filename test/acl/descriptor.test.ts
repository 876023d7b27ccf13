import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeDescriptor, encodeDescriptor } from '../../src/acl/descriptor-binary.ts';
import {
  type Ace,
  isCanonical,
  isSameDescriptor,
  type SecurityDescriptor,
  toCanonicalOrder,
} from '../../src/acl/descriptor.ts';
import { formatSddl, parseSddl } from '../../src/acl/sddl.ts';
import { appPoolSid, encodeSid } from '../../src/acl/sid.ts';
import type { FailoverError } from '../../src/model/failover-error.ts';
import { accountAce, descriptor } from './arbitraries.ts';

/** What ntfs-3g gives a new file of root's, byte for byte. */
const fromNtfs3g =
  '010004908c0000009c000000000000001400000002007800050000000004' +
  '18009f011f0001020000000000052000000020020000000418008900120001020000000000052000000020020000' +
  '000414008900120001010000000000010000000000041800bf011f00010200000000000520000000200200000004' +
  '1400bf011f0001010000000000051200000001020000000000052000000020020000' +
  '01020000000000052000000020020000';
const fromNtfs3gSddl =
  'O:BAG:BAD:P(A;NP;0x1f019f;;;BA)(A;NP;FR;;;BA)(A;NP;FR;;;WD)(A;NP;0x1f01bf;;;BA)(A;NP;0x1f01bf;;;SY)';

/** The paper: site user Modify, anonymous read and no write, Administrators full control. */
const paper =
  'O:BAG:SYD:PAI(D;OICI;FW;;;S-1-5-21-1-2-3-1001)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;S-1-5-21-1-2-3-1002)' +
  '(A;OICI;0x1200a9;;;S-1-5-21-1-2-3-1001)';

describe('security descriptors', () => {
  it('reads the bytes of ntfs-3g and writes the same again', () => {
    const read = decodeDescriptor(Buffer.from(fromNtfs3g, 'hex'));
    assert.equal(formatSddl(read), fromNtfs3gSddl);
    assert.equal(encodeDescriptor(read).toString('hex'), fromNtfs3g);
  });

  it('writes an audit list, a deny entry and an app pool byte for byte', () => {
    const sddl = `D:PAI(D;CIIO;SD;;;S-1-5-82-1-2-3-4-5)S:AR(AU;SAFA;GA;;;WD)`;
    assert.equal(
      encodeDescriptor(parseSddl(sddl)).toString('hex'),
      '01001494' + // SACL and DACL present, DACL protected and auto-inherited, self-relative
        '00000000' +
        '00000000' +
        '14000000' +
        '30000000' +
        '02001c0001000000' +
        '02c01400000000100101000000000001' +
        '00000000' +
        '0200300001000000' +
        '010a280000000100' +
        '010600000000000552000000' +
        '0100000002000000030000000400000005000000',
    );
  });

  for (const [text, rewritten] of [
    [paper, paper],
    ['D:', 'D:'],
    ['', ''],
    ['O:S-1-5-18D:AI', 'O:SYD:AI'],
    ['D:NO_ACCESS_CONTROL', 'D:NO_ACCESS_CONTROL'],
    ['D:PNO_ACCESS_CONTROL', 'D:PNO_ACCESS_CONTROL'],
    ['d:(a;oici;fa;;;ba)', 'D:(A;OICI;FA;;;BA)'],
    [' O:BA G:SY D:PARAI ', 'O:BAG:SYD:PAI'],
    ['D:(A;;FRFX;;;WD)', 'D:(A;;0x1200a9;;;WD)'],
    ['D:(A;;0x1F01FF;;;S-1-1-0)', 'D:(A;;FA;;;WD)'],
    ['D:(A;;GRGX;;;IU) (D;;SDWD;;;AN)', 'D:(A;;0xa0000000;;;IU)(D;;0x50000;;;AN)'],
    ['S:PAI(ML;;NW;;;HI)', 'S:PAI(ML;;0x1;;;HI)'],
    ['D:(A;;GA;;;S-1-0x050000000000-9)', 'D:(A;;GA;;;S-1-0x050000000000-9)'],
  ] as const) {
    it(`reads ${text || 'an empty text'} and writes ${rewritten || 'an empty one'}`, () => {
      assert.equal(formatSddl(parseSddl(text)), rewritten);
    });
  }

  for (const [text, id] of [
    ['D:(A;;FA;;;DA)', 'AclUnsupported'],
    ['O:LAD:', 'AclUnsupported'],
    ['D:(OA;;CR;00299570-246d-11d0-a768-00aa006e0529;;WD)', 'AclUnsupported'],
    ['D:(XA;;FA;;;WD;(@USER.a == 1))', 'AclUnsupported'],
    ['D:(A;;FA;;;ZZ)', 'AclInvalid'],
    ['D:(A;;FA;;;S-1-5-99999999999)', 'AclInvalid'],
    ['D:(A;QQ;FA;;;WD)', 'AclInvalid'],
    ['D:(A;;QQ;;;WD)', 'AclInvalid'],
    ['D:(A;;0x100000000;;;WD)', 'AclInvalid'],
    ['D:(A;;FA)', 'AclInvalid'],
    ['D:XX(A;;FA;;;WD)', 'AclInvalid'],
    ['D:(A;;FA;;;WD', 'AclInvalid'],
    ['everyone may read', 'AclInvalid'],
  ] as const) {
    it(`refuses ${text}`, () => {
      assert.throws(
        () => parseSddl(text),
        (error: FailoverError) => error.id === id,
      );
    });
  }

  it('computes the SID of an app pool from its name, in whatever case', () => {
    const sid = 'S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415';
    assert.equal(appPoolSid('DefaultAppPool'), sid);
    assert.equal(appPoolSid('DEFAULTAPPPOOL'), sid);
    assert.equal(encodeSid('S-1-5-32-544').toString('hex'), '01020000000000052000000020020000');
  });

  it('takes every descriptor through bytes and back', () => {
    fc.assert(
      fc.property(descriptor(), (value) => {
        const bytes = encodeDescriptor(value);
        assert.deepEqual(decodeDescriptor(bytes), value);
        assert.deepEqual(encodeDescriptor(decodeDescriptor(bytes)), bytes);
      }),
    );
  });

  it('takes every descriptor of account entries through SDDL and back', () => {
    fc.assert(
      fc.property(descriptor(accountAce), (value) => assert.deepEqual(parseSddl(formatSddl(value)), value)),
    );
  });

  it('refuses damaged bytes with an error of its own, or reads them', () => {
    const valid = encodeDescriptor(parseSddl(paper));
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length), (at, value, length) => {
        const damaged = Buffer.from(valid.subarray(0, length));
        if (at < length) damaged[at] = value;
        try {
          decodeDescriptor(damaged);
        } catch (error) {
          assert.equal((error as FailoverError).id, 'AclInvalid');
        }
      }),
    );
  });

  it('does not write a list that is too long', () => {
    const ace: Ace = { kind: 'allow', flags: 0, mask: 1, sid: 'S-1-5-32-544' };
    const dacl = { isProtected: false, isAutoInherited: false, aces: Array<Ace>(3000).fill(ace) };
    assert.throws(
      () => encodeDescriptor({ dacl }),
      (error: FailoverError) => error.id === 'AclTooLarge',
    );
  });
});

describe('comparison of descriptors', () => {
  const same = (a: string, b: string): boolean => isSameDescriptor(parseSddl(a), parseSddl(b));

  it('finds no difference in an order that changes nothing', () => {
    assert.ok(same('D:(D;;FW;;;WD)(A;;FA;;;BA)(A;;FR;;;BU)', 'D:(D;;FW;;;WD)(A;;FR;;;BU)(A;;FA;;;BA)'));
  });

  for (const [what, a, b] of [
    ['a deny entry after an allow entry', 'D:(D;;FW;;;WD)(A;;FA;;;BA)', 'D:(A;;FA;;;BA)(D;;FW;;;WD)'],
    ['the order of inherited entries', 'D:(A;ID;FA;;;BA)(D;ID;FW;;;WD)', 'D:(D;ID;FW;;;WD)(A;ID;FA;;;BA)'],
    ['protection', 'D:P(A;;FA;;;BA)', 'D:(A;;FA;;;BA)'],
    ['inheritance', 'D:(A;OICI;FA;;;BA)', 'D:(A;CI;FA;;;BA)'],
    ['rights', 'D:(A;;FA;;;BA)', 'D:(A;;FR;;;BA)'],
    ['the owner', 'O:BAD:', 'O:SYD:'],
    ['no list and an empty one', 'D:NO_ACCESS_CONTROL', 'D:'],
    ['audit', 'S:(AU;SA;FA;;;WD)', 'S:(AU;FA;FA;;;WD)'],
  ] as const) {
    it(`sees ${what}`, () => assert.ok(!same(a, b)));
  }

  it('leaves out a part that one of them has not', () => {
    assert.ok(same('O:BAD:(A;;FA;;;BA)', 'D:(A;;FA;;;BA)S:(AU;SA;FA;;;WD)'));
  });

  it('makes canonical order without losing an entry or moving one within its group', () => {
    fc.assert(
      fc.property(fc.array(accountAce, { maxLength: 12 }), (aces) => {
        const ordered = toCanonicalOrder(aces);
        assert.ok(isCanonical(ordered));
        assert.deepEqual(new Set(ordered), new Set(aces));
        const allows = (list: readonly Ace[]) => list.filter((ace) => ace.kind === 'allow' && ace.flags < 16);
        assert.deepEqual(allows(ordered), allows(aces));
      }),
    );
  });

  it('is the same for a descriptor and itself, shuffled within its groups', () => {
    fc.assert(
      fc.property(descriptor(accountAce), (value: SecurityDescriptor) => {
        const aces = toCanonicalOrder(value.dacl?.aces ?? []);
        const explicit = aces.filter((ace) => (ace.flags & 0x10) === 0).reverse();
        const inherited = aces.filter((ace) => (ace.flags & 0x10) !== 0);
        const acl = { isProtected: false, isAutoInherited: false };
        const shuffled = [...toCanonicalOrder(explicit), ...inherited];
        assert.ok(isSameDescriptor({ dacl: { ...acl, aces } }, { dacl: { ...acl, aces: shuffled } }));
      }),
    );
  });
});
