import assert from 'node:assert/strict';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import { commandName } from '../../src/commands/definition.ts';
import { commands } from '../../src/commands/index.ts';
import { runPwsh } from '../support/pwsh.ts';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const manifest = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));

/** Guides whose every block of PowerShell says where it can be run. */
const guides = ['operations.md', 'recipes.md'];

interface Block {
  readonly line: number;
  /** `lab`, `windows`, or nothing. */
  readonly mark: string;
  readonly code: string;
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```powershell ?(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    mark: match[1] ?? '',
    code: match[2] ?? '',
  }));
}

describe('the guides', function () {
  this.timeout(120_000);
  let lab: Lab;

  before(async () => {
    lab = await startLab();
    await copyFile(lab.primary.configurationFile, join(lab.folder, 'applicationHost.config'));
    // What the primary's task has done by the time that a reader comes to the failover server.
    const { stderr } = await run('Backup-FailoverSite -ConfigurationFile .\\applicationHost.config');
    assert.equal(stderr, '');
  });
  after(() => lab?.stop());

  for (const guide of guides)
    it(`${guide} runs from beginning to end, block by block`, async () => {
      const blocks = blocksOf(await readFile(join(docs, guide), 'utf8'));
      assert.deepEqual(
        blocks.filter(({ mark }) => mark !== 'lab' && mark !== 'windows').map(({ line }) => line),
        [],
        'each block is marked',
      );
      assert.equal(
        blocks.some(({ mark }) => mark === 'lab'),
        true,
      );
      for (const { line, code } of blocks.filter(({ mark }) => mark === 'lab')) {
        const { code: exitCode, stdout, stderr } = await run(code);
        assert.deepEqual([stderr, exitCode], ['', 0], `${guide}:${line}\n${stdout}`);
      }
    });

  it('name only cmdlets that the module has', async () => {
    const known = new Set(commands.map(commandName));
    const files = (await readdir(docs)).filter((name) => name.endsWith('.md'));
    const texts = [...files, 'jea/FailoverOperator.psrc'];
    for (const name of texts) {
      const text = await readFile(join(docs, name), 'utf8');
      const named = text.match(/\b[A-Z][a-z]+-Failover[A-Z][a-z]+\b/g) ?? [];
      assert.deepEqual(
        named.filter((one) => !known.has(one) && one !== 'Connect-FailoverDnsServer'),
        [],
        name,
      );
    }
  });

  it('give operators commands and parameters that are there', async () => {
    const capability = join(docs, 'jea', 'FailoverOperator.psrc');
    const { stdout, stderr } = await run(`
      $data = [scriptblock]::Create([IO.File]::ReadAllText('${capability}')).Invoke()[0]
      foreach ($one in $data.VisibleFunctions) {
        $there = (Get-Command -Name $one.Name).Parameters
        foreach ($parameter in $one.Parameters) {
          if (-not $there.ContainsKey($parameter.Name)) { "$($one.Name) -$($parameter.Name)" }
        }
      }
      $data.VisibleFunctions.Count`);
    assert.deepEqual([stdout.trim(), stderr], ['8', '']);
  });

  function run(script: string) {
    return runPwsh(`$ErrorActionPreference = 'Stop'; Import-Module '${manifest}'\n${script}`, {
      cwd: lab.folder,
      env: { IISFAILOVER_SETTINGS: join(lab.folder, 'failover.json') },
      timeoutMs: 60_000,
    });
  }
});
