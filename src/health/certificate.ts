import type { TLSSocket } from 'node:tls';
import type { HealthCheck } from './health-check.ts';
import { ProbeFailure } from './probe-failure.ts';

export interface CertificateFacts {
  /** Whole days until it expires, negative once expired; null where the server showed none. */
  readonly certificateDaysLeft: number | null;
  /** Common name, or the alternative names where there is none. */
  readonly certificateSubject: string | null;
}

/** Those of a server that showed no certificate. */
export const noCertificate: CertificateFacts = { certificateDaysLeft: null, certificateSubject: null };

const dayMs = 86_400_000;

/** The server's own certificate, valid or not. */
export function readCertificate(socket: TLSSocket, now: Date): CertificateFacts {
  const certificate = socket.getPeerCertificate();
  const expires = Date.parse(certificate.valid_to);
  if (Number.isNaN(expires)) return noCertificate;
  const [commonName] = [certificate.subject.CN].flat();
  return {
    certificateDaysLeft: Math.floor((expires - now.getTime()) / dayMs),
    certificateSubject: commonName ?? certificate.subjectaltname ?? null,
  };
}

/** Why the certificate was not accepted, as a sentence; undefined where it was. */
export function certificateFault(
  socket: TLSSocket,
  facts: CertificateFacts,
  hostName: string,
): string | undefined {
  if (socket.authorized) return undefined;
  // Typed as an Error, but Node sets the code (https://github.com/nodejs/node, _tls_wrap.js onConnectSecure).
  const code = String(socket.authorizationError);
  const subject = facts.certificateSubject ?? 'unnamed';
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `The certificate of ${subject} has expired`;
    case 'CERT_NOT_YET_VALID':
      return `The certificate of ${subject} is not valid yet`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate is for ${subject}, not for ${hostName}`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `The certificate of ${subject} is self-signed`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `The certificate of ${subject} is from an authority that this machine does not trust`;
    default:
      return `The certificate of ${subject} is not valid (${code})`;
  }
}

/**
 * What the days left of a certificate mean.
 *
 * | days left                       | verdict |
 * |---------------------------------|---------|
 * | unknown (no certificate)        | good    |
 * | fewer than certificateFailDays  | failure |
 * | fewer than certificateWarnDays  | warning |
 * | more                            | good    |
 */
export function certificateVerdict(
  { certificateDaysLeft: days, certificateSubject }: CertificateFacts,
  { certificateFailDays = 0, certificateWarnDays = 0, ignoreCertificate }: HealthCheck,
): { readonly failure: ProbeFailure | null; readonly warning: string | null } {
  if (days === null || ignoreCertificate === true) return { failure: null, warning: null };
  const words = `The certificate of ${certificateSubject ?? 'unnamed'} expires in ${days} days`;
  if (days < certificateFailDays) return { failure: new ProbeFailure('tls', words), warning: null };
  return { failure: null, warning: days < certificateWarnDays ? words : null };
}
