import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { generate } from 'selfsigned';

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface CertificateAuthority {
  /** Trusts this authority and no other. */
  readonly trust: SecureContext;
  /** Its own certificate (PEM). */
  readonly certificate: string;
  /** A server certificate; days until it expires, negative for an expired one. */
  issue(hostName: string, days: number): Promise<ServerCertificate>;
}

const dayMs = 86_400_000;

/** An authority that lives as long as the test. */
export async function makeAuthority(now: Date): Promise<CertificateAuthority> {
  const ca = await generate([{ name: 'commonName', value: `Lab authority ${randomUUID()}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true },
    ],
  });
  return {
    trust: createSecureContext({ ca: ca.cert }),
    certificate: ca.cert,
    issue: (hostName, days) => issue(hostName, now, days, { ca: { key: ca.private, cert: ca.cert } }),
  };
}

/** A certificate that vouches for itself. */
export function makeSelfSigned(hostName: string, now: Date, days: number): Promise<ServerCertificate> {
  return issue(hostName, now, days, {});
}

async function issue(
  hostName: string,
  now: Date,
  days: number,
  signer: { ca?: { key: string; cert: string } },
): Promise<ServerCertificate> {
  // Half a day more, so that the whole days left are the same all through the test.
  const notAfterDate = new Date(now.getTime() + (days + 0.5) * dayMs);
  const made = await generate([{ name: 'commonName', value: hostName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Math.min(now.getTime(), notAfterDate.getTime()) - 30 * dayMs),
    notAfterDate,
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [isIP(hostName) === 0 ? { type: 2, value: hostName } : { type: 7, ip: hostName }],
      },
    ],
    ...signer,
  });
  return { key: made.private, cert: made.cert };
}
