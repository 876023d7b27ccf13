import { isWithin, recordSet, type RecordSet } from '../../src/dns/index.ts';
import { soaOf, type Zone } from './zone.ts';

/** A record of the prerequisite or update section (RFC 2136 sections 2.4 and 2.5). */
export interface UpdateRecord {
  readonly name: string;
  /** Mnemonic, or ANY. */
  readonly type: string;
  /** What a section means by it: a record, all of them, none. */
  readonly class: 'IN' | 'ANY' | 'NONE' | 'other';
  readonly ttl: number;
  /** Presentation form; undefined where the message has no record data. */
  readonly data: string | undefined;
}

export type UpdateRcode = 'NOERROR' | 'FORMERR' | 'NXDOMAIN' | 'YXDOMAIN' | 'YXRRSET' | 'NXRRSET' | 'NOTZONE';

/** Not record types but questions (the two numbers are MAILB and MAILA; RFC 2136 section 3.4.1.2). */
const metaTypes = new Set(['IXFR', 'AXFR', 'TYPE253', 'TYPE254', 'ANY']);

/** The zone after an update, or the zone itself and the reason why nothing of it was done. */
export function update(
  zone: Zone,
  prerequisites: readonly UpdateRecord[],
  updates: readonly UpdateRecord[],
): { rcode: UpdateRcode; zone: Zone } {
  const rcode = checkPrerequisites(zone, prerequisites) ?? prescan(zone, updates);
  if (rcode !== undefined) return { rcode, zone };
  const sets = updates.reduce((current, one) => apply(zone.name, current, one), zone.sets);
  return { rcode: 'NOERROR', zone: sets === zone.sets ? zone : withNextSerial({ ...zone, sets }) };
}

/**
 * RFC 2136 section 3.2. All records of class IN that share name and type speak of one record set.
 *
 * | class | type | demands | else |
 * |---|---|---|---|
 * | ANY | ANY | the name is in use | NXDOMAIN |
 * | ANY | a type | the record set exists | NXRRSET |
 * | NONE | ANY | the name is not in use | YXDOMAIN |
 * | NONE | a type | the record set does not exist | YXRRSET |
 * | IN | a type | the record set exists with exactly these values, whatever their TTL | NXRRSET |
 */
function checkPrerequisites(zone: Zone, records: readonly UpdateRecord[]): UpdateRcode | undefined {
  const wanted = new Map<string, { name: string; type: string; data: string[] }>();
  for (const { name, type, class: klass, ttl, data } of records) {
    if (ttl !== 0) return 'FORMERR';
    if (!isWithin(name, zone.name)) return 'NOTZONE';
    if (klass === 'IN') {
      if (metaTypes.has(type) || data === undefined) return 'FORMERR';
      const known = wanted.get(`${name} ${type}`);
      if (known === undefined) wanted.set(`${name} ${type}`, { name, type, data: [data] });
      else known.data.push(data);
      continue;
    }
    if (klass === 'other' || data !== undefined) return 'FORMERR';
    const exists = zone.sets.some((set) => set.name === name && (type === 'ANY' || set.type === type));
    if (klass === 'ANY' && !exists) return type === 'ANY' ? 'NXDOMAIN' : 'NXRRSET';
    if (klass === 'NONE' && exists) return type === 'ANY' ? 'YXDOMAIN' : 'YXRRSET';
  }
  for (const { name, type, data } of wanted.values()) {
    const expected = recordSet(name, type, 0, data).data;
    const found = zone.sets.find((set) => set.name === name && set.type === type)?.data ?? [];
    if (expected.length !== found.length || expected.some((value) => !found.includes(value)))
      return 'NXRRSET';
  }
  return undefined;
}

/** RFC 2136 section 3.4.1: an update that cannot be done whole is not begun. */
function prescan(zone: Zone, records: readonly UpdateRecord[]): UpdateRcode | undefined {
  for (const { name, type, class: klass, ttl, data } of records) {
    if (!isWithin(name, zone.name)) return 'NOTZONE';
    const meta = metaTypes.has(type);
    const fits =
      klass === 'IN'
        ? !meta && data !== undefined
        : klass === 'ANY'
          ? ttl === 0 && data === undefined && (!meta || type === 'ANY')
          : klass === 'NONE' && ttl === 0 && !meta && data !== undefined;
    if (!fits) return 'FORMERR';
  }
  return undefined;
}

/**
 * RFC 2136 section 3.4.2: what one record of the update section does. The same array where it does nothing.
 *
 * | class | type | done | not done |
 * |---|---|---|---|
 * | IN | CNAME | replaces the alias | where the name has other records |
 * | IN | SOA | nothing: the server keeps the serial | |
 * | IN | a type | adds the value, and sets the TTL of all | where the name is an alias |
 * | ANY | ANY | deletes all at the name | SOA and NS of the zone |
 * | ANY | a type | deletes the record set | SOA and NS of the zone |
 * | NONE | a type | deletes the value | SOA and the last NS of the zone |
 */
function apply(zone: string, sets: readonly RecordSet[], record: UpdateRecord): readonly RecordSet[] {
  const { name, type } = record;
  const kept = (set: RecordSet) => set.name === zone && (set.type === 'SOA' || set.type === 'NS');
  if (record.class === 'ANY') {
    const doomed = (set: RecordSet) =>
      set.name === name && (type === 'ANY' || set.type === type) && !kept(set);
    return sets.some(doomed) ? sets.filter((set) => !doomed(set)) : sets;
  }
  if (type === 'SOA') return sets;
  const here = sets.find((set) => set.name === name && set.type === type);
  const rest = sets.filter((set) => set !== here);
  const data = recordSet(name, type, record.ttl, [record.data!]).data[0]!;
  if (record.class === 'NONE') {
    if (!here?.data.includes(data) || (kept(here) && here.data.length === 1)) return sets;
    const left = here.data.filter((value) => value !== data);
    return left.length === 0 ? rest : [...rest, { ...here, data: left }];
  }
  const alias = type === 'CNAME';
  if (rest.some((set) => set.name === name && (alias || set.type === 'CNAME'))) return sets;
  if (here?.data.includes(data) && here.ttl === record.ttl) return sets;
  return [...rest, recordSet(name, type, record.ttl, alias ? [data] : [...(here?.data ?? []), data])];
}

/** RFC 2136 section 3.6; serials wrap (RFC 1982) and skip 0. */
function withNextSerial(zone: Zone): Zone {
  const soa = soaOf(zone);
  const fields = soa.data[0]!.split(' ');
  fields[2] = String((Number(fields[2]) + 1) % 2 ** 32 || 1);
  const next = { ...soa, data: [fields.join(' ')] };
  return { ...zone, sets: zone.sets.map((set) => (set === soa ? next : set)) };
}
