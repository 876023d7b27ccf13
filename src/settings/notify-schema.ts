import { type Static, Type } from '@sinclair/typebox';
import { object, secretReference, stringMap } from './schema-parts.ts';

const text = (description: string) => Type.String({ minLength: 1, description });

const webhook = object(
  {
    url: Type.Optional(text('Where the JSON is posted. Give this or urlSecret.')),
    urlSecret: Type.Optional(secretReference('The URL, where it holds a token.')),
    headers: Type.Optional(stringMap('More headers of the request.')),
    authorization: Type.Optional(secretReference('Value of the Authorization header.')),
    body: Type.Optional(
      Type.Unknown({
        description:
          'The JSON to post; in its texts {site}, {subject}, {message} and so on are filled in. ' +
          'Default: the whole notification.',
      }),
    ),
  },
  'A web service that is told.',
);

const mail = object(
  {
    server: text('SMTP server: its name or address.'),
    port: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65535, description: 'Default 587; 465 for tls, 25 for none.' }),
    ),
    security: Type.Optional(
      Type.Union([Type.Literal('starttls'), Type.Literal('tls'), Type.Literal('none')], {
        description:
          'starttls refuses a server that does not offer it; tls begins with TLS; none sends in the clear. Default starttls.',
      }),
    ),
    userName: Type.Optional(text('For servers that ask for it.')),
    password: Type.Optional(secretReference('Its password.')),
    authority: Type.Optional(
      text("PEM file of a certificate authority that signed the server's certificate."),
    ),
    from: text('Sender.'),
    to: Type.Array(text('Recipient.'), { minItems: 1, description: 'Recipients.' }),
    subject: Type.Optional(text('Template of the subject. Default "[{severity}] {subject}".')),
    text: Type.Optional(text('Template of the text.')),
  },
  'A mail.',
);

const script = object(
  {
    file: Type.Optional(text('Script file (.ps1). Give this or block.')),
    block: Type.Optional(text('Script block, such as "param($Json) ...".')),
  },
  'PowerShell that gets the notification as JSON in its first parameter.',
);

export const notifySettings = object(
  {
    webhooks: Type.Optional(Type.Array(webhook, { description: 'Web services that are told by POST.' })),
    mails: Type.Optional(Type.Array(mail, { description: 'Mails by SMTP.' })),
    scripts: Type.Optional(Type.Array(script, { description: 'Scripts that are run.' })),
    eventLog: Type.Optional(
      Type.Boolean({
        description: 'Writes to the event log Application, source IisFailover. Default false.',
      }),
    ),
    remindMinutes: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 10_080,
        description: 'What lasts is told again after so long; 0 for never. Default 60.',
      }),
    ),
    timeoutSeconds: Type.Optional(
      Type.Number({ minimum: 1, maximum: 300, description: 'For each attempt. Default 15.' }),
    ),
    attempts: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 20,
        description:
          'How often a notification is sent in a row, with growing pauses, before its channel rests. Default 6.',
      }),
    ),
    keepMinutes: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 10_080,
        description:
          'A notification that could not be sent is kept so long, and sent again by the continuous monitor and by ' +
          'the next rounds. Default 1440.',
      }),
    ),
  },
  'Who is told when a server goes down or returns, and when records are switched.',
);

export type NotifySettings = Static<typeof notifySettings>;
