import { type Static, Type } from '@sinclair/typebox';
import { contentSettings } from './content-schema.ts';
import { healthCheckSettings } from './health-check-schema.ts';
import { dnsSettings } from './dns-schema.ts';
import { monitorSettings, siteMonitorSettings } from './monitor-schema.ts';
import { readinessSettings } from './readiness-schema.ts';
import { address, object, secretReference, stringMap, viewName } from './schema-parts.ts';

export type { DnsSettings } from './dns-schema.ts';
export type { HealthCheckSettings } from './health-check-schema.ts';
export type { MonitorSettings, SiteMonitorSettings } from './monitor-schema.ts';

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
    views: Type.Optional(
      Type.Record(
        viewName(),
        Type.Array(address('IPv4 or IPv6 address.'), { minItems: 1, uniqueItems: true }),
        {
          additionalProperties: false,
          description:
            'Addresses in the records of the other views of dns.overrides, by the name of the view, where visitors ' +
            'there reach the server otherwise. Default: addresses.',
          examples: [{ internal: ['192.168.1.1'] }],
        },
      ),
    ),
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
    primary: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Name of the primary server that serves it. Needed where there are several.',
      }),
    ),
    failover: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        uniqueItems: true,
        description:
          'Names of the failover servers that may stand in, the first choice first. Default: all, as listed above.',
      }),
    ),
    addresses: Type.Optional(
      Type.Record(
        Type.String({ minLength: 1 }),
        Type.Array(address('IPv4 or IPv6 address of the site on that server.'), {
          minItems: 1,
          uniqueItems: true,
        }),
        {
          description:
            "The site's own addresses by the name of a server, where they are not those of the server as a whole.",
          examples: [{ WEB01: ['10.1.1.21'] }],
        },
      ),
    ),
    views: Type.Optional(
      Type.Record(
        viewName(),
        Type.Record(
          Type.String({ minLength: 1 }),
          Type.Array(address('IPv4 or IPv6 address of the site on that server.'), {
            minItems: 1,
            uniqueItems: true,
          }),
        ),
        {
          additionalProperties: false,
          description: "The site's own addresses in other views, by the name of the view and of a server.",
          examples: [{ internal: { WEB01: ['192.168.1.21'] } }],
        },
      ),
    ),
    healthCheck: Type.Optional(healthCheckSettings),
    monitor: Type.Optional(siteMonitorSettings),
  },
  'A site with a failover service.',
);

export const settingsSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'The JSON Schema of this file, for editors.' })),
    servers: Type.Array(server, {
      minItems: 1,
      description: 'The web servers: at least one primary and one failover server.',
    }),
    sites: Type.Array(site, { description: 'The sites with a failover service.' }),
    healthCheck: Type.Optional(healthCheckSettings),
    dns: Type.Optional(dnsSettings),
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
          keepVersions: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 10_000,
              description:
                'Dated versions of each backup that are kept, for Restore-FailoverSite -Version. Default 0.',
            }),
          ),
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
    content: Type.Optional(contentSettings),
    pathMap: Type.Optional(
      stringMap('Folders of the primary and what they are on the failover server. The longest match counts.'),
    ),
    addressMap: Type.Optional(
      stringMap("Addresses in the primary's bindings and what they are on the failover server."),
    ),
    materializeDefaults: Type.Optional(
      Type.Boolean({
        description:
          "Restores write what a site takes from the primary's server-wide defaults into the site, where the failover " +
          "server's differ. Default false.",
      }),
    ),
    monitor: Type.Optional(monitorSettings),
    readiness: Type.Optional(readinessSettings),
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
export type ReadinessSettings = NonNullable<Settings['readiness']>;
