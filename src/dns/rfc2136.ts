import type { Clock } from '../edge/clock.ts';
import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { ZoneChange } from './change.ts';
import { query, recordSets, update } from './client.ts';
import { encodeUpdate, rcode, type UpdateRecord } from './message.ts';
import { longestZone, normaliseName, parentName } from './names.ts';
import type { DnsProvider, ReadBack, ReadBackOptions, ServerReadBack } from './provider.ts';
import { describeRecordSet, type RecordSet, sameData, sameKey } from './record-set.ts';
import { describeServer, type DnsServer } from './server.ts';
import type { ExchangeOptions } from './transport.ts';
import type { TsigKey } from './tsig-key.ts';

export interface Rfc2136Options {
  /** Takes the updates and is read before one. */
  readonly primary: DnsServer;
  /** Asked when a change is read back; the primary is always among them. */
  readonly nameServers: readonly DnsServer[];
  /** Names of the zones. Default: found by SOA queries. */
  readonly zones?: readonly string[];
  /** Signs updates; queries are not signed. */
  readonly key?: TsigKey;
  /** `udp` falls back to TCP where a message does not fit. Default `udp`. */
  readonly transport?: 'udp' | 'tcp';
  /** For each attempt of an exchange. Default 3000 ms. */
  readonly timeoutMs?: number;
  /** UDP queries only: how often a message is sent before the server counts as unreachable. Default 3. */
  readonly attempts?: number;
  readonly clock: Clock;
}

/** The types that a plan looks at. */
const readTypes = ['A', 'AAAA', 'CNAME', 'MX'] as const;

/** Zones on any server that takes RFC 2136 updates: BIND, Knot, PowerDNS, Windows DNS (zones outside AD). */
export function createRfc2136Provider(options: Rfc2136Options): DnsProvider {
  return new Rfc2136Provider(options);
}

class Rfc2136Provider implements DnsProvider {
  readonly #options: Rfc2136Options;
  readonly #zones: readonly string[] | undefined;
  /** Zones found by asking, by host name. */
  readonly #found = new Map<string, Promise<string>>();

  constructor(options: Rfc2136Options) {
    this.#options = options;
    this.#zones = options.zones?.map(normaliseName);
  }

  async zoneOf(hostName: string, signal?: AbortSignal): Promise<string> {
    const name = normaliseName(hostName);
    if (this.#zones !== undefined) {
      const zone = longestZone(name, this.#zones);
      if (zone !== undefined) return zone;
      throw new FailoverError('DnsZoneNotFound', `None of the zones of the settings holds ${name}`, {
        target: name,
      });
    }
    const zone = this.#found.get(name) ?? this.#findZone(name, signal);
    this.#found.set(name, zone);
    zone.catch(() => this.#found.delete(name));
    return zone;
  }

  async read(zone: string, names: readonly string[], signal?: AbortSignal): Promise<RecordSet[]> {
    const keys = names.flatMap((name) => readTypes.map((type) => ({ name: normaliseName(name), type })));
    const sets = await Promise.all(
      keys.map((key) => this.#readSet(this.#options.primary, zone, key, signal)),
    );
    return sets.filter((set) => set !== undefined);
  }

  async apply(change: ZoneChange, signal?: AbortSignal): Promise<void> {
    const { primary, key, clock } = this.#options;
    const prerequisites = [
      ...change.changes.map((one) => condition(one, one.before)),
      ...change.guards.map((guard) => condition(guard, guard.expected)),
    ];
    const updates = change.changes.flatMap(({ name, type, before, after }): UpdateRecord[] => [
      ...(before === null ? [] : [{ kind: 'delete-set' as const, name, type }]),
      ...(after === null ? [] : [{ kind: 'add' as const, set: after }]),
    ]);
    const build = (id: number): Buffer => encodeUpdate(id, change.zone, prerequisites, updates);
    try {
      await update(primary, change.zone, build, key, () => clock.now(), this.#exchange(signal));
    } catch (error) {
      // The update may have been made and its answer lost: what the zone holds decides.
      const lost = error instanceof FailoverError && error.id === 'DnsTimeout';
      if (!lost || (await this.#compare(primary, change, signal)).length > 0) throw error;
    }
  }

  async readBack(change: ZoneChange, options: ReadBackOptions = {}): Promise<ReadBack> {
    const { primary, nameServers } = this.#options;
    const others = nameServers.filter((server) => describeServer(server) !== describeServer(primary));
    const servers = await Promise.all(
      [primary, ...others].map((server) => this.#confirm(server, change, options)),
    );
    return { zone: change.zone, confirmed: servers.every((server) => server.confirmed), servers };
  }

  async #confirm(
    server: DnsServer,
    change: ZoneChange,
    { deadlineMs = 10_000, intervalMs = 100, signal }: ReadBackOptions,
  ): Promise<ServerReadBack> {
    const { clock } = this.#options;
    const started = clock.monotonic();
    for (;;) {
      let seen: ServerReadBack;
      try {
        const differences = await this.#compare(server, change, signal);
        seen = { server, confirmed: differences.length === 0, differences };
      } catch (error) {
        signal?.throwIfAborted();
        seen = { server, confirmed: false, differences: [], error: toFailoverError(error) };
      }
      if (seen.confirmed || clock.monotonic() - started >= deadlineMs) return seen;
      await clock.sleep(intervalMs, signal);
    }
  }

  /** How a server's answers differ from the change, in words. */
  async #compare(server: DnsServer, change: ZoneChange, signal: AbortSignal | undefined): Promise<string[]> {
    const differences = await Promise.all(
      change.changes.map(async (one) => {
        const set = await this.#readSet(server, change.zone, one, signal);
        if (sameData(set?.data ?? [], one.after?.data ?? [])) return [];
        return [set === undefined ? `no ${one.name} ${one.type}` : describeRecordSet(set)];
      }),
    );
    return differences.flat();
  }

  async #readSet(
    server: DnsServer,
    zone: string,
    key: { readonly name: string; readonly type: string },
    signal: AbortSignal | undefined,
  ): Promise<RecordSet | undefined> {
    const message = await query(server, key, this.#exchange(signal));
    if (!message.authoritative)
      throw new FailoverError(
        'DnsNotAuthoritative',
        `${describeServer(server)} is not authoritative for ${zone}`,
        {
          target: zone,
        },
      );
    return recordSets(message.answer).find((set) => sameKey(set, key));
  }

  /** The nearest name at or above the host name that has an SOA record. */
  async #findZone(hostName: string, signal: AbortSignal | undefined): Promise<string> {
    for (let name: string | undefined = hostName; name !== undefined; name = parentName(name)) {
      const message = await query(this.#options.primary, { name, type: 'SOA' }, this.#exchange(signal));
      if (!message.authoritative) break;
      const soa = [...message.answer, ...message.authority].find((record) => record.type === 'SOA');
      if (soa !== undefined && (message.rcode === rcode.NOERROR || message.rcode === rcode.NXDOMAIN))
        return soa.name;
    }
    const server = describeServer(this.#options.primary);
    throw new FailoverError('DnsZoneNotFound', `${server} holds no zone for ${hostName}`, {
      target: hostName,
    });
  }

  #exchange(signal: AbortSignal | undefined): ExchangeOptions {
    const { transport = 'udp', timeoutMs = 3000, attempts = 3 } = this.#options;
    return { transport, timeoutMs, attempts, signal };
  }
}

/** "This record set is as it was read": its values, not its TTL (RFC 2136 section 2.4.2 and 2.4.3). */
function condition(
  key: { readonly name: string; readonly type: string },
  expected: RecordSet | null,
): UpdateRecord {
  return expected === null
    ? { kind: 'absent', name: key.name, type: key.type }
    : { kind: 'exists-with-values', set: expected };
}
