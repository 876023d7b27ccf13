import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox';

/** Objects take no keys beyond those named here: a misspelt key must not be ignored in silence. */
function object<P extends TProperties>(properties: P, description: string): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, description });
}

const address = (description: string) =>
  Type.String({ description, minLength: 2, examples: ['10.1.1.1', '2001:db8::1'] });

const secretReference = (description: string) =>
  object(
    {
      file: Type.String({
        minLength: 1,
        description:
          'File that holds the secret, readable by the account that runs the commands and by no one else. ' +
          'A relative path starts at the settings file.',
      }),
    },
    description,
  );

const stringMap = (description: string) =>
  Type.Record(Type.String({ minLength: 1 }), Type.String(), { description });

export const healthCheckSettings = object(
  {
    scheme: Type.Optional(
      Type.Union([Type.Literal('http'), Type.Literal('https')], { description: 'Default http.' }),
    ),
    port: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65535, description: 'Default 80 for http, 443 for https.' }),
    ),
    path: Type.Optional(
      Type.String({ pattern: '^/', description: 'Path and query of the request. Default /.' }),
    ),
    method: Type.Optional(
      Type.Union([Type.Literal('GET'), Type.Literal('HEAD')], { description: 'Default GET.' }),
    ),
    hostName: Type.Optional(
      Type.String({ minLength: 1, description: "Host header and SNI. Default: the site's first host name." }),
    ),
    expectedStatus: Type.Optional(
      Type.Array(Type.String({ pattern: '^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$' }), {
        minItems: 1,
        description: 'Status codes and ranges that mean healthy. Default 200-399.',
        examples: [['200', '301-302']],
      }),
    ),
    bodyContains: Type.Optional(
      Type.String({ minLength: 1, description: 'Text that the first 64 KB of the page must contain.' }),
    ),
    timeoutSeconds: Type.Optional(
      Type.Number({ minimum: 0.1, maximum: 300, description: 'For the whole request. Default 5.' }),
    ),
    ignoreCertificate: Type.Optional(
      Type.Boolean({ description: 'Takes an invalid certificate for valid. Default false.' }),
    ),
    attempts: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Failed probes in a row before a server is believed to be down. Default 3.',
      }),
    ),
    retrySeconds: Type.Optional(
      Type.Number({ minimum: 0, maximum: 300, description: 'Pause between these probes. Default 1.' }),
    ),
  },
  'How a site is probed.',
);

const server = object(
  {
    name: Type.String({ minLength: 1, description: 'Host name of the server.' }),
    role: Type.Union([Type.Literal('primary'), Type.Literal('failover')], {
      description: 'primary serves the sites; failover stands in.',
    }),
    addresses: Type.Array(address('IPv4 or IPv6 address at which visitors reach the server.'), {
      minItems: 1,
      uniqueItems: true,
      description: "The server's public addresses: the values of the sites' A and AAAA records.",
    }),
  },
  'A web server.',
);

const site = object(
  {
    name: Type.String({ minLength: 1, description: "The site's name in IIS (IIS 6: its description)." }),
    hostNames: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      uniqueItems: true,
      description: 'DNS names that move with the site. www as a CNAME of another one need not be named.',
    }),
    healthCheck: Type.Optional(healthCheckSettings),
  },
  'A site with a failover service.',
);

const dnsServer = object(
  {
    address: address('Address of the DNS server that takes dynamic updates (the primary of the zones).'),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, description: 'Default 53.' })),
  },
  'A DNS server.',
);

const dns = object(
  {
    servers: Type.Array(dnsServer, {
      minItems: 1,
      description: 'The first takes the updates; all of them are read back after a change.',
    }),
    zones: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        uniqueItems: true,
        description: 'Zones of the host names. Default: found by asking the DNS server.',
      }),
    ),
    key: Type.Optional(
      object(
        {
          name: Type.String({
            minLength: 1,
            description: 'Name of the TSIG key, as the DNS server knows it.',
          }),
          algorithm: Type.Union(
            [
              Type.Literal('hmac-sha256'),
              Type.Literal('hmac-sha384'),
              Type.Literal('hmac-sha512'),
              Type.Literal('hmac-sha1'),
            ],
            { description: 'TSIG algorithm (RFC 8945).' },
          ),
          secret: secretReference('The key: base64 text, or a BIND key file.'),
        },
        'TSIG key that signs updates.',
      ),
    ),
    transport: Type.Optional(
      Type.Union([Type.Literal('udp'), Type.Literal('tcp')], {
        description: 'For queries; updates that do not fit UDP go by TCP in any case. Default udp.',
      }),
    ),
    timeoutSeconds: Type.Optional(
      Type.Number({ minimum: 0.1, maximum: 60, description: 'Per exchange with a DNS server. Default 3.' }),
    ),
    keepOldRecord: Type.Optional(
      Type.Boolean({
        description:
          "While a site is failed over, an A record named old keeps the primary's address. Default true.",
      }),
    ),
    acknowledgeMx: Type.Optional(
      Type.Boolean({
        description:
          'Allows a switch of a name that also has MX records, which moves its mail too. Default false.',
      }),
    ),
  },
  "Where the sites' records are.",
);

export const settingsSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'The JSON Schema of this file, for editors.' })),
    servers: Type.Array(server, { minItems: 1, description: 'One primary and one failover server.' }),
    sites: Type.Array(site, { description: 'The sites with a failover service.' }),
    healthCheck: Type.Optional(healthCheckSettings),
    dns: Type.Optional(dns),
    configurationFile: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'applicationHost.config of this server. Default %SystemRoot%\\System32\\inetsrv\\config\\applicationHost.config.',
      }),
    ),
    siteList: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Sitelist.txt: one site name a line. Default: Sitelist.txt beside the settings file, else the sites above.',
      }),
    ),
    backup: Type.Optional(
      object(
        {
          folder: Type.String({
            minLength: 1,
            description:
              'Where backups are written and restored from, usually the share \\\\failover\\failover$.',
          }),
          password: Type.Optional(
            secretReference('Password of the backups, for scheduled tasks. -Password takes its place.'),
          ),
        },
        'Site backups.',
      ),
    ),
    restore: Type.Optional(
      object(
        {
          keepHistory: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 10_000,
              description:
                'How many restores of each configuration file are kept for Undo-FailoverRestore. Default 20.',
            }),
          ),
        },
        'Site restores.',
      ),
    ),
    content: Type.Optional(
      object(
        {
          server: Type.Optional(
            Type.String({
              minLength: 1,
              description:
                'Where the content comes from: a host name (its administrative shares are read), or a folder ' +
                "that holds the primary's drives as C$, D$ and so on. Default: paths are read as they are.",
            }),
          ),
          destinationDrive: Type.Optional(
            Type.String({
              minLength: 1,
              description:
                'Drive (D:) or folder under which the folder structure is recreated. Default: same drive.',
            }),
          ),
        },
        'Content copy.',
      ),
    ),
    pathMap: Type.Optional(
      stringMap('Folders of the primary and what they are on the failover server. The longest match counts.'),
    ),
    addressMap: Type.Optional(
      stringMap("Addresses in the primary's bindings and what they are on the failover server."),
    ),
    monitor: Type.Optional(
      object(
        {
          failback: Type.Optional(
            Type.Union([Type.Literal('automatic'), Type.Literal('manual')], {
              description: 'Who moves a site back when its primary has returned. Default automatic.',
            }),
          ),
          failbackAfter: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 1000,
              description:
                'Rounds in a row in which the primary must be up before an automatic failback. Default 1.',
            }),
          ),
        },
        'The monitor.',
      ),
    ),
    stateFolder: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Where state and logs are kept. Default: the folder state beside the settings file.',
      }),
    ),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'IisFailover settings (failover.json)',
    description: 'JSON with comments and trailing commas.',
    additionalProperties: false,
  },
);

export type Settings = Static<typeof settingsSchema>;
export type SiteSettings = Settings['sites'][number];
export type ServerSettings = Settings['servers'][number];
export type HealthCheckSettings = Static<typeof healthCheckSettings>;
export type DnsSettings = NonNullable<Settings['dns']>;
