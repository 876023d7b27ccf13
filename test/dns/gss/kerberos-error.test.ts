import assert from 'node:assert/strict';
import { kerberosError, sspiError } from '../../../src/dns/gss/kerberos-error.ts';

describe('A failure of Kerberos', () => {
  // MIT Kerberos 1.20, lib/krb5/error_tables/krb5_err.et and its own texts.
  const texts: Readonly<Record<string, string>> = {
    'No credentials cache found': 'GssTicketMissing',
    'Matching credential not found': 'GssTicketMissing',
    'Ticket expired': 'GssTicketMissing',
    'Key table file not found': 'GssTicketMissing',
    'Preauthentication failed': 'GssTicketMissing',
    "Client's credentials have been revoked": 'GssTicketMissing',
    'Client not found in Kerberos database': 'GssTicketMissing',
    'Password has expired': 'GssTicketMissing',
    'Server not found in Kerberos database': 'GssServerNotFound',
    'Cannot contact any KDC for requested realm': 'GssKdcUnreachable',
    'Cannot find KDC for requested realm': 'GssKdcUnreachable',
    'Clock skew too great': 'DnsClockSkew',
    'KDC has no support for encryption type': 'GssFailed',
  };
  for (const [text, id] of Object.entries(texts)) {
    it(`is ${id} where MIT's library says "${text}"`, () => {
      const error = kerberosError(text, 'DNS/dc1.example.com@');
      assert.equal(error.id, id);
      assert.equal(error.target, 'DNS/dc1.example.com');
      assert.equal(error.message, `No Kerberos context with DNS/dc1.example.com: ${text}`);
    });
  }

  it('is known by the status that SSPI returns, which is a signed number', () => {
    const statuses: Readonly<Record<number, string>> = {
      [0x8009030e | 0]: 'GssTicketMissing',
      [0x80090303 | 0]: 'GssServerNotFound',
      [0x80090311 | 0]: 'GssKdcUnreachable',
      [0x80090324 | 0]: 'DnsClockSkew',
      [0x80090304 | 0]: 'GssFailed',
    };
    for (const [status, id] of Object.entries(statuses))
      assert.equal(sspiError('InitializeSecurityContext', Number(status), 'DNS/dc1').id, id, status);
    const { message } = sspiError('InitializeSecurityContext', 0x8009030e | 0, 'DNS/dc1');
    assert.equal(message, 'No Kerberos context with DNS/dc1: InitializeSecurityContext returned 0x8009030e');
  });
});
