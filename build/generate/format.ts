import type { AnyCommand } from '../../src/commands/definition.ts';
import type { OutputDefinition, TableColumn } from '../../src/commands/output.ts';
import { xmlText } from './quote.ts';

/** Views for every output type, under its name and under the one that it has after its way through CLIXML. */
export function formatFile(commands: readonly AnyCommand[]): string {
  const outputs = new Map(
    commands.map((command) => {
      const output = command.output as OutputDefinition<Record<string, unknown>>;
      return [output.name, output];
    }),
  );
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<!-- Generated from src/commands by npm run build. -->',
    '<Configuration>',
    '  <ViewDefinitions>',
    ...[...outputs.values()].flatMap((output) => [...table(output), ...list(output)]),
    '  </ViewDefinitions>',
    '</Configuration>',
    '',
  ].join('\n');
}

function view(
  output: OutputDefinition<Record<string, unknown>>,
  kind: string,
  control: readonly string[],
): string[] {
  return [
    '    <View>',
    `      <Name>${xmlText(output.name)}.${kind}</Name>`,
    '      <ViewSelectedBy>',
    `        <TypeName>${xmlText(output.name)}</TypeName>`,
    `        <TypeName>Deserialized.${xmlText(output.name)}</TypeName>`,
    '      </ViewSelectedBy>',
    ...control.map((line) => `      ${line}`),
    '    </View>',
  ];
}

function table(output: OutputDefinition<Record<string, unknown>>): string[] {
  return view(output, 'Table', [
    '<TableControl>',
    '  <TableHeaders>',
    ...output.table.map((column) => `    ${header(column)}`),
    '  </TableHeaders>',
    '  <TableRowEntries>',
    '    <TableRowEntry>',
    '      <TableColumnItems>',
    ...output.table.map(
      (column) => `        <TableColumnItem>${property(column.property)}</TableColumnItem>`,
    ),
    '      </TableColumnItems>',
    '    </TableRowEntry>',
    '  </TableRowEntries>',
    '</TableControl>',
  ]);
}

function header({ property: name, label, width, align }: TableColumn): string {
  const parts = [
    `<Label>${xmlText(label ?? name)}</Label>`,
    ...(width === undefined ? [] : [`<Width>${width}</Width>`]),
    ...(align === undefined ? [] : [`<Alignment>${align}</Alignment>`]),
  ];
  return `<TableColumnHeader>${parts.join('')}</TableColumnHeader>`;
}

function list(output: OutputDefinition<Record<string, unknown>>): string[] {
  return view(output, 'List', [
    '<ListControl>',
    '  <ListEntries>',
    '    <ListEntry>',
    '      <ListItems>',
    ...Object.keys(output.properties).map((name) => `        <ListItem>${property(name)}</ListItem>`),
    '      </ListItems>',
    '    </ListEntry>',
    '  </ListEntries>',
    '</ListControl>',
  ]);
}

function property(name: string): string {
  return `<PropertyName>${xmlText(name)}</PropertyName>`;
}
