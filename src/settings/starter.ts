import type { Site } from '../model/site.ts';

export interface StarterOptions {
  /** URL of the JSON Schema, for editors. */
  readonly schema: string;
  readonly configurationFile: string;
  readonly primary: { readonly name: string; readonly addresses: readonly string[] };
  readonly failover: { readonly name: string; readonly addresses: readonly string[] };
  readonly dnsServers: readonly string[];
  readonly backupFolder: string;
}

/** A site of a starter; without host names it can't be watched, and is left to the administrator. */
export interface StarterSite {
  readonly name: string;
  readonly hostNames: readonly string[];
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

/** The host names that a site's bindings name, and the first http(s) binding for its health check. */
export function starterSite(site: Site): StarterSite {
  const web = site.bindings.filter(({ protocol }) => protocol === 'http' || protocol === 'https');
  const first = web.find((binding) => binding.protocol === 'http') ?? web[0];
  const names = web.map((binding) => binding.endpoint?.hostName ?? '').filter((name) => name !== '');
  const scheme = first?.protocol === 'https' ? 'https' : 'http';
  return {
    name: site.name,
    hostNames: [...new Map(names.map((name) => [name.toLowerCase(), name])).values()],
    scheme,
    port: first?.endpoint?.port ?? (scheme === 'https' ? 443 : 80),
  };
}

/** The text of a commented settings file for these sites. */
export function starterSettings(sites: readonly StarterSite[], options: StarterOptions): string {
  const json = (value: unknown): string => JSON.stringify(value);
  const list = (values: readonly string[]): string => `[${values.map(json).join(', ')}]`;
  const server = (role: string, { name, addresses }: StarterOptions['primary']): string =>
    `    { "name": ${json(name)}, "role": "${role}", "addresses": ${list(addresses)} }`;
  const siteLines = sites.map(
    (site) => `    { "name": ${json(site.name)}, "hostNames": ${list(site.hostNames)}${healthCheck(site)} }`,
  );
  const dnsLines = options.dnsServers.map((address) => `{ "address": ${json(address)} }`).join(', ');
  return [
    '{',
    `  "$schema": ${json(options.schema)},`,
    '',
    "  // The servers' public addresses: the values of the sites' A and AAAA records.",
    '  "servers": [',
    [server('primary', options.primary), server('failover', options.failover)].join(',\n'),
    '  ],',
    '',
    '  // Sites with a failover service. hostNames are the DNS names that move with the site; a www that is a',
    '  // CNAME of another one follows by itself and need not be named.',
    '  "sites": [',
    siteLines.join(',\n'),
    '  ],',
    '',
    '  "configurationFile": ' + json(options.configurationFile) + ',',
    '',
    '  // Usually a hidden share of the failover server. Add "password": { "file": "backup-password.txt" } so that',
    '  // scheduled tasks can carry the secrets of the sites.',
    `  "backup": { "folder": ${json(options.backupFolder)} },`,
    '',
    '  // The first server takes the updates; all are read back. The key file holds the TSIG secret, base64 or in',
    "  // BIND's form; let only the account of the monitor read it.",
    '  "dns": {',
    `    "servers": [${dnsLines}],`,
    '    "key": { "name": "failover", "algorithm": "hmac-sha256", "secret": { "file": "dns-key.txt" } }',
    '  }',
    '}',
    '',
  ].join('\n');
}

function healthCheck({ scheme, port }: StarterSite): string {
  const standard = scheme === 'https' ? 443 : 80;
  const parts = [
    ...(scheme === 'https' ? ['"scheme": "https"'] : []),
    ...(port === standard ? [] : [`"port": ${port}`]),
  ];
  return parts.length === 0 ? '' : `, "healthCheck": { ${parts.join(', ')} }`;
}
