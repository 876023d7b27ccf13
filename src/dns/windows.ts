import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { RecordSetChange, ZoneChange } from './change.ts';
import { requireExpected } from './expected.ts';
import { longestZone, normaliseName } from './names.ts';
import { type NameServerOptions, NameServers } from './name-servers.ts';
import type { DnsProvider, ReadBack, ReadBackOptions } from './provider.ts';
import { recordSet, type RecordSet } from './record-set.ts';
import { type WindowsRecord, WindowsServer, type WindowsServerOptions } from './windows-server.ts';

export type WindowsDnsOptions = WindowsServerOptions & NameServerOptions;

/**
 * Zones on a Windows DNS server, also AD-integrated ones with secure updates only, by the DnsServer cmdlets. They
 * change one record at a time and know no condition, so this provider comes as near to the contract as they allow:
 *
 * - what the plan saw is compared with what the server holds immediately before;
 * - new records are added before old ones are removed, so that no name is without an address at any moment;
 * - where a cmdlet fails, what was done before it is undone; DnsChangeIncomplete says so where that fails too.
 *
 * Records are added and removed, never set: Set-DnsServerResourceRecord makes a dynamic record a static one
 * (PowerShell#21129). A record that takes the place of a dynamic one is dynamic, with a timestamp of now.
 */
export function createWindowsDnsProvider(
  options: WindowsDnsOptions,
): DnsProvider & { close(): Promise<void> } {
  return new WindowsDnsProvider(options);
}

/** One cmdlet of a change. */
interface Step {
  readonly action: 'add' | 'remove';
  readonly name: string;
  readonly record: WindowsRecord;
}

class WindowsDnsProvider implements DnsProvider {
  readonly #server: WindowsServer;
  readonly #servers: NameServers;
  #zones: readonly string[] | undefined;

  constructor(options: WindowsDnsOptions) {
    this.#server = new WindowsServer(options);
    this.#servers = new NameServers(options);
    this.#zones = options.zones?.map(normaliseName);
  }

  async zoneOf(hostName: string, signal?: AbortSignal): Promise<string> {
    const name = normaliseName(hostName);
    this.#zones ??= await this.#server.zones(signal);
    const zone = longestZone(name, this.#zones);
    if (zone === undefined)
      throw new FailoverError(
        'DnsZoneNotFound',
        `The DNS server ${this.#server.place} holds no zone for ${name}`,
        {
          target: name,
        },
      );
    return zone;
  }

  async read(zone: string, names: readonly string[], signal?: AbortSignal): Promise<RecordSet[]> {
    const held = await this.#held(zone, names.map(normaliseName), signal);
    return [...held].flatMap(([name, records]) =>
      [...new Set(records.map(({ type }) => type))].map((type) => setOf(name, type, records)!),
    );
  }

  async apply(change: ZoneChange, signal?: AbortSignal): Promise<void> {
    const names = [...change.changes, ...change.guards].map(({ name }) => name);
    const held = await this.#held(change.zone, names, signal);
    requireExpected(change, (name, type) => setOf(name, type, held.get(name) ?? []));
    const done: Step[] = [];
    try {
      for (const step of stepsOf(change, held)) {
        await this.#server[step.action](change.zone, step.name, step.record, signal);
        done.push(step);
      }
    } catch (error) {
      throw await this.#undone(change.zone, done, error);
    }
  }

  size(zone: string, signal?: AbortSignal): Promise<number> {
    return this.#server.size(zone, signal);
  }

  readBack(change: ZoneChange, options?: ReadBackOptions): Promise<ReadBack> {
    return this.#servers.readBack(change, options);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #held(
    zone: string,
    names: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Map<string, WindowsRecord[]>> {
    const held = new Map<string, WindowsRecord[]>();
    for (const name of new Set(names)) held.set(name, await this.#server.records(zone, name, signal));
    return held;
  }

  /** Takes back what was done before a cmdlet failed, and gives the error to throw; not stopped by any signal. */
  async #undone(zone: string, done: readonly Step[], error: unknown): Promise<unknown> {
    try {
      for (const { action, name, record } of [...done].reverse())
        await this.#server[action === 'add' ? 'remove' : 'add'](zone, name, record);
      return error;
    } catch (failure) {
      const words = done.map(({ action, name, record }) => `${action} ${name} ${record.type} ${record.data}`);
      return new FailoverError(
        'DnsChangeIncomplete',
        `The change of zone ${zone} on ${this.#server.place} failed (${toFailoverError(error).message}) after ` +
          `${words.join(', ')}, and taking that back failed too: ${toFailoverError(failure).message}`,
        { target: zone, cause: error },
      );
    }
  }
}

/** Additions first: a name has its new address before it loses the old one. */
function stepsOf(change: ZoneChange, held: ReadonlyMap<string, readonly WindowsRecord[]>): Step[] {
  const steps = change.changes.flatMap((one) => stepsOfSet(one, held.get(one.name) ?? []));
  return [
    ...steps.filter(({ action }) => action === 'add'),
    ...steps.filter(({ action }) => action === 'remove'),
  ];
}

function stepsOfSet({ name, type, before, after }: RecordSetChange, held: readonly WindowsRecord[]): Step[] {
  if (type !== 'A' && type !== 'AAAA') throw new RangeError(`No plan changes ${type} records`);
  const ofType = held.filter((record) => record.type === type);
  const dynamic = (ofType.length > 0 ? ofType : held).some((record) => record.dynamic);
  const fresh = (after?.data ?? []).filter((data) => !before?.data.includes(data));
  const stale = ofType.filter((record) => !after?.data.includes(valueOf(record)));
  return [
    ...fresh.map((data): Step => ({ action: 'add', name, record: { type, data, ttl: after!.ttl, dynamic } })),
    ...stale.map((record): Step => ({ action: 'remove', name, record })),
  ];
}

function valueOf({ type, data }: WindowsRecord): string {
  return recordSet('.', type, 0, [data]).data[0]!;
}

function setOf(name: string, type: string, records: readonly WindowsRecord[]): RecordSet | undefined {
  const own = records.filter((record) => record.type === type);
  if (own.length === 0) return undefined;
  return recordSet(
    name,
    type,
    Math.min(...own.map(({ ttl }) => ttl)),
    own.map(({ data }) => data),
  );
}
