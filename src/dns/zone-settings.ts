import { isIPv4 } from 'node:net';
import type { RecordSetChange, RecordSetGuard, ZoneChange } from './change.ts';
import { findRecordSet, recordSet, type RecordSet } from './record-set.ts';

/** Upper limits in seconds: what is higher is brought down to them, what is lower stays. */
export interface ZoneSettings {
  readonly ttl: number;
  readonly refresh: number;
  readonly minimum: number;
}

export interface ZoneSettingsRequest {
  /** Normalised, as the host names. */
  readonly zone: string;
  readonly hostNames: readonly string[];
  readonly soa: RecordSet;
  /** What the zone holds at `namesOfZone`. */
  readonly current: readonly RecordSet[];
  readonly wanted: ZoneSettings;
  /** Creates the records that are missing with the addresses that a host name is to have; undefined for none. */
  readonly create: ((hostName: string) => readonly string[]) | undefined;
}

export interface ZoneSettingsPlan {
  readonly change: ZoneChange;
  /** In words, one for each value that changes. */
  readonly words: readonly string[];
}

/** The names whose records are looked at: the host names, and www of the zone. */
export function namesOfZone(zone: string, hostNames: readonly string[]): string[] {
  return [...new Set([...hostNames, `www.${zone}`])];
}

/**
 * Brings the SOA record's refresh interval and minimum, and the TTLs of the addresses and aliases, down to the wanted
 * values, so that a switch is seen in that time. Undefined where nothing has to be changed.
 *
 * - A retry interval that is not below the refresh interval would have no effect: it becomes a fifth of it.
 * - The TTL of the SOA record itself limits how long "no such record" is remembered (RFC 2308 section 5).
 */
export function planZoneSettings(request: ZoneSettingsRequest): ZoneSettingsPlan | undefined {
  const { zone, soa, wanted } = request;
  const words: string[] = [];
  const guards: RecordSetGuard[] = [];
  const changes: RecordSetChange[] = [];
  for (const before of request.current) {
    if (before.ttl <= wanted.ttl || before.type === 'MX') continue;
    changes.push({ ...keyOf(before), before, after: { ...before, ttl: wanted.ttl } });
    words.push(`${before.name} ${before.type}: TTL ${before.ttl} -> ${wanted.ttl}`);
  }
  for (const { set, others } of missingRecords(request)) {
    changes.push({ ...keyOf(set), before: null, after: set });
    guards.push(...others.map((type) => ({ name: set.name, type, expected: null })));
    words.push(`${set.name} ${set.type} ${set.data.join(', ')}: created`);
  }
  const after = soaWith(soa, wanted, words);
  if (after !== undefined) changes.unshift({ ...keyOf(soa), before: soa, after });
  const own = guards.filter(
    (guard) => !changes.some((one) => one.name === guard.name && one.type === guard.type),
  );
  return changes.length === 0 ? undefined : { change: { zone, changes, guards: own }, words };
}

function keyOf({ name, type }: RecordSet): { name: string; type: string } {
  return { name, type };
}

function soaWith(soa: RecordSet, wanted: ZoneSettings, words: string[]): RecordSet | undefined {
  const [mname = '', rname = '', ...numbers] = (soa.data[0] ?? '').split(' ');
  const [serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0] = numbers.map(Number);
  const now = { refresh: Math.min(refresh, wanted.refresh), minimum: Math.min(minimum, wanted.minimum) };
  const nowRetry = retry >= now.refresh ? Math.max(1, Math.floor(now.refresh / 5)) : retry;
  const ttl = Math.min(soa.ttl, wanted.minimum);
  const values: readonly (readonly [string, number, number])[] = [
    ['refresh', refresh, now.refresh],
    ['retry', retry, nowRetry],
    ['minimum', minimum, now.minimum],
    ['TTL', soa.ttl, ttl],
  ];
  const changed = values.filter(([, before, after]) => before !== after);
  // A retry interval alone is none of our business.
  if (changed.every(([name]) => name === 'retry')) return undefined;
  words.unshift(...changed.map(([name, before, after]) => `SOA ${name} ${before} -> ${after}`));
  const data = [mname, rname, nextSerial(serial), now.refresh, nowRetry, expire, now.minimum].join(' ');
  return { ...soa, ttl, data: [data] };
}

/** RFC 1982: serial numbers start again after the highest one; 0 is left out, as name servers do. */
function nextSerial(serial: number): number {
  return serial === 0xffffffff ? 1 : serial + 1;
}

/** The whitepaper's records where there are none: addresses of the primary, and www as an alias of the zone's name. */
function missingRecords({
  zone,
  hostNames,
  current,
  wanted,
  create,
}: ZoneSettingsRequest): { set: RecordSet; others: readonly string[] }[] {
  if (create === undefined) return [];
  const has = (name: string): boolean =>
    ['A', 'AAAA', 'CNAME'].some((type) => findRecordSet(current, name, type) !== undefined);
  const addresses = hostNames
    .filter((name) => !has(name))
    .flatMap((name) =>
      (['A', 'AAAA'] as const).flatMap((type) => {
        const data = create(name).filter((address) => isIPv4(address) === (type === 'A'));
        const others = ['A', 'AAAA', 'CNAME'].filter((one) => one !== type);
        return data.length === 0 ? [] : [{ set: recordSet(name, type, wanted.ttl, data), others }];
      }),
    );
  const www = `www.${zone}`;
  if (!hostNames.includes(zone) || hostNames.includes(www) || has(www)) return addresses;
  return [...addresses, { set: recordSet(www, 'CNAME', wanted.ttl, [zone]), others: ['A', 'AAAA'] }];
}
