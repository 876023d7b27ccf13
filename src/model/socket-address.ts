import { isIP } from 'node:net';

/** Where a server listens. */
export interface SocketAddress {
  readonly host: string;
  readonly port: number;
  /** Only this machine reaches it. */
  readonly loopback: boolean;
}

/** `127.0.0.1:8787`, `[::1]:8787` or `localhost:8787`; undefined where it is none. No name is looked up. */
export function socketAddress(text: string): SocketAddress | undefined {
  const [, six, four, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text.trim()) ?? [];
  const name = six ?? four ?? '';
  const host = name.toLowerCase() === 'localhost' ? '127.0.0.1' : name;
  const port = Number(digits);
  if (isIP(host) !== (six === undefined ? 4 : 6) || port > 65_535) return undefined;
  return { host, port, loopback: host === '::1' || host.startsWith('127.') };
}
