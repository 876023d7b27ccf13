import {
  type AnyCommand,
  commandName,
  type ParameterDefinition,
  type ParameterType,
} from '../../src/commands/definition.ts';

/** A parameter with its name. */
export interface NamedParameter extends ParameterDefinition {
  readonly name: string;
}

/** Every command has it; it is not in the definitions. */
export const settingsPath: NamedParameter = {
  name: 'SettingsPath',
  type: 'path',
  help: 'The settings file, JSON with comments.',
  defaultText: '$env:IISFAILOVER_SETTINGS, else IisFailover\\failover.json in the folder $env:ProgramData.',
};

export function parametersOf(command: AnyCommand): NamedParameter[] {
  const own = Object.entries(command.parameters as Record<string, ParameterDefinition>);
  return [...own.map(([name, definition]) => ({ name, ...definition })), settingsPath];
}

const riskParameters: readonly NamedParameter[] = [
  {
    name: 'WhatIf',
    type: 'switch',
    aliases: ['wi'],
    help: 'Shows each step of the plan, changes nothing and leaves no trace.',
  },
  { name: 'Confirm', type: 'switch', aliases: ['cf'], help: 'Asks before each step of the plan.' },
];

/** With those that PowerShell adds to a command that changes something; the help names them, too. */
export function allParametersOf(command: AnyCommand): NamedParameter[] {
  return [...parametersOf(command), ...(command.kind === 'change' ? riskParameters : [])];
}

const types: Readonly<Record<ParameterType, string>> = {
  string: 'string',
  'string[]': 'string[]',
  path: 'string',
  'path[]': 'string[]',
  int: 'int',
  switch: 'switch',
  hashtable: 'hashtable',
  securestring: 'securestring',
  credential: 'pscredential',
  credentials: 'hashtable',
  timespan: 'timespan',
  datetime: 'datetime',
};

/** PowerShell's name of the type. */
export function typeName(parameter: ParameterDefinition): string {
  return types[parameter.type];
}

/** The syntax line of help: `Backup-FailoverSite [[-Name] <string[]>] [-Password <securestring>] [<CommonParameters>]`. */
export function syntax(command: AnyCommand): string {
  const parts = allParametersOf(command).map((parameter) => {
    if (parameter.type === 'switch') return `[-${parameter.name}]`;
    const name = parameter.position === undefined ? `-${parameter.name}` : `[-${parameter.name}]`;
    const value = `${name} <${parameter.choices?.join(' | ') ?? typeName(parameter)}>`;
    return parameter.mandatory === true ? value : `[${value}]`;
  });
  return [commandName(command), ...parts, '[<CommonParameters>]'].join(' ');
}

/** How pipeline input is said in help: `True (ByValue, ByPropertyName)`. */
export function pipelineInput({ pipeline }: ParameterDefinition): string {
  switch (pipeline ?? 'none') {
    case 'both':
      return 'True (ByValue, ByPropertyName)';
    case 'value':
      return 'True (ByValue)';
    case 'property':
      return 'True (ByPropertyName)';
    case 'none':
      return 'False';
  }
}

/** Help text with what the attributes say: choices, default, wildcards. */
export function fullHelp(parameter: NamedParameter): string {
  const sentences = [parameter.help];
  if (parameter.choices !== undefined) sentences.push(`One of ${parameter.choices.join(', ')}.`);
  if (parameter.wildcards === true) sentences.push('Wildcards are permitted.');
  if (parameter.defaultText !== undefined)
    sentences.push(`Default: ${parameter.defaultText.replace(/\.?$/, '.')}`);
  return sentences.join(' ');
}
