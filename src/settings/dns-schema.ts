import { type Static, Type } from '@sinclair/typebox';
import { address, object, secretReference, viewName } from './schema-parts.ts';

const dnsServer = (description: string) =>
  object(
    {
      address: address(description),
      port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, description: 'Default 53.' })),
    },
    'A DNS server.',
  );

const key = object(
  {
    name: Type.String({ minLength: 1, description: 'Name of the TSIG key, as the DNS server knows it.' }),
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
);

const gss = object(
  {
    principal: Type.Optional(
      Type.String({
        pattern: '^[^/@\\s]+/[^/@\\s]+(@[^/@\\s]+)?$',
        description:
          "Service principal of the DNS server. Default: DNS/ and the primary server that the zone's SOA record names.",
        examples: ['DNS/dc1.example.com', 'DNS/dc1.example.com@EXAMPLE.COM'],
      }),
    ),
    keytab: Type.Optional(
      secretReference(
        'Linux: a keytab with the key of one account. Default: the credential cache of the account that runs the ' +
          'command. On Windows always the account that runs the command.',
      ),
    ),
  },
  'Signs updates with Kerberos (GSS-TSIG, RFC 3645), as AD-integrated zones with secure updates only want it.',
);

const powerdns = object(
  {
    url: Type.String({
      pattern: '^https?://[^/?#@]+/?$',
      description: 'Where the API listens: its webserver, without a path.',
      examples: ['http://10.1.1.3:8081', 'https://dns.example.com:8443'],
    }),
    apiKey: secretReference('The api-key of the PowerDNS server.'),
    serverId: Type.Optional(Type.String({ minLength: 1, description: 'Default localhost.' })),
  },
  'Changes these zones by the HTTP API of PowerDNS instead of dynamic updates.',
);

const windows = object(
  {
    computerName: Type.String({
      minLength: 1,
      description: 'The Windows DNS server, as the DnsServer cmdlets take it (-ComputerName).',
    }),
    credential: Type.Optional(
      object(
        {
          userName: Type.String({ minLength: 1, description: 'DOMAIN\\name or name@domain.' }),
          password: secretReference('Password of this account.'),
        },
        'Account of a CIM session to the server. Default: the account that runs the command.',
      ),
    ),
  },
  'Changes these zones by the DnsServer cmdlets, which also reach AD-integrated zones with secure updates only.',
);

/** How zones are reached: of the settings' default provider and of each override. */
const provider = {
  servers: Type.Optional(
    Type.Array(dnsServer('Address of a DNS server that holds the zones.'), {
      minItems: 1,
      description:
        'The first takes the updates; all of them are read back after a change. Default: the primary of the SOA ' +
        "record (MNAME) of each zone, found through this computer's resolvers.",
    }),
  ),
  nameServers: Type.Optional(
    Type.Array(dnsServer('Address of a name server.'), {
      description:
        'Read back besides servers. Default: the name servers of the NS records. An empty list where they cannot be ' +
        'reached from here.',
    }),
  ),
  key: Type.Optional(key),
  signQueries: Type.Optional(
    Type.Boolean({
      description:
        'Signs queries with the key too, for a server that tells its views apart by the key. Whoever reads the records ' +
        'needs the key then. Default false.',
    }),
  ),
  gss: Type.Optional(gss),
  transport: Type.Optional(
    Type.Union([Type.Literal('udp'), Type.Literal('tcp')], {
      description: 'For queries; updates that do not fit UDP go by TCP in any case. Default udp.',
    }),
  ),
  timeoutSeconds: Type.Optional(
    Type.Number({ minimum: 0.1, maximum: 60, description: 'Per exchange with a DNS server. Default 3.' }),
  ),
  powerdns: Type.Optional(powerdns),
  windows: Type.Optional(windows),
};

const zoneNames = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { uniqueItems: true, description });

export const dnsSettings = object(
  {
    ...provider,
    zones: Type.Optional(zoneNames('Zones of the host names. Default: found by asking the DNS server.')),
    overrides: Type.Optional(
      Type.Array(
        object(
          {
            zones: Type.Array(Type.String({ minLength: 1 }), {
              minItems: 1,
              uniqueItems: true,
              description: 'The zones that are reached in this way.',
            }),
            view: Type.Optional(
              viewName(
                'Split horizon: these are copies of zones that other servers hold too, with other addresses ' +
                  '(servers.views). A switch changes both. Default: the only copy, or the public one.',
              ),
            ),
            ...provider,
          },
          'Zones with servers, keys or a kind of provider of their own. Takes nothing over from the settings above.',
        ),
        { description: 'Zones that other servers hold than those above.' },
      ),
    ),
    maxZoneChangePercent: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 100,
        description:
          "The largest share of a zone's record sets that one switch may change; zones with fewer than 10 are not " +
          'limited. 100 for any. Default 30.',
      }),
    ),
    ttlWhileSwitched: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 86_400,
        description:
          'TTL in seconds of the records of a site while it is failed over, where theirs is longer, so that visitors ' +
          'come back sooner. Failback restores the old one. Default: it stays.',
      }),
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

export type DnsSettings = Static<typeof dnsSettings>;
/** How some zones are reached: what the default and an override have in common. */
export type DnsProviderSettings = Omit<
  DnsSettings,
  'overrides' | 'keepOldRecord' | 'acknowledgeMx' | 'maxZoneChangePercent' | 'ttlWhileSwitched'
>;
