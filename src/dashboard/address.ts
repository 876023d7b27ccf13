import { isIP } from 'node:net';
import { failure } from '../model/failover-error.ts';
import { type SocketAddress, socketAddress } from '../model/socket-address.ts';

/**
 * The address of -DashboardAddress: `127.0.0.1:8787`, `[::1]:8787` or `localhost:8787`. No name is looked up.
 * @throws FailoverError ParameterInvalid
 */
export function parseDashboardAddress(text: string): SocketAddress {
  const parsed = socketAddress(text);
  if (parsed !== undefined) return parsed;
  throw failure('ParameterInvalid.dashboardAddress', { address: text }, { target: text });
}

/** `127.0.0.1:8787`, `[::1]:8787` */
export function hostPort(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Whether a Host header names this server itself. A page of another name that was made to lead here (DNS rebinding) is
 * told apart by it: such an attack needs a name, so that addresses are safe.
 * @param names host names of this machine, lower case
 */
export function isOwnHost(header: string | undefined, port: number, names: readonly string[]): boolean {
  const [, six, other = '', digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(header ?? '') ?? [];
  if (Number(digits ?? 80) !== port) return false;
  if (six !== undefined) return isIP(six) === 6;
  return isIP(other) === 4 || names.includes(other.toLowerCase());
}
