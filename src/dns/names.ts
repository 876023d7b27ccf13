import { domainToASCII } from 'node:url';
import { failure } from '../model/failover-error.ts';

/**
 * A domain name in the form the module compares: absolute, lower case, no final dot, Unicode labels as A-labels
 * (RFC 5890). Throws DnsNameInvalid for empty or over-long labels (63 octets) and names (255 octets, RFC 1035
 * section 2.3.4) and for characters that no name of a host, zone or key has.
 */
export function normaliseName(name: string): string {
  const bare = name.trim().replace(/\.$/, '');
  if (bare === '') {
    if (name.trim() === '.') return '.';
    throw failure('DnsNameInvalid.empty', { name }, { target: name });
  }
  // domainToASCII refuses what is no host name (underscores pass, escapes and wildcards do not).
  const ascii = /[^\x20-\x7e]/.test(bare) ? domainToASCII(bare) : bare.toLowerCase();
  if (ascii === '') throw failure('DnsNameInvalid.internationalised', { name }, { target: name });
  // A dot inside a label, as in the mailbox of an SOA record, is written `\.`.
  const labels = ascii.split(/(?<!\\)\./);
  for (const label of labels) {
    if (label === '') throw failure('DnsNameInvalid.emptyLabel', { name }, { target: name });
    if (label.length > 63) throw failure('DnsNameInvalid.longLabel', { name, label }, { target: name });
  }
  if (ascii.length > 253) throw failure('DnsNameInvalid.long', { name }, { target: name });
  const character = /[^a-z0-9_*\-./\\+]/.exec(ascii);
  if (character)
    throw failure('DnsNameInvalid.character', { name, character: character[0] }, { target: name });
  return ascii;
}

/** True for the zone's own name and the names below it. Both normalised. */
export function isWithin(name: string, zone: string): boolean {
  return zone === '.' || name === zone || name.endsWith(`.${zone}`);
}

/** The zone with the longest name that holds `hostName`, or undefined. All normalised. */
export function longestZone(hostName: string, zones: readonly string[]): string | undefined {
  return zones
    .filter((zone) => isWithin(hostName, zone))
    .sort((a, b) => b.length - a.length)
    .at(0);
}

/** `site1.com` for `www.site1.com`; `.` for a top-level name; undefined for the root. */
export function parentName(name: string): string | undefined {
  if (name === '.') return undefined;
  const dot = name.indexOf('.');
  return dot < 0 ? '.' : name.slice(dot + 1);
}
