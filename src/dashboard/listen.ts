import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode } from '../edge/files.ts';
import { failure } from '../model/failover-error.ts';
import { hostPort } from './address.ts';
import type { SocketAddress } from '../model/socket-address.ts';

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses this port',
  EADDRNOTAVAIL: 'this machine does not have this address',
  EACCES: 'access is denied',
};

/**
 * Resolves with the port when the server listens.
 * @throws FailoverError of this key
 */
export async function listenOn(
  server: Server,
  { host, port }: SocketAddress,
  key: 'DashboardUnavailable' | 'MetricsUnavailable',
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const target = hostPort(host, port);
      const why = words[errorCode(cause) ?? ''] ?? cause.message;
      reject(failure(key, { target, why }, { target, cause }));
    });
    server.listen(port, host, resolve);
  });
  // A server that has started must not end the monitor, whatever happens to it.
  server.on('error', () => undefined);
  return (server.address() as AddressInfo).port;
}

/** Ends all connections. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
