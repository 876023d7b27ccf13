import assert from 'node:assert/strict';
import { parseTsigKey, type TsigAlgorithm, type TsigKey } from '../../src/dns/index.ts';
import { decodeMessage, encodeQuery, rcode } from '../../src/dns/message.ts';
import {
  appendTsig,
  macMatches,
  readTsig,
  type SigningContext,
  signMessage,
  type Tsig,
  verifyAnswer,
  withoutTsig,
} from '../../src/dns/tsig.ts';
import { StreamVerifier } from '../../src/dns/tsig-stream.ts';
import { bareAnswer } from './fake-server.ts';

const secret = 'c2VjcmV0IG9mIHRoZSBsYWIsIDMyIGJ5dGVzIGxvbmc=';
const keyOf = (algorithm: string, name = 'failover', text = secret): TsigKey =>
  parseTsigKey(text, { name, algorithm });
const key = keyOf('hmac-sha256');
const now = new Date('2026-01-02T03:04:05Z');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

const zoneAndChange =
  '05736974653103636f6d0000060001c00c000100ff000000000000c00c000100010000012c00040a010102';
/** Updates that nsupdate of BIND 9.18 signed with this key. */
const captured: Record<TsigAlgorithm, string> = {
  'hmac-sha1':
    `5bc828000001000000020001${zoneAndChange}086661696c6f7665720000fa00ff00000000002f09686d61632d7368613100` +
    '00006b0566f9012c0014888e02ae20fb3adbe7ce428f90d7d8924ec1f9cd5bc800000000',
  'hmac-sha256':
    `ff4c28000001000000020001${zoneAndChange}086661696c6f7665720000fa00ff00000000003d0b686d61632d7368613235` +
    '360000006b0566e4012c00205c56f36009daf86a342f0b22244e76ea3a47d69c2761feadaf9902afbc59c394ff4c00000000',
  'hmac-sha384':
    `ee5b28000001000000020001${zoneAndChange}086661696c6f7665720000fa00ff00000000004d0b686d61632d7368613338` +
    '340000006b056701012c00307725350e388350780bcb59b271d00ec1a0048036ea5c32aa425994a00c501567d145774384643' +
    '3b2dbf013d4bafbbf40ee5b00000000',
  'hmac-sha512':
    `dfbe28000001000000020001${zoneAndChange}086661696c6f7665720000fa00ff00000000005d0b686d61632d7368613531` +
    '320000006b05670a012c0040511a83d600293ea2e5ceeef4448d6559985cdc043f6a353af0c849d773093845c6c75f1c9b5d6' +
    '7519c56151bb560de38cfe0463d9661e4ef67108edf0e9abd91dfbe00000000',
};

const tsigOf = (bytes: Buffer): Tsig => {
  const tsig = readTsig(bytes, decodeMessage(bytes));
  assert(tsig !== undefined);
  return tsig;
};

describe('TSIG signatures', () => {
  for (const [algorithm, text] of Object.entries(captured)) {
    it(`with ${algorithm} are nsupdate's, byte for byte`, () => {
      const theirs = Buffer.from(text, 'hex');
      const tsig = tsigOf(theirs);
      const signed = signMessage(withoutTsig(theirs, tsig), keyOf(algorithm), new Date(tsig.time * 1000));
      assert.equal(signed.message.toString('hex'), text);
      assert.deepEqual(signed.mac, tsig.mac);
    });
  }

  it('do not match once any byte of what they cover is another', () => {
    const bytes = Buffer.from(captured['hmac-sha256'], 'hex');
    const tsig = tsigOf(bytes);
    assert.equal(macMatches(bytes, tsig, key, {}), true);
    for (let at = 2; at < tsig.start; at++) {
      if (at === 11) continue; // the count that says that there is a TSIG record
      const damaged = Buffer.from(bytes);
      damaged[at] = damaged[at]! ^ 1;
      assert.equal(macMatches(damaged, tsig, key, {}), false, `byte ${at}`);
    }
    for (const wrong of [{ time: tsig.time + 1 }, { fudge: 301 }, { error: 1 }, { other: Buffer.alloc(1) }])
      assert.equal(macMatches(bytes, { ...tsig, ...wrong }, key, {}), false, JSON.stringify(wrong));
    assert.equal(macMatches(bytes, tsig, keyOf('hmac-sha256', 'other'), {}), false);
    assert.equal(macMatches(bytes, tsig, keyOf('hmac-sha256', 'failover', 'YW5vdGhlcg=='), {}), false);
  });

  it('are refused where the MAC is cut, however little', () => {
    const bytes = Buffer.from(captured['hmac-sha256'], 'hex');
    const tsig = tsigOf(bytes);
    for (const length of [0, 10, 16, 31])
      assert.equal(macMatches(bytes, { ...tsig, mac: tsig.mac.subarray(0, length) }, key, {}), false);
  });

  it('cover the id that was signed, not the one that a forwarder gave the message', () => {
    const bytes = Buffer.from(captured['hmac-sha256'], 'hex');
    bytes.writeUInt16BE(1, 0);
    assert.equal(macMatches(bytes, tsigOf(bytes), key, {}), true);
  });

  it('are malformed where the record ends early', () => {
    const bytes = Buffer.from(captured['hmac-sha256'], 'hex');
    const { start } = tsigOf(bytes);
    const lengthAt = start + 'failover'.length + 2 + 8;
    const cut = Buffer.from(bytes.subarray(0, lengthAt + 2 + 20));
    cut.writeUInt16BE(20, lengthAt);
    assert.throws(() => readTsig(cut, decodeMessage(cut)), { id: 'DnsAnswerMalformed' });
  });
});

describe('The signature of an answer', () => {
  const request = signMessage(encodeQuery(7, { name: 'site1.com', type: 'SOA' }), key, now);
  const context = { requestMac: request.mac };
  const answered = (with_: TsigKey, at: Date, more: SigningContext = {}, code = 0): Buffer =>
    signMessage(bareAnswer(request.message, code), with_, at, { ...context, ...more }).message;
  const check = (bytes: Buffer, at = now): Buffer => verifyAnswer(bytes, key, context, at, 'ns1');
  const other = (seconds: Date): Buffer => {
    const bytes = Buffer.alloc(6);
    bytes.writeUIntBE(seconds.getTime() / 1000, 0, 6);
    return bytes;
  };
  /** What a server says that cannot sign. */
  const unsigned = (error: number): Buffer => {
    const fields = { ...tsigOf(request.message), error };
    return appendTsig(bareAnswer(request.message, rcode.NOTAUTH), fields, Buffer.alloc(0));
  };

  it('is accepted, and its MAC given, within the fudge', () => {
    const bytes = answered(key, later(-300));
    assert.deepEqual(check(bytes), tsigOf(bytes).mac);
  });

  const refused: [what: string, bytes: Buffer, id: string, message: RegExp][] = [
    ['there is none', bareAnswer(request.message), 'DnsAnswerNotSigned', /^ns1 did not sign its answer$/],
    [
      'the server knows no such key',
      unsigned(rcode.BADKEY),
      'DnsKeyUnknown',
      /^ns1 .*failover .*hmac-sha256$/,
    ],
    ['the server has another secret', unsigned(rcode.BADSIG), 'DnsSignatureWrong', /^ns1 has another secret/],
    [
      'the server takes no MAC of this length',
      answered(key, now, { error: 22 }, rcode.NOTAUTH),
      'DnsSignatureWrong',
      /TSIG error 22$/,
    ],
    [
      'our clock is behind',
      answered(key, now, { error: rcode.BADTIME, other: other(later(3600)) }, rcode.NOTAUTH),
      'DnsClockSkew',
      /clock of this computer is 3600 seconds behind that of ns1/,
    ],
    [
      'our clock is ahead',
      answered(key, now, { error: rcode.BADTIME, other: other(later(-900)) }, rcode.NOTAUTH),
      'DnsClockSkew',
      /clock of this computer is 900 seconds ahead of that of ns1/,
    ],
    ['it is too old', answered(key, later(-301)), 'DnsClockSkew', /301 seconds ahead/],
    ['it is of the future', answered(key, later(301)), 'DnsClockSkew', /301 seconds behind/],
    [
      'it is of another secret',
      answered(keyOf('hmac-sha256', 'failover', 'YW5vdGhlcg=='), now),
      'DnsAnswerInvalid',
      /^The answer of ns1 is not signed by the key failover$/,
    ],
    ['it is of another key', answered(keyOf('hmac-sha256', 'stranger'), now), 'DnsAnswerInvalid', /failover/],
    ['it is of another algorithm', answered(keyOf('hmac-sha1'), now), 'DnsAnswerInvalid', /failover/],
    [
      'it answers another request',
      answered(key, now, { requestMac: Buffer.alloc(32) }),
      'DnsAnswerInvalid',
      /failover/,
    ],
    [
      'BADTIME is claimed by someone else',
      answered(keyOf('hmac-sha256', 'failover', 'YW5vdGhlcg=='), now, {
        error: rcode.BADTIME,
        other: other(later(3600)),
      }),
      'DnsAnswerInvalid',
      /failover/,
    ],
  ];
  for (const [what, bytes, id, message] of refused) {
    it(`is an error where ${what}`, () => {
      assert.throws(() => check(bytes), { id, message, target: 'ns1' });
    });
  }
});

describe('The signatures of an answer in several messages', () => {
  const requestMac: Buffer = Buffer.alloc(32, 7);
  const plain = (id: number): Buffer => encodeQuery(id, { name: 'site1.com', type: 'AXFR' });
  /** Messages of a transfer; every `step`th is signed, and the first one. */
  const stream = (count: number, step: number): Buffer[] => {
    let mac: Buffer = requestMac;
    let unsigned: Buffer[] = [];
    return Array.from({ length: count }, (_, index) => {
      if (index % step !== 0) {
        unsigned.push(plain(index));
        return plain(index);
      }
      const context = { requestMac: mac, unsigned, timersOnly: index > 0 };
      const signed = signMessage(plain(index), key, now, context);
      mac = signed.mac;
      unsigned = [];
      return signed.message;
    });
  };
  const verify = (messages: readonly Buffer[]): void => {
    const verifier = new StreamVerifier(key, requestMac, () => now, 'ns1');
    messages.forEach((one) => verifier.push(one));
    verifier.end();
  };

  it('are accepted where each message is signed, and where some are not', () => {
    assert.doesNotThrow(() => verify(stream(1, 1)));
    assert.doesNotThrow(() => verify(stream(4, 1)));
    assert.doesNotThrow(() => verify(stream(7, 3)));
    assert.doesNotThrow(() => verify(stream(101, 100)));
  });

  const invalid = { id: 'DnsAnswerInvalid' };
  const notSigned = { id: 'DnsAnswerNotSigned' };
  it('are refused where a message was changed, left out, added or moved', () => {
    const messages = stream(7, 3);
    for (let index = 0; index < messages.length; index++) {
      const changed = messages.map((one, at) => {
        const bytes = Buffer.from(one);
        if (at === index) bytes[13] = bytes[13]! ^ 1; // in the name of the question
        return bytes;
      });
      assert.throws(() => verify(changed), invalid, `message ${index} changed`);
    }
    assert.throws(() => verify(messages.filter((_, at) => at !== 1)), invalid);
    assert.throws(() => verify(messages.filter((_, at) => at !== 3)), invalid);
    assert.throws(() => verify(messages.toSpliced(2, 0, plain(9))), invalid);
    assert.throws(() => verify([0, 2, 1, 3, 4, 5, 6].map((at) => messages[at]!)), invalid);
  });

  it('are refused where the first or the last message is not signed', () => {
    assert.throws(() => verify(stream(7, 3).slice(1)), notSigned);
    assert.throws(() => verify(stream(7, 3).slice(0, -1)), notSigned);
    assert.throws(() => verify([]), notSigned);
  });

  it('are refused where more than 99 messages go by without one', () => {
    assert.throws(() => verify(stream(102, 101)), notSigned);
  });
});
