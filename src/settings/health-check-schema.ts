import { type Static, Type } from '@sinclair/typebox';
import { object } from './schema-parts.ts';

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
    upAfter: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Good checks in a row before a server that was down is believed to be up. Default 1.',
      }),
    ),
    intervalSeconds: Type.Optional(
      Type.Number({
        minimum: 0.25,
        maximum: 86_400,
        description: 'Time between two checks of the continuous monitor. Default 10.',
      }),
    ),
  },
  'How a site is probed.',
);

export type HealthCheckSettings = Static<typeof healthCheckSettings>;
