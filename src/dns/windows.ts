import { failure, toFailoverError, type FailoverError } from '../model/failover-error.ts';
import type { RecordSetChange, ZoneChange } from './change.ts';
import { requireExpected } from './expected.ts';
import { longestZone, normaliseName } from './names.ts';
import { type NameServerOptions, NameServers } from './name-servers.ts';
import type { DnsProvider, ReadBack, ReadBackOptions } from './provider.ts';
import { describeRecordSet, recordSet, type RecordSet, sameData } from './record-set.ts';
import type { WindowsRecord } from './windows-records.ts';
import { WindowsServer, type WindowsServerOptions } from './windows-server.ts';

export type WindowsDnsOptions = WindowsServerOptions & NameServerOptions;

/**
 * Zones on a Windows DNS server, also AD-integrated ones with secure updates only, by the DnsServer cmdlets. They
 * change one record at a time and know no condition, so this provider comes as near to the contract as they allow:
 *
 * - what the plan saw is compared with what the server holds immediately before;
 * - new records are added before old ones are removed, so that no name is without an address at any moment;
 * - where a cmdlet fails, what was done before it is undone; DnsChangeIncomplete says so where that fails too.
 *
 * Addresses are added and removed, never set: Set-DnsServerResourceRecord makes a dynamic record a static one
 * (PowerShell#21129). A record that takes the place of a dynamic one is dynamic, with a timestamp of now. What alone
 * gets another TTL, and the SOA record, is set; a dynamic record is refused that.
 */
export function createWindowsDnsProvider(
  options: WindowsDnsOptions,
): DnsProvider & { close(): Promise<void> } {
  return new WindowsDnsProvider(options);
}

/** One cmdlet of a change. */
type Step =
  | { readonly action: 'add' | 'remove'; readonly name: string; readonly record: WindowsRecord }
  | { readonly action: 'set'; readonly before: RecordSet; readonly after: RecordSet };

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
      throw failure('DnsZoneNotFound.forName', { server: this.#server.place, name }, { target: name });
    return zone;
  }

  async read(zone: string, names: readonly string[], signal?: AbortSignal): Promise<RecordSet[]> {
    const held = await this.#held(zone, names.map(normaliseName), signal);
    return [...held].flatMap(([name, records]) =>
      [...new Set(records.map(({ type }) => type))].map((type) => setOf(name, type, records)!),
    );
  }

  readSoa(zone: string, signal?: AbortSignal): Promise<RecordSet | undefined> {
    return this.#server.soa(zone, signal);
  }

  async apply(change: ZoneChange, signal?: AbortSignal): Promise<void> {
    const names = [...change.changes, ...change.guards].map(({ name }) => name);
    const held = await this.#held(change.zone, names, signal);
    const soa = change.changes.some(({ type }) => type === 'SOA')
      ? await this.#server.soa(change.zone, signal)
      : undefined;
    requireExpected(change, (name, type) => (type === 'SOA' ? soa : setOf(name, type, held.get(name) ?? [])));
    const done: Step[] = [];
    try {
      for (const step of stepsOf(change, held)) {
        await this.#run(change.zone, step, signal);
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

  async #run(zone: string, step: Step, signal?: AbortSignal): Promise<void> {
    if (step.action === 'set') await this.#server.set(zone, step.after, signal);
    else await this.#server[step.action](zone, step.name, step.record, signal);
  }

  /** Takes back what was done before a cmdlet failed, and gives the error to throw; not stopped by any signal. */
  async #undone(zone: string, done: readonly Step[], error: unknown): Promise<unknown> {
    try {
      for (const step of [...done].reverse()) await this.#run(zone, opposite(step));
      return error;
    } catch (undoing) {
      const words = done.map((step) => {
        if (step.action === 'set') return `set ${describeRecordSet(step.after)}`;
        return `${step.action} ${step.name} ${step.record.type} ${step.record.data}`;
      });
      return failure(
        'DnsChangeIncomplete.windows',
        {
          zone,
          server: this.#server.place,
          why: toFailoverError(error).message,
          made: words.join(', '),
          undo: toFailoverError(undoing).message,
        },
        { target: zone, cause: error },
      );
    }
  }
}

function opposite(step: Step): Step {
  if (step.action === 'set') return { action: 'set', before: step.after, after: step.before };
  return { ...step, action: step.action === 'add' ? 'remove' : 'add' };
}

/** Additions first: a name has its new address before it loses the old one. */
function stepsOf(change: ZoneChange, held: ReadonlyMap<string, readonly WindowsRecord[]>): Step[] {
  const steps = change.changes.flatMap((one) => stepsOfSet(one, held.get(one.name) ?? []));
  return (['add', 'set', 'remove'] as const).flatMap((action) =>
    steps.filter((step) => step.action === action),
  );
}

function stepsOfSet(change: RecordSetChange, held: readonly WindowsRecord[]): Step[] {
  const { name, type, before, after } = change;
  if (before !== null && after !== null && (type === 'SOA' || sameData(before.data, after.data))) {
    if (held.some((record) => record.type === type && record.dynamic)) throw dynamicRecord(change);
    return [{ action: 'set', before, after }];
  }
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

function dynamicRecord({ name, type }: RecordSetChange): FailoverError {
  return failure('DnsZoneSettingsUnsupported.timestamp', { name, type }, { target: name });
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
