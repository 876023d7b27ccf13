import type { Catalog, Use } from './catalog.ts';
import type { Fact } from './facts.ts';
import {
  attributeAccelerators,
  commonParameters,
  encodings,
  everyonesMembers,
  newerVariables,
  parameterAliases,
  typeAccelerators,
} from './language.ts';

export interface Finding {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What scripts define themselves, in lower case. */
interface Definitions {
  readonly commands: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  readonly namespaces: readonly string[];
}

export interface JudgeOptions {
  /** Commands that other scripts of the project define. */
  readonly projectCommands: readonly string[];
  /** For the module: no commands but its own and the engine's, since it loads where no other module can be. */
  readonly onlyOwnCommands: boolean;
}

const engineModule = 'Microsoft.PowerShell.Core';
const system = 'Windows PowerShell 5.1';
const framework = '.NET Framework 4.7.2';

/**
 * What a script uses that Windows PowerShell 5.1 on .NET Framework 4.7.2 lacks, in the script's order. Members are
 * looked for in their type where it can be seen, otherwise in all types: then a method that none has with as many
 * arguments, and a property that only newer types have, is missing.
 */
export function judge(facts: readonly Fact[], catalog: Catalog, options: JudgeOptions): Finding[] {
  // A script that says it needs PowerShell 7 never runs in the older one.
  if (facts.some(({ kind }) => kind === 'newer')) return [];
  const named = (kind: string) => namesOf(facts, kind);
  const definitions: Definitions = {
    commands: new Set(named('defined-command').map((name) => name.toLowerCase())),
    types: new Set(named('defined-type').map((name) => name.toLowerCase())),
    namespaces: named('namespace'),
  };
  const findings = facts.flatMap((fact) => {
    const message = messageFor(fact, catalog, definitions, options);
    return message === undefined ? [] : [{ line: fact.line, column: fact.column, message }];
  });
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** What the facts of a kind name. */
export function namesOf(facts: readonly Fact[], kind: string): string[] {
  return facts.filter((fact) => fact.kind === kind).map(({ details: [name = ''] }) => name);
}

function messageFor(
  { kind, details }: Fact,
  catalog: Catalog,
  definitions: Definitions,
  { onlyOwnCommands, projectCommands }: JudgeOptions,
): string | undefined {
  const [name = '', ...rest] = details;
  switch (kind) {
    case 'error':
      return name;
    case 'syntax':
      return `${name} is not in the language of ${system}`;
    case 'variable':
      return newerVariables.has(name.toLowerCase()) ? `$${name} does not exist in ${system}` : undefined;
    case 'encoding':
      return encodings.has(name.toLowerCase())
        ? undefined
        : `no command takes the encoding ${name} in ${system}`;
    case 'type':
      return resolve(name, catalog, definitions) === undefined ? absentType(name) : undefined;
    case 'attribute':
      return resolveAttribute(name, catalog, definitions) === undefined ? absentType(name) : undefined;
    case 'attribute-argument':
      return judgeAttributeArgument(name, rest[0] ?? '', catalog, definitions);
    case 'member':
      return judgeMember(name, rest, catalog, definitions);
    case 'command':
      if (definitions.commands.has(name.toLowerCase())) return undefined;
      if (onlyOwnCommands && catalog.findCommand(name)?.module !== engineModule) {
        return `the module may call its own functions and the engine's only, not ${name}`;
      }
      if (projectCommands.includes(name)) return undefined;
      return judgeCommand(name, rest, catalog);
    default:
      return undefined;
  }
}

function absentType(name: string): string {
  return `the type ${name} is not in ${framework} and ${system}, or in an assembly that it does not load by itself`;
}

/** The full name of a type: '' for one that exists but has no members here; undefined where it does not exist. */
function resolve(name: string, catalog: Catalog, { types, namespaces }: Definitions): string | undefined {
  if (types.has(name.toLowerCase())) return '';
  const long = typeAccelerators[name.toLowerCase()];
  const found = catalog.findType(long ?? name, namespaces);
  return found ?? (long === undefined ? undefined : '');
}

function resolveAttribute(name: string, catalog: Catalog, definitions: Definitions): string | undefined {
  if (attributeAccelerators.has(name.toLowerCase())) {
    return catalog.findType(`System.Management.Automation.${name}Attribute`) ?? '';
  }
  return resolve(`${name}Attribute`, catalog, definitions) ?? resolve(name, catalog, definitions);
}

function judgeAttributeArgument(
  name: string,
  attribute: string,
  catalog: Catalog,
  definitions: Definitions,
): string | undefined {
  const type = resolveAttribute(attribute, catalog, definitions);
  if (type === undefined || type === '') return undefined;
  if (catalog.hasMember(type, { name, count: undefined, isStatic: false })) return undefined;
  return `[${attribute}()] takes no ${name} in ${system}`;
}

function judgeMember(
  name: string,
  [count = '', scope, target = '']: readonly string[],
  catalog: Catalog,
  definitions: Definitions,
): string | undefined {
  const use: Use = { name, count: count === '' ? undefined : Number(count), isStatic: scope === 'static' };
  const shown = count === '' ? name : `${name} with ${count} argument${count === '1' ? '' : 's'}`;
  const type = target === '' ? undefined : resolve(target, catalog, definitions);
  if (everyonesMembers.has(name.toLowerCase())) return undefined;
  if (type !== undefined) return judgeMemberOf(type, use, shown, catalog);
  // What is asked of a type that does not exist is no finding of its own; a script's own types have any member.
  if (target !== '' || use.isStatic || definitions.types.size > 0) return undefined;
  if (use.count === undefined) {
    return catalog.isNewerName(name) ? `no type in ${framework} has ${shown}` : undefined;
  }
  return catalog.hasAnyMember(use) ? undefined : `no type in ${framework} has ${shown}`;
}

function judgeMemberOf(type: string, use: Use, shown: string, catalog: Catalog): string | undefined {
  if (type === '' || catalog.hasMember(type, use)) return undefined;
  // Keys of dictionaries, elements and attributes of XML, and added properties are read like members.
  const isOpen = [
    'System.Collections.IDictionary',
    'System.Xml.XmlNode',
    'System.Management.Automation.PSObject',
  ];
  if (use.count === undefined && isOpen.some((base) => catalog.isA(type, base))) return undefined;
  // An array answers for its elements.
  if (!use.isStatic && type === 'System.Array') return judgeElements(use, shown, catalog);
  return `${type} has no ${shown} in ${framework}`;
}

function judgeElements(use: Use, shown: string, catalog: Catalog): string | undefined {
  const isKnown = use.count === undefined ? !catalog.isNewerName(use.name) : catalog.hasAnyMember(use);
  return isKnown ? undefined : `no type in ${framework} has ${shown}`;
}

function judgeCommand(name: string, parameters: readonly string[], catalog: Catalog): string | undefined {
  // Other names are programs' or aliases.
  if (!/^[a-z]+-\w+$/i.test(name)) return undefined;
  const known = catalog.findCommand(name);
  if (known === undefined) return `the command ${name} is not in ${system}`;
  const all = [...known.parameters, ...commonParameters];
  const missing = parameters
    .map((parameter) => parameter.toLowerCase())
    .find(
      // PowerShell takes the beginning of a name for the name.
      (parameter) => !parameterAliases.has(parameter) && !all.some((item) => item.startsWith(parameter)),
    );
  return missing === undefined ? undefined : `${name} has no parameter ${missing} in ${system}`;
}
