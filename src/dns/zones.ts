import { FailoverError, failure } from '../model/failover-error.ts';
import { query } from './client.ts';
import type { Message, Question } from './message.ts';
import { longestZone, normaliseName, parentName } from './names.ts';
import { describeServer, type DnsServer } from './server.ts';
import { type Delegation, type HostLookup, systemDelegation } from './system-resolver.ts';
import type { ExchangeOptions } from './transport.ts';

export interface ZoneFinderOptions {
  /** Asked in this order, until one of them is authoritative. Default: those that the delegation names. */
  readonly servers?: readonly DnsServer[];
  readonly delegation?: Delegation;
  /** Names of the zones. Default: found by SOA queries. */
  readonly zones?: readonly string[];
  /** Port of servers that are found in the zone. */
  readonly port: number;
  readonly lookup: HostLookup;
  readonly exchange: (signal: AbortSignal | undefined) => ExchangeOptions;
}

/** Finds the zone of a host name, and the servers of a zone, by asking. What was found is not asked again. */
export class ZoneFinder {
  readonly #options: ZoneFinderOptions;
  readonly #zones = new Map<string, string>();
  readonly #primaries = new Map<string, DnsServer>();

  constructor(options: ZoneFinderOptions) {
    const { zones } = options;
    this.#options = zones === undefined ? options : { ...options, zones: zones.map(normaliseName) };
  }

  /**
   * The longest of the configured zones that holds the host name; without them, the zone that an SOA record marks.
   * @throws FailoverError DnsZoneNotFound, and those of query
   */
  async zoneOf(hostName: string, signal?: AbortSignal): Promise<string> {
    const name = normaliseName(hostName);
    const { zones } = this.#options;
    const zone =
      zones === undefined
        ? (this.#zones.get(name) ?? (await this.#zoneByAsking(name, signal)))
        : longestZone(name, zones);
    if (zone === undefined) throw failure('DnsZoneNotFound.inSettings', { name }, { target: name });
    this.#zones.set(name, zone);
    return zone;
  }

  /**
   * The server that the zone's SOA record names as its primary (MNAME).
   * @throws FailoverError DnsZoneNotFound, DnsPrimaryUnknown, and those of query
   */
  async primaryOf(zone: string, signal?: AbortSignal): Promise<DnsServer> {
    const known = this.#primaries.get(zone);
    if (known !== undefined) return known;
    const { answer } = await this.#ask({ name: zone, type: 'SOA' }, signal);
    const soa = answer.find((record) => record.type === 'SOA' && record.name === zone);
    if (soa?.data === undefined)
      throw failure('DnsZoneNotFound.atServer', { server: this.#asked(), zone }, { target: zone });
    const name = soa.data.split(' ')[0]!;
    const primary = this.#found(name, await this.#addresses(name, signal));
    if (primary.address === '') throw failure('DnsPrimaryUnknown', { name, zone }, { target: zone });
    this.#primaries.set(zone, primary);
    return primary;
  }

  /** The servers of the zone's NS records, each with one address (IPv4 where it has one). */
  async nameServersOf(zone: string, signal?: AbortSignal): Promise<DnsServer[]> {
    const { answer } = await this.#ask({ name: zone, type: 'NS' }, signal);
    const hosts = answer.filter((record) => record.type === 'NS' && record.name === zone);
    return Promise.all(
      hosts.map(async ({ data = '' }) => this.#found(data, await this.#addresses(data, signal))),
    );
  }

  /** The nearest name at or above the host name that has an SOA record. */
  async #zoneByAsking(hostName: string, signal: AbortSignal | undefined): Promise<string> {
    for (let name: string | undefined = hostName; name !== undefined; name = parentName(name)) {
      const { answer, authority } = await this.#ask({ name, type: 'SOA' }, signal);
      // Behind an alias the answer tells of the zone of its target.
      if (answer.some((record) => record.type === 'CNAME')) continue;
      const soa = [...answer, ...authority].find((record) => record.type === 'SOA');
      if (soa !== undefined) return soa.name;
    }
    throw failure(
      'DnsZoneNotFound.atServerForName',
      { server: this.#asked(), name: hostName },
      { target: hostName },
    );
  }

  async #addresses(name: string, signal: AbortSignal | undefined): Promise<string[]> {
    for (const type of ['A', 'AAAA']) {
      const message = await this.#authoritative({ name, type }, signal);
      if (message === undefined) return [...(await this.#options.lookup(name, signal))];
      const found = message.answer.filter((record) => record.type === type);
      if (found.length > 0) return found.map((record) => record.data!);
    }
    return [];
  }

  #found(name: string, addresses: readonly string[]): DnsServer {
    // One of ours may listen at another port than the usual one.
    const own = this.#options.servers?.find((server) => addresses.includes(server.address));
    if (own !== undefined) return { ...own, name };
    const address = addresses.find((one) => !one.includes(':')) ?? addresses[0] ?? '';
    return { address, port: this.#options.port, name };
  }

  async #ask(question: Question, signal: AbortSignal | undefined): Promise<Message> {
    const message = await this.#authoritative(question, signal);
    if (message !== undefined) return message;
    if (this.#options.servers === undefined)
      throw failure('DnsZoneNotFound.noServer', { name: question.name }, { target: question.name });
    throw failure(
      'DnsZoneNotFound.notAuthoritative',
      { server: this.#asked(), name: question.name },
      { target: question.name },
    );
  }

  #asked(): string {
    return this.#options.servers?.map(describeServer).join(' or ') ?? 'The name server';
  }

  /** The first authoritative answer; undefined where all servers answer without authority. */
  async #authoritative(question: Question, signal: AbortSignal | undefined): Promise<Message | undefined> {
    const { servers, delegation = systemDelegation, port } = this.#options;
    let failure: unknown;
    for (const server of servers ?? (await delegation(question.name, port, signal))) {
      try {
        const message = await query(server, question, this.#options.exchange(signal));
        if (message.authoritative) return message;
      } catch (error) {
        if (signal?.aborted) throw error;
        const without = error instanceof FailoverError && error.id === 'DnsRefused';
        if (!without) failure ??= error;
      }
    }
    if (failure !== undefined) throw failure as Error;
    return undefined;
  }
}
