import { type AnyCommand, commandName } from '../../src/commands/definition.ts';
import type { OutputDefinition } from '../../src/commands/output.ts';
import {
  allParametersOf,
  fullHelp,
  type NamedParameter,
  pipelineInput,
  syntax,
  typeName,
} from './parameters.ts';
import { markdownBlock, markdownCode, markdownText } from './quote.ts';

/** The page of a command in docs/commands. */
export function markdownPage(command: AnyCommand): string {
  const output = command.output as OutputDefinition<Record<string, unknown>>;
  const examples = command.examples as readonly { title: string; code: string; explanation: string }[];
  const related = command.related ?? [];
  return [
    `# ${commandName(command)}`,
    '',
    '<!-- Generated from src/commands by npm run build. -->',
    '',
    markdownText(command.synopsis),
    '',
    ...markdownBlock(syntax(command)),
    '',
    ...command.description.flatMap((text: string) => [markdownText(text), '']),
    '## Parameters',
    '',
    ...allParametersOf(command).flatMap(parameterSection),
    '## Output',
    '',
    markdownCode(output.name),
    '',
    '| property | type | |',
    '|---|---|---|',
    ...Object.entries(output.properties).map(
      ([name, { type, help }]) => `| ${name} | ${markdownText(type)} | ${markdownText(help)} |`,
    ),
    '',
    '## Examples',
    '',
    ...examples.flatMap(({ title, code, explanation }) => [
      `### ${markdownText(title)}`,
      '',
      ...markdownBlock(code),
      '',
      markdownText(explanation),
      '',
    ]),
    ...(related.length > 0
      ? ['## Related', '', related.map((name) => `[${name}](${name}.md)`).join(', '), '']
      : []),
  ].join('\n');
}

function parameterSection(parameter: NamedParameter): string[] {
  const facts = [
    `type ${typeName(parameter)}`,
    parameter.mandatory === true ? 'mandatory' : 'optional',
    `position ${parameter.position ?? 'named'}`,
    `pipeline input ${pipelineInput(parameter)}`,
  ];
  return [`### -${parameter.name}`, '', markdownText(fullHelp(parameter)), '', `*${facts.join('; ')}*`, ''];
}
