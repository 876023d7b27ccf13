import { type Static, Type } from '@sinclair/typebox';
import { notifySettings } from './notify-schema.ts';
import { address, object, secretReference } from './schema-parts.ts';

const time = (description: string) =>
  Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description, examples: ['22:00'] });

const window = object(
  {
    days: Type.Optional(
      Type.Array(
        Type.Union(
          (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const).map((day) => Type.Literal(day)),
        ),
        { minItems: 1, uniqueItems: true, description: 'Days on which it begins. Default every day.' },
      ),
    ),
    from: time('Local time at which it begins.'),
    to: time('Local time at which it ends; on the next day where that is not after its beginning.'),
    timeZone: Type.Optional(
      Type.String({
        minLength: 1,
        description: "IANA name of the time zone, such as Europe/Berlin. Default: the monitor's own.",
      }),
    ),
  },
  'When an automatic failback may happen. Default: at any time.',
);

const referenceTarget = object(
  {
    address: address('Address outside the monitored servers, such as a router or a DNS resolver.'),
    port: Type.Integer({ minimum: 1, maximum: 65535, description: 'TCP port; a refusal is an answer too.' }),
    servers: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        uniqueItems: true,
        description: 'Names of the servers that are reached by the same network. Default: all servers.',
      }),
    ),
  },
  "A target that shows whether the monitor's own network works.",
);

const flapping = object(
  {
    failovers: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, description: 'Failovers that begin a lockout. Default 3.' }),
    ),
    withinMinutes: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 10080,
        description: 'The time within which they count. Default 60.',
      }),
    ),
    lockoutMinutes: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 10080,
        description: 'The first lockout; each further one lasts twice as long, up to a day. Default 30.',
      }),
    ),
  },
  'When a site that goes to and fro stays on the failover server.',
);

const massFailure = object(
  {
    policy: Type.Union([Type.Literal('refuse'), Type.Literal('allow')], {
      description:
        'refuse: nothing is switched when more sites than the threshold fail at once. allow: they are switched.',
    }),
    thresholdPercent: Type.Optional(
      Type.Number({ minimum: 1, maximum: 100, description: 'Share of the watched sites. Default 50.' }),
    ),
    settleSeconds: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 300,
        description:
          'How long the continuous monitor waits for others to fail before it switches a site that is down, so that ' +
          'the first of many is not switched before the rest are seen. Default 0.',
      }),
    ),
  },
  'What happens when most sites fail at once. Default: refused where they are on more than one primary server.',
);

const metrics = object(
  {
    address: Type.String({
      minLength: 1,
      description: 'IP address and port to listen on, such as 127.0.0.1:9797.',
      examples: ['127.0.0.1:9797', '[::1]:9797'],
    }),
    token: Type.Optional(
      secretReference(
        'Token that Prometheus sends (authorization.credentials_file), of at least 20 characters. It may be left out ' +
          'where the address is of this machine only (127.0.0.1, ::1).',
      ),
    ),
  },
  'Serves the metrics of the continuous monitor to Prometheus, at /metrics. Default none.',
);

const failbackGate = object(
  {
    content: Type.Optional(
      Type.Union([Type.Literal('require'), Type.Literal('ignore')], {
        description:
          'Changes of the content on the failover server that are not on the primary yet. require: a site stays ' +
          "while there are any, and where this machine cannot tell. ignore: they don't matter. Default: it stays " +
          'while there are any, where this machine copies the content and can tell.',
      }),
    ),
    configuration: Type.Optional(
      Type.Union([Type.Literal('require'), Type.Literal('ignore')], {
        description:
          'require: a site stays while its configuration on this machine, the failover server, differs from the ' +
          'last backup, and where that cannot be compared. Default ignore.',
      }),
    ),
  },
  'What an automatic failback waits for.',
);

/** What a site may have otherwise than all sites. */
const switching = {
  failback: Type.Optional(
    Type.Union([Type.Literal('automatic'), Type.Literal('manual')], {
      description: 'Who moves a site back when its primary has returned. Default automatic.',
    }),
  ),
  failbackAfter: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description:
        'Checks in a row in which the primary must be up before an automatic failback. ' +
        'Default 1 for scheduled rounds, 10 for the continuous monitor.',
    }),
  ),
  failbackWindow: Type.Optional(window),
  failbackGate: Type.Optional(failbackGate),
  holdSeconds: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 604_800,
      description:
        'How long a site stays after a switch while the server that it is on serves. ' +
        'Default 0 for scheduled rounds, 60 for the continuous monitor.',
    }),
  ),
  warmUpSeconds: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 86_400,
      description: 'How long the failover server must have been up before a site moves to it. Default 0.',
    }),
  ),
  flapping: Type.Optional(flapping),
};

export const monitorSettings = object(
  {
    ...switching,
    referenceTargets: Type.Optional(
      Type.Array(referenceTarget, {
        minItems: 1,
        description: "Where none of a server's targets answers, its failures are not believed.",
      }),
    ),
    massFailure: Type.Optional(massFailure),
    notify: Type.Optional(notifySettings),
    metricsFile: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "File for Prometheus' textfile collector (windows_exporter, node_exporter), ending in .prom. Default none.",
      }),
    ),
    metrics: Type.Optional(metrics),
    probesPerSecond: Type.Optional(
      Type.Number({
        minimum: 0.1,
        maximum: 100_000,
        description: 'Probes of one address in a second, at most, in the continuous monitor. Default 500.',
      }),
    ),
  },
  'The monitor.',
);

export const siteMonitorSettings = object(
  switching,
  "The monitor's settings for this site alone. A value here takes the place of the one for all sites.",
);

export type MonitorSettings = Static<typeof monitorSettings>;
export type SiteMonitorSettings = Static<typeof siteMonitorSettings>;
