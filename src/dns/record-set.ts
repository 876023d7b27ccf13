import { normaliseName } from './names.ts';
import { normaliseData } from './rdata.ts';

/**
 * All records of one name and type (RFC 2181 section 5): they share a TTL and have no order.
 * Make one with `recordSet`, which brings it into its one normal form.
 */
export interface RecordSet {
  /** Absolute, lower case, without the final dot: `www.site1.com`; `.` is the root. */
  readonly name: string;
  /** Mnemonic (`A`, `AAAA`, `CNAME`, `SOA`, …), or `TYPE123` where there is none (RFC 3597 section 5). */
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /**
   * Presentation form, normalised and sorted: `10.1.1.1`, `2001:db8::1`, `10 mail.site1.com`. Types that the
   * module does not interpret are in RFC 3597's form: `\# 4 0a010101`.
   */
  readonly data: readonly string[];
}

/** What identifies a record set in its zone. */
export type RecordSetKey = Pick<RecordSet, 'name' | 'type'>;

/** A record set in normal form. Throws DnsNameInvalid or DnsRecordInvalid. */
export function recordSet(name: string, type: string, ttl: number, data: readonly string[]): RecordSet {
  const upper = type.toUpperCase();
  const values = new Set(data.map((value) => normaliseData(upper, value)));
  return { name: normaliseName(name), type: upper, ttl, data: [...values].sort() };
}

/** True for the same name and type. */
export function sameKey(a: RecordSetKey, b: RecordSetKey): boolean {
  return a.name === b.name && a.type === b.type;
}

/** True for the same values, whatever their TTL. */
export function sameData(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** True for the same name, type, TTL and values. */
export function sameRecordSet(a: RecordSet, b: RecordSet): boolean {
  return sameKey(a, b) && a.ttl === b.ttl && sameData(a.data, b.data);
}

export function findRecordSet(sets: readonly RecordSet[], name: string, type: string): RecordSet | undefined {
  return sets.find((set) => set.name === name && set.type === type);
}

/** In words for messages: `site1.com A 10.1.1.1`. */
export function describeRecordSet(set: RecordSetKey & { data: readonly string[] }): string {
  return `${set.name} ${set.type} ${set.data.join(', ')}`;
}
