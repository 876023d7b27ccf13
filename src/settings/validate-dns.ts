import { isIP } from 'node:net';
import type { DnsProviderSettings, DnsSettings } from './dns-schema.ts';

interface Finding {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Rules of the DNS settings beyond their form: addresses, one kind of provider for each zone. */
export function checkDns(dns: DnsSettings | undefined): Finding[] {
  if (dns === undefined) return [];
  const overrides = dns.overrides ?? [];
  const seen = new Set<string>();
  const twice = overrides.flatMap(({ zones }, i) =>
    zones.flatMap((zone, j): Finding[] => {
      const name = zone.toLowerCase().replace(/\.$/, '');
      if (!seen.has(name)) {
        seen.add(name);
        return [];
      }
      return [{ path: ['dns', 'overrides', i, 'zones', j], message: `The zone ${zone} occurs twice` }];
    }),
  );
  return [
    ...checkProvider(dns, ['dns']),
    ...overrides.flatMap((one, i) => checkProvider(one, ['dns', 'overrides', i])),
    ...twice,
  ];
}

function checkProvider(settings: DnsProviderSettings, path: (string | number)[]): Finding[] {
  const addresses = (['servers', 'nameServers'] as const).flatMap((list) =>
    (settings[list] ?? []).flatMap(({ address }, i): Finding[] =>
      isIP(address) !== 0
        ? []
        : [{ path: [...path, list, i, 'address'], message: `${address} is not an IPv4 or IPv6 address` }],
    ),
  );
  const kinds = (['key', 'powerdns', 'windows'] as const).filter((kind) => settings[kind] !== undefined);
  const [first, second] = kinds;
  if (first === undefined || second === undefined) return addresses;
  const message = `Zones are changed in one way: remove ${first} or ${second}`;
  return [...addresses, { path: [...path, second], message }];
}
