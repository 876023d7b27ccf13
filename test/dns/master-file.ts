import type { RecordSet } from '../../src/dns/index.ts';

/** Record sets as a master file (RFC 1035 section 5). */
export function masterFile(sets: readonly RecordSet[]): string {
  const lines = sets.flatMap(({ name, ttl, type, data }) =>
    // Absolute, whatever origin a server takes from the name of the zone.
    data.map((one) => `${name}. ${ttl} IN ${type} ${absolute(type, one)}`),
  );
  return ['$ORIGIN .', ...lines, ''].join('\n');
}

function absolute(type: string, data: string): string {
  if (['CNAME', 'NS'].includes(type)) return `${data}.`;
  if (type === 'MX') return `${data}.`;
  if (type !== 'SOA') return data;
  const [primary, mailbox, ...numbers] = data.split(' ');
  return [`${primary}.`, `${mailbox}.`, ...numbers].join(' ');
}
