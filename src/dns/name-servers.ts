import type { Clock } from '../edge/clock.ts';
import type { ZoneChange } from './change.ts';
import type { ReadBack, ReadBackOptions } from './provider.ts';
import { readBackFrom } from './read-back.ts';
import { type DnsServer, uniqueServers } from './server.ts';
import { type Delegation, type HostLookup, systemLookup } from './system-resolver.ts';
import type { ExchangeOptions } from './transport.ts';
import type { TsigKey } from './tsig-key.ts';
import { ZoneFinder } from './zones.ts';

/** How the name servers of the zones are found and asked, whatever it is that changes the zones. */
export interface NameServerOptions {
  /** Asked for zones and their servers, the first that is authoritative. Default: those of the delegation. */
  readonly servers?: readonly DnsServer[];
  /** Finds servers to ask where none is given. Default: the NS records that this computer's resolvers know. */
  readonly delegation?: Delegation;
  /** Asked when a change is read back, with the servers. Default: those of the zone's NS records. */
  readonly nameServers?: readonly DnsServer[];
  /** Port of servers that are found by asking. Default 53. */
  readonly port?: number;
  /** Finds addresses of name servers in zones that none of the servers holds. Default: this computer's resolvers. */
  readonly lookup?: HostLookup;
  /** Names of the zones. Default: found by SOA queries. */
  readonly zones?: readonly string[];
  /** `udp` falls back to TCP where a message does not fit. Default `udp`. */
  readonly transport?: 'udp' | 'tcp';
  /** For each attempt of an exchange. Default 3000 ms. */
  readonly timeoutMs?: number;
  /** How often a message is sent before the server counts as unreachable (queries: by UDP only). Default 3. */
  readonly attempts?: number;
  /** Signs queries, for servers that tell their views apart by the key. Default: they are not signed. */
  readonly queryKey?: TsigKey;
  readonly clock: Clock;
}

/** The name servers of zones: found, and asked for what was changed. */
export class NameServers {
  readonly finder: ZoneFinder;
  readonly #options: NameServerOptions;

  constructor(options: NameServerOptions) {
    const { servers, delegation, zones, port = 53, lookup = systemLookup } = options;
    this.#options = options;
    this.finder = new ZoneFinder({
      port,
      lookup,
      exchange: (signal) => this.exchange(signal),
      ...(servers && { servers }),
      ...(zones && { zones }),
      ...(delegation && { delegation }),
    });
  }

  exchange(signal: AbortSignal | undefined): ExchangeOptions {
    const { transport = 'udp', timeoutMs = 3000, attempts = 3, queryKey, clock } = this.#options;
    const signing = queryKey && { key: queryKey, now: () => clock.now() };
    return { transport, timeoutMs, attempts, signal, ...(signing && { signing }) };
  }

  /** Asks the given servers, those of the options and those of the zone. */
  async readBack(
    change: ZoneChange,
    options: ReadBackOptions = {},
    first: readonly DnsServer[] = [],
  ): Promise<ReadBack> {
    const { servers = [], clock } = this.#options;
    const nameServers =
      this.#options.nameServers ?? (await this.finder.nameServersOf(change.zone, options.signal));
    const all = uniqueServers([...first, ...servers, ...nameServers]);
    return readBackFrom(all, change, options, this.exchange(options.signal), clock);
  }
}
