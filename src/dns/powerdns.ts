import { failure } from '../model/failover-error.ts';
import type { RecordSetChange, ZoneChange } from './change.ts';
import { requireExpected } from './expected.ts';
import { longestZone, normaliseName, parentName } from './names.ts';
import { type NameServerOptions, NameServers } from './name-servers.ts';
import { type ApiRecordSet, PowerDnsApi, type PowerDnsApiOptions } from './powerdns-api.ts';
import { type DnsProvider, type ReadBack, type ReadBackOptions, readTypes } from './provider.ts';
import { recordSet, type RecordSet } from './record-set.ts';

export type PowerDnsOptions = PowerDnsApiOptions & NameServerOptions;

/**
 * Zones that the HTTP API of PowerDNS changes. The API knows no condition: what the plan saw is compared with what
 * the server holds immediately before, and a change that another writer makes in the milliseconds between is
 * overwritten. Dynamic updates (RFC 2136) to the same server have no such gap.
 */
export function createPowerDnsProvider(options: PowerDnsOptions): DnsProvider {
  return new PowerDnsProvider(options);
}

class PowerDnsProvider implements DnsProvider {
  readonly #api: PowerDnsApi;
  readonly #servers: NameServers;
  readonly #configured: readonly string[] | undefined;
  readonly #zones = new Map<string, string>();

  constructor(options: PowerDnsOptions) {
    this.#api = new PowerDnsApi(options);
    this.#servers = new NameServers(options);
    this.#configured = options.zones?.map(normaliseName);
  }

  async zoneOf(hostName: string, signal?: AbortSignal): Promise<string> {
    const name = normaliseName(hostName);
    const zone = this.#zones.get(name) ?? (await this.#findZone(name, signal));
    if (zone === undefined)
      throw failure('DnsZoneNotFound.powerdnsForName', { server: this.#api.place, name }, { target: name });
    this.#zones.set(name, zone);
    return zone;
  }

  async #findZone(hostName: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    if (this.#configured !== undefined) return longestZone(hostName, this.#configured);
    for (let name: string | undefined = hostName; name !== undefined && name !== '.'; name = parentName(name))
      if (await this.#api.holds(name, signal)) return name;
    return undefined;
  }

  async read(zone: string, names: readonly string[], signal?: AbortSignal): Promise<RecordSet[]> {
    const wanted = [...new Set(names.map(normaliseName))];
    const sets = await Promise.all(wanted.map((name) => this.#api.recordSetsAt(zone, name, signal)));
    return sets
      .flat()
      .filter(({ type }) => (readTypes as readonly string[]).includes(type))
      .flatMap((set) => served(set) ?? []);
  }

  async readSoa(zone: string, signal?: AbortSignal): Promise<RecordSet | undefined> {
    const sets = await this.#api.recordSetsAt(zone, zone, signal);
    const soa = sets.find(({ type }) => type === 'SOA');
    return soa && served(soa);
  }

  async apply(change: ZoneChange, signal?: AbortSignal): Promise<void> {
    const held = await this.#api.recordSets(change.zone, signal);
    const sets = new Map(held.map((set) => [`${set.name.toLowerCase()} ${set.type}`, set]));
    const find = (name: string, type: string): ApiRecordSet | undefined => sets.get(`${name}. ${type}`);
    requireExpected(change, (name, type) => {
      const set = find(name, type);
      return set && served(set);
    });
    const rrsets = change.changes.map((one) => replacement(one, find(one.name, one.type)));
    await this.#api.change(change.zone, rrsets, signal);
    await this.#api.notify(change.zone, signal);
  }

  async size(zone: string, signal?: AbortSignal): Promise<number> {
    return (await this.#api.recordSets(zone, signal)).length;
  }

  readBack(change: ZoneChange, options?: ReadBackOptions): Promise<ReadBack> {
    return this.#servers.readBack(change, options);
  }
}

/** What the server answers of a set: its records without the disabled ones. */
function served({ name, type, ttl = 0, records = [] }: ApiRecordSet): RecordSet | undefined {
  const enabled = records.filter(({ disabled }) => disabled !== true);
  if (enabled.length === 0) return undefined;
  return recordSet(
    name,
    type,
    ttl,
    enabled.map(({ content }) => content),
  );
}

/** Records that an administrator has disabled stay: they belong to the set, though nobody is answered with them. */
function replacement({ name, type, after }: RecordSetChange, held: ApiRecordSet | undefined): ApiRecordSet {
  const disabled = held?.records?.filter((record) => record.disabled === true) ?? [];
  const records = [
    ...(after?.data ?? []).map((data) => ({ content: written(type, data), disabled: false })),
    ...disabled,
  ];
  if (records.length === 0) return { name: `${name}.`, type, changetype: 'DELETE' };
  return { name: `${name}.`, type, ttl: after?.ttl ?? held?.ttl ?? 0, changetype: 'REPLACE', records };
}

/** Names in record data are absolute in the API. */
function written(type: string, data: string): string {
  if (type === 'SOA') return data.replace(/^(\S+) (\S+)/, '$1. $2.');
  return type === 'CNAME' || type === 'MX' ? `${data}.` : data;
}
