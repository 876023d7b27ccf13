import type { Clock } from '../edge/clock.ts';
import type { DnsProvider } from './provider.ts';
import type { DnsServer } from './server.ts';
import type { TsigKey } from './tsig-key.ts';

export interface Rfc2136Options {
  /** Name servers that know the zones; the first that answers is asked for SOA and NS records. */
  readonly servers: readonly DnsServer[];
  /** Takes the updates. Default: the primary that the zone's SOA record names (MNAME). */
  readonly primary?: DnsServer;
  /** Asked when a change is read back. Default: the zone's NS records, on port 53. */
  readonly nameServers?: readonly DnsServer[];
  /** Names of the zones. Default: found by SOA queries. */
  readonly zones?: readonly string[];
  /** Signs updates; queries are not signed. */
  readonly key?: TsigKey;
  /** `udp` falls back to TCP where a message does not fit. Default `udp`. */
  readonly transport?: 'udp' | 'tcp';
  /** For each attempt of an exchange. Default 3000 ms. */
  readonly timeoutMs?: number;
  /** UDP only: how often a message is sent before the server counts as unreachable. Default 3. */
  readonly attempts?: number;
  readonly clock: Clock;
}

/** Zones on any server that takes RFC 2136 updates: BIND, Knot, PowerDNS, Windows DNS (non-AD zones). */
export declare function createRfc2136Provider(options: Rfc2136Options): DnsProvider;
