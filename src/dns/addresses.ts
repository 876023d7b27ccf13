import { isIP } from 'node:net';
import { normaliseData } from './rdata.ts';
import type { RecordSet } from './record-set.ts';

/** The record types that hold addresses, IPv4 and IPv6. */
export const families = ['A', 'AAAA'] as const;
export type Family = (typeof families)[number];
export type AddressesByFamily = Readonly<Record<Family, readonly string[]>>;

/** The addresses of the two servers, in the normal form of record data, in the order of the settings. */
export interface ServerAddresses {
  readonly primary: AddressesByFamily;
  readonly failover: AddressesByFamily;
}

export function serverAddresses(primary: readonly string[], failover: readonly string[]): ServerAddresses {
  return { primary: byFamily(primary), failover: byFamily(failover) };
}

/**
 * The server that all values of a record set are addresses of; `other` for any value of neither, for values of both,
 * and for a set that holds no addresses.
 */
export function holderOf(set: RecordSet, servers: ServerAddresses): 'primary' | 'failover' | 'other' {
  if (holdsOnly(set, servers.primary)) return 'primary';
  return holdsOnly(set, servers.failover) ? 'failover' : 'other';
}

/** True where all values of a record set are among these addresses. */
export function holdsOnly({ type, data }: RecordSet, addresses: AddressesByFamily): boolean {
  const family = families.find((one) => one === type);
  return family !== undefined && data.length > 0 && data.every((value) => addresses[family].includes(value));
}

function byFamily(addresses: readonly string[]): AddressesByFamily {
  const ofFamily = (family: Family, version: number) =>
    addresses.filter((one) => isIP(one) === version).map((one) => normaliseData(family, one));
  return { A: ofFamily('A', 4), AAAA: ofFamily('AAAA', 6) };
}
