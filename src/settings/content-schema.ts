import { Type } from '@sinclair/typebox';
import { object, stringMap } from './schema-parts.ts';

export const contentSettings = object(
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
    acl: Type.Optional(
      Type.Union([Type.Literal('auto'), Type.Literal('none'), Type.Literal('nt'), Type.Literal('posix')], {
        description:
          'Permissions that are carried with the content: auto (default) those that both sides keep, none, ' +
          'or nt (security descriptors) or posix, and an error where that cannot be.',
      }),
    ),
    audit: Type.Optional(Type.Boolean({ description: 'Audit entries are carried as well. Default false.' })),
    accountMap: Type.Optional(
      stringMap(
        'Accounts in permissions of the primary and what they are on the failover server, by name or SID.',
      ),
    ),
    exclude: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description:
          'What is neither copied nor deleted: patterns as in a .gitignore file at the root of the content.',
        examples: [['*.log', '/App_Data/cache/']],
      }),
    ),
    quarantineFolder: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Where deleted and overwritten content is kept, on the volume of the content and outside of every site. ' +
          'Default: .failover-quarantine beside the content.',
      }),
    ),
    quarantineDays: Type.Optional(
      Type.Number({ minimum: 0, maximum: 3650, description: 'How long it is kept there. Default 7.' }),
    ),
  },
  'Content copy.',
);
