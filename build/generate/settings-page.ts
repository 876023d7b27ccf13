import { settingsSchema } from '../../src/settings/schema.ts';
import { markdownCode, markdownText } from './quote.ts';

/** docs/settings.md: every setting of failover.json, from its schema. */
export function settingsPage(): string {
  return [
    '# Settings',
    '',
    '<!-- Generated from src/settings by npm run build. -->',
    '',
    'failover.json is JSON with comments and trailing commas. `New-FailoverSetting` writes one to start from,',
    '`Test-FailoverSetting` checks it, and editors that know JSON Schema complete and check it by the file',
    '`failover.schema.json` of the module. Paths start at the folder of the settings file.',
    '',
    'A name with `[]` stands for each entry of a list. `sites[].healthCheck` has the settings of `healthCheck`, which it',
    'overrides one by one.',
    '',
    '| setting | type | |',
    '|---|---|---|',
    ...rows('', settingsSchema as unknown as Schema),
    '',
  ].join('\n');
}

/** What this page reads of JSON Schema. */
interface Schema {
  readonly type?: string;
  readonly const?: string | number;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

function rows(path: string, schema: Schema): string[] {
  const required = schema.required ?? [];
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== '$schema')
    .flatMap(([name, child]) => {
      const full = path === '' ? name : `${path}.${name}`;
      const type = `${typeOf(child)}${required.includes(name) ? ', required' : ''}`;
      const row = `| ${markdownCode(full)} | ${markdownText(type)} | ${markdownText(child.description ?? '')} |`;
      // A site's own check has the settings of the one for all sites.
      if (full === 'sites[].healthCheck') return [row];
      return [row, ...rows(full, child), ...(child.items ? rows(`${full}[]`, child.items) : [])];
    });
}

function typeOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.const !== undefined) return `"${String(schema.const)}"`;
  if (schema.patternProperties) return 'map';
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  return String(schema.type ?? 'value');
}
