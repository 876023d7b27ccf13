import { type FailoverError, failure } from '../../model/failover-error.ts';

type Kind =
  | 'GssTicketMissing'
  | 'GssServerNotFound.context'
  | 'GssKdcUnreachable'
  | 'DnsClockSkew.kerberos'
  | 'GssFailed';

/** Statuses of SSPI (winerror.h) as its functions return them: signed. */
const sspiStatus = (code: number): string => `0x${(code >>> 0).toString(16)}`;

/**
 * | what Kerberos says | error |
 * |---|---|
 * | no ticket, no cache, no key, expired, account locked or unknown | GssTicketMissing |
 * | the server's principal is unknown | GssServerNotFound |
 * | no KDC, or none answers | GssKdcUnreachable |
 * | the clocks differ | DnsClockSkew |
 * | else | GssFailed |
 *
 * By MIT's texts (its error table krb5_err.et): the GSS layer renumbers the codes of its mechanisms.
 */
const texts: readonly (readonly [RegExp, Kind])[] = [
  [/clock skew/i, 'DnsClockSkew.kerberos'],
  [/server .*not found in kerberos database/i, 'GssServerNotFound.context'],
  [/(cannot|can't|unable to) (find|contact|resolve|reach) .*(kdc|realm)/i, 'GssKdcUnreachable'],
  [
    /client .*(not found|revoked)|credential|keytab|ticket (is )?(expired|not yet)|key table|preauthentication|has expired/i,
    'GssTicketMissing',
  ],
];

const sspiCodes: Readonly<Record<string, Kind>> = {
  '0x8009030e': 'GssTicketMissing', // SEC_E_NO_CREDENTIALS
  '0x8009030c': 'GssTicketMissing', // SEC_E_LOGON_DENIED
  '0x80090303': 'GssServerNotFound.context', // SEC_E_TARGET_UNKNOWN
  '0x80090322': 'GssServerNotFound.context', // SEC_E_WRONG_PRINCIPAL
  '0x80090311': 'GssKdcUnreachable', // SEC_E_NO_AUTHENTICATING_AUTHORITY
  '0x80090324': 'DnsClockSkew.kerberos', // SEC_E_TIME_SKEW
};

/** @param text what MIT Kerberos says of its failure */
export function kerberosError(text: string, principal: string): FailoverError {
  return securityError(texts.find(([pattern]) => pattern.test(text))?.[1] ?? 'GssFailed', text, principal);
}

/** @param code the status that a function of SSPI returned */
export function sspiError(call: string, code: number, principal: string): FailoverError {
  const status = sspiStatus(code);
  return securityError(sspiCodes[status] ?? 'GssFailed', `${call} returned ${status}`, principal);
}

function securityError(id: Kind, why: string, principal: string): FailoverError {
  const server = principal.replace(/@$/, '');
  return failure(id, { server, why }, { target: server });
}
