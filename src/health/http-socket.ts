import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect as connectTls,
  type ConnectionOptions,
  type SecureContext,
} from 'node:tls';

/** All connections receive into this, one after the other: it is good until the call with its bytes returns. */
const received = Buffer.allocUnsafeSlow(64 * 1024);

/** Connects to the address itself: with an IP address as host neither net nor tls looks a name up. */
export function openSocket(
  url: URL,
  address: string,
  secureContext: SecureContext | undefined,
  onBytes: (bytes: Buffer) => void,
): Socket {
  const port = portOf(url);
  const onread = {
    buffer: received,
    callback: (size: number): boolean => {
      onBytes(received.subarray(0, size));
      return true;
    },
  };
  if (url.protocol === 'http:') return connectTcp({ host: address, port, onread });
  const host = hostOf(url);
  // The type lacks onread, which https://nodejs.org/api/tls.html#tlsconnectoptions-callback describes.
  const options: ConnectionOptions & { onread: OnReadOpts } = {
    host: address,
    port,
    onread,
    // SNI carries names only (RFC 6066 section 3).
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(secureContext === undefined ? {} : { secureContext }),
    ALPNProtocols: ['http/1.1'],
    // Judged by certificateFault, so that what is wrong and the days left can both be told.
    rejectUnauthorized: false,
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
  };
  return connectTls(options);
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** The host of a URL without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
