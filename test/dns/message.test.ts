import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FailoverError } from '../../src/model/failover-error.ts';
import { recordSet } from '../../src/dns/index.ts';
import {
  decodeMessage,
  encodeQuery,
  encodeUpdate,
  type ResourceRecord,
  type UpdateRecord,
} from '../../src/dns/message.ts';
import { decodeData, encodeData, normaliseData } from '../../src/dns/rdata.ts';
import { decodeName, encodeName } from '../../src/dns/wire.ts';
import { a } from './samples.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s+/g, ''), 'hex');

const site = '057369746531 03636f6d 00'; // site1.com
const old = `036f6c64 ${site}`; // old.site1.com

const prerequisites: UpdateRecord[] = [
  { kind: 'exists-with-values', set: a('site1.com', '10.1.1.1') },
  { kind: 'absent', name: 'old.site1.com', type: 'A' },
];
const updates: UpdateRecord[] = [
  { kind: 'delete-set', name: 'site1.com', type: 'A' },
  { kind: 'add', set: a('site1.com', '10.1.1.2') },
  { kind: 'add', set: a('old.site1.com', '10.1.1.1') },
];

describe('DNS messages', () => {
  it('encodes an update as RFC 2136 has it: prerequisites, deletion of a set, additions', () => {
    assert.equal(
      encodeUpdate(0x8fc1, 'site1.com', prerequisites, updates).toString('hex'),
      hex(`
        8fc1 2800 0001 0002 0003 0000
        ${site} 0006 0001
        ${site} 0001 0001 00000000 0004 0a010101
        ${old}  0001 00fe 00000000 0000
        ${site} 0001 00ff 00000000 0000
        ${site} 0001 0001 0000012c 0004 0a010102
        ${old}  0001 0001 0000012c 0004 0a010101`).toString('hex'),
    );
  });

  it('says in an update what nsupdate says', () => {
    // What nsupdate of BIND 9.18 sends for the same commands; it compresses names.
    const theirs = hex(`
      8fc12800000100020003000005736974653103636f6d0000060001c00c000100010000000000040a010101036f6c64c00c000100fe
      000000000000c00c000100ff000000000000c00c000100010000012c00040a010102c02b000100010000012c00040a010101`);
    const ours = encodeUpdate(0x8fc1, 'site1.com', prerequisites, updates);
    assert.deepEqual(meaning(ours), meaning(theirs));
  });

  it('says each value of a set in prerequisites and additions, in the zone class and without a TTL', () => {
    const set = recordSet('site1.com', 'AAAA', 60, ['2001:db8::2', '2001:db8::1']);
    const message = encodeUpdate(
      1,
      'site1.com',
      [{ kind: 'exists-with-values', set }],
      [{ kind: 'add', set }],
    );
    const said = ({ answer, authority }: ReturnType<typeof decodeMessage>) =>
      [...answer, ...authority].map((one) => `${one.class} ${one.ttl} ${one.data}`);
    assert.deepEqual(said(decodeMessage(message)), [
      '1 0 2001:db8::1',
      '1 0 2001:db8::2',
      '1 60 2001:db8::1',
      '1 60 2001:db8::2',
    ]);
  });

  it('encodes a query without recursion', () => {
    assert.equal(
      encodeQuery(0x1234, { name: 'site1.com', type: 'AAAA' }).toString('hex'),
      hex(`1234 0000 0001 0000 0000 0000 ${site} 001c 0001`).toString('hex'),
    );
  });

  it('refuses a type that DNS does not know', () => {
    assert.throws(() => encodeQuery(1, { name: 'site1.com', type: 'AAAAA' }), { id: 'DnsRecordInvalid' });
  });

  it('calls a message malformed wherever it is cut', () => {
    const whole = encodeUpdate(1, 'site1.com', prerequisites, updates);
    for (let length = 0; length < whole.length; length++)
      assert.throws(
        () => decodeMessage(whole.subarray(0, length)),
        { id: 'DnsAnswerMalformed' },
        `${length}`,
      );
  });

  it('calls an address of three octets malformed', () => {
    const bytes = hex(`0001 8400 0000 0001 0000 0000 ${site} 0001 0001 00000000 0003 0a0101`);
    assert.throws(() => decodeMessage(bytes), { id: 'DnsAnswerMalformed' });
  });

  it('reads any bytes as a message or calls them malformed', () => {
    const whole = encodeUpdate(1, 'site1.com', prerequisites, updates);
    const damaged = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map((edits) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of edits) bytes[at] = value;
        return bytes;
      });
    const rubbish = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(damaged, rubbish), (bytes) => {
        try {
          assert.equal(decodeMessage(bytes).id, bytes.readUInt16BE(0));
        } catch (error) {
          assert(error instanceof FailoverError, String(error));
          assert.equal(error.id, 'DnsAnswerMalformed');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** What a message says, without where it stands. */
function meaning(bytes: Buffer): unknown {
  const { id, opcode, question, answer, authority, additional } = decodeMessage(bytes);
  const records = (all: readonly ResourceRecord[]) =>
    all.map(({ name, type, class: klass, ttl, data }) => ({ name, type, klass, ttl, data }));
  return { id, opcode, question, records: [answer, authority, additional].map(records) };
}

describe('domain names on the wire', () => {
  const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9-]{0,20}[a-z0-9_])?$/);
  const name = fc.array(label, { minLength: 1, maxLength: 8 }).map((labels) => labels.join('.'));

  it('come back as they were, wherever they stand', () => {
    fc.assert(
      fc.property(name, fc.uint8Array({ maxLength: 20 }), (text, before) => {
        const encoded = encodeName(text);
        assert.equal(encoded.length, text.length + 2);
        const message = Buffer.concat([before, encoded, Buffer.from([1, 2])]);
        assert.deepEqual(decodeName(message, before.length), {
          name: text,
          end: before.length + encoded.length,
        });
      }),
    );
  });

  it('are read through compression, and end where the pointer ends', () => {
    fc.assert(
      fc.property(label, name, (first, rest) => {
        const suffix = encodeName(rest);
        const pointer = Buffer.concat([Buffer.from([first.length]), Buffer.from(first), hex('c000')]);
        const message = Buffer.concat([suffix, pointer, hex('ffff')]);
        assert.deepEqual(decodeName(message, suffix.length), {
          name: `${first}.${rest}`,
          end: suffix.length + pointer.length,
        });
      }),
    );
  });

  it('are refused where a pointer leads forward or to itself', () => {
    for (const bytes of ['c000', 'c002 0161 00', '0161 c000', '0161 c002'])
      assert.throws(() => decodeName(hex(bytes), 0), /bad pointer|overflow/, bytes);
  });

  it('are in lower case, however the server writes them', () => {
    assert.equal(decodeName(hex('055349546531 03434f4d 00'), 0).name, 'site1.com');
  });
});

describe('record data', () => {
  const cases: [type: string, text: string, normal: string, wire: string][] = [
    ['A', ' 10.1.1.1 ', '10.1.1.1', '0a010101'],
    ['AAAA', '2001:0DB8:0:0::1', '2001:db8::1', '20010db8000000000000000000000001'],
    ['AAAA', '::', '::', '00000000000000000000000000000000'],
    ['AAAA', '::ffff:10.1.1.1', '::ffff:a01:101', '00000000000000000000ffff0a010101'],
    ['CNAME', 'Site1.COM.', 'site1.com', site],
    ['MX', '010  Mail.site1.com.', '10 mail.site1.com', `000a 046d61696c ${site}`],
    [
      'SOA',
      'ns.site1.com. root.site1.com. 7 300 60 86400 4294967295',
      'ns.site1.com root.site1.com 7 300 60 86400 4294967295',
      `026e73 ${site} 04726f6f74 ${site} 00000007 0000012c 0000003c 00015180 ffffffff`,
    ],
    ['TXT', '\\# 3 02 6869', '\\# 3 026869', '026869'],
  ];
  for (const [type, text, normal, wire] of cases) {
    it(`of ${type} ${text.trim()} has one form, and these bytes`, () => {
      assert.equal(normaliseData(type, text), normal);
      assert.equal(encodeData(type, normal).toString('hex'), hex(wire).toString('hex'));
      const bytes = hex(wire);
      assert.equal(decodeData(type, Buffer.concat([hex('ffff'), bytes]), 2, bytes.length), normal);
    });
  }

  it('is refused where it is not of its type', () => {
    const wrong: [string, string][] = [
      ['A', '10.1.1'],
      ['A', '2001:db8::1'],
      ['AAAA', 'fe80::1%eth0'],
      ['MX', 'mail.site1.com'],
      ['MX', '70000 mail.site1.com'],
      ['SOA', 'ns.site1.com root.site1.com 1 2 3 4'],
      ['TXT', 'hello'],
      ['TXT', '\\# 2 00'],
    ];
    for (const [type, text] of wrong)
      assert.throws(() => normaliseData(type, text), { id: 'DnsRecordInvalid' }, `${type} ${text}`);
  });

  it('of IPv6 addresses comes back as it was', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const normal = normaliseData('AAAA', address);
        const bytes = encodeData('AAAA', normal);
        assert.equal(bytes.length, 16);
        assert.equal(decodeData('AAAA', bytes, 0, 16), normal);
      }),
    );
  });
});
