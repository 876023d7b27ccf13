import { type Static, Type } from '@sinclair/typebox';
import { object, secretReference, stringMap } from './schema-parts.ts';

export const healthCheckSettings = object(
  {
    scheme: Type.Optional(
      Type.Union([Type.Literal('http'), Type.Literal('https'), Type.Literal('tcp')], {
        description: 'tcp only connects. Default http.',
      }),
    ),
    port: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65535, description: 'Default 80, 443 for https.' }),
    ),
    path: Type.Optional(
      Type.String({ pattern: '^/', description: 'Path and query of the request. Default /.' }),
    ),
    method: Type.Optional(
      Type.Union(
        (['GET', 'HEAD', 'OPTIONS', 'POST'] as const).map((method) => Type.Literal(method)),
        { description: 'Default GET.' },
      ),
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
      Type.String({ minLength: 1, description: 'Text that the page must contain.' }),
    ),
    bodyMatches: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Regular expression (RE2 syntax) that must match somewhere in the page.',
      }),
    ),
    bodyKilobytes: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 256, description: 'How much of the page is read. Default 64.' }),
    ),
    headers: Type.Optional(stringMap('Headers of the request beside Host, which hostName sets.')),
    credential: Type.Optional(
      object(
        {
          userName: Type.String({ minLength: 1, pattern: '^[^:]+$', description: 'User name.' }),
          password: secretReference('The password.'),
        },
        'For basic authentication.',
      ),
    ),
    followRedirects: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10,
        description:
          'Redirects that are followed, at the same address and within the site. Default 0: the redirect itself is ' +
          'the answer.',
      }),
    ),
    timeoutSeconds: Type.Optional(
      Type.Number({ minimum: 0.1, maximum: 300, description: 'For the whole request. Default 5.' }),
    ),
    connectSeconds: Type.Optional(
      Type.Number({ minimum: 0.01, maximum: 300, description: 'For the TCP connection alone.' }),
    ),
    tlsSeconds: Type.Optional(
      Type.Number({ minimum: 0.01, maximum: 300, description: 'For the TLS handshake alone.' }),
    ),
    firstByteSeconds: Type.Optional(
      Type.Number({
        minimum: 0.01,
        maximum: 300,
        description: 'From the request to the first of the answer.',
      }),
    ),
    ignoreCertificate: Type.Optional(
      Type.Boolean({ description: 'Takes an invalid certificate for valid. Default false.' }),
    ),
    certificateWarnDays: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 3650,
        description: 'A certificate with fewer days left is a warning (Degraded). Default 14.',
      }),
    ),
    certificateFailDays: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 3650,
        description: 'A certificate with fewer days left is a failure. Default 0: only an expired one.',
      }),
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
