import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseTsigKey } from '../../src/dns/index.ts';
import { failure } from '../iis/samples.ts';

const defaults = { name: 'Failover.', algorithm: 'hmac-sha256' };

describe('a TSIG key', () => {
  it('is base64 text, or a BIND key file with comments', () => {
    const file =
      '/* made by tsig-keygen */\nkey "failover" {\n\talgorithm hmac-sha256; // the default\n\tsecret "c2VjcmV0";\n};\n';
    for (const text of [' c2Vj\ncmV0\r\n', file]) {
      const key = parseTsigKey(text, defaults);
      assert.deepEqual(
        [key.name, key.algorithm, key.secret.reveal()],
        ['failover', 'hmac-sha256', 'c2VjcmV0'],
      );
    }
  });

  it('is any base64 text, whatever it looks like, quoted or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.boolean(), (bytes, slashes) => {
        const secret = `${slashes ? '////' : ''}${Buffer.from(bytes).toString('base64')}`;
        const forms = [
          secret,
          `key k { algorithm hmac-sha1; secret ${secret}; };`,
          `key k { algorithm hmac-sha1; secret "${secret}"; };`,
        ];
        for (const form of forms) {
          const { name, algorithm } = form === secret ? defaults : { name: 'k', algorithm: 'hmac-sha1' };
          assert.equal(parseTsigKey(form, { name, algorithm }).secret.reveal(), secret);
        }
      }),
    );
  });

  it('that contradicts the settings, or is none, is refused without showing the secret', () => {
    const refused = (text: string, message: RegExp): void =>
      assert.throws(
        () => parseTsigKey(text, defaults),
        (error: unknown) => {
          assert.ok(!String(error).includes('c2VjcmV0'));
          return failure('DnsKeyInvalid', message)(error);
        },
      );
    refused(
      'key other { algorithm hmac-sha256; secret "c2VjcmV0"; };',
      /the name other, the settings have Failover/,
    );
    refused('key failover { algorithm hmac-md5; secret "c2VjcmV0"; };', /hmac-md5/);
    refused('c2VjcmV0!', /not base64/);
    refused('', /not base64/);
  });
});
