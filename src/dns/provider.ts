import { failure, type FailoverError } from '../model/failover-error.ts';
import type { ZoneChange } from './change.ts';
import type { RecordSet } from './record-set.ts';
import { describeServer, type DnsServer } from './server.ts';
import { describeZone, type DnsView } from './views.ts';

/**
 * The place where zones are kept, and the only way the module reads or changes one. What every implementation
 * owes its callers:
 *
 * - `read` answers from an authoritative server that sees the last change, never from a cache. A name or a type
 *   that is not there is absent from the result; an answer that cannot be had is an error, never an empty list.
 * - `apply` is atomic: all of the change or none of it, and nobody sees a state between. It changes nothing and
 *   throws DnsChangedMeanwhile unless every `before` and every guard holds at that moment (values, not TTL).
 *   It touches no other record set (the server maintains SOA and signatures). When it throws for another reason
 *   the change may or may not have happened: read again before planning anew.
 * - `readBack` trusts no return code: it asks every name server of the zone until each shows the change or the
 *   deadline passes. A server that lags or does not answer is a result, not an exception.
 * - All of them stop with `Cancelled` soon after the signal fires.
 */
export interface DnsProvider {
  /** The zone that holds the host name. Throws DnsZoneNotFound. */
  zoneOf(hostName: string, signal?: AbortSignal): Promise<string>;
  /** The A, AAAA, CNAME and MX record sets at these names. */
  read(zone: string, names: readonly string[], signal?: AbortSignal): Promise<RecordSet[]>;
  apply(change: ZoneChange, signal?: AbortSignal): Promise<void>;
  /** Throws what `apply` would refuse without asking the server for it, for plans; changes nothing. */
  check?(change: ZoneChange, signal?: AbortSignal): Promise<void>;
  /**
   * The zone's SOA record set, where `apply` can replace it by one with a higher serial number and give record sets
   * another TTL; without the method, or undefined, it can't.
   */
  readSoa?(zone: string, signal?: AbortSignal): Promise<RecordSet | undefined>;
  readBack(change: ZoneChange, options?: ReadBackOptions): Promise<ReadBack>;
  /** How many record sets the zone has, without those of DNSSEC; undefined where the server does not tell. */
  size?(zone: string, signal?: AbortSignal): Promise<number | undefined>;
  /** Other copies of the same zones: all that the methods say is about the default view. */
  readonly views?: readonly DnsView[];
}

/** The types that a plan looks at, and that `read` gives. */
export const readTypes = ['A', 'AAAA', 'CNAME', 'MX'] as const;

export interface ReadBackOptions {
  /** How long the slowest server may lag. Default 10,000 ms. */
  readonly deadlineMs?: number;
  /** Pause between two looks at a server that lags. Default 100 ms. */
  readonly intervalMs?: number;
  readonly signal?: AbortSignal;
}

export interface ServerReadBack {
  readonly server: DnsServer;
  readonly confirmed: boolean;
  /** What it answered instead, in words; empty where it confirmed or did not answer. */
  readonly differences: readonly string[];
  /** Why it did not answer. */
  readonly error?: FailoverError;
}

export interface ReadBack {
  readonly zone: string;
  readonly view?: string;
  /** True where every server shows the change. */
  readonly confirmed: boolean;
  readonly servers: readonly ServerReadBack[];
}

/** DnsPartial, naming each server that does not show the change; undefined where all do. */
export function partialError(readBack: ReadBack): FailoverError | undefined {
  if (readBack.confirmed) return undefined;
  const lagging = readBack.servers.filter((entry) => !entry.confirmed);
  const reasons = lagging.map((entry) => {
    const why = entry.error?.message ?? `it answers ${entry.differences.join('; ')}`;
    return `${describeServer(entry.server)}: ${why}`;
  });
  const text =
    reasons.length === 0
      ? 'no name server is known that could confirm it'
      : `${lagging.length} of ${readBack.servers.length} name servers do not show it (${reasons.join('. ')})`;
  return failure('DnsPartial', { zone: describeZone(readBack), why: text }, { target: readBack.zone });
}
