import assert from 'node:assert/strict';
import { decodeMessage } from '../../../src/dns/message.ts';
import { encodeTkeyQuery, readTkey } from '../../../src/dns/gss/tkey.ts';

/** An answer of BIND's form: flag QR, the question, the record in the answer section. */
const answer = (data: string): Buffer =>
  Buffer.from(
    '00078000000100010000000001610000f900ff' +
      'c00c00f900ff00000000' +
      (data.length / 2).toString(16).padStart(4, '0') +
      data,
    'hex',
  );
const algorithm = '086773732d7473696700';

describe('A TKEY record', () => {
  it('asks for a GSS-API context: a query of class ANY with the token in its additional section', () => {
    const at = new Date('2024-01-01T00:00:00Z');
    assert.equal(
      encodeTkeyQuery(7, 'a', Buffer.from('feed', 'hex'), at).toString('hex'),
      '0007' +
        '0000' +
        '0001000000000001' + // id, flags, counts
        '016100' +
        '00f9' +
        '00ff' + // a TKEY ANY
        '016100' +
        '00f9' +
        '00ff' +
        '00000000' +
        '001c' +
        algorithm +
        '65920080' +
        '65935200' + // inception, a day later expiration
        '0003' +
        '0000' +
        '0002' +
        'feed' +
        '0000', // mode, error, token, no other data
    );
  });

  it('is read from the answer section, its name compressed', () => {
    const bytes = answer(`${algorithm}00000000000000010003001100021234` + '0000');
    assert.deepEqual(readTkey(bytes, decodeMessage(bytes)), {
      name: 'a',
      algorithm: 'gss-tsig',
      mode: 3,
      error: 17,
      token: Buffer.from('1234', 'hex'),
    });
  });

  it('is refused where its token ends outside of it, and where it is cut', () => {
    for (const data of [`${algorithm}0000000000000001000300000009123400`, algorithm]) {
      const bytes = answer(data);
      assert.throws(() => readTkey(bytes, decodeMessage(bytes)), { id: 'DnsAnswerMalformed' }, data);
    }
  });

  it('is not found in an answer without one', () => {
    const bytes = Buffer.from('000780000001000000000000' + '01610000f900ff', 'hex');
    assert.equal(readTkey(bytes, decodeMessage(bytes)), undefined);
  });
});
