import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parametersOf } from '../../build/generate/parameters.ts';
import { commandName } from '../../src/commands/definition.ts';
import { commands } from '../../src/commands/index.ts';
import { settingsSchema } from '../../src/settings/schema.ts';
import { runPwsh } from '../support/pwsh.ts';
import { allBlocks, codeSpans, documents, parseBlocks, placeOf, root, textOf } from './blocks.ts';

/** Parameters that every cmdlet has, and those of a change. */
const common = [
  'Verbose', 'Debug', 'ErrorAction', 'WarningAction', 'InformationAction', 'ProgressAction', 'ErrorVariable',
  'WarningVariable', 'InformationVariable', 'OutVariable', 'OutBuffer', 'PipelineVariable',
]; // prettier-ignore
const ofChanges = ['WhatIf', 'Confirm'];

/** Functions of the module that are no cmdlets of it. */
const internal = ['Connect-FailoverDnsServer'];

const parameters = new Map<string, ReadonlySet<string>>(
  commands.map((command) => [
    commandName(command),
    new Set([
      ...parametersOf(command).flatMap(({ name, aliases = [] }) => [name, ...aliases]),
      ...common,
      ...(command.kind === 'change' ? ofChanges : []),
    ]),
  ]),
);

describe('the names in the guides', function () {
  this.timeout(60_000);

  it('are those of cmdlets that the module has', async () => {
    for (const document of [...(await documents()), 'docs/jea/FailoverOperator.psrc', 'CHANGELOG.md']) {
      const named = (await textOf(document)).match(/\b[A-Z][a-z]+-Failover[A-Z][a-z]+\b/g) ?? [];
      const unknown = named.filter((one) => !parameters.has(one) && !internal.includes(one));
      assert.deepEqual(unknown, [], document);
    }
  });

  it('in a sentence are parameters that the cmdlet before them has', async () => {
    const wrong: string[] = [];
    for (const document of [...(await documents()), 'CHANGELOG.md'])
      for (const { line, code } of codeSpans(await textOf(document)))
        for (const use of usesIn(code))
          if (!parameters.get(use.cmdlet)?.has(use.parameter))
            wrong.push(`${document}:${line}: ${use.cmdlet} -${use.parameter}`);
    assert.deepEqual(wrong, []);
  });

  it('in a block are PowerShell, with whole parameters of the module', async () => {
    const blocks = (await allBlocks()).filter(({ language }) => language === 'powershell');
    const found = await factsOf(blocks.map(({ code }) => code));
    const wrong = found.flatMap(({ index, error, cmdlet, parameter }) =>
      error !== undefined || !parameters.get(cmdlet!)?.has(parameter!)
        ? [`${placeOf(blocks[index]!)}: ${error ?? `${cmdlet} -${parameter}`}`]
        : [],
    );
    assert.deepEqual(wrong, []);
    assert.ok(found.length > 30, 'the parameters are found');
  });

  it('of settings are in their schema', async () => {
    const known = settingNames(settingsSchema as unknown as Schema);
    const roots = new Set(Object.keys(settingsSchema.properties));
    const wrong: string[] = [];
    let found = 0;
    for (const document of await documents())
      for (const { line, code } of codeSpans(await textOf(document))) {
        const [root = '', ...rest] = code.split('.');
        if (!/^[a-z]\w*(\.[a-z]\w*)+$/.test(code) || !roots.has(root) || endings.has(rest.at(-1)!)) continue;
        found++;
        if (!known.has(code)) wrong.push(`${document}:${line}: ${code}`);
      }
    assert.deepEqual(wrong, []);
    assert.ok(found > 30, 'the settings are found');
  });

  it('of a cmdlet page are its syntax and its examples', async () => {
    const pages = await readdir(join(root, 'docs/commands'));
    assert.deepEqual(pages.sort(), commands.map((one) => `${commandName(one)}.md`).sort());
    for (const command of commands) {
      const page = `docs/commands/${commandName(command)}.md`;
      const [syntax, ...examples] = parseBlocks(page, await textOf(page));
      assert.ok(syntax?.code.startsWith(commandName(command)));
      assert.deepEqual(
        examples.map(({ code }) => code.trim()),
        command.examples.map(({ code }) => code.trim()),
        page,
      );
    }
  });

  it('of an operator are commands and parameters that the endpoint shows', async () => {
    const { stdout, stderr } = await runPwsh(`
      $data = [scriptblock]::Create([IO.File]::ReadAllText('${join(root, 'docs/jea/FailoverOperator.psrc')}')).Invoke()[0]
      foreach ($one in $data.VisibleFunctions) {
        foreach ($parameter in $one.Parameters) { [Console]::Out.WriteLine($one.Name + ' ' + $parameter.Name) }
      }`);
    const shown = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.trim().split(' ') as [string, string]);
    assert.equal(stderr, '');
    assert.equal(new Set(shown.map(([cmdlet]) => cmdlet)).size, 8);
    for (const [cmdlet, parameter] of shown)
      assert.ok(parameters.get(cmdlet)?.has(parameter), `${cmdlet} -${parameter}`);
  });
});

/** What makes a name in two parts a file, such as content.md. */
const endings = new Set(['md', 'json', 'config', 'log', 'ts']);

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** The names of settings with dots, as in `backup.folder`; members of lists as in `sites.name`. */
function settingNames(schema: Schema, prefix = ''): Set<string> {
  const within = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, value]) => [
    `${prefix}${name}`,
    ...settingNames(value, `${prefix}${name}.`),
  ]);
  return new Set([...own, ...within.flatMap((one) => [...settingNames(one, prefix)])]);
}

/** The parameters that follow a cmdlet's name in a code span, up to the next command. */
function usesIn(code: string): { cmdlet: string; parameter: string }[] {
  return code.split(/[|;{}()]/).flatMap((part) => {
    if (/\bGet-(?:Help|Command)\b/.test(part)) return [];
    const [, cmdlet, rest = ''] = /\b([A-Z][a-z]+-Failover[A-Z][a-z]+)\b(.*)/.exec(part) ?? [];
    if (cmdlet === undefined) return [];
    return [...rest.matchAll(/(?<=\s)-([A-Z]\w*)/g)].map((match) => ({ cmdlet, parameter: match[1]! }));
  });
}

interface Fact {
  readonly index: number;
  readonly error?: string;
  readonly cmdlet?: string;
  readonly parameter?: string;
}

/** What the parser of PowerShell finds in scripts: errors, and the parameters of our cmdlets. */
async function factsOf(scripts: readonly string[]): Promise<Fact[]> {
  const encoded = scripts.map((script) => `'${Buffer.from(script).toString('base64')}'`).join(', ');
  const { stdout, stderr } = await runPwsh(`
    $index = -1
    foreach ($one in @(${encoded})) {
      $index++
      $text = [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($one))
      $errors = $null; $tokens = $null
      $ast = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref] $tokens, [ref] $errors)
      foreach ($e in $errors) { [Console]::Out.WriteLine("$index|error|" + $e.Message.Replace("\`n", ' ')) }
      foreach ($command in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
        $name = $command.GetCommandName()
        if ($name -notmatch '^[A-Z][a-z]+-Failover') { continue }
        foreach ($element in $command.CommandElements) {
          if ($element -is [System.Management.Automation.Language.CommandParameterAst]) {
            [Console]::Out.WriteLine("$index|$name|" + $element.ParameterName)
          }
        }
      }
    }`);
  assert.equal(stderr, '');
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [index, first, rest] = line.trim().split('|');
      return first === 'error'
        ? { index: Number(index), error: rest! }
        : { index: Number(index), cmdlet: first!, parameter: rest! };
    });
}
