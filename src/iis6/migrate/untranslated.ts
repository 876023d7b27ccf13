import { isSecure } from '../secure.ts';
import type { MetabaseNode } from '../metabase.ts';
import { advice, directoryProperties, handledProperties } from './properties.ts';
import type { MigrationSource } from './source.ts';

/** Reports what has no translation: properties, script maps, filters and nodes beside ROOT. */
export function reportTheRest(source: MigrationSource): void {
  const secured = (source.own(source.site.node, 'SecureBindings') ?? []).length > 0;
  for (const node of source.nodes) {
    const unknown: string[] = [];
    const hints = new Map<string, string>();
    for (const property of source.properties(node)) {
      const { name, raw, custom } = property;
      const known = handledProperties.has(name) || name in directoryProperties;
      if (raw === '' || (custom === undefined && known) || (name.startsWith('SslCtl') && !secured)) continue;
      const hint = custom === undefined ? advice[name] : undefined;
      if (hint !== undefined) hints.set(hint, `${node.location}/@${name}`);
      else if (!isSecure(property) || custom !== undefined) unknown.push(name);
    }
    for (const [hint, place] of hints) source.report('SettingNotMigrated.hint', place, { hint });
    if (unknown.length > 0)
      source.report(`SettingNotMigrated.${unknown.length === 1 ? 'property' : 'properties'}`, node.location, {
        properties: unknown.join(', '),
      });
    if (node.element.name === 'IIsFilter') {
      const file = source.text(node, 'FilterPath') ?? 'a DLL';
      source.report('FilterNotMigrated', node.location, { file });
    }
    reportScriptMaps(source, node);
  }
}

/** Programs that IIS 7 has handlers of its own for, or that decide the runtime of the pool. */
const knownPrograms = /\\(asp|aspnet_isapi|ssinc)\.dll$/i;

function reportScriptMaps(source: MigrationSource, node: MetabaseNode): void {
  const isSite = node === source.site.node;
  const entries =
    source.own(node, 'ScriptMaps') ?? (isSite ? source.own(source.node('lm/w3svc'), 'ScriptMaps') : []);
  const byProgram = new Map<string, string[]>();
  for (const entry of entries ?? []) {
    const [extension = '', program = ''] = entry.split(',');
    if (program === '' || (extension !== '*' && knownPrograms.test(program))) continue;
    byProgram.set(program, [...(byProgram.get(program) ?? []), extension]);
  }
  for (const [program, extensions] of byProgram)
    source.report(
      `ScriptMapNotMigrated.${extensions.length === 1 ? 'one' : 'several'}`,
      `${node.location}/@ScriptMaps`,
      { extensions: extensions.join(', '), program },
    );
}
