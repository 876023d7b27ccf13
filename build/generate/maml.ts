import { type AnyCommand, commandName } from '../../src/commands/definition.ts';
import { allParametersOf, fullHelp, type NamedParameter, pipelineInput, typeName } from './parameters.ts';
import { xmlText } from './quote.ts';

/** Help in MAML, the form that Get-Help reads in every PowerShell (schema: maml.xsd and command.xsd of PowerShell). */
export function mamlFile(commands: readonly AnyCommand[]): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<!-- Generated from src/commands by npm run build. -->',
    '<helpItems schema="maml" xmlns="http://msh">',
    ...commands.flatMap(commandHelp),
    '</helpItems>',
    '',
  ].join('\n');
}

const namespaces = [
  'xmlns:maml="http://schemas.microsoft.com/maml/2004/10"',
  'xmlns:command="http://schemas.microsoft.com/maml/dev/command/2004/10"',
  'xmlns:dev="http://schemas.microsoft.com/maml/dev/2004/10"',
].join(' ');

function commandHelp(command: AnyCommand): string[] {
  const parameters = allParametersOf(command);
  const output = command.output as { name: string };
  const examples = command.examples as readonly { title: string; code: string; explanation: string }[];
  return [
    `<command:command ${namespaces}>`,
    '<command:details>',
    `<command:name>${xmlText(commandName(command))}</command:name>`,
    `<command:verb>${xmlText(command.verb)}</command:verb>`,
    `<command:noun>${xmlText(command.noun)}</command:noun>`,
    `<maml:description>${paragraph(command.synopsis)}</maml:description>`,
    '</command:details>',
    `<maml:description>${command.description.map(paragraph).join('')}</maml:description>`,
    '<command:syntax>',
    '<command:syntaxItem>',
    `<maml:name>${xmlText(commandName(command))}</maml:name>`,
    ...parameters.flatMap(parameterHelp),
    '</command:syntaxItem>',
    '</command:syntax>',
    '<command:parameters>',
    ...parameters.flatMap(parameterHelp),
    '</command:parameters>',
    '<command:inputTypes>',
    ...parameters.filter(({ pipeline }) => pipeline !== undefined).flatMap((one) => inputType(one)),
    '</command:inputTypes>',
    '<command:returnValues><command:returnValue>',
    `<dev:type><maml:name>${xmlText(output.name)}</maml:name></dev:type>`,
    '</command:returnValue></command:returnValues>',
    '<command:examples>',
    ...examples.flatMap((example, index) => [
      '<command:example>',
      `<maml:title>-------------------------- Example ${index + 1}: ${xmlText(example.title)} --------------------------</maml:title>`,
      `<dev:code>${xmlText(example.code)}</dev:code>`,
      `<dev:remarks>${paragraph(example.explanation)}</dev:remarks>`,
      '</command:example>',
    ]),
    '</command:examples>',
    '<command:relatedLinks>',
    ...(command.related ?? []).map(
      (name) =>
        `<maml:navigationLink><maml:linkText>${xmlText(name)}</maml:linkText><maml:uri /></maml:navigationLink>`,
    ),
    '</command:relatedLinks>',
    '</command:command>',
  ];
}

function parameterHelp(parameter: NamedParameter): string[] {
  const { name, mandatory = false, position, wildcards = false, aliases = [] } = parameter;
  const attributes = [
    `required="${mandatory}"`,
    'variableLength="true"',
    `globbing="${wildcards}"`,
    `pipelineInput="${pipelineInput(parameter)}"`,
    `position="${position ?? 'named'}"`,
    `aliases="${xmlText(aliases.join(', ') || 'none')}"`,
  ];
  const value = `<command:parameterValue required="true" variableLength="false">${typeName(parameter)}</command:parameterValue>`;
  return [
    `<command:parameter ${attributes.join(' ')}>`,
    `<maml:name>${xmlText(name)}</maml:name>`,
    `<maml:description>${paragraph(fullHelp(parameter))}</maml:description>`,
    ...(parameter.type === 'switch' ? [] : [value]),
    `<dev:type><maml:name>${typeName(parameter)}</maml:name><maml:uri /></dev:type>`,
    `<dev:defaultValue>${xmlText(parameter.defaultText ?? 'None')}</dev:defaultValue>`,
    '</command:parameter>',
  ];
}

function inputType(parameter: NamedParameter): string[] {
  return [
    '<command:inputType>',
    `<dev:type><maml:name>${typeName(parameter)}</maml:name></dev:type>`,
    `<maml:description>${paragraph(`${parameter.name}: ${parameter.help}`)}</maml:description>`,
    '</command:inputType>',
  ];
}

function paragraph(text: string): string {
  return `<maml:para>${xmlText(text)}</maml:para>`;
}
