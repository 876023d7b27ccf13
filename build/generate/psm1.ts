import { readFileSync } from 'node:fs';
import { type AnyCommand, commandName, type ParameterType } from '../../src/commands/definition.ts';
import { errorCatalog, type ErrorId } from '../../src/model/error-catalog.ts';
import type { FailureKey } from '../../src/model/failover-error.ts';
import { idOf, templateOf } from '../../src/model/message.ts';
import { protocolVersion } from '../../src/protocol/messages.ts';
import { type NamedParameter, parametersOf, typeName } from './parameters.ts';
import { powershellString } from './quote.ts';

/** What the PowerShell side itself reports; build/generate/runtime puts the values in as failure() does. */
const bridgeErrors: readonly FailureKey[] = [
  'NodeNotFound.onPath',
  'NodeNotFound.notStarted',
  'NodeExited.silent',
  'NodeExited.complained',
  'ProtocolViolation.silent',
  'ProtocolViolation.reply',
  'ProtocolViolation.version',
  'ParameterInvalid.provider',
  'ParameterInvalid.path',
  'ParameterInvalid.notCredential',
  'ParameterInvalid.notSent',
];

/** The part of the module that is written by hand. */
const runtimeFiles = ['process.psm1', 'messages.psm1', 'call.psm1', 'completion.psm1'];

export function psm1(commands: readonly AnyCommand[]): string {
  const runtime = runtimeFiles.map((name) =>
    readFileSync(new URL(`runtime/${name}`, import.meta.url), 'utf8'),
  );
  const failures = bridgeErrors.map((key) => {
    const id = idOf(key) as ErrorId;
    const { category: Category, remedy: Remedy } = errorCatalog[id];
    const facts = { Id: id, Message: templateOf(errorCatalog, key), Category, Remedy };
    const table = Object.entries(facts).map(([name, text]) => `${name} = ${powershellString(text)}`);
    return `    ${powershellString(key)} = @{ ${table.join('; ')} }`;
  });
  return [
    '# Generated from src/commands by npm run build; edit build/generate/runtime and the definitions instead.',
    '',
    `$script:Protocol = ${protocolVersion}`,
    '$script:Failures = @{',
    ...failures,
    '}',
    '',
    ...runtime,
    commands.map(wrapper).join('\n'),
    completion(commands),
  ].join('\n');
}

/** Sites are named after -Name with wildcards, servers of the settings after -Server. */
function completion(commands: readonly AnyCommand[]): string {
  const register = (parameter: string, isWanted: (one: { wildcards?: boolean }) => boolean): string => {
    const names = commands
      .filter((command) => parametersOf(command).some((one) => one.name === parameter && isWanted(one)))
      .map((command) => powershellString(commandName(command)));
    return names.length === 0
      ? ''
      : `Register-ArgumentCompleter -CommandName ${names.join(', ')} -ParameterName ${parameter} -ScriptBlock $script:NameCompleter\n`;
  };
  return register('Name', ({ wildcards }) => wildcards === true) + register('Server', () => true);
}

/** A cmdlet: it binds, collects pipeline input, and leaves everything else to the bridge. */
function wrapper(command: AnyCommand): string {
  const name = commandName(command);
  const parameters = parametersOf(command);
  const piped = parameters.filter((parameter) => parameter.pipeline !== undefined);
  const risk =
    command.kind === 'change'
      ? `SupportsShouldProcess = $true, ConfirmImpact = '${command.confirmImpact}'`
      : '';
  const output = (command.output as { name: string }).name;
  return [
    `function ${name} {`,
    '    # .ExternalHelp IisFailover-help.xml',
    `    [CmdletBinding(${[...(risk === '' ? [] : [risk]), 'PositionalBinding = $false'].join(', ')})]`,
    `    [OutputType(${powershellString(output)})]`,
    '    param(',
    parameters.map(declaration).join(',\n\n'),
    '    )',
    ...(piped.length === 0 ? ['    end {'] : collection(piped)),
    '        $parameters = @{}',
    ...parameters.flatMap(assignment),
    `        Invoke-BridgeCommand $PSCmdlet ${powershellString(name)} $parameters $WhatIfPreference`,
    '    }',
    '}',
    '',
  ].join('\n');
}

/** Value types are never empty, and an empty hashtable maps nothing, as it says. */
const emptyCheck: Partial<Record<ParameterType, readonly string[]>> = {
  string: ['[ValidateNotNullOrEmpty()]'],
  'string[]': ['[ValidateNotNullOrEmpty()]'],
  path: ['[ValidateNotNullOrEmpty()]'],
  'path[]': ['[ValidateNotNullOrEmpty()]'],
  hashtable: ['[ValidateNotNull()]'],
  securestring: ['[ValidateNotNull()]'],
  credential: ['[ValidateNotNull()]'],
  credentials: ['[ValidateNotNull()]'],
};

function declaration(parameter: NamedParameter): string {
  const settings = [
    ...(parameter.mandatory === true ? ['Mandatory = $true'] : []),
    ...(parameter.position === undefined ? [] : [`Position = ${parameter.position}`]),
    ...(parameter.pipeline === 'value' || parameter.pipeline === 'both' ? ['ValueFromPipeline = $true'] : []),
    ...(parameter.pipeline === 'property' || parameter.pipeline === 'both'
      ? ['ValueFromPipelineByPropertyName = $true']
      : []),
  ];
  const lines = [
    `[Parameter(${settings.join(', ')})]`,
    ...(parameter.aliases === undefined
      ? []
      : [`[Alias(${parameter.aliases.map(powershellString).join(', ')})]`]),
    ...(parameter.wildcards === true ? ['[SupportsWildcards()]'] : []),
    ...(parameter.choices === undefined
      ? []
      : [`[ValidateSet(${parameter.choices.map(powershellString).join(', ')})]`]),
    ...(parameter.range === undefined ? [] : [`[ValidateRange(${parameter.range.join(', ')})]`]),
    ...(emptyCheck[parameter.type] ?? []),
    `[${typeName(parameter)}] $${parameter.name}`,
  ];
  return lines.map((line) => `        ${line}`).join('\n');
}

/**
 * Pipeline input is collected, so that all of it makes one plan. An empty pipeline means no site, not all sites.
 */
function collection(piped: readonly NamedParameter[]): string[] {
  const [first] = piped;
  if (piped.length !== 1 || first?.type !== 'string[]')
    throw new Error('The generator knows one list parameter from the pipeline');
  return [
    '    begin { $collected = [System.Collections.Generic.List[string]]::new() }',
    `    process { foreach ($item in $${first.name}) { $collected.Add($item) } }`,
    '    end {',
    '        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }',
  ];
}

function assignment(parameter: NamedParameter): string[] {
  const { name, type } = parameter;
  if (parameter.pipeline !== undefined)
    return [`        if ($collected.Count -gt 0) { $parameters['${name}'] = $collected.ToArray() }`];
  const bound = `if ($PSBoundParameters.ContainsKey('${name}'))`;
  const value = ((): string => {
    switch (type) {
      case 'path':
        return `Resolve-BridgePath $PSCmdlet $${name}`;
      case 'path[]':
        return `[string[]] @(foreach ($item in $${name}) { Resolve-BridgePath $PSCmdlet $item })`;
      case 'switch':
        return `$${name}.IsPresent`;
      case 'securestring':
        return `ConvertFrom-BridgeSecret $${name}`;
      case 'credential':
        return `@{ UserName = $${name}.UserName; Password = ConvertFrom-BridgeSecret $${name}.Password }`;
      case 'credentials':
        return `ConvertFrom-BridgeCredential $PSCmdlet $${name} '${name}'`;
      case 'string':
      case 'string[]':
      case 'int':
      case 'hashtable':
      case 'timespan':
      case 'datetime':
        return `$${name}`;
    }
  })();
  return [`        ${bound} { $parameters['${name}'] = ${value} }`];
}
