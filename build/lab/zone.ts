import { isWithin, type RecordSet } from '../../src/dns/index.ts';

/** A zone of the lab's DNS server: plain values, so that an update either replaces it or leaves it. */
export interface Zone {
  /** Normalised, as the names of its record sets are. */
  readonly name: string;
  /** With one SOA record at the zone's name. */
  readonly sets: readonly RecordSet[];
}

export interface Answer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  readonly answers: readonly RecordSet[];
  /** The SOA record that tells how long the lack of an answer may be cached (RFC 2308 section 3). */
  readonly authority: readonly RecordSet[];
}

/**
 * What an authoritative server says (RFC 1034 section 4.3.2, without delegations and wildcards).
 *
 * | at the name | answer |
 * |---|---|
 * | the type | the record set |
 * | an alias | the alias, and what its target answers as long as it lies in the zone |
 * | other types, or only names below it (RFC 8020) | nothing, and the SOA record |
 * | nothing | NXDOMAIN, and the SOA record |
 */
export function lookUp(zone: Zone, name: string, type: string): Answer {
  const answers: RecordSet[] = [];
  for (let at = name; ;) {
    const here = zone.sets.filter((set) => set.name === at);
    const found = here.filter((set) => type === 'ANY' || set.type === type);
    if (found.length > 0) return { rcode: 'NOERROR', answers: [...answers, ...found], authority: [] };
    const alias = here.find((set) => set.type === 'CNAME');
    if (alias === undefined) {
      const exists = zone.sets.some((set) => isWithin(set.name, at));
      return { rcode: exists ? 'NOERROR' : 'NXDOMAIN', answers, authority: [soaOf(zone)] };
    }
    if (answers.includes(alias)) return { rcode: 'NOERROR', answers, authority: [] };
    answers.push(alias);
    at = alias.data[0]!;
    if (!isWithin(at, zone.name)) return { rcode: 'NOERROR', answers, authority: [] };
  }
}

/** All record sets in the order of a transfer: SOA first and last (RFC 5936 section 2.2). */
export function transfer(zone: Zone): RecordSet[] {
  const soa = soaOf(zone);
  return [soa, ...zone.sets.filter((set) => set !== soa), soa];
}

export function soaOf(zone: Zone): RecordSet {
  const soa = zone.sets.find((set) => set.name === zone.name && set.type === 'SOA');
  if (soa === undefined) throw new RangeError(`Zone ${zone.name} has no SOA record`);
  return soa;
}
