import { isIP, SocketAddress } from 'node:net';
import { nameKey } from '../model/site.ts';
import type { ServerSettings, Settings, SiteSettings } from './schema.ts';

interface Finding {
  readonly path: (string | number)[];
  readonly message: string;
}

type Role = ServerSettings['role'];

/** Rules of servers and of the sites' choice among them. A name means the same in any case. */
export function checkServers(settings: Settings): Finding[] {
  const { servers, sites } = settings;
  const missing = (['primary', 'failover'] as const)
    .filter((role) => !servers.some((server) => server.role === role))
    .map((role) => ({ path: ['servers'], message: `No server has the role ${role}` }));
  if (missing.length > 0) return missing;
  return [...sites.flatMap((site, i) => checkSite(site, ['sites', i], servers)), ...checkAddresses(settings)];
}

function checkSite(
  site: SiteSettings,
  path: (string | number)[],
  servers: readonly ServerSettings[],
): Finding[] {
  const primaries = ofRole(servers, 'primary');
  const { primary, failover } = site;
  const findings: Finding[] = [];
  const expect = (name: string, role: Role, at: (string | number)[]): void => {
    const found = servers.find((server) => nameKey(server.name) === nameKey(name));
    const choices = `${role === 'primary' ? 'Primary' : 'Failover'} servers are ${namesOf(ofRole(servers, role))}`;
    if (found === undefined) findings.push({ path: at, message: `There is no server ${name}. ${choices}` });
    else if (found.role !== role)
      findings.push({ path: at, message: `${name} has the role ${found.role}. ${choices}` });
  };
  if (primary !== undefined) expect(primary, 'primary', [...path, 'primary']);
  else if (primaries.length > 1)
    findings.push({
      path: [...path, 'primary'],
      message: `${site.name} needs a primary, as there are several: ${namesOf(primaries)}`,
    });
  failover?.forEach((name, j) => {
    const at = [...path, 'failover', j];
    if (failover.findIndex((other) => nameKey(other) === nameKey(name)) < j)
      findings.push({ path: at, message: `The server ${name} occurs twice` });
    else expect(name, 'failover', at);
  });
  const used = new Set(
    [primary ?? primaries[0]!.name, ...(failover ?? ofRole(servers, 'failover').map(nameOf))].map(nameKey),
  );
  for (const { name, at, before } of ownAddresses(site, path)) {
    if (!servers.some((server) => nameKey(server.name) === nameKey(name)))
      findings.push({ path: at, message: `There is no server ${name}. Servers are ${namesOf(servers)}` });
    else if (!used.has(nameKey(name)))
      findings.push({ path: at, message: `${site.name} is neither on ${name} nor fails over to it` });
    else if (before.some((other) => nameKey(other) === nameKey(name)))
      findings.push({ path: at, message: `The server ${name} occurs twice` });
  }
  return findings;
}

/** What a site has of its own, in the default view and in others; with the servers named before in the same list. */
function ownAddresses(site: SiteSettings, path: (string | number)[]) {
  const lists = [
    { at: [...path, 'addresses'], list: site.addresses ?? {} },
    ...Object.entries(site.views ?? {}).map(([view, list]) => ({ at: [...path, 'views', view], list })),
  ];
  return lists.flatMap(({ at, list }) => {
    const names = Object.keys(list);
    return Object.entries(list).map(([name, addresses], j) => {
      return { name, addresses, at: [...at, name], before: names.slice(0, j) };
    });
  });
}

/** An address says which server it is: the records of a site tell by it who serves it. */
function checkAddresses({ servers, sites }: Settings): Finding[] {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  const take = (address: string, server: string, path: (string | number)[]): void => {
    if (isIP(address) === 0) {
      findings.push({ path, message: `${address} is not an IPv4 or IPv6 address` });
      return;
    }
    const owner = owners.get(canonical(address)) ?? server;
    owners.set(canonical(address), owner);
    if (nameKey(owner) !== nameKey(server))
      findings.push({ path, message: `${address} is an address of ${owner} already` });
  };
  servers.forEach(({ name, addresses, views = {} }, i) => {
    addresses.forEach((address, j) => take(address, name, ['servers', i, 'addresses', j]));
    for (const [view, own] of Object.entries(views))
      own.forEach((address, j) => take(address, name, ['servers', i, 'views', view, j]));
  });
  sites.forEach((site, i) => {
    for (const { name, at, addresses } of ownAddresses(site, ['sites', i]))
      addresses.forEach((address, j) => take(address, name, [...at, j]));
  });
  return findings;
}

function canonical(address: string): string {
  return isIP(address) === 6 ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}

function ofRole(servers: readonly ServerSettings[], role: Role): ServerSettings[] {
  return servers.filter((server) => server.role === role);
}

function namesOf(servers: readonly ServerSettings[]): string {
  return servers.map(nameOf).join(', ');
}

function nameOf({ name }: ServerSettings): string {
  return name;
}
