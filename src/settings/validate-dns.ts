import { isIP } from 'node:net';
import type { DnsProviderSettings, DnsSettings } from './dns-schema.ts';
import type { Settings } from './schema.ts';

interface Finding {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Rules of the DNS settings beyond their form: addresses, one kind of provider for each zone. */
export function checkDns(dns: DnsSettings | undefined): Finding[] {
  if (dns === undefined) return [];
  const overrides = dns.overrides ?? [];
  const seen = new Set<string>();
  const twice = overrides.flatMap(({ zones, view }, i) =>
    zones.flatMap((zone, j): Finding[] => {
      const place = `${bare(zone)} ${view ?? ''}`;
      if (!seen.has(place)) {
        seen.add(place);
        return [];
      }
      const where = view === undefined ? '' : ` in the view ${view}`;
      return [
        { path: ['dns', 'overrides', i, 'zones', j], message: `The zone ${zone} occurs twice${where}` },
      ];
    }),
  );
  return [
    ...checkProvider(dns, ['dns']),
    ...overrides.flatMap((one, i) => checkProvider(one, ['dns', 'overrides', i])),
    ...twice,
    ...checkViews(dns),
  ];
}

/**
 * A view is known by its servers: this computer's resolvers, which would find those of a zone, know one view of it at
 * most, and nobody can tell which.
 */
function checkViews(dns: DnsSettings): Finding[] {
  const overrides = dns.overrides ?? [];
  const needed = (path: (string | number)[], what: string): Finding => ({
    path: [...path, 'servers'],
    message: `${what} needs servers: those that DNS names for a zone may be of another view`,
  });
  return overrides.flatMap(({ zones, view, servers }, i): Finding[] => {
    if (view === undefined) return [];
    const place = ['dns', 'overrides', i];
    const own = servers === undefined ? [needed(place, `The view ${view}`)] : [];
    const others = zones.flatMap((zone): Finding[] => {
      const j = overrides.findIndex(
        (one) => one.view === undefined && one.zones.some((name) => bare(name) === bare(zone)),
      );
      const other = j < 0 ? dns : overrides[j]!;
      const path = j < 0 ? ['dns'] : ['dns', 'overrides', j];
      return other.servers === undefined ? [needed(path, `The default view of ${zone}`)] : [];
    });
    return [...own, ...others.slice(0, 1)];
  });
}

/** Servers have addresses in views that the DNS settings have. */
export function checkServerViews({ servers, sites, dns }: Settings): Finding[] {
  const known = (dns?.overrides ?? []).flatMap(({ view }) => view ?? []);
  const check = (list: 'servers' | 'sites') => (one: { readonly views?: object }, i: number) =>
    Object.keys(one.views ?? {})
      .filter((view) => !known.includes(view))
      .map((view) => ({
        path: [list, i, 'views', view],
        message: `No zones of dns.overrides have the view ${view}`,
      }));
  return [...servers.flatMap(check('servers')), ...sites.flatMap(check('sites'))];
}

function bare(zone: string): string {
  return zone.toLowerCase().replace(/\.$/, '');
}

function checkProvider(settings: DnsProviderSettings, path: (string | number)[]): Finding[] {
  const addresses = (['servers', 'nameServers'] as const).flatMap((list) =>
    (settings[list] ?? []).flatMap(({ address }, i): Finding[] =>
      isIP(address) !== 0
        ? []
        : [{ path: [...path, list, i, 'address'], message: `${address} is not an IPv4 or IPv6 address` }],
    ),
  );
  if (settings.signQueries === true && settings.key === undefined)
    addresses.push({
      path: [...path, 'signQueries'],
      message: 'Queries are signed with a key, and there is none',
    });
  const kinds = (['key', 'gss', 'powerdns', 'windows'] as const).filter(
    (kind) => settings[kind] !== undefined,
  );
  const [first, second] = kinds;
  if (first === undefined || second === undefined) return addresses;
  const message = `Zones are changed in one way: remove ${first} or ${second}`;
  return [...addresses, { path: [...path, second], message }];
}
