import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allParametersOf } from '../../build/generate/parameters.ts';
import { type AnyCommand, commandName } from '../../src/commands/definition.ts';
import { commands } from '../../src/commands/index.ts';
import { eachEngine } from '../support/engines.ts';
import { runPwsh } from '../support/pwsh.ts';
import { sampleCommands } from '../support/sample-commands.ts';
import { makeSampleModule, type SampleModule } from '../support/sample-module.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Part of the engine itself, as are the module's own. */
const engineCommands = ['Get-Module', 'Register-ArgumentCompleter'];
const names = (all: readonly AnyCommand[]): string[] => all.map(commandName).sort();

eachEngine('The generated files', (engine) => {
  let sample: SampleModule;
  before(async () => {
    sample = await makeSampleModule();
  });
  after(() => sample.remove());

  const modules = [
    { of: 'the module', commands, manifest: () => join(root, 'module/IisFailover.psd1') },
    { of: 'the sample commands', commands: sampleCommands, manifest: () => sample.manifest },
  ];

  const lines = async (script: string): Promise<string[]> => {
    const { stdout, stderr } = await runPwsh(script, { engine, env: { IISFAILOVER_ENGINE_ONLY: '1' } });
    assert.equal(stderr, '');
    return stdout.split(/\r?\n/).filter(Boolean);
  };

  for (const module of modules) {
    describe(`of ${module.of}`, () => {
      const load = (script: string): Promise<string[]> =>
        lines(`Set-StrictMode -Version Latest; Import-Module '${module.manifest()}'; ${script}`);

      it('have no syntax error, and call no command but their own and those of the engine', async () => {
        const script = `foreach ($file in [System.IO.Directory]::GetFiles('${dirname(module.manifest())}', '*.ps?1')) {
            $tokens = $null; $errors = $null
            $ast = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref] $tokens, [ref] $errors)
            'file ' + [System.IO.Path]::GetFileName($file)
            foreach ($e in $errors) { 'error ' + $e }
            foreach ($node in $ast.FindAll({ $true }, $true)) {
              if ($node -is [System.Management.Automation.Language.FunctionDefinitionAst]) { 'defines ' + $node.Name }
              if ($node -is [System.Management.Automation.Language.CommandAst]) { 'calls ' + $node.GetCommandName() }
            }
          }`;
        const found = await lines(script);
        const only = (word: string): string[] =>
          [
            ...new Set(
              found.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length + 1)),
            ),
          ].sort();
        assert.deepEqual(only('file'), ['IisFailover.psd1', 'IisFailover.psm1']);
        assert.deepEqual(only('error'), []);
        const defined = new Set([...only('defines'), ...engineCommands]);
        // A call without a name is one of a script block.
        assert.deepEqual(
          only('calls').filter((name) => name !== '' && !defined.has(name)),
          [],
        );
        for (const name of names(module.commands)) assert.ok(defined.has(name), name);
      });

      it('have a manifest that Test-ModuleManifest accepts', async () => {
        const script = `$m = Test-ModuleManifest '${module.manifest()}'; $m.Name; $m.ExportedFunctions.Keys
          foreach ($f in $m.FileList) { [System.IO.File]::Exists($f) }`;
        const [name, ...rest] = await lines(script);
        assert.equal(name, 'IisFailover');
        assert.deepEqual(rest.filter((line) => line.includes('-')).sort(), names(module.commands));
        assert.deepEqual([...new Set(rest.filter((line) => !line.includes('-')))], ['True']);
      });

      it('export exactly the commands of the definitions', async () => {
        const exported = await load(
          'foreach ($c in Get-Command -Module IisFailover) { "$($c.CommandType) $($c.Name)" }',
        );
        assert.deepEqual(
          exported.sort(),
          names(module.commands).map((name) => `Function ${name}`),
        );
      });

      it('have help for each command: synopsis, description, example, and each parameter', async () => {
        const script = `foreach ($c in Get-Command -Module IisFailover) {
            $h = Get-Help $c.Name -Full
            $texts = @($h.Synopsis, $h.Description[0].Text) + @(foreach ($e in $h.Examples.Example) { $e.Code; $e.Remarks[0].Text })
            foreach ($p in $h.Parameters.Parameter) { $texts += $p.Description[0].Text }
            $complete = $true
            foreach ($t in $texts) { if (-not $t -or $t -eq $c.Name) { $complete = $false } }
            $own = foreach ($p in $c.Parameters.Values) {
              if ([System.Management.Automation.Cmdlet]::CommonParameters -notcontains $p.Name) { $p.Name }
            }
            $helped = foreach ($p in $h.Parameters.Parameter) { $p.Name }
            "$($c.Name) $complete $own / $helped"
          }`;
        const expected = module.commands.map((command) => {
          const parameters = allParametersOf(command).map(({ name }) => name);
          return `${commandName(command)} True ${parameters.join(' ')} / ${parameters.join(' ')}`;
        });
        assert.deepEqual((await load(script)).sort(), expected.sort());
      });

      it('have a topic about the module', async () => {
        const text = await load('Get-Help about_IisFailover');
        assert.match(text.join('\n'), /SHORT DESCRIPTION/);
      });
    });
  }

  it('have a page for each command', async () => {
    const pages = await readdir(join(root, 'docs/commands'));
    assert.deepEqual(pages.map((page) => basename(page, '.md')).sort(), names(commands));
  });
});
